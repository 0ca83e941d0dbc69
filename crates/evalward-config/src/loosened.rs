//! What a change of a suite made easier to pass.

use std::collections::BTreeMap;
use std::io;
use std::num::NonZeroU32;
use std::path::Path;

use evalward_core::{Digest, GatePolicy, NoWorseThan, OnInconclusive, Partition, Thresholds};
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
    let mut demands = json!({
        "dataset": file.suite.dataset.get_ref(),
        "partitions": file.suite.partitions,
        "gates": gates,
        "metrics": metrics,
    });
    if let Some(repeats) = file.run.repeats {
        demands["repeats"] = json!(repeats);
    }
    demands
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
    let repeats = |file: &SuiteFile| file.run.repeats.map_or(1, NonZeroU32::get);
    if repeats(new) < repeats(old) {
        push("run.repeats", format!("lowered from {} to {}", repeats(old), repeats(new)));
    }
    let alpha = |file: &SuiteFile| file.judges.least_label_alpha();
    if alpha(new) < alpha(old) {
        push("judges.min_label_alpha", format!("lowered from {} to {}", alpha(old), alpha(new)));
    }
    compare_probes(old, new, &mut push);
    for partition in Partition::ALL {
        if wants(old, partition) && !wants(new, partition) {
            push("suite.partitions", format!("`{partition}` is no longer evaluated"));
        }
    }
}

/// Compares how judges are probed: fewer probes, and a larger share of swayed verdicts, suspend a judge less often.
fn compare_probes(old: &SuiteFile, new: &SuiteFile, push: &mut impl FnMut(&str, String)) {
    let probes = |file: &SuiteFile| file.judges.probes.map_or(0, NonZeroU32::get);
    let (before, now) = (probes(old), probes(new));
    if before > 0 && now == 0 {
        push("judges.probes", "judges are no longer probed".to_owned());
    } else if now < before {
        push("judges.probes", format!("lowered from {before} to {now}"));
    }
    let (most, raised) = (old.judges.most_swayed(), new.judges.most_swayed());
    if before > 0 && raised > most {
        push("judges.max_swayed", format!("raised from {} to {}", most.get(), raised.get()));
    }
}

fn wants(file: &SuiteFile, partition: Partition) -> bool {
    file.suite.partitions.is_empty() || file.suite.partitions.contains(&partition)
}

/// Returns the policy in force, the default of golden and regression included.
fn gate(file: &SuiteFile, partition: Partition) -> Option<GatePolicy> {
    let declared = file
        .gates
        .as_ref()
        .and_then(|gates| gates.get(&partition))
        .map(|policy| policy.get_ref().clone());
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
    match (old.pass_rate, new.pass_rate) {
        (Some(before), Some(now)) if now < before => {
            push("pass_rate", format!("lowered from {} to {}", before.get(), now.get()));
        }
        (Some(_), None) => push("pass_rate", "the rate was removed".to_owned()),
        _ => {}
    }
    if let Some(before) = &old.no_worse_than {
        compare_bar(before, new.no_worse_than.as_ref(), &mut push);
    }
    match (old.confirm, new.confirm) {
        (None, Some(_)) => push("confirm", "failures can be overturned".to_owned()),
        (Some(before), Some(now)) if before != now => {
            push("confirm", format!("changed from {} to {}", before.get(), now.get()));
        }
        _ => {}
    }
    if old.require_calibration && !new.require_calibration {
        push("require_calibration", "judges need no calibration any more".to_owned());
    }
    let age = |policy: &GatePolicy| {
        policy.max_calibration_age_days.unwrap_or(GatePolicy::MAX_CALIBRATION_AGE_DAYS).get()
    };
    if old.require_calibration && age(&new) > age(&old) {
        let message = format!("raised from {} to {}", age(&old), age(&new));
        push("max_calibration_age_days", message);
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

fn compare_bar(old: &NoWorseThan, new: Option<&NoWorseThan>, push: &mut impl FnMut(&str, String)) {
    let Some(new) = new else {
        return push("no_worse_than", "the comparison with the baseline was removed".to_owned());
    };
    if new.margin > old.margin {
        let (before, now) = (old.margin.get(), new.margin.get());
        push("no_worse_than.margin", format!("raised from {before} to {now}"));
    }
    if new.metric != old.metric {
        push("no_worse_than.metric", "something else is compared".to_owned());
    }
    if new.baseline != old.baseline {
        let message = format!("changed from `{}` to `{}`", old.baseline, new.baseline);
        push("no_worse_than.baseline", message);
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
    let margin = |metric: &MetricConfig| metric.common().margin.map(|it| *it.get_ref());
    match (margin(old), margin(new)) {
        (Some(before), Some(now)) if now > before => {
            push(".margin", &format!("raised from {} to {}", before.get(), now.get()));
        }
        (Some(_), None) => push(".margin", "the margin was removed, so the default holds"),
        (None, Some(now)) => {
            push(".margin", &format!("{} takes the place of the default", now.get()));
        }
        _ => {}
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
    for kind in ["judge", "hallucination"] {
        // Nor does that of a judge, whose version is told beside the settings.
        if let Some(judge) = settings.get_mut(kind).and_then(|table| table.get_mut("judge")) {
            *judge = Value::Null;
        }
    }
    settings
}

fn demands(metric: &MetricConfig) -> Value {
    let common = metric.common();
    let mut demands = json!({
        "settings": settings(metric),
        "threshold": common.threshold.map(Spanned::get_ref),
        "where": common.applies,
        "gating": common.gating,
    });
    if let Some(margin) = common.margin {
        demands["margin"] = json!(margin.get_ref());
    }
    demands
}
