//! What `check` finds.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use evalward_core::{Digest, Partition};
use evalward_dataset::{CheckOptions, FixOptions, check, fix};
use insta::assert_snapshot;

use crate::support::Sandbox;

/// Checks a dataset of these files.
fn found(files: &[(&str, &str)]) -> String {
    Sandbox::new(files).findings()
}

#[test]
fn malformed_lines_are_collected() {
    let lines = "{\"id\":\"a\",\"input\":{}}\n{\"id\":\n\n{\"id\":\"b\",\"inputs\":{}}\n";
    assert_snapshot!(found(&[("adversarial.jsonl", lines)]), @r#"
    adversarial.jsonl:2:6: error[malformed-line]: EOF while parsing a value
    adversarial.jsonl:3:1: error[malformed-line]: the line is empty
    adversarial.jsonl:4:11: error[malformed-line]: unknown field `inputs`; did you mean `input`?
    "#);
}

#[test]
fn the_rest_of_too_many_findings_is_counted() {
    let sandbox = Sandbox::new(&[("adversarial.jsonl", &"nonsense\n".repeat(30))]);
    let options = CheckOptions { max_findings: 7, ..CheckOptions::default() };
    let report = check(&sandbox.open(), &options, &mut |_| {}).unwrap();
    assert_eq!((report.findings.len(), report.errors, report.unlisted()), (7, 30, 23));
    assert_eq!(report.hash, None);
}

#[test]
fn ids_are_unique_across_partitions() {
    let one = "{\"id\":\"twice\",\"input\":{}}\n{\"id\":\"once\",\"input\":{}}\n";
    let two = "{\"id\":\"x\",\"input\":{}}\n{\"id\":\"twice\",\"input\":{}}\n";
    assert_snapshot!(found(&[("adversarial.jsonl", one), ("distribution.jsonl", two)]), @r#"
    distribution.jsonl:2:1: error[duplicate-id]: id `twice` is taken by the example at adversarial.jsonl:1
      hint: ids are unique across all partitions
    "#);
}

#[test]
fn regression_examples_need_a_root_cause_and_others_no_failure() {
    let regression = concat!(
        "{\"id\":\"none\",\"input\":{}}\n",
        "{\"id\":\"empty\",\"input\":{},\"failure\":{\"root_cause\":\" \"}}\n",
        "{\"id\":\"fine\",\"input\":{},\"failure\":{\"root_cause\":\"stale price list\"}}\n",
    );
    let adversarial = "{\"id\":\"odd\",\"input\":{},\"failure\":{\"root_cause\":\"x\"}}\n";
    assert_snapshot!(found(&[("regression.jsonl", regression), ("adversarial.jsonl", adversarial)]), @r#"
    regression.jsonl:1:1: error[missing-failure]: regression example `none` does not say which failure it guards against
      hint: add `"failure": {"root_cause": "..."}`
    regression.jsonl:2:26: error[empty-root-cause]: regression example `empty` has no root cause
      hint: say why the failure happened, so that the next reader knows what is guarded
    adversarial.jsonl:1:24: warning[unexpected-failure]: adversarial example `odd` has a failure, which only regression examples have
      hint: move the example to `regression.jsonl`
    "#);
}

#[test]
fn partitions_have_sizes_and_files_have_names() {
    let sandbox =
        Sandbox::new(&[("regression.jsonl", ""), ("golde.jsonl", "x"), ("notes.jsonl", "x")]);
    let mut lines = String::new();
    for index in 0..499 {
        writeln!(lines, r#"{{"id":"d-{index}","input":{{}}}}"#).unwrap();
    }
    sandbox.write("distribution.jsonl", lines);
    let report = sandbox.check();
    let shown: Vec<_> = report.findings.iter().map(ToString::to_string).collect();
    assert_snapshot!(sandbox.without_folder(&shown.join("\n")), @r#"
    regression.jsonl:1:1: error[empty-partition]: partition `regression` has a file without an example
      hint: add examples, or delete the file
    distribution.jsonl:1:1: warning[partition-size]: partition `distribution` has 499 examples; 500 to 5000 serve it best
    golde.jsonl:1:1: error[unknown-file]: `golde.jsonl` is no partition file, so nothing in it is read
      hint: did you mean `golden.jsonl`?
    notes.jsonl:1:1: warning[unknown-file]: `notes.jsonl` is no partition file, so nothing in it is read
    "#);
    assert_eq!(
        report.counts,
        BTreeMap::from([(Partition::Regression, 0), (Partition::Distribution, 499)])
    );
    assert_snapshot!(found(&[]), @r#"
    dataset.toml:1:1: error[empty-dataset]: the dataset has no partition file, so it has no example
      hint: write examples to `golden.jsonl`, one JSON object a line
    "#);
}

#[test]
fn secrets_and_personal_data_are_named_but_not_shown() {
    let line = concat!(
        r#"{"id":"a","input":{"question":"Größe?\nMail jane.doe@acme.io or jane2@acme.io"},"#,
        r#""metadata":{"key":"sk-proj-Zk3Qw9Xv7Lm2Np5Rt8Yb1Cd4Ef6Gh0JkMnPqRsTuVwXyZaBcDeFg"},"#,
        r#""tags":["support@example.com"]}"#,
        "\n"
    );
    let shown = found(&[("adversarial.jsonl", line)]);
    assert_snapshot!(shown, @r#"
    adversarial.jsonl:1:45: warning[personal-data]: `input` of `a` seems to hold: email
      hint: replace it by a made-up value
    adversarial.jsonl:1:99: warning[secret]: `metadata` of `a` seems to hold: api key
      hint: replace it by a made-up value, and revoke the real one
    "#);
    assert!(!shown.contains("acme.io") && !shown.contains("sk-proj"));
}

#[test]
fn references_are_followed() {
    let line = |hash: Digest| {
        format!(
            "{}\n{}\n",
            format_args!(
                r#"{{"id":"a","input":{{}},"context":[{{"ref":"gone.md"}},{{"ref":"../up.md"}}],"sources":[{{"path":"prices.md","hash":"{hash}"}}]}}"#
            ),
            format_args!(
                r#"{{"id":"b","input":{{}},"sources":[{{"path":"lost.md","hash":"{hash}"}}]}}"#
            )
        )
    };
    let sandbox = Sandbox::new(&[("prices.md", "12 euros")]);
    sandbox.write("adversarial.jsonl", line(Digest::of(b"10 euros")));
    assert_snapshot!(sandbox.findings(), @r#"
    adversarial.jsonl:1:40: error[unresolved-context]: the context of `a` names `gone.md`, which does not exist
      hint: paths are relative to `documents_root` of `dataset.toml`
    adversarial.jsonl:1:58: error[unresolved-context]: the context of `a` names `../up.md`, which leads out of the documents' root
      hint: paths are relative to `documents_root` of `dataset.toml`
    adversarial.jsonl:1:90: warning[stale-expectation]: the expectation of `a` rests on `prices.md`, which has changed since
      hint: read the source again, correct the expectation, then run `evalward dataset check --fix --update-sources`
    adversarial.jsonl:2:41: warning[stale-expectation]: the expectation of `b` rests on `lost.md`, which does not exist
      hint: read the source again, correct the expectation, then run `evalward dataset check --fix --update-sources`
    "#);

    let options = FixOptions { update_sources: true };
    let error = fix(&sandbox.open(), &options).unwrap_err();
    assert_snapshot!(sandbox.show_error(&error), @r#"
    adversarial.jsonl:2:1: example `b`: failed to read `lost.md`
      caused by: failed to open `lost.md`
      caused by: No such file or directory (os error 2)
      hint: paths are relative to `documents_root` of `dataset.toml`
    "#);
    sandbox.write("lost.md", "12 euros");
    assert_eq!(fix(&sandbox.open(), &options).unwrap().updated_sources, 2);
    assert_eq!(sandbox.read("adversarial.jsonl"), line(Digest::of(b"12 euros")));
}

#[test]
fn files_that_are_not_canonical_are_named_once() {
    let lines =
        "{\"id\":\"a\",\"input\":{}}\n{\"input\":{},\"id\":\"b\"}\n{ \"id\":\"c\",\"input\":{}}\n";
    let no_end = "{\"id\":\"d\",\"input\":{}}\n{\"id\":\"e\",\"input\":{}}";
    let sandbox = Sandbox::new(&[("adversarial.jsonl", lines), ("distribution.jsonl", no_end)]);
    assert_snapshot!(sandbox.findings(), @r#"
    adversarial.jsonl:2:1: warning[not-canonical]: 2 lines are not in canonical form, the first is this
      hint: rewrite the file with `evalward dataset check --fix`
    distribution.jsonl:2:1: warning[not-canonical]: the file does not end with exactly one line end
      hint: rewrite the file with `evalward dataset check --fix`
    "#);
    assert_eq!(fix(&sandbox.open(), &FixOptions::default()).unwrap().rewritten.len(), 2);
    assert_eq!(sandbox.findings(), "");
}

#[test]
fn a_malformed_line_keeps_fix_from_writing_anything() {
    let odd = "{ \"id\":\"a\",\"input\":{}}\n";
    let sandbox = Sandbox::new(&[("golden.jsonl", odd), ("adversarial.jsonl", "nonsense\n")]);
    let error = fix(&sandbox.open(), &FixOptions::default()).unwrap_err();
    assert_snapshot!(sandbox.show_error(&error), @"adversarial.jsonl:1:1: a line must be a JSON object, starting with `{`");
    assert_eq!(sandbox.read("golden.jsonl"), odd);
    assert_eq!(std::fs::read_dir(sandbox.path()).unwrap().count(), 3);
}

#[test]
fn every_readable_example_is_visited_once_in_order() {
    let lines = "{\"id\":\"a\",\"input\":{}}\nnonsense\n{\"id\":\"b\",\"input\":{}}\n";
    let sandbox = Sandbox::new(&[
        ("adversarial.jsonl", lines),
        ("regression.jsonl", "{\"id\":\"r\",\"input\":{}}\n"),
    ]);
    let mut visited = Vec::new();
    check(&sandbox.open(), &CheckOptions::default(), &mut |example| {
        visited.push((example.value.id.to_string(), example.value.partition, example.line));
    })
    .unwrap();
    let expected = [
        ("r".to_owned(), Partition::Regression, 1),
        ("a".to_owned(), Partition::Adversarial, 1),
        ("b".to_owned(), Partition::Adversarial, 3),
    ];
    assert_eq!(visited, expected);
}
