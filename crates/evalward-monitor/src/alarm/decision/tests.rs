use std::collections::{BTreeMap, BTreeSet};

use evalward_core::Rate;
use evalward_stats::WeightedSums;
use evalward_store::{AlertState, Severity, WindowKey};

use super::super::{AlarmRule, FailedConstraint};
use super::*;

const MINUTE: i64 = 60_000;
const NOON: i64 = 1_793_707_200_000;

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_millis(NOON + minutes * MINUTE)
}

fn rule() -> PassRate {
    PassRate {
        below: Rate::new(0.9).unwrap(),
        over: Duration::from_hours(1),
        severity: Severity::High,
    }
}

/// Makes a window of a stratum in which so many samples passed and failed, each included with this probability.
fn window(stratum: &str, passed: u32, failed: u32, probability: f64) -> Window {
    let mut pass = WeightedSums::default();
    for _ in 0..passed {
        pass.push(1.0, probability).unwrap();
    }
    for _ in 0..failed {
        pass.push(0.0, probability).unwrap();
    }
    let (project, stratum) = ("support".to_owned(), stratum.to_owned());
    let key = WindowKey {
        project,
        resolution: Resolution::Minute,
        start: at(0),
        segment: String::new(),
        stratum,
    };
    let (passed, failed) = (u64::from(passed), u64::from(failed));
    let sampled = passed + failed;
    Window {
        key,
        seen: sampled,
        sampled,
        passed,
        failed,
        errored: 0,
        skipped: 0,
        pass,
        metrics: BTreeMap::new(),
    }
}

fn finding(windows: &[Window]) -> Finding {
    compare(windows, &rule()).unwrap()
}

#[test]
fn a_rate_is_below_only_when_its_whole_interval_is() {
    assert_eq!(finding(&[window("base", 95, 5, 0.5)]), Finding::NotBelow);
    assert_eq!(finding(&[window("base", 9, 1, 1.0)]), Finding::NotBelow);
    assert_eq!(finding(&[window("base", 16, 4, 0.5)]), Finding::Undecided);
    assert!(matches!(finding(&[window("base", 140, 60, 0.5)]), Finding::Below(_)));
}

#[test]
fn a_few_failures_are_not_enough_even_if_all_traffic_is_known() {
    assert_eq!(finding(&[window("base", 0, 1, 1.0)]), Finding::Undecided);
    assert_eq!(finding(&[window("base", 7, 2, 1.0)]), Finding::Undecided);
    assert!(matches!(finding(&[window("base", 70, 20, 1.0)]), Finding::Below(_)));
}

#[test]
fn without_an_evaluated_sample_nothing_is_decided() {
    assert_eq!(finding(&[]), Finding::Undecided);
    assert_eq!(finding(&[window("base", 0, 0, 0.5)]), Finding::Undecided);
}

#[test]
fn failures_that_are_always_sampled_do_not_bend_the_rate() {
    // Unweighted, 200 of 450 passed; of the traffic it is 95.2 %.
    let windows = [window("base", 200, 0, 0.04), window("error", 0, 250, 1.0)];
    assert_eq!(finding(&windows), Finding::NotBelow);
}

#[test]
fn the_period_ends_with_the_running_minute() {
    let moment = Timestamp::from_millis(NOON + 59_999);
    assert_eq!(period(&rule(), moment), (at(-59), at(1)));
    let minute = PassRate { over: Duration::from_mins(1), ..rule() };
    assert_eq!(period(&minute, at(0)), (at(0), at(1)));
}

#[test]
fn a_signal_says_rate_interval_and_bound() {
    let Finding::Below(rate) = finding(&[window("base", 140, 60, 0.5)]) else { panic!() };
    let signal = below_bound("support", "quality", &rule(), &rate);
    insta::assert_snapshot!(signal.title, @"the pass rate of the last 60 minutes is 70 %, 95 % interval 63.1 % to 76.4 %, below 90 % (n = 200)");
    assert_eq!(signal.key, "all");
    assert_eq!(signal.detail["pass_rate"]["n"], 200);
}

#[test]
fn an_end_just_below_the_bound_does_not_read_like_the_bound() {
    let check = |share: f64, expected: &str| assert_eq!(percent_below(share, 0.9), expected);
    check(0.8, "80 %");
    check(0.899, "89.9 %");
    check(0.8997, "89.97 %");
    check(0.899_996, "89.9996 %");
}

fn alert(rule: &str, key: &str, last_at: Timestamp) -> Alert {
    let signal = AlertSignal {
        project: "support".to_owned(),
        rule: rule.to_owned(),
        key: key.to_owned(),
        severity: Severity::Medium,
        title: String::new(),
        detail: json!({}),
    };
    Alert {
        id: 1,
        signal,
        state: AlertState::Firing,
        first_at: at(-100),
        last_at,
        count: 1,
        resolved_at: None,
        acknowledged_by: None,
    }
}

fn rules() -> AlarmRules {
    let failed = AlarmKind::FailedConstraint(FailedConstraint {
        metrics: BTreeSet::from(["rules".to_owned()]),
        severity: Severity::Medium,
        resolve_after: Duration::from_mins(15),
    });
    let kinds = [("constraints", failed), ("quality", AlarmKind::PassRate(rule()))];
    let rules = kinds.map(|(id, kind)| AlarmRule { id: id.to_owned(), kind });
    AlarmRules { rules: rules.into() }
}

#[test]
fn a_broken_constraint_is_over_after_a_known_silence() {
    let check = |last: i64, evaluated_until: i64, expected: bool| {
        let alert = alert("constraints", "rules/no_competitors", at(last));
        assert_eq!(is_over(&alert, &rules(), at(evaluated_until)), expected);
    };
    check(0, 14, false);
    check(0, 15, true);
    // The evaluation is behind: what came in after its last sample may hold the next failure.
    check(0, -3, false);
}

#[test]
fn an_alert_without_its_rule_is_over() {
    let check = |rule: &str, key: &str, expected: bool| {
        assert_eq!(is_over(&alert(rule, key, at(0)), &rules(), at(0)), expected, "{rule} {key}");
    };
    check("gone", "all", true);
    check("quality", "all", false);
    // The name belonged to an alarm of another kind before.
    check("quality", "rules/no_competitors", true);
    check("recurrence", "p1-3f2a9c01b7de", false);
}

#[test]
fn an_alert_is_counted_once_a_minute() {
    let alert = alert("quality", "all", at(0));
    assert!(!is_due(Some(&alert), Timestamp::from_millis(NOON + 59_999)));
    assert!(is_due(Some(&alert), at(1)));
    assert!(is_due(None, at(0)));
}

#[test]
fn a_recurrence_is_over_when_it_is_covered_again_or_silent_for_a_day() {
    let check = |state: PatternState, hours: i64, expected: bool| {
        let pattern = Pattern {
            id: "p1-3f2a9c01b7de".to_owned(),
            project: "support".to_owned(),
            metric: "rules".to_owned(),
            rule: None,
            title: String::new(),
            state,
            size: 1,
            first_at: at(0),
            last_at: at(0),
            versions: Vec::new(),
            candidate: None,
            covered_by: None,
            covered_at: None,
            recurred_in: None,
            representatives: Vec::new(),
        };
        assert_eq!(recurrence_is_over(&pattern, at(60 * hours)), expected);
    };
    check(PatternState::Recurred, 23, false);
    check(PatternState::Recurred, 24, true);
    check(PatternState::Covered, 0, true);
}
