//! The answers of runs, paired by example and trial.

use std::collections::{BTreeMap, BTreeSet};

use evalward_config::Suite;
use evalward_core::{Digest, Example, ExampleId, Reply, Response, RunId, Trial};
use evalward_dataset::Dataset;
use evalward_judge::{Material, PairMaterial, PairwiseJudge, Shown};
use evalward_runs::StoredRun;
use rand::SeedableRng as _;
use rand::rngs::Xoshiro256PlusPlus;
use rand::seq::SliceRandom as _;

use super::CompareArgs;
use crate::context::Context;
use crate::error::CliError;

/// One run's answers.
pub(super) struct RunAnswers {
    pub(super) id: RunId,
    pub(super) subject: String,
    /// What identifies the content of each example.
    hashes: BTreeMap<ExampleId, Digest>,
    /// The answers by example and trial.
    answers: BTreeMap<(ExampleId, u32), Trial>,
}

/// The answers of all runs.
pub(super) struct Answers {
    pub(super) runs: Vec<RunAnswers>,
    /// The examples that all runs have with equal content, those drawn where a sample was asked for.
    common: BTreeSet<ExampleId>,
    /// The examples that not all runs have with equal content.
    pub(super) left_out: usize,
    /// The examples themselves, where the judge must see their documents.
    examples: BTreeMap<ExampleId, Example>,
}

/// Two answers to one example.
pub(super) struct Pairing {
    pub(super) id: ExampleId,
    pub(super) trial: u32,
    /// The runs, by their places.
    pub(super) first: usize,
    pub(super) second: usize,
    /// Pairs of one cluster are not independent.
    pub(super) cluster: usize,
    pub(super) pair: PairMaterial,
}

impl Answers {
    /// Reads the runs, which must be of one dataset.
    pub(super) fn read(
        args: &CompareArgs,
        suite: Option<&Suite>,
        judge: &PairwiseJudge,
        context: &Context,
    ) -> Result<Self, CliError> {
        let mut runs: Vec<RunAnswers> = Vec::new();
        let mut dataset: Option<(RunId, String)> = None;
        for name in &args.runs {
            let stored = context.runs.find(name)?;
            let manifest = stored.manifest();
            let (id, of) = (manifest.run_id.clone(), manifest.dataset.name.clone());
            match &dataset {
                Some((first, name)) if *name != of => {
                    let text =
                        format!("run `{first}` is of dataset `{name}`, and `{id}` of `{of}`");
                    return Err(CliError::input(text));
                }
                _ => dataset = Some((id.clone(), of)),
            }
            if runs.iter().any(|run| run.id == id) {
                return Err(CliError::input(format!("run `{id}` is named twice")));
            }
            runs.push(RunAnswers::read(&stored)?);
        }
        let all: BTreeSet<&ExampleId> = runs.iter().flat_map(|run| run.hashes.keys()).collect();
        let is_common = |id: &&&ExampleId| {
            let mut hashes = runs.iter().map(|run| run.hashes.get(**id));
            hashes.next().flatten().is_some_and(|first| hashes.all(|it| it == Some(first)))
        };
        let common: BTreeSet<ExampleId> =
            all.iter().filter(is_common).map(|id| (*id).clone()).collect();
        let left_out = all.len() - common.len();
        if common.is_empty() {
            let text = "the runs have no answer to the same example, with equal content";
            return Err(CliError::input(text));
        }
        let common = drawn(args, common);
        let needs_documents = judge.shown().contains(&Shown::Context);
        let examples = match suite.filter(|_| needs_documents) {
            Some(suite) => read_examples(suite, &common)?,
            None => BTreeMap::new(),
        };
        Ok(Self { runs, common, left_out, examples })
    }

    pub(super) fn examples(&self) -> usize {
        self.common.len()
    }

    /// Pairs the answers of each two runs.
    pub(super) fn pairings(&self) -> Vec<Pairing> {
        let mut clusters: BTreeMap<String, usize> = BTreeMap::new();
        let mut pairings = Vec::new();
        for (first, one) in self.runs.iter().enumerate() {
            for (second, other) in self.runs.iter().enumerate().skip(first + 1) {
                for ((id, trial), answer) in &one.answers {
                    let Some(against) = other.answers.get(&(id.clone(), *trial)) else { continue };
                    if !self.common.contains(id) {
                        continue;
                    }
                    let name = match &answer.cluster {
                        Some(cluster) => format!("cluster {cluster}"),
                        None => format!("example {id}"),
                    };
                    let next = clusters.len();
                    let cluster = *clusters.entry(name).or_insert(next);
                    let pair = self.material(answer, against);
                    pairings.push(Pairing {
                        id: id.clone(),
                        trial: *trial,
                        first,
                        second,
                        cluster,
                        pair,
                    });
                }
            }
        }
        pairings
    }

    fn material(&self, answer: &Trial, against: &Trial) -> PairMaterial {
        let example = self.examples.get(&answer.example_id).cloned().unwrap_or_else(|| {
            let mut example = Example::new("row", answer.partition);
            example.input = answer.input.clone();
            example.expected_output.clone_from(&answer.expected_output);
            example
        });
        // What a subject retrieved is its own, and would judge the other one's answer by the wrong documents.
        let reply: Reply = Response::from_text(output(answer)).into();
        PairMaterial { material: Material::of(&example, &reply), second: output(against) }
    }
}

fn output(trial: &Trial) -> String {
    trial.response.as_ref().map(|response| response.output.clone()).unwrap_or_default()
}

impl RunAnswers {
    fn read(stored: &StoredRun) -> Result<Self, CliError> {
        let manifest = stored.manifest();
        let mut run = Self {
            id: manifest.run_id.clone(),
            subject: format!("{} {}", manifest.subject.kind, manifest.subject.name),
            hashes: BTreeMap::new(),
            answers: BTreeMap::new(),
        };
        for trial in stored.trials()? {
            let trial = trial?;
            // Trials that confirm a failure are there for failures only; without an answer there is nothing to compare.
            if !trial.confirms && trial.response.is_some() {
                run.hashes.insert(trial.example_id.clone(), trial.example_hash);
                run.answers.insert((trial.example_id.clone(), trial.trial), trial);
            }
        }
        Ok(run)
    }
}

fn drawn(args: &CompareArgs, common: BTreeSet<ExampleId>) -> BTreeSet<ExampleId> {
    let Some(sample) = args.sample else { return common };
    let mut ids: Vec<ExampleId> = common.into_iter().collect();
    ids.shuffle(&mut Xoshiro256PlusPlus::seed_from_u64(args.seed));
    ids.truncate(usize::try_from(sample.get()).unwrap_or(usize::MAX));
    ids.into_iter().collect()
}

fn read_examples(
    suite: &Suite,
    wanted: &BTreeSet<ExampleId>,
) -> Result<BTreeMap<ExampleId, Example>, CliError> {
    let dataset = Dataset::open(&suite.dataset).map_err(CliError::input)?;
    let mut examples = BTreeMap::new();
    for example in dataset.all_examples() {
        let mut example = example.map_err(CliError::input)?;
        if wanted.contains(&example.value.id) {
            dataset.resolve_context(&mut example).map_err(CliError::input)?;
            examples.insert(example.value.id.clone(), example.value);
        }
    }
    Ok(examples)
}
