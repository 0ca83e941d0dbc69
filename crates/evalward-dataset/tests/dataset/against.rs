//! Protected examples do not go, move or change without the approvals that an addition needs.

use evalward_core::{ExampleId, Partition};
use evalward_dataset::{
    Approval, ApprovalSubject, BaseRevision, approve, check_against, diff_against,
};
use insta::assert_snapshot;

use crate::support::{MANIFEST, Sandbox, clock};

const GOLDEN: &str = concat!(
    "{\"id\":\"g-1\",\"input\":{\"q\":\"a\"},\"expected_output\":\"12 euros\"}\n",
    "{\"id\":\"g-2\",\"input\":{\"q\":\"b\"},\"checks\":{\"includes_all\":[\"12\"]}}\n",
    "{\"id\":\"g-3\",\"input\":{\"q\":\"c\"}}\n",
);
const REGRESSION: &str =
    "{\"id\":\"r-1\",\"input\":{},\"failure\":{\"root_cause\":\"stale price\"}}\n";

/// Makes a repository whose first commit holds the dataset.
fn repository() -> Sandbox {
    let sandbox = Sandbox::new(&[("golden.jsonl", GOLDEN), ("regression.jsonl", REGRESSION)]);
    sandbox.git(&["init", "--quiet"]);
    sandbox.git(&["add", "--all"]);
    sandbox.git(&["commit", "--quiet", "--message", "dataset"]);
    sandbox
}

fn found(sandbox: &Sandbox) -> String {
    let report = check_against(&sandbox.open(), &BaseRevision::new("main"), 100);
    match report {
        Ok(report) => sandbox.show_report(&report),
        Err(error) => sandbox.show_error(&error),
    }
}

fn give(sandbox: &Sandbox, reviewer: &str, subject: ApprovalSubject) {
    let (reviewer, note) = (reviewer.to_owned(), String::new());
    approve(&sandbox.open(), &Approval { subject, reviewer, note }, &clock()).unwrap();
}

fn id(id: &str) -> Vec<ExampleId> {
    vec![ExampleId::new(id).unwrap()]
}

#[test]
fn nothing_changed() {
    assert_eq!(found(&repository()), "");
}

#[test]
fn changes_need_approvals_of_the_new_content() {
    let sandbox = repository();
    let weaker = GOLDEN
        .replace("12 euros", "some euros")
        .replace(",\"checks\":{\"includes_all\":[\"12\"]}", "");
    sandbox.write("golden.jsonl", weaker);
    // What is outside the content may change: here the cause of a failure.
    sandbox.write("regression.jsonl", REGRESSION.replace("stale price", "cached price"));
    give(&sandbox, "ann", ApprovalSubject::Examples(id("g-2")));
    assert_snapshot!(found(&sandbox), @r#"
    golden.jsonl:1:1: error[changed-example]: golden example `g-1` has another `expected_output` than at `main` and has 0 of 2 approvals
      hint: an owner who agrees runs `evalward dataset approve DIR g-1 --reviewer NAME`
    golden.jsonl:2:1: error[changed-example]: golden example `g-2` has another `checks` than at `main` and has 1 of 2 approvals
      hint: an owner who agrees runs `evalward dataset approve DIR g-2 --reviewer NAME`
    "#);
    for reviewer in ["ben", "cem"] {
        give(&sandbox, reviewer, ApprovalSubject::Partition(Partition::Golden));
    }
    assert_eq!(found(&sandbox), "");
}

#[test]
fn removals_and_moves_need_as_many_owners() {
    let sandbox = repository();
    let lines: Vec<&str> = GOLDEN.lines().collect();
    sandbox.write("golden.jsonl", format!("{}\n", lines[0]));
    sandbox.write("adversarial.jsonl", format!("{}\n", lines[1]));
    std::fs::remove_file(sandbox.file("regression.jsonl")).unwrap();
    assert_snapshot!(found(&sandbox), @r#"
    main:golden.jsonl:3:1: error[removed-example]: golden example `g-3` was removed since `main`, which 0 of 2 owners agreed to
      hint: put it back, or an owner who agrees runs `evalward dataset approve DIR g-3 --remove --against main --reviewer NAME`
    main:regression.jsonl:1:1: error[removed-example]: regression example `r-1` was removed since `main`, which 0 of 1 owners agreed to
      hint: put it back, or an owner who agrees runs `evalward dataset approve DIR r-1 --remove --against main --reviewer NAME`
    adversarial.jsonl:1:1: error[moved-example]: golden example `g-2` moved to `adversarial` since `main`, which 0 of 2 owners agreed to
      hint: put it back, or an owner who agrees runs `evalward dataset approve DIR g-2 --remove --against main --reviewer NAME`
    "#);

    let remove = |reviewer: &str, example: &str| {
        let base = Some(BaseRevision::new("main"));
        give(&sandbox, reviewer, ApprovalSubject::Removal { ids: id(example), base });
    };
    for (reviewer, example) in [("ann", "g-2"), ("ben", "g-2"), ("ann", "g-3"), ("ann", "r-1")] {
        remove(reviewer, example);
    }
    assert_snapshot!(found(&sandbox), @r#"
    main:golden.jsonl:3:1: error[removed-example]: golden example `g-3` was removed since `main`, which 1 of 2 owners agreed to
      hint: put it back, or an owner who agrees runs `evalward dataset approve DIR g-3 --remove --against main --reviewer NAME`
    "#);
    remove("cem", "g-3");
    assert_eq!(found(&sandbox), "");
}

#[test]
fn new_regression_examples_need_an_owner() {
    let sandbox = repository();
    let new = REGRESSION.replace("r-1", "r-2");
    sandbox.write("regression.jsonl", format!("{REGRESSION}{new}"));
    assert_snapshot!(found(&sandbox), @r#"
    regression.jsonl:2:1: error[unapproved-addition]: regression example `r-2` is new and has 0 of 1 approvals
      hint: an owner who agrees runs `evalward dataset approve DIR r-2 --reviewer NAME`
    "#);
    give(&sandbox, "cem", ApprovalSubject::Examples(id("r-2")));
    assert_eq!(found(&sandbox), "");
}

#[test]
fn a_looser_policy_does_not_help() {
    let sandbox = repository();
    sandbox.write("dataset.toml", format!("{MANIFEST}[review]\nregression_approvals = 2\n"));
    sandbox.git(&["commit", "--quiet", "--all", "--message", "stricter"]);
    sandbox.write("dataset.toml", MANIFEST);
    sandbox.write("regression.jsonl", REGRESSION.replace("{}", "{\"q\":\"other\"}"));
    give(&sandbox, "ann", ApprovalSubject::Examples(id("r-1")));
    assert_snapshot!(found(&sandbox), @r#"
    regression.jsonl:1:1: error[changed-example]: regression example `r-1` has another `input` than at `main` and has 1 of 2 approvals
      hint: an owner who agrees runs `evalward dataset approve DIR r-1 --reviewer NAME`
    dataset.toml:1:1: warning[loosened-review-policy]: the review policy asks for fewer approvals than at `main`
      hint: this comparison still asks for as many as then
    "#);
}

#[test]
fn git_problems_are_clear() {
    assert_snapshot!(found(&Sandbox::new(&[])).replace("fatal: ", ""), @r#"
    failed to find the git repository of `DIR`: not a git repository (or any of the parent directories): .git
      hint: comparing with a revision needs a dataset in a git repository
    "#);
    let sandbox = repository();
    let error = check_against(&sandbox.open(), &BaseRevision::new("--help"), 9).unwrap_err();
    assert_snapshot!(sandbox.show_error(&error), @r#"
    failed to find the revision `--help`: git does not know it
      hint: a shallow clone lacks older commits: fetch the branch, or set `fetch-depth: 0`
    "#);
}

#[test]
fn a_diff_looks_at_a_revision_too() {
    let sandbox = repository();
    sandbox.write("golden.jsonl", GOLDEN.replace("12 euros", "13 euros"));
    let found = diff_against(&sandbox.open(), &BaseRevision::new("HEAD")).unwrap();
    assert_eq!((found.changed.len(), found.unchanged), (1, 3));
    assert_eq!(found.changed[0].fields, ["expected_output"]);
}

#[test]
fn a_folder_that_was_not_there_is_all_new() {
    let sandbox = Sandbox::new(&[]);
    sandbox.git(&["init", "--quiet"]);
    sandbox.git(&["commit", "--quiet", "--allow-empty", "--message", "nothing"]);
    sandbox.write("sub/dataset.toml", MANIFEST);
    sandbox.write("sub/golden.jsonl", GOLDEN);
    sandbox.write("sub/regression.jsonl", REGRESSION);
    let dataset = evalward_dataset::Dataset::open(sandbox.file("sub")).unwrap();
    let report = check_against(&dataset, &BaseRevision::new("HEAD"), 9).unwrap();
    assert_snapshot!(sandbox.show_report(&report), @r#"
    sub/regression.jsonl:1:1: error[unapproved-addition]: regression example `r-1` is new and has 0 of 1 approvals
      hint: an owner who agrees runs `evalward dataset approve sub r-1 --reviewer NAME`
    sub/dataset.toml:1:1: warning[new-dataset]: the dataset was not there at `HEAD`; nothing to compare
    "#);
}
