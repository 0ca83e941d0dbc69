//! Whether a judge prefers the style of its own model: the same content, in its words and in those of another family.

use std::collections::BTreeMap;

use evalward_core::Measurement;

use super::row::Kind;
use super::{
    AuditItem, AuditRow, AuditScale, AuditTask, AuditUnit, Change, Experiment, PairAuditItem,
    PairChange, PairTask, Restyling,
};
use crate::estimate::{count, mean_difference, mean_share};
use crate::pairwise::{PairMaterial, PairMeasurement};

/// The answers of an audit in the words of two models.
#[derive(Clone, Debug)]
pub enum Styles {
    /// Nobody restyled them, for this reason.
    Skipped(String),
    /// They were restyled.
    Restyled(RestyledAnswers),
}

/// Every answer of an audit, said by the judge's own model and by one of another family.
#[derive(Clone, Debug)]
pub struct RestyledAnswers {
    /// The names of the models, the judge's own first.
    pub models: [String; 2],
    /// What came of each answer, by the place of its item; that of the judge's own model first.
    pub answers: Vec<[Restyling; 2]>,
}

const POINTS: Kind = Kind {
    experiment: Experiment::SelfPreference,
    what: "score in the style of its own model less that in the style of another family",
    unit: AuditUnit::Points,
    faultless: 0.0,
};
const WINS: Kind = Kind {
    experiment: Experiment::SelfPreference,
    what: "win rate of the style of its own model against that of another family",
    unit: AuditUnit::Share,
    faultless: 0.5,
};

/// The answers that both models said as they should, and what became of the others.
#[derive(Default)]
struct Sorted<'a> {
    usable: Vec<(usize, &'a str, &'a str)>,
    flaws: BTreeMap<String, u64>,
    errored: u64,
}

impl Styles {
    /// Returns the first reason why a model did not answer.
    pub fn error(&self) -> Option<&str> {
        let Self::Restyled(restyled) = self else { return None };
        restyled.answers.iter().flatten().find_map(|it| match it {
            Restyling::Errored(reason) => Some(reason.as_str()),
            Restyling::Text(_) | Restyling::Flawed(_) => None,
        })
    }

    fn sorted(&self) -> Sorted<'_> {
        let mut sorted = Sorted::default();
        let Self::Restyled(restyled) = self else { return sorted };
        for (item, both) in restyled.answers.iter().enumerate() {
            match both {
                [Restyling::Text(own), Restyling::Text(other)] => {
                    sorted.usable.push((item, own, other));
                }
                [Restyling::Errored(_), _] | [_, Restyling::Errored(_)] => sorted.errored += 1,
                [Restyling::Flawed(flaw), _] | [_, Restyling::Flawed(flaw)] => {
                    *sorted.flaws.entry(flaw.words().to_owned()).or_default() += 1;
                }
            }
        }
        sorted
    }

    fn finish(&self, row: AuditRow, sorted: Sorted<'_>) -> AuditRow {
        let what = match self {
            Self::Restyled(RestyledAnswers { models: [own, other], .. }) => {
                format!("{} ({own} and {other})", row.what)
            }
            Self::Skipped(_) => row.what,
        };
        let left_out = sorted.flaws.values().sum();
        let errored = row.errored + sorted.errored;
        AuditRow { what, left_out, left_out_because: sorted.flaws, errored, ..row }
    }
}

/// Plans the questions about restyled answers: two for each answer that both models said as they should.
pub fn plan_styles(items: &[AuditItem], styles: &Styles) -> Vec<AuditTask> {
    let tasks = styles.sorted().usable.into_iter().flat_map(|(place, own, other)| {
        [(Change::OwnStyle, own), (Change::OtherStyle, other)].map(|(change, output)| {
            let (example, mut response) =
                (items[place].example.clone(), items[place].response.clone());
            output.clone_into(&mut response.output);
            AuditTask { item: place, change, example, response }
        })
    });
    tasks.collect()
}

/// Plans the questions about restyled answers: each in the other style against itself in the judge's own, which is the second.
pub fn plan_pair_styles(items: &[PairAuditItem], styles: &Styles) -> Vec<PairTask> {
    let tasks = styles.sorted().usable.into_iter().map(|(place, own, other)| {
        let item = &items[place];
        let mut pair = PairMaterial { second: own.to_owned(), ..item.pair.clone() };
        other.clone_into(&mut pair.material.answer);
        PairTask {
            item: place,
            change: PairChange::Styled,
            label: item.id.clone(),
            sample: 0,
            pair,
        }
    });
    tasks.collect()
}

/// Returns the line about the style of the judge's own model.
pub(super) fn preference(
    items: &[AuditItem],
    answers: &[(AuditTask, Option<Measurement>)],
    scale: AuditScale,
    styles: &Styles,
) -> AuditRow {
    if let Styles::Skipped(reason) = styles {
        return POINTS.without(&format!("skipped: {reason}"));
    }
    let scores = |change: &Change| -> BTreeMap<usize, f64> {
        let of_change = answers.iter().filter(|(task, _)| task.change == *change);
        of_change
            .filter_map(|(task, found)| Some((task.item, found.as_ref()?.score()?.value.get())))
            .collect()
    };
    let (own, other) = (scores(&Change::OwnStyle), scores(&Change::OtherStyle));
    let sorted = styles.sorted();
    let (mut pairs, mut clusters) = (Vec::new(), Vec::new());
    for (item, ..) in &sorted.usable {
        if let (Some(own), Some(other)) = (own.get(item), other.get(item)) {
            pairs.push((*other, *own));
            clusters.push(items[*item].cluster);
        }
    }
    let lost = count(sorted.usable.len() - pairs.len());
    let estimate = mean_difference(&pairs, &clusters, (scale.low, scale.high)).ok();
    styles.finish(POINTS.row(estimate, (lost, 0)), sorted)
}

/// Returns the line about the style of the judge's own model, of a judge that compares two answers.
pub(super) fn pair_preference(
    items: &[PairAuditItem],
    results: &[(PairTask, PairMeasurement)],
    styles: &Styles,
) -> AuditRow {
    if let Styles::Skipped(reason) = styles {
        return WINS.without(&format!("skipped: {reason}"));
    }
    let (mut wins, mut clusters, mut lost) = (Vec::new(), Vec::new(), 0);
    for (task, found) in results.iter().filter(|(task, _)| task.change == PairChange::Styled) {
        match found {
            PairMeasurement::Judged(judgement) => {
                wins.push(1.0 - judgement.score());
                clusters.push(items[task.item].cluster);
            }
            PairMeasurement::Skipped(_) | PairMeasurement::Errored(_) => lost += 1,
        }
    }
    let row = WINS.row(mean_share(&wins, &clusters).ok(), (lost, 0));
    styles.finish(row, styles.sorted())
}
