//! What one evaluation sets off.

use std::collections::{BTreeMap, BTreeSet};

use evalward_core::{Measurement, Outcome, Reason, ReasonKind};
use evalward_store::{AlertSignal, Pattern, Sample, Severity};
use serde_json::{Value, json};

use super::rules::RECURRENCE;
use super::{AlarmKind, AlarmRule, AlarmRules, FailedConstraint, Hallucination};

/// Returns what a failed sample sets off at once: one signal for each rule and broken constraint, and one for each rule and metric
/// that found a hallucination.
pub(crate) fn immediate(
    rules: &AlarmRules,
    sample: &Sample,
    outcome: &Outcome,
    scores: &BTreeMap<String, Measurement>,
) -> Vec<AlertSignal> {
    let Outcome::Failed(reasons) = outcome else { return Vec::new() };
    let metrics = |kind: ReasonKind| -> BTreeSet<&str> {
        let reasons = reasons.iter().filter(|reason| reason.kind == kind);
        reasons.map(|reason| reason.metric.as_str()).collect()
    };
    let (constraints, inventive) =
        (metrics(ReasonKind::Constraint), metrics(ReasonKind::Hallucination));
    let mut signals = Vec::new();
    for AlarmRule { id, kind } in &rules.rules {
        match kind {
            AlarmKind::FailedConstraint(rule) => {
                for metric in constraints.iter().filter(|metric| rule.metrics.contains(**metric)) {
                    let broken = scores.get(*metric).map(broken_constraints).unwrap_or_default();
                    signals.extend(broken.iter().map(|it| it.signal(id, rule, metric, sample)));
                }
            }
            AlarmKind::Hallucination(rule) => {
                for metric in inventive.iter().filter(|metric| rule.metrics.contains(**metric)) {
                    signals.push(hallucinated(id, rule, metric, sample, reasons));
                }
            }
            AlarmKind::PassRate(_) => {}
        }
    }
    signals
}

/// Makes the signal of a sample that states what its context does not bear out.
fn hallucinated(
    rule: &str,
    alarm: &Hallucination,
    metric: &str,
    sample: &Sample,
    reasons: &[Reason],
) -> AlertSignal {
    let problems: Vec<&str> = reasons
        .iter()
        .filter(|reason| reason.metric == metric)
        .map(|reason| reason.message.as_str())
        .collect();
    let place = place_of(sample);
    let problem = problems.first().map(|problem| format!(": {problem}")).unwrap_or_default();
    AlertSignal {
        project: sample.project.clone(),
        rule: rule.to_owned(),
        key: format!("{metric}{place}"),
        severity: alarm.severity,
        title: format!("`{metric}` found a hallucination{place}{problem}"),
        detail: json!({
            "metric": metric,
            "problems": problems,
            "interaction": sample.interaction.id,
            "version": sample.interaction.version,
            "segment": sample.segment,
            "stratum": sample.stratum,
        }),
    }
}

/// Returns ` in ` and the segment where there is one.
fn place_of(sample: &Sample) -> String {
    let segment = lasting_segment(&sample.segment);
    segment.map(|segment| format!(" in {segment}")).unwrap_or_default()
}

/// Makes the alarm for a covered pattern that failed again, in a version that came after the example.
pub(crate) fn recurred(pattern: &Pattern, version: &str) -> AlertSignal {
    let Pattern { id, title, covered_by, .. } = pattern;
    let guard = covered_by.as_deref().unwrap_or("an example");
    AlertSignal {
        project: pattern.project.clone(),
        rule: RECURRENCE.to_owned(),
        key: id.clone(),
        severity: Severity::High,
        title: format!(
            "`{guard}` guards against this, and it is back in version `{version}`: {title}"
        ),
        detail: json!({
            "pattern": id,
            "example": covered_by,
            "version": version,
            "metric": pattern.metric,
            "constraint": pattern.rule,
            "candidate": pattern.candidate,
        }),
    }
}

/// A constraint that a response broke.
#[derive(Debug)]
struct Broken<'a> {
    name: &'a str,
    problems: Vec<&'a str>,
}

impl Broken<'_> {
    fn signal(
        &self,
        rule: &str,
        alarm: &FailedConstraint,
        metric: &str,
        sample: &Sample,
    ) -> AlertSignal {
        let Self { name, problems } = self;
        let place = place_of(sample);
        let problem = problems.first().map(|problem| format!(": {problem}")).unwrap_or_default();
        AlertSignal {
            project: sample.project.clone(),
            rule: rule.to_owned(),
            key: format!("{metric}/{name}{place}"),
            severity: alarm.severity,
            title: format!("constraint `{name}` of `{metric}` is broken{place}{problem}"),
            detail: json!({
                "metric": metric,
                "constraint": name,
                "problems": problems,
                "interaction": sample.interaction.id,
                "version": sample.interaction.version,
                "segment": sample.segment,
                "stratum": sample.stratum,
            }),
        }
    }
}

/// Reads which constraints a score says are broken; the detail of a `constraints` metric lists each by its name.
fn broken_constraints(measurement: &Measurement) -> Vec<Broken<'_>> {
    let detail = measurement.score().and_then(|score| score.detail.as_ref());
    let constraints = detail.and_then(|detail| detail["constraints"].as_array());
    constraints.into_iter().flatten().filter_map(broken_constraint).collect()
}

fn broken_constraint(constraint: &Value) -> Option<Broken<'_>> {
    let name = constraint["constraint"].as_str()?;
    if constraint["result"] == "passed" {
        return None;
    }
    let rules = constraint["rules"].as_array().into_iter().flatten();
    let failed = rules.filter(|rule| rule["result"] == "failed");
    Some(Broken { name, problems: failed.filter_map(|rule| rule["message"].as_str()).collect() })
}

/// Returns the segment without its hour: an alert that lasts must not become another one on the hour.
fn lasting_segment(segment: &str) -> Option<String> {
    let parts = segment.split(',').filter(|part| !part.is_empty() && !part.starts_with("hour="));
    let lasting = parts.collect::<Vec<_>>().join(",");
    (!lasting.is_empty()).then_some(lasting)
}

#[cfg(test)]
mod tests;
