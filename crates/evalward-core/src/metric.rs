//! Functions from an example and its response to a score.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Digest, Example, Finite, Margin, Measured, Measurement, MetricStamp, Partition, ReasonKind,
    Reply, Scale, Thresholds,
};

/// A boxed future, so that traits with async functions can be objects.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A function from an example and a reply to a score.
///
/// Teams implement this trait to add a metric of their own; the suite's thresholds and `where` are applied around it.
pub trait Metric: Send + Sync + fmt::Debug {
    /// Returns the name of the kind, such as `token_f1`.
    fn kind(&self) -> &str;

    /// Returns the scale of the scores.
    fn scale(&self) -> Scale {
        Scale::FRACTION
    }

    /// Returns whether the metric says by itself whether a response passes, without a threshold.
    fn decides(&self) -> bool {
        false
    }

    /// Returns whether a score that the metric itself calls failed stays so, whatever the threshold says of its value.
    fn has_veto(&self) -> bool {
        false
    }

    /// Returns where a failure of this metric stands in the order of reasons.
    fn reason_kind(&self) -> ReasonKind {
        ReasonKind::Metric
    }

    /// Checks, before anything is called, that the metric can be computed: that its model is there, for example.
    ///
    /// # Errors
    /// What is missing and what to do, as a sentence.
    fn preflight(&self) -> Result<(), String> {
        Ok(())
    }

    /// Ends whatever the metric started; called once, when the last example is done.
    fn shutdown(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }

    /// Scores the reply.
    fn score<'a>(&'a self, example: &'a Example, reply: &'a Reply) -> BoxFuture<'a, Measurement>;

    /// Scores the reply, and tells what models were asked for that; metrics that ask none need not implement it.
    fn score_and_count<'a>(
        &'a self,
        example: &'a Example,
        reply: &'a Reply,
    ) -> BoxFuture<'a, Measured> {
        Box::pin(async move { self.score(example, reply).await.into() })
    }
}

/// Where a metric applies; every condition that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Applicability {
    /// Only in these partitions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub partitions: Vec<Partition>,
    /// Only examples with at least one of these tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags_any: Vec<String>,
    /// Only examples with all of these tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags_all: Vec<String>,
    /// Only examples with none of these tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags_none: Vec<String>,
}

impl Applicability {
    /// Returns `None` where the metric applies, else why it does not.
    pub fn reason_to_skip(&self, example: &Example) -> Option<String> {
        let has = |tag: &String| example.tags.contains(tag);
        if !self.partitions.is_empty() && !self.partitions.contains(&example.partition) {
            return Some(format!("does not apply to partition `{}`", example.partition));
        }
        if !self.tags_any.is_empty() && !self.tags_any.iter().any(has) {
            return Some(format!("applies only to tags {}", quoted(&self.tags_any)));
        }
        if let Some(tag) = self.tags_all.iter().find(|tag| !has(tag)) {
            return Some(format!("applies only to tag `{tag}`"));
        }
        self.tags_none
            .iter()
            .find(|tag| has(tag))
            .map(|tag| format!("does not apply to tag `{tag}`"))
    }
}

fn quoted(tags: &[String]) -> String {
    tags.iter().map(|tag| format!("`{tag}`")).collect::<Vec<_>>().join(", ")
}

/// A metric as a suite uses it: with its name, its thresholds and where it applies.
#[derive(Clone, Debug)]
pub struct SuiteMetric {
    /// The metric's id in the suite.
    pub id: String,
    /// The metric.
    pub metric: Arc<dyn Metric>,
    /// The values that decide, by partition.
    pub thresholds: Thresholds,
    /// Where the metric applies.
    pub applies: Applicability,
    /// Whether the metric may fail an example; otherwise it only reports.
    pub gating: bool,
    /// The hash of the settings that move its scores.
    pub version: Digest,
    /// The largest loss that does not matter when runs are compared.
    pub margin: Option<Margin>,
}

impl SuiteMetric {
    /// Makes a gating metric that applies everywhere and decides by itself.
    pub fn new(id: &str, metric: impl Metric + 'static) -> Self {
        Self {
            id: id.to_owned(),
            version: Digest::of(metric.kind().as_bytes()),
            metric: Arc::new(metric),
            thresholds: Thresholds::default(),
            applies: Applicability::default(),
            gating: true,
            margin: None,
        }
    }

    /// Sets one threshold for all partitions.
    #[must_use]
    pub fn with_threshold(mut self, threshold: Finite) -> Self {
        self.thresholds = Thresholds::everywhere(threshold);
        self
    }

    /// Returns whether the metric could fail an example of this partition.
    pub fn can_fail(&self, partition: Partition) -> bool {
        let applies =
            self.applies.partitions.is_empty() || self.applies.partitions.contains(&partition);
        let decides = match self.thresholds.of(partition) {
            Some(threshold) => self.metric.scale().can_miss(threshold),
            None => self.metric.decides(),
        };
        self.gating && applies && decides
    }

    /// Returns whether the metric may fail an example: it may, and something decides.
    pub fn is_gating(&self) -> bool {
        self.gating && (self.metric.decides() || !self.thresholds.is_empty())
    }

    /// Returns what a manifest says of the metric.
    pub fn stamp(&self) -> MetricStamp {
        MetricStamp {
            kind: self.metric.kind().to_owned(),
            gating: self.is_gating(),
            suspended: None,
            version: self.version,
            demands: Some(self.demands()),
            margin: self.margin,
        }
    }

    /// Returns the hash of what decides whether a score passes.
    fn demands(&self) -> Digest {
        let thresholds: Vec<Option<f64>> = Partition::ALL
            .into_iter()
            .map(|partition| self.thresholds.of(partition).map(Finite::get))
            .collect();
        let applies = &self.applies;
        Digest::of_json(&serde_json::json!({
            "thresholds": thresholds,
            "partitions": applies.partitions,
            "tags": [applies.tags_any, applies.tags_all, applies.tags_none],
        }))
    }

    /// Scores a reply where the metric applies, and lets the thresholds decide.
    pub async fn measure(&self, example: &Example, reply: &Reply) -> Measured {
        if let Some(reason) = self.applies.reason_to_skip(example) {
            return Measurement::Skipped(reason).into();
        }
        let measured = self.metric.score_and_count(example, reply).await;
        let measurement = match measured.measurement {
            Measurement::Score(score) => {
                let is_vetoed = self.metric.has_veto() && score.passed == Some(false);
                let mut score = score.judged_by_threshold(self.thresholds.of(example.partition));
                if is_vetoed {
                    score.passed = Some(false);
                }
                if !self.gating {
                    score.passed = None;
                    score.threshold = None;
                }
                Measurement::Score(score)
            }
            other => other,
        };
        Measured { measurement, ..measured }
    }
}
