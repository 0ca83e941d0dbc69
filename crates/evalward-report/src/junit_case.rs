//! The test cases of one example.

use std::time::Duration;

use evalward_core::{Measurement, Outcome, Reason, Score, Trial, visible};
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus};

use crate::input::input_text;
use crate::text::{append, one_line, shorten};
use crate::{Run, words};

/// A text in the body of a case is cut after this many characters.
const MAX_TEXT: usize = 1_000;
/// At most this many reasons stand in the body of a case.
const MAX_REASONS: usize = 10;

/// Makes a case of each gating metric; whatever becomes of the example shows in at least one of them.
pub(crate) fn test_cases(run: Run<'_>, trial: &Trial, classname: &str) -> Vec<TestCase> {
    let mut cases = Vec::new();
    for (metric, measurement) in &trial.scores {
        if let Some(status) = metric_status(run, trial, metric, measurement) {
            cases.push(case(trial, metric, classname, status));
        }
    }
    if !cases.iter().any(|case| tells(&case.status, &trial.outcome)) {
        let (name, status) = outcome_status(trial);
        cases.push(case(trial, name, classname, status));
    }
    cases
}

fn case(trial: &Trial, metric: &str, classname: &str, status: TestCaseStatus) -> TestCase {
    let name = match trial.trial {
        0 | 1 => format!("{}[{}]", trial.example_id, visible(metric)),
        number => format!("{}[{}]#{number}", trial.example_id, visible(metric)),
    };
    let mut case = TestCase::new(visible(&name), status);
    case.set_classname(classname);
    if let Some(millis) = trial.latency_millis {
        case.set_time(Duration::from_millis(millis));
    }
    case
}

/// Returns `None` where the metric only reports.
fn metric_status(
    run: Run<'_>,
    trial: &Trial,
    metric: &str,
    measurement: &Measurement,
) -> Option<TestCaseStatus> {
    let errored = matches!(trial.outcome, Outcome::Errored(_));
    match measurement {
        Measurement::Errored(cause) if errored || run.is_gating(metric) => {
            Some(status(TestCaseStatus::non_success(NonSuccessKind::Error), cause))
        }
        _ if !run.is_gating(metric) => None,
        Measurement::Errored(_) => None,
        Measurement::Skipped(reason) => Some(status(TestCaseStatus::skipped(), reason)),
        Measurement::Score(score) => match score.passed {
            None => None,
            Some(true) => Some(TestCaseStatus::success()),
            Some(false) => Some(failure(trial, metric, score)),
        },
    }
}

fn failure(trial: &Trial, metric: &str, score: &Score) -> TestCaseStatus {
    let reasons: Vec<&Reason> = match &trial.outcome {
        Outcome::Failed(reasons) => {
            reasons.iter().filter(|reason| reason.metric == metric).collect()
        }
        _ => Vec::new(),
    };
    let message = match (score.problems.first(), reasons.first()) {
        (Some(problem), _) => problem.clone(),
        (None, Some(reason)) => reason.message.clone(),
        (None, None) => words::missed(score),
    };
    let mut status = status(TestCaseStatus::non_success(NonSuccessKind::Failure), &message);
    if let Some(reason) = reasons.first() {
        status.set_type(words::reason_kind(reason.kind));
    }
    status.set_description(body(trial, &reasons));
    status
}

/// Returns whether a case says what became of the example.
fn tells(status: &TestCaseStatus, outcome: &Outcome) -> bool {
    match (status, outcome) {
        (TestCaseStatus::Success { .. }, Outcome::Passed)
        | (TestCaseStatus::Skipped { .. }, Outcome::Skipped(_)) => true,
        (TestCaseStatus::NonSuccess { kind, .. }, Outcome::Failed(_)) => {
            *kind == NonSuccessKind::Failure
        }
        (TestCaseStatus::NonSuccess { kind, .. }, Outcome::Errored(_)) => {
            *kind == NonSuccessKind::Error
        }
        _ => false,
    }
}

/// Makes a case of the outcome itself, where no metric tells it.
fn outcome_status(trial: &Trial) -> (&str, TestCaseStatus) {
    match &trial.outcome {
        Outcome::Passed => ("example", TestCaseStatus::success()),
        Outcome::Skipped(reason) => ("example", status(TestCaseStatus::skipped(), reason)),
        Outcome::Errored(cause) => {
            ("subject", status(TestCaseStatus::non_success(NonSuccessKind::Error), cause))
        }
        Outcome::Failed(reasons) => {
            let first = reasons.first();
            let message = first.map_or("failed", |reason| &reason.message);
            let mut status = status(TestCaseStatus::non_success(NonSuccessKind::Failure), message);
            status.set_description(body(trial, &reasons.iter().collect::<Vec<_>>()));
            (first.map_or("example", |reason| &reason.metric), status)
        }
    }
}

fn status(mut status: TestCaseStatus, message: &str) -> TestCaseStatus {
    status.set_message(shorten(&one_line(message), MAX_TEXT));
    status
}

fn body(trial: &Trial, reasons: &[&Reason]) -> String {
    let mut text = String::new();
    for reason in reasons.iter().take(MAX_REASONS) {
        let line = format!("{}: {}", reason.metric, reason.message);
        text.push_str(&shorten(&one_line(&line), MAX_TEXT));
        text.push('\n');
    }
    let mut section = |label: &str, content: &str| {
        let content = visible(content);
        append(&mut text, format_args!("\n{label}:\n{}\n", shorten(&content, MAX_TEXT)));
    };
    section("input", &input_text(&trial.input));
    if let Some(expected) = &trial.expected_output {
        section("expected", expected);
    }
    if let Some(response) = &trial.response {
        section("actual", &response.output);
    }
    text
}
