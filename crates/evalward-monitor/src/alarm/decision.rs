//! Whether an alert fires or is over, decided from what is known and nothing else.

use std::time::Duration;

use evalward_core::Timestamp;
use evalward_stats::StatsError;
use evalward_store::{Alert, AlertSignal, Pattern, PatternState, Resolution, Window};
use serde_json::json;

use super::rules::{RECURRENCE, WHOLE_PROJECT};
use super::{AlarmKind, AlarmRules, PassRate};
use crate::estimate::{RateEstimate, Traffic};

/// How long a recurred pattern must not fail until its alert is over. It may be rare among the samples, so a short silence says
/// little.
const RECURRENCE_IS_OVER_AFTER: Duration = Duration::from_hours(24);

/// What is known of a pass rate that has a bound.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Finding {
    /// The whole interval is below the bound.
    Below(RateEstimate),
    /// The estimate is not below the bound.
    NotBelow,
    /// Nothing was evaluated, or the estimate is below the bound and the interval reaches it: all stays as it is.
    Undecided,
}

/// Compares the pass rate of windows, over all their segments and strata, with a bound.
///
/// It is below when both the traffic's rate and the application's, of which the traffic is a draw, surely are.
pub(super) fn compare(windows: &[Window], rule: &PassRate) -> Result<Finding, StatsError> {
    let bound = rule.below.get();
    let traffic: Traffic = windows.iter().collect();
    let (Some(rate), Some(process)) = (traffic.pass_rate()?, traffic.process_rate()?) else {
        return Ok(Finding::Undecided);
    };
    // Where only bounds are known, the lower one must reach it.
    if rate.estimate.unwrap_or(rate.low) >= bound {
        return Ok(Finding::NotBelow);
    }
    if rate.high.max(process.high) >= bound {
        return Ok(Finding::Undecided);
    }
    Ok(Finding::Below(if rate.estimate.is_some() { process } else { rate }))
}

/// Returns the starts of the first minute window of a rule's period and of the first after it; the running minute is the last.
pub(super) fn period(rule: &PassRate, now: Timestamp) -> (Timestamp, Timestamp) {
    let until = Resolution::Minute.start_of(now).as_millis() + Resolution::Minute.millis();
    (Timestamp::from_millis(until.saturating_sub(millis(rule.over))), Timestamp::from_millis(until))
}

/// Makes the signal of a pass rate below its bound.
pub(super) fn below_bound(
    project: &str,
    id: &str,
    rule: &PassRate,
    rate: &RateEstimate,
) -> AlertSignal {
    let bound = rule.below.get();
    let (low, high) = (percent(rate.low, 1), percent_below(rate.high, bound));
    let known = match rate.estimate {
        Some(estimate) => format!("{}, 95 % interval {low} to {high}", percent(estimate, 1)),
        None => format!("between {low} and {high}"),
    };
    let title = format!(
        "the pass rate of the last {} is {known}, below {} (n = {})",
        minutes(rule.over),
        percent(bound, 1),
        rate.n
    );
    AlertSignal {
        project: project.to_owned(),
        rule: id.to_owned(),
        key: WHOLE_PROJECT.to_owned(),
        severity: rule.severity,
        title,
        detail: json!({ "below": bound, "over_secs": rule.over.as_secs(), "pass_rate": rate }),
    }
}

/// Returns whether an alert that fires is to be counted once more: at most once a minute, since that is what a window is.
pub(super) fn is_due(alert: Option<&Alert>, now: Timestamp) -> bool {
    let minute = |moment| Resolution::Minute.start_of(moment);
    alert.is_none_or(|alert| minute(alert.last_at) < minute(now))
}

/// Returns whether an open alert is over, as far as its rule and the time tell; every sample that came in before
/// `evaluated_until` is evaluated, so a silence is known up to there.
pub(super) fn is_over(alert: &Alert, rules: &AlarmRules, evaluated_until: Timestamp) -> bool {
    match rules.find(&alert.signal.rule) {
        Some(AlarmKind::FailedConstraint(rule)) => {
            silence(alert.last_at, evaluated_until) >= millis(rule.resolve_after)
        }
        Some(AlarmKind::Hallucination(rule)) => {
            silence(alert.last_at, evaluated_until) >= millis(rule.resolve_after)
        }
        Some(AlarmKind::PassRate(_)) => alert.signal.key != WHOLE_PROJECT,
        // The configuration no longer has the alarm, so nothing else would ever end it.
        None => alert.signal.rule != RECURRENCE,
    }
}

/// Returns whether the alert of a pattern that recurred is over: an example covers it again, or it has not failed for a day.
pub(super) fn recurrence_is_over(pattern: &Pattern, evaluated_until: Timestamp) -> bool {
    pattern.state != PatternState::Recurred
        || silence(pattern.last_at, evaluated_until) >= millis(RECURRENCE_IS_OVER_AFTER)
}

fn silence(since: Timestamp, until: Timestamp) -> i64 {
    until.as_millis().saturating_sub(since.as_millis())
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

fn minutes(duration: Duration) -> String {
    match duration.as_secs() / 60 {
        1 => "minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    }
}

/// Writes a share with this many decimals, without those that say nothing.
fn percent(share: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", share * 100.0);
    let text =
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text} %")
}

/// Writes the end of an interval with as many decimals as it takes to see that it is below the bound.
fn percent_below(share: f64, bound: f64) -> String {
    let bound = percent(bound, 6);
    (1..6)
        .map(|decimals| percent(share, decimals))
        .find(|text| *text != bound)
        .unwrap_or_else(|| percent(share, 6))
}

#[cfg(test)]
mod tests;
