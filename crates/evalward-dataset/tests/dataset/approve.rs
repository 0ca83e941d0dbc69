//! Approvals: who may give them, what they are for, and that two branches' approvals never conflict.

use evalward_core::{Digest, ExampleId, Partition};
use evalward_dataset::{
    Approval, ApprovalReport, ApprovalSubject, DatasetError, approve, suite_approvers,
};
use insta::assert_snapshot;

use crate::support::{Sandbox, clock};

const GOLDEN: &str =
    "{\"id\":\"g-1\",\"input\":{\"q\":\"a\"}}\n{\"id\":\"g-2\",\"input\":{\"q\":\"b\"}}\n";

fn give(
    sandbox: &Sandbox,
    reviewer: &str,
    subject: ApprovalSubject,
) -> Result<ApprovalReport, DatasetError> {
    let (reviewer, note) = (reviewer.to_owned(), String::new());
    approve(&sandbox.open(), &Approval { subject, reviewer, note }, &clock())
}

fn ids(ids: &[&str]) -> ApprovalSubject {
    ApprovalSubject::Examples(ids.iter().map(|id| ExampleId::new(*id).unwrap()).collect())
}

fn all_golden() -> ApprovalSubject {
    ApprovalSubject::Partition(Partition::Golden)
}

#[test]
fn two_owners_make_an_example_golden() {
    let sandbox = Sandbox::new(&[("golden.jsonl", GOLDEN)]);
    give(&sandbox, "ann", all_golden()).unwrap();
    assert_snapshot!(sandbox.findings(), @r#"
    golden.jsonl:1:1: error[missing-approvals]: golden example `g-1` has 1 of 2 approvals
      hint: an owner who agrees runs `evalward dataset approve DIR g-1 --reviewer NAME`
    golden.jsonl:2:1: error[missing-approvals]: golden example `g-2` has 1 of 2 approvals
      hint: an owner who agrees runs `evalward dataset approve DIR g-2 --reviewer NAME`
    "#);
    give(&sandbox, "ben", ids(&["g-1"])).unwrap();
    give(&sandbox, "cem", ids(&["g-2"])).unwrap();
    assert_eq!(sandbox.findings(), "");
    assert_snapshot!(sandbox.read("reviews.jsonl").lines().next().unwrap(), @r#"{"example":"g-1","action":"approve","reviewer":"ann","time":"2026-11-03T10:00:00Z","content":"04df64492a2084409a1475c26073cf1151a4bf22738242bff4cdc06c01ee6153"}"#);
    assert_eq!(sandbox.read(".gitattributes"), "reviews.jsonl merge=union\n");
}

#[test]
fn approving_twice_changes_nothing_and_says_so() {
    let sandbox = Sandbox::new(&[("golden.jsonl", GOLDEN)]);
    give(&sandbox, "ann", ids(&["g-2"])).unwrap();
    let report = give(&sandbox, "ann", all_golden()).unwrap();
    assert_eq!((report.recorded, report.already), (vec!["g-1".to_owned()], vec!["g-2".to_owned()]));
    let before = sandbox.read("reviews.jsonl");
    assert_eq!(give(&sandbox, "ann", all_golden()).unwrap().recorded.len(), 0);
    assert_eq!(sandbox.read("reviews.jsonl"), before);
}

#[test]
fn an_edit_or_a_stranger_is_no_approval() {
    let sandbox = Sandbox::new(&[("golden.jsonl", GOLDEN)]);
    give(&sandbox, "ann", all_golden()).unwrap();
    give(&sandbox, "ben", all_golden()).unwrap();
    let manifest = sandbox.read("dataset.toml");
    sandbox.write("dataset.toml", manifest.replace("\"ben\", ", ""));
    sandbox.write("golden.jsonl", GOLDEN.replace("\"a\"", "\"edited\""));
    assert_snapshot!(sandbox.findings(), @r#"
    golden.jsonl:1:1: error[missing-approvals]: golden example `g-1` has 0 of 2 approvals (1 outdated by an edit)
      hint: an owner who agrees runs `evalward dataset approve DIR g-1 --reviewer NAME`
    golden.jsonl:2:1: error[missing-approvals]: golden example `g-2` has 1 of 2 approvals (1 by someone who is no owner)
      hint: an owner who agrees runs `evalward dataset approve DIR g-2 --reviewer NAME`
    "#);
}

#[test]
fn reviews_of_nothing_and_malformed_reviews_are_found() {
    let sandbox = Sandbox::new(&[("golden.jsonl", GOLDEN)]);
    for reviewer in ["ann", "ben"] {
        give(&sandbox, reviewer, all_golden()).unwrap();
    }
    let line = sandbox.read("reviews.jsonl").lines().next().unwrap().to_owned();
    let lines = [
        line.replace("g-1", "gone"),
        line.replace("\"example\":\"g-1\",", ""),
        line.replace("approve", "gates"),
        line.replace("approve", "aprove"),
    ];
    sandbox.write("reviews.jsonl", sandbox.read("reviews.jsonl") + &lines.join("\n") + "\n");
    assert_snapshot!(sandbox.findings(), @r#"
    reviews.jsonl:5:1: warning[orphan-review]: a review of `gone`, which no partition has
    reviews.jsonl:6:1: error[malformed-line]: a review names an `example` or a `suite`
    reviews.jsonl:7:1: error[malformed-line]: the action of an example is `approve` or `remove`
    reviews.jsonl:8:27: error[malformed-line]: unknown variant `aprove`; did you mean `approve`?
    "#);
}

#[test]
fn refusals_say_what_to_do() {
    let sandbox = Sandbox::new(&[("golden.jsonl", GOLDEN), ("prices.md", "12")]);
    let refused =
        |reviewer, subject| sandbox.show_error(&give(&sandbox, reviewer, subject).unwrap_err());
    assert_snapshot!(refused("eve", all_golden()), @r#"
    `eve` is not an owner of the dataset
      hint: the owners in `dataset.toml` are `ann`, `ben`, `cem`
    "#);
    assert_snapshot!(refused("ann", ids(&["g-1", "g-3"])), @r#"
    no example of `DIR` has the id `g-3`
      hint: did you mean `g-2`?
    "#);
    assert_snapshot!(refused("ann", ApprovalSubject::Partition(Partition::Regression)), @"partition `regression` of `DIR` has no example");
    let hash = Digest::of(b"10");
    sandbox.write(
        "golden.jsonl",
        format!("{{\"id\":\"g-1\",\"input\":{{}},\"sources\":[{{\"path\":\"prices.md\",\"hash\":\"{hash}\"}}]}}\n"),
    );
    assert_snapshot!(refused("ann", all_golden()), @r#"
    golden.jsonl:1:1: example `g-1` rests on `prices.md`, which has changed
      hint: read the source again, correct the expectation, then run `evalward dataset check --fix --update-sources`
    "#);
    assert!(!sandbox.file("reviews.jsonl").exists());
}

#[test]
fn gates_are_approved_by_content() {
    let sandbox = Sandbox::new(&[("golden.jsonl", GOLDEN)]);
    let content = Digest::of(b"gates");
    let gates = || ApprovalSubject::Gates { suite: "support".to_owned(), content };
    assert_eq!(give(&sandbox, "ann", gates()).unwrap().recorded, ["support"]);
    assert_eq!(give(&sandbox, "ann", gates()).unwrap().already, ["support"]);
    give(&sandbox, "ben", gates()).unwrap();
    let approvers = |content| suite_approvers(&sandbox.open(), "support", content).unwrap();
    assert_eq!(approvers(content).into_iter().collect::<Vec<_>>(), ["ann", "ben"]);
    assert_eq!(approvers(Digest::of(b"looser")).len(), 0);
}

#[test]
fn approvals_of_two_branches_merge() {
    let sandbox = Sandbox::new(&[("golden.jsonl", GOLDEN)]);
    // The first approval is of the common past, with no line end, as an editor might leave it.
    give(&sandbox, "cem", ids(&["g-1"])).unwrap();
    sandbox.write("reviews.jsonl", sandbox.read("reviews.jsonl").trim_end());
    let commit = |message| {
        sandbox.git(&["add", "--all"]);
        sandbox.git(&["commit", "--quiet", "--message", message]);
    };
    sandbox.git(&["init", "--quiet"]);
    commit("dataset");
    sandbox.git(&["checkout", "--quiet", "-b", "ann"]);
    give(&sandbox, "ann", all_golden()).unwrap();
    commit("ann approves");
    sandbox.git(&["checkout", "--quiet", "-b", "ben", "main"]);
    give(&sandbox, "ben", all_golden()).unwrap();
    commit("ben approves");
    sandbox.git(&["merge", "--quiet", "--message", "both", "ann"]);
    assert_eq!(sandbox.findings(), "");
    assert_eq!(sandbox.read("reviews.jsonl").lines().count(), 5);
}
