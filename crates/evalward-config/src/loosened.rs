//! What a change of a suite made easier to pass.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use evalward_core::{Digest, GatePolicy, OnInconclusive, Partition, Thresholds};
use serde_json::{Value, json};
use toml::Spanned;

use crate::merge::Layers;
use crate::{ConfigErrors, MetricConfig, SuiteFile};

/// Something that a change of a suite made easier to pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loosened {
    /// The key, such as `gates.golden.pass_rate`.
    pub key: String,
    /// What happened, in one sentence.
    pub message: String,
}

/// Compares a suite with an earlier version of itself and returns what became easier to pass.
///
/// `read` gives the earlier version's files. A change that could go either way, such as another `where` or another rule, counts
/// as loosened: two people look at it.
///
/// # Errors
/// [`ConfigErrors`] if one of the versions cannot be read.
pub fn loosened(
    path: &Path,
    read: &dyn Fn(&Path) -> io::Result<String>,
) -> Result<Vec<Loosened>, ConfigErrors> {
    let old: SuiteFile = Layers::read(path, &[], read)?.parse()?;
    let new: SuiteFile = parse_now(path)?;
    let mut findings = Vec::new();
    compare_scope(&old, &new, &mut findings);
    for partition in Partition::ALL {
        compare_gate(partition, gate(&old, partition), gate(&new, partition), &mut findings);
    }
    for (id, metric) in &old.metrics {
        compare_metric(
            id,
            metric.get_ref(),
            new.metrics.get(id).map(Spanned::get_ref),
            &mut findings,
        );
    }
    Ok(findings)
}

/// Returns a suite's name and the hash of its gates, thresholds and rules: what an approval of a loosened suite approves.
///
/// # Errors
/// [`ConfigErrors`] if the suite cannot be read.
pub fn gate_digest(path: &Path) -> Result<(String, Digest), ConfigErrors> {
    let file = parse_now(path)?;
    let digest = Digest::of_json(&demands_of(&file));
    Ok((file.suite.name.into_inner(), digest))
}

/// Returns everything that a suite asks of answers: which examples are evaluated, by what, and what must hold.
pub(crate) fn demands_of(file: &SuiteFile) -> Value {
    let gates: BTreeMap<&str, Option<GatePolicy>> = Partition::ALL
        .into_iter()
        .map(|partition| (partition.name(), gate(file, partition)))
        .collect();
    let metrics: BTreeMap<&String, Value> =
        file.metrics.iter().map(|(id, metric)| (id, demands(metric.get_ref()))).collect();
    json!({
        "dataset": file.suite.dataset.get_ref(),
        "partitions": file.suite.partitions,
        "gates": gates,
        "metrics": metrics,
    })
}

fn parse_now(path: &Path) -> Result<SuiteFile, ConfigErrors> {
    Ok(Layers::read(path, &[], &|path: &Path| std::fs::read_to_string(path))?.parse()?)
}

/// Compares which examples are evaluated at all.
fn compare_scope(old: &SuiteFile, new: &SuiteFile, findings: &mut Vec<Loosened>) {
    let mut push = |key: &str, message: String| {
        findings.push(Loosened { key: key.to_owned(), message });
    };
    let (before, now) = (old.suite.dataset.get_ref(), new.suite.dataset.get_ref());
    if before != now {
        push("suite.dataset", format!("changed from `{before}` to `{now}`"));
    }
    for partition in Partition::ALL {
        if wants(old, partition) && !wants(new, partition) {
            push("suite.partitions", format!("`{partition}` is no longer evaluated"));
        }
    }
}

fn wants(file: &SuiteFile, partition: Partition) -> bool {
    file.suite.partitions.is_empty() || file.suite.partitions.contains(&partition)
}

/// Returns the policy in force, the default of golden and regression included.
fn gate(file: &SuiteFile, partition: Partition) -> Option<GatePolicy> {
    let declared =
        file.gates.as_ref().and_then(|gates| gates.get(&partition)).map(|policy| *policy.get_ref());
    declared.or_else(|| GatePolicy::default_of(partition))
}

fn compare_gate(
    partition: Partition,
    old: Option<GatePolicy>,
    new: Option<GatePolicy>,
    findings: &mut Vec<Loosened>,
) {
    let Some(old) = old else { return };
    let mut push = |field: &str, message: String| {
        let separator = if field.is_empty() { "" } else { "." };
        findings.push(Loosened { key: format!("gates.{partition}{separator}{field}"), message });
    };
    let Some(new) = new else { return push("", "the gate was removed".to_owned()) };
    if new.pass_rate < old.pass_rate {
        push(
            "pass_rate",
            format!("lowered from {} to {}", old.pass_rate.get(), new.pass_rate.get()),
        );
    }
    if new.max_errored > old.max_errored {
        push(
            "max_errored",
            format!("raised from {} to {}", old.max_errored.get(), new.max_errored.get()),
        );
    }
    if (old.on_inconclusive, new.on_inconclusive) == (OnInconclusive::Fail, OnInconclusive::Warn) {
        push("on_inconclusive", "changed from `fail` to `warn`".to_owned());
    }
}

fn compare_metric(
    id: &str,
    old: &MetricConfig,
    new: Option<&MetricConfig>,
    findings: &mut Vec<Loosened>,
) {
    let mut push = |field: &str, message: &str| {
        findings
            .push(Loosened { key: format!("metrics.{id}{field}"), message: message.to_owned() });
    };
    let Some(new) = new else { return push("", "the metric was removed") };
    if old.kind() != new.kind() {
        return push("", "the metric became another kind");
    }
    if old.common().gating && !new.common().gating {
        push(".gating", "the metric no longer gates");
    }
    if old.common().applies != new.common().applies {
        push(".where", "the metric applies elsewhere");
    }
    let empty = Thresholds::default();
    let thresholds = |metric: &MetricConfig| {
        metric.common().threshold.map_or(empty.clone(), |it| it.get_ref().clone())
    };
    let (before, after) = (thresholds(old), thresholds(new));
    let scale = new.scale();
    for partition in Partition::ALL {
        match (before.of(partition), after.of(partition)) {
            (Some(old_bar), Some(new_bar))
                if old_bar != new_bar && scale.clears(old_bar, new_bar) =>
            {
                let message =
                    format!("changed from {old_bar} to {new_bar}, which more scores reach");
                push(&format!(".threshold.{partition}"), &message);
            }
            (Some(_), None) => {
                push(&format!(".threshold.{partition}"), "the threshold was removed");
            }
            _ => {}
        }
    }
    if settings(old) != settings(new) {
        push("", "the rules or settings changed");
    }
}

/// Returns a metric's settings but for thresholds, `where` and gating.
pub(crate) fn settings(metric: &MetricConfig) -> Value {
    let mut settings = serde_json::to_value(metric).unwrap_or(Value::Null);
    if let Some(Value::Object(constraints)) = settings.get_mut("constraints") {
        // The path of a schema says nothing about its content, and changes with the folder that a command runs in.
        for rules in constraints.values_mut().filter(|rules| rules["json_schema"].is_string()) {
            rules["json_schema"] = Value::Null;
        }
    }
    settings
}

fn demands(metric: &MetricConfig) -> Value {
    let common = metric.common();
    json!({
        "settings": settings(metric),
        "threshold": common.threshold.map(Spanned::get_ref),
        "where": common.applies,
        "gating": common.gating,
    })
}
