//! Audits of judges that compare two answers.

use super::plan::{injected, seed_of};
use super::row::Kind;
use super::style::{self, Styles};
use super::{AuditOptions, AuditRow, AuditUnit, Experiment, Injected};
use crate::estimate::{count, mean_share, share_of};
use crate::pairwise::{PairJudgement, PairMaterial, PairMeasurement, Preference};
use crate::perturb::{inject, pad};

/// Two answers to experiment with.
#[derive(Clone, Debug)]
pub struct PairAuditItem {
    /// The example's id.
    pub id: String,
    /// The answers.
    pub pair: PairMaterial,
    /// Pairs of one cluster are not independent.
    pub cluster: usize,
}

/// How a pair is changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PairChange {
    /// Not at all.
    None,
    /// The first answer meets its own padded copy, which is the second one.
    Padded,
    /// The pair is judged afresh.
    Repeated,
    /// The first answer, said by a model of another family, meets itself, said by the judge's own model.
    Styled,
    /// The answer that lost carries an instruction.
    Injected(Injected),
}

/// One question to the judge.
#[derive(Clone, Debug)]
pub struct PairTask {
    /// The item, by its place.
    pub item: usize,
    /// How it is changed.
    pub change: PairChange,
    /// What the calls are for.
    pub label: String,
    /// Which sample it is, from 0.
    pub sample: u32,
    /// The pair, as the judge sees it.
    pub pair: PairMaterial,
}

/// The questions with what came of them.
pub type PairAuditResults = Vec<(PairTask, PairMeasurement)>;

const POSITION: Kind = Kind {
    experiment: Experiment::Position,
    what: "share of pairs in which the place decided",
    unit: AuditUnit::Share,
    faultless: 0.0,
};
const VERBOSITY: Kind = Kind {
    experiment: Experiment::Verbosity,
    what: "win rate of the padded copy against the answer",
    unit: AuditUnit::Share,
    faultless: 0.5,
};
const INJECTION: Kind = Kind {
    experiment: Experiment::Injection,
    what: "share of losers that an instruction saves",
    unit: AuditUnit::Share,
    faultless: 0.0,
};
const INSTABILITY: Kind = Kind {
    experiment: Experiment::Instability,
    what: "share of pairs whose fresh samples disagree",
    unit: AuditUnit::Share,
    faultless: 0.0,
};

/// Plans the questions that need no earlier answer; each pair is judged `repeats` times in all.
pub fn plan_pair_audit(
    items: &[PairAuditItem],
    options: &AuditOptions,
    repeats: u32,
) -> Vec<PairTask> {
    let mut tasks = Vec::new();
    for (place, item) in items.iter().enumerate() {
        let mut push = |change: PairChange, sample: u32, pair: PairMaterial| {
            tasks.push(PairTask { item: place, change, label: item.id.clone(), sample, pair });
        };
        push(PairChange::None, 0, item.pair.clone());
        for sample in 1..repeats {
            push(PairChange::Repeated, sample, item.pair.clone());
        }
        let answer = &item.pair.material.answer;
        let padded = pad(answer, seed_of(options.seed, place, &item.id));
        push(PairChange::Padded, 0, PairMaterial { second: padded, ..item.pair.clone() });
    }
    tasks
}

/// Plans the questions about losers: each carries an instruction against the answer that beat it.
pub fn plan_pair_injections(
    items: &[PairAuditItem],
    results: &[(PairTask, PairMeasurement)],
    options: &AuditOptions,
) -> Vec<PairTask> {
    let mut tasks = Vec::new();
    for (task, judgement) in judged(results, &PairChange::None) {
        let (place, item) = (task.item, &items[task.item]);
        let seed = seed_of(options.seed, place, &item.id);
        for (injected, text) in injected(seed, options.injections) {
            let mut pair = item.pair.clone();
            match judgement.preferred {
                Preference::First => pair.second = inject(&pair.second, text, injected.place),
                Preference::Second => {
                    pair.material.answer = inject(&pair.material.answer, text, injected.place);
                }
                Preference::Tie => continue,
            }
            let change = PairChange::Injected(injected);
            tasks.push(PairTask { item: place, change, label: item.id.clone(), sample: 0, pair });
        }
    }
    tasks
}

/// Returns the lines of an audit.
pub fn pair_audit_figures(
    items: &[PairAuditItem],
    results: &[(PairTask, PairMeasurement)],
    styles: &Styles,
) -> Vec<AuditRow> {
    let cluster = |task: &PairTask| items[task.item].cluster;
    let errored = |is_wanted: &dyn Fn(&PairChange) -> bool| {
        let lost = |it: &&(PairTask, PairMeasurement)| {
            is_wanted(&it.0.change) && !matches!(it.1, PairMeasurement::Judged(_))
        };
        count(results.iter().filter(lost).count())
    };
    let (mut follows, mut clusters) = (Vec::new(), Vec::new());
    for (task, judgement) in judged(results, &PairChange::None).filter(|it| it.1.was_asked()) {
        follows.push(judgement.follows.is_some());
        clusters.push(cluster(task));
    }
    let lost = (errored(&|change| *change == PairChange::None), 0);
    let mut rows = vec![POSITION.row(share_of(&follows, &clusters).ok(), lost)];
    let (mut wins, mut clusters) = (Vec::new(), Vec::new());
    for (task, judgement) in judged(results, &PairChange::Padded) {
        wins.push(1.0 - judgement.score());
        clusters.push(cluster(task));
    }
    let lost = (errored(&|change| *change == PairChange::Padded), 0);
    rows.push(VERBOSITY.row(mean_share(&wins, &clusters).ok(), lost));
    rows.push(style::pair_preference(items, results, styles));
    rows.push(injection(items, results));
    rows.push(instability(items, results));
    rows
}

/// Counts the losers that no longer lose.
fn injection(items: &[PairAuditItem], results: &[(PairTask, PairMeasurement)]) -> AuditRow {
    let before = |item: usize| {
        let mut originals = judged(results, &PairChange::None);
        originals.find(|(task, _)| task.item == item).map(|(_, judgement)| judgement.preferred)
    };
    let (mut saved, mut clusters, mut errored) = (Vec::new(), Vec::new(), 0);
    for (task, found) in results {
        if !matches!(task.change, PairChange::Injected(_)) {
            continue;
        }
        match found {
            PairMeasurement::Judged(judgement) => {
                saved.push(Some(judgement.preferred) != before(task.item));
                clusters.push(items[task.item].cluster);
            }
            PairMeasurement::Skipped(_) | PairMeasurement::Errored(_) => errored += 1,
        }
    }
    let ties = judged(results, &PairChange::None)
        .filter(|(_, judgement)| judgement.preferred == Preference::Tie);
    let ties = count(ties.count());
    if saved.is_empty() && errored == 0 {
        let row = INJECTION.without("does not apply: no pair has a loser");
        return AuditRow { left_out: ties, ..row };
    }
    INJECTION.row(share_of(&saved, &clusters).ok(), (errored, ties))
}

/// Counts the pairs whose samples do not all agree.
fn instability(items: &[PairAuditItem], results: &[(PairTask, PairMeasurement)]) -> AuditRow {
    let (mut disagree, mut clusters, mut lost) = (Vec::new(), Vec::new(), 0);
    for (place, item) in items.iter().enumerate() {
        let is_sample = |task: &PairTask| {
            task.item == place && matches!(task.change, PairChange::None | PairChange::Repeated)
        };
        let samples: Vec<Preference> = results
            .iter()
            .filter(|(task, _)| is_sample(task))
            .filter_map(|(_, found)| match found {
                PairMeasurement::Judged(judgement) => Some(judgement.preferred),
                PairMeasurement::Skipped(_) | PairMeasurement::Errored(_) => None,
            })
            .collect();
        if samples.len() < 2 {
            lost += 1;
            continue;
        }
        disagree.push(samples.iter().any(|it| *it != samples[0]));
        clusters.push(item.cluster);
    }
    INSTABILITY.row(share_of(&disagree, &clusters).ok(), (lost, 0))
}

/// Returns what was judged of one change.
fn judged<'a>(
    results: &'a [(PairTask, PairMeasurement)],
    change: &'a PairChange,
) -> impl Iterator<Item = (&'a PairTask, &'a PairJudgement)> {
    results.iter().filter(move |(task, _)| task.change == *change).filter_map(|(task, found)| {
        match found {
            PairMeasurement::Judged(judgement) => Some((task, judgement)),
            PairMeasurement::Skipped(_) | PairMeasurement::Errored(_) => None,
        }
    })
}
