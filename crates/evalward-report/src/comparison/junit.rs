//! A comparison as test results for continuous integration.

use std::collections::BTreeMap;
use std::io::Write;

use evalward_core::{Partition, visible};
use evalward_gate::compare::{MetricComparison, MetricRole, RunComparison};
use evalward_gate::{Decision, GateStatus};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::{lines, table};
use crate::ReportError;
use crate::text::one_line;
use crate::words;

/// Writes a test case for each blocking metric and partition, classname `suite.partition`, name `compare[metric]`.
///
/// What is only reported breaks no build and is marked as skipped.
pub(super) fn write(comparison: &RunComparison, out: &mut dyn Write) -> Result<(), ReportError> {
    let suite = visible(&comparison.candidate.suite);
    let mut suites: BTreeMap<Partition, TestSuite> = BTreeMap::new();
    let mut told = false;
    for it in &comparison.metrics {
        let classname = format!("{suite}.{}", it.partition);
        let test_suite =
            suites.entry(it.partition).or_insert_with(|| TestSuite::new(classname.as_str()));
        let status = status(it);
        told |= matches!(status, TestCaseStatus::NonSuccess { .. });
        let name = format!("compare[{}]", it.what.name());
        test_suite.add_test_case(case(&name, &classname, status));
    }
    let mut report = Report::new(suite.as_ref());
    for mut test_suite in suites.into_values() {
        test_suite.add_property(("baseline", comparison.baseline.run_id.as_str()));
        test_suite.add_property(("candidate", comparison.candidate.run_id.as_str()));
        report.add_test_suite(test_suite);
    }
    if comparison.decision != Decision::Holds && !told {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_message(one_line(&comparison.advice));
        let classname = format!("{suite}.compare");
        let mut test_suite = TestSuite::new(classname.as_str());
        test_suite.add_test_case(case("compare[run]", &classname, status));
        report.add_test_suite(test_suite);
    }
    report.serialize(out).map_err(|source| ReportError::Junit(source.into()))
}

fn case(name: &str, classname: &str, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(visible(name).as_ref(), status);
    case.set_classname(classname);
    case
}

fn status(it: &MetricComparison) -> TestCaseStatus {
    let mut status = match (it.role, it.status) {
        (MetricRole::Exploratory, _)
        | (
            _,
            GateStatus::Reported | GateStatus::Deferred | GateStatus::Warned | GateStatus::Skipped,
        ) => TestCaseStatus::skipped(),
        (_, GateStatus::Holds) => return TestCaseStatus::success(),
        (_, GateStatus::Failed | GateStatus::Inconclusive) => {
            TestCaseStatus::non_success(NonSuccessKind::Failure)
        }
        (_, GateStatus::Incomplete) => TestCaseStatus::non_success(NonSuccessKind::Error),
    };
    status.set_message(message(it));
    status
}

fn message(it: &MetricComparison) -> String {
    let mut parts = vec![words::verdict(it).to_owned()];
    parts.extend(table::interval_text(it).map(|text| format!("difference {text}")));
    parts.extend(lines::notes(it));
    one_line(&parts.join("; "))
}
