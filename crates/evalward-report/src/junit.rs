//! Test results for continuous integration.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;
use std::time::Duration;

use evalward_core::{Partition, Trial, visible};
use evalward_gate::{Decision, GateResult, GateStatus, Summary};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::junit_case::test_cases;
use crate::text::one_line;
use crate::{ReportError, Run};

/// Writes a run as `JUnit` XML: a test suite for each partition, a test case for each example and gating metric.
///
/// Classname is `suite.partition`, name is `<example id>[metric]`. An example that errored before anything was measured is
/// `<example id>[subject]`. The gates stand in a suite of their own, `suite.gates`, since a rate can fail where no single
/// example decides.
///
/// The counts come before the cases in this format, so the cases of the whole run are kept until its end: 0.4 kB for a
/// case that passed (80 MB for 100,000 examples with two metrics), some more for one that did not, whose texts are cut.
///
/// # Errors
/// [`ReportError`] if a row cannot be read or the report cannot be written.
pub fn junit<E>(
    run: Run<'_>,
    trials: impl IntoIterator<Item = Result<Trial, E>>,
    out: &mut dyn Write,
) -> Result<(), ReportError>
where
    E: Into<Box<dyn Error + Send + Sync>>,
{
    let suite = run.manifest.suite.label();
    let suite = visible(&suite);
    let mut suites: BTreeMap<Partition, (TestSuite, Duration)> = BTreeMap::new();
    for trial in trials {
        let trial = run.row(trial)?;
        let name = format!("{suite}.{}", trial.partition);
        let (test_suite, time) = suites
            .entry(trial.partition)
            .or_insert_with(|| (TestSuite::new(name.as_str()), Duration::ZERO));
        *time += Duration::from_millis(trial.latency_millis.unwrap_or(0));
        test_suite.add_test_cases(test_cases(run, &trial, &name));
    }
    let mut report = Report::new(suite.as_ref());
    for (mut test_suite, time) in suites.into_values() {
        test_suite.set_time(time);
        test_suite.add_property(("run", run.manifest.run_id.as_str()));
        report.add_test_suite(test_suite);
    }
    let gates = gate_cases(run.summary, &format!("{suite}.gates"));
    if !gates.is_empty() {
        let mut test_suite = TestSuite::new(format!("{suite}.gates"));
        test_suite.add_test_cases(gates);
        report.add_test_suite(test_suite);
    }
    report.serialize(out).map_err(|source| ReportError::Junit(source.into()))
}

/// Makes a case of each gate, and one of the whole run where no gate tells that it did not pass.
fn gate_cases(summary: &Summary, classname: &str) -> Vec<TestCase> {
    let case = |name: String, status: TestCaseStatus| {
        let mut case = TestCase::new(name, status);
        case.set_classname(classname);
        case
    };
    let mut cases: Vec<TestCase> = summary
        .gates
        .iter()
        .filter(|gate| gate.policy.is_some() || gate.status != GateStatus::Reported)
        .map(|gate| {
            let what = if gate.against_baseline { " against baseline" } else { "" };
            case(format!("gate[{}{what}]", gate.partition), gate_status(gate))
        })
        .collect();
    let is_told = cases.iter().any(|case| matches!(case.status, TestCaseStatus::NonSuccess { .. }));
    if !matches!(summary.decision, Decision::Holds | Decision::Deferred) && !is_told {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_message(one_line(&summary.advice));
        cases.push(case("gate[run]".to_owned(), status));
    }
    cases
}

/// An incomplete gate is an error: a broken evaluation never looks like a bad model. A warning breaks no build.
fn gate_status(gate: &GateResult) -> TestCaseStatus {
    let mut status = match gate.status {
        GateStatus::Holds | GateStatus::Reported | GateStatus::Deferred => {
            return TestCaseStatus::success();
        }
        GateStatus::Failed | GateStatus::Inconclusive => {
            TestCaseStatus::non_success(NonSuccessKind::Failure)
        }
        GateStatus::Incomplete => TestCaseStatus::non_success(NonSuccessKind::Error),
        GateStatus::Warned | GateStatus::Skipped => TestCaseStatus::skipped(),
    };
    status.set_message(one_line(&gate.message));
    status
}
