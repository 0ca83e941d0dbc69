//! Audits of judges in reports.

use std::collections::BTreeMap;

use evalward_core::{Finite, Partition};
use evalward_report::{
    AuditEstimate, AuditFinding, AuditUnit, Format, JudgeAudit, Options, audit_markdown,
};
use insta::assert_snapshot;

use crate::support::{FakeRun, row};

fn estimate(unit: AuditUnit, [value, low, high]: [f64; 3], clusters: u64) -> AuditEstimate {
    let [value, low, high] = [value, low, high].map(|it| Finite::new(it).unwrap());
    AuditEstimate { unit, value, low, high, n: 30, clusters, method: "t".to_owned() }
}

fn audit() -> JudgeAudit {
    let finding =
        |experiment: &str, estimate: Option<AuditEstimate>, shows_fault, meaning: &str| {
            AuditFinding {
                experiment: experiment.to_owned(),
                what: "score of the changed answer less that before".to_owned(),
                estimate,
                shows_fault,
                meaning: meaning.to_owned(),
                left_out: 2,
                left_out_because: BTreeMap::new(),
                errored: 0,
            }
        };
    JudgeAudit {
        metric: Some("helpful".to_owned()),
        judge: "help<ful>".to_owned(),
        kind: "absolute".to_owned(),
        model: "judge-1".to_owned(),
        judge_version: "b8d4e6db2b2f0000".to_owned(),
        is_current: true,
        answers: 30,
        questions: 210,
        seed: 0,
        findings: vec![
            finding(
                "verbosity",
                Some(estimate(AuditUnit::Points, [0.42, 0.21, 0.63], 30)),
                Some(true),
                "longer answers are preferred for their length alone",
            ),
            finding(
                "injection",
                Some(estimate(AuditUnit::Share, [0.0, 0.0, 0.168], 20)),
                Some(false),
                "no effect of instructions is shown: the interval holds 0",
            ),
            finding("order of criteria", None, None, "does not apply"),
        ],
    }
}

fn report(audit: JudgeAudit, format: Format) -> String {
    let mut run = FakeRun::new(vec![row("a-1", Partition::Golden).output("x").passed()]);
    run.audits = vec![audit];
    run.render(format, &Options::default())
}

/// The lines from the one with these words to the next empty one.
fn section(report: &str) -> String {
    let lines = report.lines().skip_while(|line| !line.contains("audit of judge"));
    lines.take_while(|line| !line.contains("gates")).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_report_shows_what_an_audit_found_of_its_judge() {
    assert_snapshot!(section(&report(audit(), Format::Terminal)), @r#"
    audit of judge help<ful> of helpful: 1 of 2 experiments with a fault
    experiment  finding                         value   n
    ─────────────────────────────────────────────────────
    verbosity   ✗ fault       +0.420 [+0.210, +0.630]  30
    injection   ✓ none shown        0.0 % [0.0, 16.8]  30
    model judge-1, version b8d4e6db2b2f, 30 answers; 95 % intervals
    verbosity: longer answers are preferred for their length alone
    "#);
    assert_snapshot!(section(&report(audit(), Format::Markdown)), @r#"
    <details><summary>audit of judge help&#60;ful&#62; of helpful: 1 of 2 experiments with a fault</summary>

    | experiment | finding | value | n |
    | --- | --- | ---: | ---: |
    | verbosity | ✗ fault | +0.420 [+0.210, +0.630] | 30 |
    | injection | ✓ none shown | 0.0 % [0.0, 16.8] | 30 |

    <sub>model judge-1, version b8d4e6db2b2f, 30 answers; 95 % intervals verbosity: longer answers are preferred for their length alone</sub>

    </details>

    Inconclusive for distribution: add examples, or set &#96;on&#95;inconclusive = "warn"&#96; where a warning is enough. (exit 4)

    <sub>run <code>20261103-142207-00beef</code>, subject openai gpt-4o-mini, prompt 2026-11-03, dataset support, 1 of 41 examples, evalward 0.1.0</sub>
    "#);
}

#[test]
fn an_audit_of_another_version_is_named_and_not_shown() {
    let other = JudgeAudit { is_current: false, ..audit() };
    assert_snapshot!(section(&report(other.clone(), Format::Terminal)), @r#"
    audit of judge help<ful> of helpful: of another version
    version b8d4e6db2b2f was audited, and the run asked another one: `evalward judge audit --write` audits it
    "#);
    let json: serde_json::Value =
        serde_json::from_str(&report(other, Format::Json)).expect("the report is JSON");
    assert_eq!(json["audits"][0]["is_current"], false);
    assert_eq!(json["audits"][0]["findings"][0]["estimate"]["value"], 0.42);
}

#[test]
fn an_audit_is_a_page_for_a_pull_request() {
    assert_snapshot!(audit_markdown(&audit()), @r#"
    **Audit of judge help&#60;ful&#62;**: 1 of 2 experiments with a fault

    | experiment | finding | number | value | n |
    | --- | --- | --- | ---: | ---: |
    | verbosity | ✗ fault | score of the changed answer less that before | +0.420 [+0.210, +0.630] | 30 |
    | injection | ✓ none shown | score of the changed answer less that before | 0.0 % [0.0, 16.8] | 30 |
    | order of criteria | - | score of the changed answer less that before | - | - |

    <details><summary>What it means</summary>

    - verbosity: longer answers are preferred for their length alone; t; 2 left out
    - injection: no effect of instructions is shown: the interval holds 0; t in 20 clusters; 2 left out
    - order of criteria: does not apply; 2 left out

    </details>

    <sub>metric <code>helpful</code>, absolute judge, version <code>b8d4e6db2b2f</code>, model <code>judge-1</code>, 30 answers, 210 questions, seed 0; 95 % intervals</sub>
    "#);
}
