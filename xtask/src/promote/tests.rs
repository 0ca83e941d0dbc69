//! Promotion into a working copy of its own, from a store in a file.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use clap::Parser;
use evalward_core::{
    Interaction, InteractionId, Outcome, Rate, Reason, ReasonKind, Response, SystemClock, Timestamp,
};
use evalward_feedback::{Access, ApproveBody, CandidateState, PatternState, failures_of};
use evalward_store::{
    AlertSignal, Evaluation, FinishBatch, FinishedJob, NewInteraction, Pattern, Severity, Store,
    StoreOptions,
};
use tempfile::TempDir;

use super::{PromoteArgs, run};
use crate::repository::Repository;

const SUITE: &str = r#"[suite]
name = "support"
dataset = "dataset"

[subject.recorded]
file = "answers.jsonl"

[metrics.rules.constraints]
persona = { includes_any = ["Wren from Cobblenote"] }
"#;

const MANIFEST: &str = "name = \"support\"\ntask_type = \"support\"\nowners = [\"ann\"]\n";
const LINE: &str = r#"{"id":"a-1","input":{"question":"Is there a free plan?"}}"#;
const GOOD: &str = "Hi, this is Wren from Cobblenote. Press export.";
const BRANCH: &str = "promote/regression-rules-persona-ab401008";

struct Stage {
    folder: TempDir,
}

#[derive(Debug, Parser)]
struct Line {
    #[command(flatten)]
    args: PromoteArgs,
}

impl Stage {
    /// A repository with a suite, and a store with one failed answer.
    async fn set() -> Self {
        let stage = Self { folder: tempfile::tempdir().unwrap() };
        let write = |name: &str, text: &str| {
            let path = stage.root().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("evalward.toml", SUITE);
        write("answers.jsonl", "{\"id\":\"a-1\",\"output\":\"No.\"}\n");
        write("dataset/dataset.toml", MANIFEST);
        write("dataset/adversarial.jsonl", &format!("{LINE}\n"));
        stage.git("init --quiet --initial-branch main");
        for setting in ["user.name Test", "user.email test@example.org", "commit.gpgsign false"] {
            stage.git(&format!("config {setting}"));
        }
        stage.git("add .");
        stage.git("commit --quiet --message start");
        fail_once(&stage.url()).await;
        stage
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("repository")
    }

    fn url(&self) -> String {
        Store::url_of_file(&self.folder.path().join("evalward.db"))
    }

    fn git(&self, arguments: &str) -> String {
        let mut command = Command::new("git");
        command.arg("-C").arg(self.root()).args(arguments.split(' '));
        let output = command.env("GIT_CONFIG_GLOBAL", "/dev/null").output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    async fn access(&self) -> Access {
        Access::of_store(&self.url(), "default", std::sync::Arc::new(SystemClock)).await.unwrap()
    }

    async fn approve(&self, expected: &str) {
        let access = self.access().await;
        let id = access.candidates(None).await.unwrap().remove(0).id;
        let body = ApproveBody {
            reviewer: "ann".to_owned(),
            root_cause: Some("The patch replaced the persona.".to_owned()),
            expected_output: Some(expected.to_owned()),
            ..ApproveBody::default()
        };
        access.approve(&id, &body).await.unwrap();
        access.close().await.unwrap();
    }

    async fn states(&self) -> (CandidateState, PatternState) {
        let access = self.access().await;
        let candidate = access.candidates(None).await.unwrap().remove(0).state;
        let pattern = access.patterns(None).await.unwrap().remove(0).state;
        access.close().await.unwrap();
        (candidate, pattern)
    }

    /// Runs the command on a thread of its own, since it has a runtime of its own.
    async fn promote(&self, more: &[&str]) -> Result<(), String> {
        self.promote_in(&self.root(), more).await
    }

    async fn promote_in(&self, root: &Path, more: &[&str]) -> Result<(), String> {
        let root = root.display().to_string();
        let url = self.url();
        let fixed = ["promote", "--store", &url, "--suite", "evalward.toml", "--repo", &root];
        let line = Line::try_parse_from(fixed.iter().chain(more)).unwrap();
        let promoted = move || run(&Repository::find()?, &line.args);
        let result = tokio::task::spawn_blocking(promoted).await.unwrap();
        result.map_err(|error| format!("{error:#}"))
    }
}

fn recurred(pattern: &Pattern, _: &str) -> AlertSignal {
    AlertSignal {
        project: pattern.project.clone(),
        rule: "recurrence".to_owned(),
        key: pattern.id.clone(),
        severity: Severity::High,
        title: String::new(),
        detail: serde_json::Value::Null,
    }
}

async fn fail_once(url: &str) {
    let now = Timestamp::from_millis(1_793_700_000_000);
    let store = Store::open(url, StoreOptions::default()).await.unwrap();
    let mut interaction = Interaction::new(InteractionId::new("int-1").unwrap(), now);
    interaction.input.insert("question".to_owned(), "How do I export my notes?".into());
    interaction.response = Some(Response::from_text("Press export."));
    let new = NewInteraction {
        project: "default".to_owned(),
        interaction,
        received_at: now,
        segment: String::new(),
        stratum: "base".to_owned(),
        probability: Rate::ONE,
        is_sampled: true,
    };
    store.ingest(vec![new]).await.unwrap();
    let job = store.lease(1, Duration::from_mins(1), now).await.unwrap().remove(0);
    let outcome = Outcome::Failed(vec![Reason {
        kind: ReasonKind::Constraint,
        metric: "rules".to_owned(),
        message: "persona: lacks `Wren from Cobblenote`".to_owned(),
    }]);
    let evaluation = Evaluation {
        evaluator: "v1".to_owned(),
        failures: failures_of(&job.sample, &outcome),
        outcome,
        scores: BTreeMap::new(),
        alerts: Vec::new(),
    };
    let jobs = vec![FinishedJob { job: job.job, token: job.token, evaluation }];
    store.finish(FinishBatch { jobs, now, destinations: &[], recurred }).await.unwrap();
    store.close().await.unwrap();
}

#[tokio::test]
async fn an_approved_candidate_is_committed_on_its_branch() {
    let stage = Stage::set().await;
    stage.approve(GOOD).await;
    stage.promote(&[]).await.unwrap();
    assert_eq!(stage.git("branch --show-current"), BRANCH);
    assert_eq!(
        stage.git("show --name-only --format=%s HEAD"),
        "[dataset] promote regression-rules-persona-ab401008\n\n\
         dataset/.gitattributes\ndataset/regression.jsonl\ndataset/reviews.jsonl"
    );
    assert_eq!(stage.git("status --porcelain"), "");
    assert_eq!(stage.states().await, (CandidateState::Promoted, PatternState::Covered));
}

#[tokio::test]
async fn the_repository_may_be_named_from_here() {
    let stage = Stage::set().await;
    stage.approve(GOOD).await;
    let here = std::env::current_dir().unwrap();
    let mut relative: PathBuf = here.components().skip(1).map(|_| "..").collect();
    relative.push(stage.root().strip_prefix("/").unwrap());
    stage.promote_in(&relative, &[]).await.unwrap();
    assert_eq!(stage.git("branch --show-current"), BRANCH);
}

#[tokio::test]
async fn promoting_again_changes_nothing() {
    let stage = Stage::set().await;
    stage.approve(GOOD).await;
    stage.promote(&[]).await.unwrap();
    let before = stage.git("rev-parse HEAD");
    stage.promote(&[]).await.unwrap();
    stage.promote(&["--candidate", "c1-ab4010088c72"]).await.unwrap();
    assert_eq!(stage.git("rev-parse HEAD"), before);
}

#[tokio::test]
async fn a_commit_whose_candidate_was_not_marked_is_found_again() {
    let stage = Stage::set().await;
    stage.approve(GOOD).await;
    // The store as it is when the process ends between the commit and the mark.
    fs::copy(stage.folder.path().join("evalward.db"), stage.folder.path().join("copy.db")).unwrap();
    stage.promote(&[]).await.unwrap();
    let before = stage.git("rev-parse HEAD");
    for file in ["evalward.db", "evalward.db-wal", "evalward.db-shm"] {
        drop(fs::remove_file(stage.folder.path().join(file)));
    }
    fs::copy(stage.folder.path().join("copy.db"), stage.folder.path().join("evalward.db")).unwrap();
    assert_eq!(stage.states().await, (CandidateState::Approved, PatternState::Open));
    stage.promote(&[]).await.unwrap();
    assert_eq!(stage.git("rev-parse HEAD"), before);
    assert_eq!(stage.states().await, (CandidateState::Promoted, PatternState::Covered));
}

#[tokio::test]
async fn a_corrupted_expectation_leaves_everything_as_it_was() {
    let stage = Stage::set().await;
    stage.approve("Hi, this is Finch. Press export.").await;
    let before = stage.git("rev-parse HEAD");
    let error = stage.promote(&[]).await.unwrap_err();
    assert!(error.contains("its expected output fails"), "{error}");
    assert!(error.contains("persona: lacks `Wren from Cobblenote`"), "{error}");
    assert_eq!(stage.git("branch --show-current"), "main");
    assert_eq!(
        (stage.git("rev-parse HEAD"), stage.git("status --porcelain")),
        (before, String::new())
    );
    assert_eq!(stage.states().await, (CandidateState::Approved, PatternState::Open));
}

#[tokio::test]
async fn a_dirty_dataset_is_refused() {
    let stage = Stage::set().await;
    stage.approve(GOOD).await;
    let path = stage.root().join("dataset/adversarial.jsonl");
    fs::write(&path, format!("{LINE}\n{}\n", LINE.replace("a-1", "a-2").replace("free", "paid")))
        .unwrap();
    let error = stage.promote(&[]).await.unwrap_err();
    assert!(error.contains("adversarial.jsonl"), "{error}");
    assert_eq!(stage.git("branch --show-current"), "main");
    // Changes elsewhere are left alone, and out of the commit.
    stage.git("checkout --quiet -- dataset");
    fs::write(stage.root().join("answers.jsonl"), "{\"id\":\"a-1\",\"output\":\"Yes.\"}\n")
        .unwrap();
    stage.git("add answers.jsonl");
    stage.promote(&[]).await.unwrap();
    assert_eq!(stage.git("status --porcelain"), "M  answers.jsonl");
}

#[tokio::test]
async fn a_commit_that_fails_is_undone() {
    let stage = Stage::set().await;
    stage.approve(GOOD).await;
    let hook = stage.root().join(".git/hooks/pre-commit");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    fs::write(&hook, "#!/bin/sh\nexit 1\n").unwrap();
    let status = Command::new("chmod").arg("+x").arg(&hook).status().unwrap();
    assert!(status.success());
    let error = stage.promote(&[]).await.unwrap_err();
    assert!(error.contains("failed to commit"), "{error}");
    assert_eq!(stage.git("branch --list"), "* main");
    assert_eq!(stage.git("status --porcelain"), "");
    assert_eq!(stage.states().await, (CandidateState::Approved, PatternState::Open));
}

#[tokio::test]
async fn a_dry_run_touches_nothing() {
    let stage = Stage::set().await;
    stage.approve(GOOD).await;
    stage.promote(&["--dry-run"]).await.unwrap();
    assert_eq!(stage.git("branch --list"), "* main");
    assert_eq!(stage.git("status --porcelain"), "");
    assert_eq!(stage.states().await, (CandidateState::Approved, PatternState::Open));
}

#[tokio::test]
async fn nothing_approved_is_no_error() {
    let stage = Stage::set().await;
    stage.promote(&[]).await.unwrap();
    let error = stage.promote(&["--candidate", "c1-ab4010088c72"]).await.unwrap_err();
    assert!(error.contains("waits for its review"), "{error}");
}
