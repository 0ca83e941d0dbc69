//! Approved candidates and a real dataset in a temporary folder.

use std::fs;
use std::path::PathBuf;

use evalward_core::{Partition, Rules, SuiteMetric};
use evalward_dataset::{BaseRevision, CheckOptions, Dataset, check, check_against};
use evalward_feedback::{
    ApproveBody, CandidateView, PromotionError, PromotionReport, plan_promotion,
};
use evalward_metrics::{Constraints, ExampleChecks};
use tempfile::TempDir;

use crate::support::{BAD, GOOD, approval, approved, candidate, excludes};

const QUESTION: &str = "How do I export my notes?";

const MANIFEST: &str = "name = \"support\"\ntask_type = \"support\"\nowners = [\"ann\", \"ben\"]\n";

/// Has no last line end, as an editor may leave it.
const GUARDED: &str = r#"{"id":"regression-1","input":{"question":"Is there a free plan?"},"checks":{"includes_all":["no free plan"]},"failure":{"root_cause":"The prompt said so."}}"#;

struct Sandbox(TempDir);

impl Sandbox {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("dataset.toml"), MANIFEST).unwrap();
        fs::write(folder.path().join("regression.jsonl"), GUARDED).unwrap();
        Self(folder)
    }

    fn dataset(&self) -> Dataset {
        Dataset::open(self.0.path()).unwrap()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.path().join(name), text).unwrap();
    }

    fn files(&self) -> Vec<(PathBuf, String)> {
        let entries = fs::read_dir(self.0.path()).unwrap().map(|entry| entry.unwrap().path());
        let mut files: Vec<_> =
            entries.map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect();
        files.sort();
        files
    }

    async fn promote(
        &self,
        candidates: &[CandidateView],
    ) -> Result<PromotionReport, PromotionError> {
        let dataset = self.dataset();
        plan_promotion(&dataset, &metrics(), candidates).await?.write(&dataset)
    }

    /// Returns why a candidate is refused, and makes sure that nothing was written.
    async fn refusal(&self, candidate: CandidateView) -> Vec<String> {
        let before = self.files();
        let error = self.promote(&[candidate]).await.unwrap_err();
        assert_eq!(self.files(), before);
        match error {
            PromotionError::Refused { mut refusals, .. } => refusals.remove(0).reasons,
            PromotionError::Dataset(error) => panic!("{error}"),
        }
    }
}

/// The metrics of a suite: no competitors, an offer to help, and each example's own checks.
fn metrics() -> Vec<SuiteMetric> {
    let closing = Rules { includes_any: ["let me know"].into_iter().collect(), ..Rules::default() };
    let named =
        [("no_competitors".to_owned(), excludes("Flowmoor")), ("closing".to_owned(), closing)];
    vec![
        SuiteMetric::new("checks", ExampleChecks),
        SuiteMetric::new("rules", Constraints::new(&named).unwrap()),
    ]
}

fn ready(body: &ApproveBody) -> CandidateView {
    approved(&candidate(QUESTION, BAD), body).unwrap().into()
}

#[tokio::test]
async fn a_line_with_its_approval_is_appended() {
    let sandbox = Sandbox::new();
    let report = sandbox.promote(&[ready(&approval("ann"))]).await.unwrap();
    let names: Vec<_> = report.files.iter().map(|path| path.file_name().unwrap()).collect();
    assert_eq!(names, ["regression.jsonl", "reviews.jsonl", ".gitattributes"]);
    let lines = fs::read_to_string(sandbox.0.path().join("regression.jsonl")).unwrap();
    assert!(lines.starts_with(&format!("{GUARDED}\n")));
    insta::assert_snapshot!(lines.lines().last().unwrap(), @r#"{"id":"regression-rules-no_competitors-c38a3c06","input":{"question":"How do I export my notes?"},"expected_output":"Our export writes Markdown. Let me know.","metadata":{"pattern":"p1-c38a3c06908a"},"tags":["production"],"created_at":"2026-11-03T10:00:00Z","failure":{"root_cause":"The prompt names other products.","observed_output":"You could use Flowmoor instead. Let me know.","origin":{"kind":"interaction","id":"int-1"}}}"#);
    let reviews = fs::read_to_string(sandbox.0.path().join("reviews.jsonl")).unwrap();
    insta::assert_snapshot!(reviews, @r#"{"example":"regression-rules-no_competitors-c38a3c06","action":"approve","reviewer":"ann","time":"2026-11-03T10:00:00Z","content":"22453302d3d182d1c05c776038623c55c96f15a4a1b878e478f89aef96f163b8"}"#);
    let checked = check(&sandbox.dataset(), &CheckOptions::default(), &mut |_| {}).unwrap();
    assert_eq!(checked.errors, 0, "{:?}", checked.findings);
}

#[tokio::test]
async fn the_texts_tell_what_was_proven() {
    let report = Sandbox::new().promote(&[ready(&approval("ann"))]).await.unwrap();
    assert_eq!(report.branch, "promote/regression-rules-no_competitors-c38a3c06");
    insta::assert_snapshot!(report.commit_message, @"
    [dataset] promote regression-rules-no_competitors-c38a3c06

    regression-rules-no_competitors-c38a3c06: The prompt names other products.
    Fails first: rules: no_competitors: has `Flowmoor` at byte 14
    Pattern p1-c38a3c06908a, candidate c1-c38a3c06908a, approved by ann.
    ");
    insta::assert_snapshot!(report.pull_request, @"
    # [dataset] promote regression-rules-no_competitors-c38a3c06

    Failures from production become examples. The suite fails until they are fixed.

    ## `regression-rules-no_competitors-c38a3c06` (regression)

    - Root cause: The prompt names other products.
    - Fails first: the recorded bad output fails with `` rules: no_competitors: has `Flowmoor` at byte 14 ``; its expected output passes
    - Pattern `p1-c38a3c06908a`, candidate `c1-c38a3c06908a`
    - Approved by ann
    ");
}

#[tokio::test]
async fn the_same_bytes_in_whatever_order_candidates_come() {
    let other =
        approved(&candidate("Can I use it offline?", "Use Flowmoor."), &approval("ben")).unwrap();
    let mut other = CandidateView::from(other);
    // Another pattern's candidate.
    other.id = "c1-other".to_owned();
    other.example.id = evalward_core::ExampleId::new("regression-a").unwrap();
    let content = other.to_example().content_hash().to_string();
    other.reviews[0].content = content;
    let one = ready(&approval("ann"));
    let (left, right) = (Sandbox::new(), Sandbox::new());
    left.promote(&[one.clone(), other.clone()]).await.unwrap();
    right.promote(&[other, one]).await.unwrap();
    let texts =
        |sandbox: &Sandbox| sandbox.files().into_iter().map(|(_, text)| text).collect::<Vec<_>>();
    assert_eq!(texts(&left), texts(&right));
}

#[tokio::test]
async fn a_second_promotion_changes_nothing() {
    let sandbox = Sandbox::new();
    let candidate = ready(&approval("ann"));
    sandbox.promote(std::slice::from_ref(&candidate)).await.unwrap();
    let before = sandbox.files();
    let report = sandbox.promote(&[candidate]).await.unwrap();
    assert_eq!(sandbox.files(), before);
    assert_eq!((report.promoted.len(), report.already.len(), report.files.len()), (0, 1, 0));
}

#[tokio::test]
async fn a_corrupted_expectation_is_refused() {
    let sandbox = Sandbox::new();
    let expected =
        |text: &str| ApproveBody { expected_output: Some(text.to_owned()), ..approval("ann") };
    assert_eq!(
        sandbox.refusal(ready(&expected("Flowmoor exports Markdown. Let me know."))).await,
        [
            "its expected output fails, so that no answer could be right: rules: no_competitors: has `Flowmoor` at byte 0"
        ]
    );
    let checks = ApproveBody { checks: Some(excludes("Markdown")), ..approval("ann") };
    assert_eq!(
        sandbox.refusal(ready(&checks)).await,
        [
            "its expected output fails, so that no answer could be right: checks: has `Markdown` at byte 18"
        ]
    );
}

#[tokio::test]
async fn an_example_that_cannot_fail_is_refused() {
    let sandbox = Sandbox::new();
    let mut harmless = candidate(QUESTION, "Ask us. Let me know.");
    harmless.example.failure.as_mut().unwrap().observed_output =
        Some("Ask us. Let me know.".to_owned());
    let harmless = approved(&harmless, &approval("ann")).unwrap();
    assert_eq!(
        sandbox.refusal(harmless.into()).await,
        [
            "its recorded bad output passes, so it would guard against nothing; correct `checks` or the expected output"
        ]
    );
}

#[tokio::test]
async fn what_is_there_already_is_refused() {
    let sandbox = Sandbox::new();
    let ask = |text: &str| format!("{{\"id\":\"d-1\",\"input\":{text}}}\n");
    sandbox.write("distribution.jsonl", &ask(&format!("{{\"question\":\"{QUESTION}\"}}")));
    assert_eq!(sandbox.refusal(ready(&approval("ann"))).await, ["`d-1` asks exactly the same"]);
    for role in ["system", "developer"] {
        let conversation = format!(
            "{{\"messages\":[{{\"role\":\"{role}\",\"content\":\"Be kind.\"}},{{\"role\":\"user\",\"content\":\"{QUESTION}\"}}]}}"
        );
        sandbox.write("distribution.jsonl", &ask(&conversation));
        assert_eq!(sandbox.refusal(ready(&approval("ann"))).await, ["`d-1` asks exactly the same"]);
    }
    sandbox.write("distribution.jsonl", &ask("{\"question\":\"How do I import my notes?\"}"));
    sandbox.promote(&[ready(&approval("ann"))]).await.unwrap();
}

/// Returns a candidate that asks what [`ready`] asks, for another pattern, with this origin and expected output.
fn twin(interaction: &str, expected: &str) -> CandidateView {
    let body = ApproveBody { expected_output: Some(expected.to_owned()), ..approval("ann") };
    let mut twin = ready(&body);
    twin.id = "c1-twin".to_owned();
    twin.example.id = evalward_core::ExampleId::new("regression-z").unwrap();
    let failure = twin.example.failure.as_mut().unwrap();
    interaction.clone_into(&mut failure.origin.as_mut().unwrap().id);
    twin.reviews[0].content = twin.to_example().content_hash().to_string();
    twin
}

#[tokio::test]
async fn two_candidates_do_not_ask_the_same() {
    let sandbox = Sandbox::new();
    let before = sandbox.files();
    let other_answer = format!("{GOOD} Really.");
    for twin in [twin("int-2", GOOD), twin("int-1", &other_answer)] {
        let error = sandbox.promote(&[twin, ready(&approval("ann"))]).await.unwrap_err();
        let expected = "promote 1 of 2 candidates: c1-twin (regression-z): `regression-rules-";
        assert!(error.to_string().starts_with(expected), "{error}");
        // One that is refused keeps the others out too.
        assert_eq!(sandbox.files(), before);
    }
}

#[tokio::test]
async fn one_example_guards_against_all_that_one_answer_broke() {
    let sandbox = Sandbox::new();
    let both = [twin("int-1", GOOD), ready(&approval("ann"))];
    let report = sandbox.promote(&both).await.unwrap();
    assert_eq!((report.promoted.len(), report.already.len()), (1, 1));
    assert_eq!(report.already[0].candidate, "c1-twin");
    assert!(report.pull_request.contains("too (candidate `c1-twin`)"), "{}", report.pull_request);
    assert_eq!(report.already[0].example, report.promoted[0].example);
    let before = sandbox.files();
    assert_eq!(sandbox.promote(&both).await.unwrap().already.len(), 2);
    assert_eq!(sandbox.files(), before);
}

#[tokio::test]
async fn only_owners_approve() {
    let sandbox = Sandbox::new();
    assert_eq!(
        sandbox.refusal(ready(&approval("eve"))).await,
        [
            "`eve`, who approved it, is no owner of the dataset (owners: ann, ben)",
            "has 0 of 1 approvals of its present content"
        ]
    );
}

#[tokio::test]
async fn a_candidate_without_a_finished_review_is_refused() {
    let sandbox = Sandbox::new();
    let reasons = sandbox.refusal(candidate(QUESTION, BAD).into()).await;
    assert_eq!(
        reasons,
        [
            "waits for its review",
            "has no root cause",
            "has 0 of 1 approvals of its present content"
        ]
    );
    // Edited behind the reviewers' backs.
    let mut edited = ready(&approval("ann"));
    edited.example.expected_output = Some(format!("{GOOD} Soon."));
    assert_eq!(sandbox.refusal(edited).await, ["has 0 of 1 approvals of its present content"]);
    let mut leaked = ready(&approval("ann"));
    leaked.example.failure.as_mut().unwrap().root_cause = "Ask jane@corp-mail.com.".to_owned();
    assert_eq!(sandbox.refusal(leaked).await, ["has personal data or secrets (failure: email)"]);
}

#[tokio::test]
async fn golden_examples_need_two_owners() {
    let sandbox = Sandbox::new();
    let golden = ApproveBody { partition: Some(Partition::Golden), ..approval("ann") };
    let once = approved(&candidate(QUESTION, BAD), &golden).unwrap();
    let second = ApproveBody { reviewer: "ben".to_owned(), ..ApproveBody::default() };
    let twice = approved(&once, &second).unwrap();
    let report = sandbox.promote(&[twice.into()]).await.unwrap();
    assert_eq!(report.promoted[0].reviewers, ["ann", "ben"]);
    let checked = check(&sandbox.dataset(), &CheckOptions::default(), &mut |_| {}).unwrap();
    assert_eq!(checked.errors, 0, "{:?}", checked.findings);
}

#[tokio::test]
async fn a_dataset_with_errors_is_left_as_it_was() {
    let sandbox = Sandbox::new();
    sandbox.write("golden.jsonl", "{\"id\":\"g\",\"input\":{\"question\":\"?\"}}\n");
    let before = sandbox.files();
    let error = sandbox.promote(&[ready(&approval("ann"))]).await.unwrap_err();
    assert!(matches!(error, PromotionError::Dataset(_)), "{error}");
    assert_eq!(sandbox.files(), before);
}

#[tokio::test]
async fn the_addition_stands_up_to_the_check_against_the_revision_before() {
    let sandbox = Sandbox::new();
    let git = |arguments: &[&str]| {
        let output = std::process::Command::new("git")
            .arg("-C")
            .arg(sandbox.0.path())
            .args(["-c", "user.name=Test", "-c", "user.email=test@example.org"])
            .args(arguments)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "-m", "before"]);
    sandbox.promote(&[ready(&approval("ann"))]).await.unwrap();
    let report = check_against(&sandbox.dataset(), &BaseRevision::new("HEAD"), 1000).unwrap();
    assert_eq!(report.errors, 0, "{:?}", report.findings);
}
