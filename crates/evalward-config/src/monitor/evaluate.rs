//! Which metrics of a suite evaluate interactions.

use std::num::NonZeroU32;
use std::time::Duration;

use evalward_core::{Partition, SuiteMetric};
use toml::Spanned;

use super::EvaluationConfig;
use super::check::Checker;
use super::file::EvaluateTable;
use crate::build_subject::BuildOptions;
use crate::judge::{Judge, asked_by, load_judge};
use crate::suggest::nearest;
use crate::{ConfigErrors, LoadOptions, MetricConfig, Suite, load};

const WORKERS: NonZeroU32 = NonZeroU32::new(2).expect("two is not zero");
const MAX_ATTEMPTS: NonZeroU32 = NonZeroU32::new(5).expect("five is not zero");
const LEASE: Duration = Duration::from_mins(1);

/// The shortest lease: less leaves no time to evaluate and to write.
const SHORTEST_LEASE: Duration = Duration::from_secs(1);

/// The partition that interactions are taken for.
const PARTITION: Partition = Partition::Distribution;

impl Checker<'_> {
    /// Loads the suite that the metrics are taken from; its mistakes are told with those of the monitor's file.
    pub(super) fn suite(&mut self, table: &EvaluateTable, options: &LoadOptions) -> Option<Suite> {
        let path = self.resolver.path(&table.suite);
        if let Err(error) = std::fs::metadata(&path) {
            let message = format!("failed to read `{}`: {error}", path.display());
            let help = "name the suite whose metrics evaluate samples, relative to this file";
            self.resolver.refuse(message, &table.suite.span(), Some(help));
            return None;
        }
        load(&path, options).map_err(|ConfigErrors(errors)| self.foreign.extend(errors)).ok()
    }

    pub(super) fn evaluation(&mut self, table: &EvaluateTable, suite: &Suite) -> EvaluationConfig {
        if let Some(lease) = table.lease.as_ref().filter(|it| it.get_ref().0 < SHORTEST_LEASE) {
            let help = "take `1s` or more; one evaluation may take half of it";
            self.resolver.refuse("the lease is too short", &lease.span(), Some(help));
        }
        EvaluationConfig {
            suite: suite.name.clone(),
            metrics: self.metrics(table, suite),
            workers: table.workers.unwrap_or(WORKERS),
            max_attempts: table.max_attempts.unwrap_or(MAX_ATTEMPTS),
            lease: table.lease.as_ref().map_or(LEASE, |lease| lease.get_ref().0),
        }
    }

    fn metrics(&mut self, table: &EvaluateTable, suite: &Suite) -> Vec<SuiteMetric> {
        let before = self.resolver.errors.len();
        let mut metrics: Vec<SuiteMetric> = match &table.metrics {
            None => own_metrics(suite).cloned().collect(),
            Some(ids) => {
                ids.get_ref().iter().filter_map(|id| self.metric(id, suite).cloned()).collect()
            }
        };
        for metric in &mut metrics {
            self.connect(metric, suite);
        }
        metrics.retain(|metric| match never_applies(metric, suite) {
            None => true,
            Some(why) => {
                self.warnings.push(format!(
                    "metric `{}` is left out: {why}, so it never applies to an interaction",
                    metric.id
                ));
                false
            }
        });
        let could_fail = metrics.iter().any(|metric| metric.can_fail(PARTITION));
        if !could_fail && self.resolver.errors.len() == before {
            let place = table.metrics.as_ref().map_or_else(|| table.suite.span(), Spanned::span);
            let help = "choose a metric that decides without an expected output, such as one of kind `constraints`";
            self.resolver.refuse(
                "none of the metrics could fail an interaction",
                &place,
                Some(help),
            );
        }
        metrics
    }

    /// Gives a metric that asks a judge its model; the suite was loaded to be looked at only.
    fn connect(&mut self, metric: &mut SuiteMetric, suite: &Suite) {
        if asks_a_judge(metric, suite).is_none() {
            return;
        }
        match suite.build_one_metric(&metric.id, &BuildOptions::default()) {
            Ok(Some(built)) => *metric = built,
            Ok(None) => {}
            Err(ConfigErrors(errors)) => self.foreign.extend(errors),
        }
    }

    fn metric<'s>(&mut self, id: &Spanned<String>, suite: &'s Suite) -> Option<&'s SuiteMetric> {
        let found = own_metrics(suite).find(|metric| metric.id == *id.get_ref());
        if found.is_none() {
            let id = (id.get_ref(), id.span());
            if id.0 == "checks" {
                let help = "leave it out; interactions are evaluated by the suite's own metrics";
                let message =
                    "`checks` stands for what examples carry, and interactions carry none";
                self.resolver.refuse(message, &id.1, Some(help));
                return None;
            }
            let known: Vec<&str> = own_metrics(suite).map(|metric| metric.id.as_str()).collect();
            let help = match nearest(id.0, known.iter().copied()) {
                Some(known) => format!("did you mean `{known}`?"),
                None => format!("known there: {}", known.join(", ")),
            };
            let message = format!("suite `{}` has no metric `{}`", suite.name, id.0);
            self.resolver.refuse(message, &id.1, Some(&help));
        }
        found
    }
}

/// Returns the metrics that the suite declares; `checks` is what examples carry themselves.
fn own_metrics(suite: &Suite) -> impl Iterator<Item = &SuiteMetric> {
    suite.metrics.iter().filter(|metric| metric.id != "checks")
}

/// Returns the judge that a metric asks.
fn asks_a_judge(metric: &SuiteMetric, suite: &Suite) -> Option<Judge> {
    let (name, _) = asked_by(suite.file.metrics.get(&metric.id)?.get_ref())?;
    load_judge(name.get_ref(), &suite.sources.folder_of(&name.span())).ok()
}

/// Returns why a metric can never apply to an interaction, which has no tags and no expected output.
fn never_applies(metric: &SuiteMetric, suite: &Suite) -> Option<&'static str> {
    let applies = &metric.applies;
    if !applies.partitions.is_empty() && !applies.partitions.contains(&PARTITION) {
        return Some("its `where` leaves out the partition `distribution`");
    }
    if !applies.tags_any.is_empty() || !applies.tags_all.is_empty() {
        return Some("its `where` asks for a tag");
    }
    if asks_a_judge(metric, suite).is_some_and(|judge| judge.sees_a_reference()) {
        return Some("its judge sees an expected output, which interactions do not have");
    }
    let needs_expectation = match suite.file.metrics.get(&metric.id)?.get_ref() {
        MetricConfig::ExactMatch(_)
        | MetricConfig::TokenF1(_)
        | MetricConfig::Levenshtein(_)
        | MetricConfig::Rouge(_)
        | MetricConfig::Bleu(_)
        | MetricConfig::Chrf(_)
        | MetricConfig::JsonMatch(_)
        | MetricConfig::Numeric(_)
        | MetricConfig::Classification(_)
        | MetricConfig::SemanticSimilarity(_)
        | MetricConfig::Retrieval(_)
        | MetricConfig::ToolCalls(_) => true,
        MetricConfig::Contains(contains) => contains.texts.is_none(),
        MetricConfig::Regex(_)
        | MetricConfig::Hallucination(_)
        | MetricConfig::Judge(_)
        | MetricConfig::Support(_)
        | MetricConfig::StepCount(_)
        | MetricConfig::Latency(_)
        | MetricConfig::Tokens(_)
        | MetricConfig::Cost(_)
        | MetricConfig::Constraints(_)
        | MetricConfig::Command(_) => false,
    };
    needs_expectation.then_some("it needs an expected output")
}
