//! What is found out before anything is called.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use evalward_core::{
    DatasetStamp, Digest, Example, GatePolicy, Partition, Selection, Subject, SuiteMetric,
};
use evalward_dataset::{CheckOptions, CheckReport, Dataset, DatasetError, Located, check};
use evalward_metrics::validate_rules;

use crate::Filter;

/// What a run is going to evaluate.
#[derive(Clone, Debug)]
pub struct Preflight {
    /// The dataset, as the manifest states it.
    pub dataset: DatasetStamp,
    /// The number of examples that were asked for, by partition; a shard evaluates only its part of them.
    pub asked_for: BTreeMap<Partition, u64>,
    /// The gates that decide: those that the suite declares, and exactness for golden and regression.
    pub gates: BTreeMap<Partition, GatePolicy>,
    /// What the dataset's check found, warnings only.
    pub findings: CheckReport,
    /// What is allowed but unwise.
    pub warnings: Vec<String>,
}

/// Why a run would be wrong or could not fail; nothing was called.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PreflightError {
    /// The dataset cannot be read.
    #[error("failed to read the dataset")]
    Dataset(#[from] DatasetError),
    /// The dataset has findings that are errors.
    #[error("the dataset has {}", errors_text(.0))]
    Findings(CheckReport),
    /// Some examples cannot be asked or judged.
    #[error("{}", examples_text(.0))]
    Examples(Vec<ExampleProblem>),
    /// Some metrics cannot be computed.
    #[error("{}", metrics_text(.0))]
    Metrics(Vec<MetricProblem>),
    /// No example was asked for.
    #[error("no example is selected")]
    NothingSelected {
        /// What would help.
        hint: String,
    },
    /// Something that was asked for by name does not exist; a slip must not make a smaller run look like the whole.
    #[error("no example of the dataset has the {what} `{word}`")]
    Unmatched {
        /// `id`, `tag` or `partition`.
        what: &'static str,
        /// The word that was asked for.
        word: String,
    },
    /// A gated partition has no examples.
    #[error("the suite has a gate for partition `{0}`, but the dataset has no such examples")]
    EmptyPartition(Partition),
    /// A gated partition cannot fail.
    #[error(
        "no metric can fail an example of partition `{0}`, so its gate would hold whatever the subject answers"
    )]
    CannotFail(Partition),
    /// No gate applies to what was selected.
    #[error("no gate applies to {}, so the run would pass whatever the subject answers", names(.0))]
    NoGate(Vec<Partition>),
}

/// An example that cannot be asked or judged, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExampleProblem {
    /// Where the example stands, as `file:line`.
    pub place: String,
    /// What is wrong.
    pub message: String,
}

/// A metric that cannot be computed, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricProblem {
    /// The metric's id in the suite.
    pub id: String,
    /// What is missing and what to do.
    pub message: String,
}

impl PreflightError {
    /// Returns a way out, where one is known.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Dataset(error) => error.hint(),
            Self::NothingSelected { hint } => Some(hint.clone()),
            Self::Unmatched { .. } => Some("check the ids, tags and partitions that you asked for".to_owned()),
            Self::EmptyPartition(partition) => {
                Some(format!("add examples to `{}`, or remove `[gates.{partition}]`", partition.file_name()))
            }
            Self::CannotFail(_) => Some(
                "add a metric with a threshold or a constraint that applies there, or `checks` to the examples".to_owned(),
            ),
            Self::NoGate(partitions) => {
                partitions.first().map(|partition| format!("add `[gates.{partition}]` with a `pass_rate`"))
            }
            Self::Findings(_) => Some("`evalward dataset check` lists them all".to_owned()),
            Self::Examples(_) | Self::Metrics(_) => None,
        }
    }
}

fn errors_text(report: &CheckReport) -> String {
    if report.errors == 1 { "1 error".to_owned() } else { format!("{} errors", report.errors) }
}

/// How many different problems of examples are told at once.
const TOLD: usize = 5;

/// Tells each problem once, with the first example that has it and the number of others.
fn examples_text(problems: &[ExampleProblem]) -> String {
    let mut groups: Vec<(&ExampleProblem, usize)> = Vec::new();
    for problem in problems {
        match groups.iter_mut().find(|(first, _)| first.message == problem.message) {
            Some((_, others)) => *others += 1,
            None => groups.push((problem, 0)),
        }
    }
    let mut lines: Vec<String> = groups
        .iter()
        .take(TOLD)
        .map(|(first, others)| match others {
            0 => format!("{}: {}", first.place, first.message),
            1 => format!("{}: {} (and 1 more example)", first.place, first.message),
            _ => format!("{}: {} (and {others} more examples)", first.place, first.message),
        })
        .collect();
    if groups.len() > TOLD {
        lines.push(format!("and {} other problems", groups.len() - TOLD));
    }
    lines.join("\n")
}

fn metrics_text(problems: &[MetricProblem]) -> String {
    let line =
        |it: &MetricProblem| format!("metric `{}` cannot be computed: {}", it.id, it.message);
    problems.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn names(partitions: &[Partition]) -> String {
    partitions.iter().map(|partition| format!("`{partition}`")).collect::<Vec<_>>().join(", ")
}

/// Checks that every metric can be computed, and then the dataset, the prompts and the gates in one pass, without any call.
///
/// # Errors
/// [`PreflightError`] for the first kind of mistake found.
pub fn preflight(
    dataset: &Dataset,
    filter: &Filter,
    subject: &dyn Subject,
    metrics: &[SuiteMetric],
    declared: &BTreeMap<Partition, GatePolicy>,
) -> Result<Preflight, PreflightError> {
    check_metrics(metrics)?;
    let mut survey = Survey::new(dataset, filter, subject, metrics);
    let findings = check(dataset, &CheckOptions::default(), &mut |example| survey.visit(example))?;
    if findings.errors > 0 {
        return Err(PreflightError::Findings(findings));
    }
    if !survey.problems.is_empty() {
        return Err(PreflightError::Examples(survey.problems));
    }
    let gates = effective_gates(declared, &findings.counts);
    survey.check_gates(&gates, &findings.counts)?;
    let warnings = survey.warnings();
    let asked_for = survey.asked_for;
    let dataset = DatasetStamp {
        name: dataset.manifest().name.clone(),
        hash: findings.hash.unwrap_or_else(|| Digest::of(b"")),
        selected: survey.selected,
        available: findings.counts.clone(),
    };
    Ok(Preflight { dataset, asked_for, gates, findings, warnings })
}

/// Asks each metric whether it has what it needs, such as its model.
fn check_metrics(metrics: &[SuiteMetric]) -> Result<(), PreflightError> {
    let problem = |metric: &SuiteMetric| {
        let message = metric.metric.preflight().err()?;
        Some(MetricProblem { id: metric.id.clone(), message })
    };
    let problems: Vec<MetricProblem> = metrics.iter().filter_map(problem).collect();
    if problems.is_empty() { Ok(()) } else { Err(PreflightError::Metrics(problems)) }
}

/// Adds exactness for golden and regression, where the suite says nothing else.
fn effective_gates(
    declared: &BTreeMap<Partition, GatePolicy>,
    available: &BTreeMap<Partition, u64>,
) -> BTreeMap<Partition, GatePolicy> {
    let mut gates = declared.clone();
    for partition in available.keys() {
        if let Some(policy) = GatePolicy::default_of(*partition) {
            gates.entry(*partition).or_insert(policy);
        }
    }
    gates
}

/// Iterates over everything that was asked for by name.
fn asked_for(selection: &Selection) -> impl Iterator<Item = (&'static str, &str)> {
    let ids = selection.ids.iter().map(|id| ("id", id.as_str()));
    let tags = selection.tags.iter().map(|tag| ("tag", tag.as_str()));
    ids.chain(tags)
        .chain(selection.partitions.iter().map(|partition| ("partition", partition.name())))
}

struct Survey<'a> {
    dataset: &'a Dataset,
    filter: &'a Filter,
    subject: &'a dyn Subject,
    metrics: &'a [SuiteMetric],
    asked_for: BTreeMap<Partition, u64>,
    selected: BTreeMap<Partition, u64>,
    with_checks: BTreeSet<Partition>,
    applied: BTreeSet<String>,
    /// The ids and tags that were asked for and not seen yet.
    unmatched: BTreeSet<(&'static str, &'a str)>,
    problems: Vec<ExampleProblem>,
}

impl<'a> Survey<'a> {
    fn new(
        dataset: &'a Dataset,
        filter: &'a Filter,
        subject: &'a dyn Subject,
        metrics: &'a [SuiteMetric],
    ) -> Self {
        Self {
            dataset,
            filter,
            subject,
            metrics,
            asked_for: BTreeMap::new(),
            selected: BTreeMap::new(),
            with_checks: BTreeSet::new(),
            applied: BTreeSet::new(),
            unmatched: asked_for(&filter.selection).collect(),
            problems: Vec::new(),
        }
    }

    fn visit(&mut self, example: &Located<Example>) {
        let Example { id, tags, partition, .. } = &example.value;
        self.unmatched.retain(|(what, word)| match *what {
            "id" => *word != id.as_str(),
            "tag" => !tags.iter().any(|tag| tag == word),
            _ => *word != partition.name(),
        });
        if !self.filter.asks_for(&example.value) {
            return;
        }
        *self.asked_for.entry(example.value.partition).or_default() += 1;
        if self.filter.wants(&example.value) {
            *self.selected.entry(example.value.partition).or_default() += 1;
        }
        for metric in self.metrics {
            if !self.applied.contains(&metric.id)
                && metric.applies.reason_to_skip(&example.value).is_none()
            {
                self.applied.insert(metric.id.clone());
            }
        }
        let mut example = example.clone();
        if self.dataset.resolve_context(&mut example).is_err() {
            // The check itself reports references that lead nowhere.
            return;
        }
        if let Err(message) = self.subject.preflight(&example.value) {
            self.problem(&example, message);
        }
        if let Some(checks) = &example.value.checks {
            self.with_checks.insert(example.value.partition);
            if let Err(error) = validate_rules(checks) {
                // The regex crate draws a picture of the pattern; its last line says what is wrong.
                let cause = error.source().map(ToString::to_string).unwrap_or_default();
                let cause = cause
                    .lines()
                    .last()
                    .map(|line| format!(": {}", line.trim_start_matches("error: ")));
                let message = format!(
                    "checks of example `{}`: failed to {error}{}",
                    example.value.id,
                    cause.unwrap_or_default()
                );
                self.problem(&example, message);
            }
        }
    }

    fn problem(&mut self, example: &Located<Example>, message: String) {
        let place = format!("{}:{}", example.path.display(), example.line);
        self.problems.push(ExampleProblem { place, message });
    }

    fn check_gates(
        &self,
        gates: &BTreeMap<Partition, GatePolicy>,
        available: &BTreeMap<Partition, u64>,
    ) -> Result<(), PreflightError> {
        let wanted = |partition: &&Partition| self.filter.wants_partition(**partition);
        for partition in gates.keys().filter(wanted) {
            if available.get(partition).copied().unwrap_or(0) == 0 {
                return Err(PreflightError::EmptyPartition(*partition));
            }
        }
        if self.asked_for.is_empty() {
            return Err(PreflightError::NothingSelected { hint: self.selection_hint(available) });
        }
        if let Some((what, word)) = self.unmatched.first() {
            return Err(PreflightError::Unmatched { what, word: (*word).to_owned() });
        }
        for partition in self.asked_for.keys() {
            let fails = self
                .metrics
                .iter()
                .any(|metric| metric.metric.kind() != "checks" && metric.can_fail(*partition));
            if gates.contains_key(partition) && !fails && !self.with_checks.contains(partition) {
                return Err(PreflightError::CannotFail(*partition));
            }
        }
        let whole = !self.filter.selection.is_hand_picked();
        if whole && !self.asked_for.keys().any(|partition| gates.contains_key(partition)) {
            return Err(PreflightError::NoGate(self.asked_for.keys().copied().collect()));
        }
        Ok(())
    }

    fn selection_hint(&self, available: &BTreeMap<Partition, u64>) -> String {
        if available.values().sum::<u64>() == 0 {
            return "the dataset has no examples: add some to `golden.jsonl`".to_owned();
        }
        if self.filter.selection.only_failed.is_some() && self.filter.failed_before.is_empty() {
            return "no example failed in that run".to_owned();
        }
        match self.unmatched.first() {
            Some((what, word)) => format!("no example has the {what} `{word}`"),
            None => "nothing fits all the ids, tags and partitions that you asked for".to_owned(),
        }
    }

    fn warnings(&self) -> Vec<String> {
        let unused = self.metrics.iter().filter(|metric| !self.applied.contains(&metric.id));
        let mut warnings: Vec<String> = unused
            .map(|metric| format!("metric `{}` applies to no example that is selected", metric.id))
            .collect();
        let gating = |metric: &&SuiteMetric| metric.is_gating() && metric.metric.kind() != "checks";
        let checked = usize::from(!self.with_checks.is_empty());
        if self.metrics.iter().filter(gating).count() + checked == 1 {
            warnings.push(
                "only one metric gates: teams optimise the metric they have, so pair it with a second".to_owned(),
            );
        }
        warnings
    }
}
