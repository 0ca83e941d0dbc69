//! The command: find the candidates, have them proven, write, commit, tell the monitor.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail, ensure};
use clap::Args;
use evalward_config::{LoadOptions, Suite, load};
use evalward_core::SystemClock;
use evalward_dataset::Dataset;
use evalward_feedback::{
    Access, AccessError, CandidateState, CandidateView, Monitor, Promoted, Promotion,
    PromotionReport, plan_promotion,
};

use super::git::WorkingCopy;
use crate::console::{complain, say};
use crate::repository::Repository;

/// The arguments of `cargo xtask promote`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo xtask promote --monitor http://127.0.0.1:4318
  cargo xtask promote --store sqlite://evalward.db --candidate c1-925e067cc4ee --dry-run

Approved candidates are proven to fail on their recorded bad output and to pass on the expected one,
written to the dataset of the suite, checked, and committed on a branch. If one of them is refused,
nothing is written, and the exit code is 1.")]
pub(crate) struct PromoteArgs {
    /// The store of the candidates: `sqlite://FILE` or `postgres://...` [default: `EVALWARD_DATABASE_URL`].
    #[arg(long, value_name = "URL", conflicts_with = "monitor")]
    store: Option<String>,
    /// The monitor of the candidates [default: `EVALWARD_MONITOR_URL`]; its key is `EVALWARD_API_KEY`.
    #[arg(long, value_name = "URL")]
    monitor: Option<String>,
    /// The project, with a store.
    #[arg(long, value_name = "NAME", default_value = "default")]
    project: String,
    /// The suite whose dataset is extended and whose metrics prove, relative to the repository.
    #[arg(long, value_name = "FILE", default_value = "examples/support/evalward.toml")]
    suite: PathBuf,
    /// Only this candidate; may be given several times [default: all that are approved].
    #[arg(long, value_name = "ID")]
    candidate: Vec<String>,
    /// The branch [default: named after the examples].
    #[arg(long, value_name = "NAME")]
    branch: Option<String>,
    /// The working copy to promote into [default: this one].
    #[arg(long, value_name = "DIR")]
    repo: Option<PathBuf>,
    /// Only say what would be done.
    #[arg(long)]
    dry_run: bool,
}

/// Promotes candidates.
pub(crate) fn run(repository: &Repository, args: &PromoteArgs) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let root = args.repo.clone().unwrap_or_else(|| repository.root().to_owned());
    // Git works in this folder, where a path from here would mean something else.
    let root = std::path::absolute(root)?;
    runtime.block_on(promote(&root, args))
}

async fn promote(root: &Path, args: &PromoteArgs) -> Result<()> {
    let options = LoadOptions { environment: Arc::new(variable), ..LoadOptions::default() };
    let suite = load(&root.join(&args.suite), &options)?;
    let access = open(args).await?;
    let result = promote_from(&access, root, &suite, args).await;
    for metric in &suite.metrics {
        metric.metric.shutdown().await;
    }
    let closed = access.close().await;
    result?;
    Ok(closed?)
}

async fn promote_from(
    access: &Access,
    root: &Path,
    suite: &Suite,
    args: &PromoteArgs,
) -> Result<()> {
    let candidates = candidates(access, args).await?;
    if candidates.is_empty() {
        say("no candidate waits for its promotion");
        return Ok(());
    }
    let copy = WorkingCopy::of(root)?;
    let promotion = plan(suite, &candidates).await?;
    let report = promotion.report();
    if args.dry_run {
        report.already.iter().for_each(|it| say(&in_the_dataset(it)));
        report.promoted.iter().for_each(|it| say(&proven(it)));
        say(&format!("\n{}", report.pull_request));
        return Ok(());
    }
    if report.promoted.is_empty() {
        return cover(access, &report.already).await;
    }
    copy.require_clean(&suite.dataset)?;
    let branch = args.branch.clone().unwrap_or_else(|| report.branch.clone());
    let (report, commit) = commit(&copy, suite, &candidates, promotion, &branch).await?;
    report.promoted.iter().for_each(|it| say(&proven(it)));
    say(&format!("committed {commit} on the branch {branch}"));
    let covered: Vec<_> = report.promoted.iter().chain(&report.already).cloned().collect();
    cover(access, &covered).await.with_context(|| {
        format!("commit {commit} is made, but not every candidate is marked; run this again on `{branch}`")
    })?;
    say(&format!("\n{}", report.pull_request));
    Ok(())
}

/// Returns the candidates that are to be promoted, without those that are.
async fn candidates(access: &Access, args: &PromoteArgs) -> Result<Vec<CandidateView>> {
    if args.candidate.is_empty() {
        return access.candidates(Some(CandidateState::Approved)).await.map_err(refused);
    }
    let mut candidates = Vec::new();
    for id in &args.candidate {
        let candidate = access.candidate(id).await.map_err(refused)?;
        match &candidate.promoted_as {
            Some(example) => say(&format!("{id} is promoted as {example}")),
            None => candidates.push(candidate),
        }
    }
    Ok(candidates)
}

async fn plan(suite: &Suite, candidates: &[CandidateView]) -> Result<Promotion> {
    let dataset = Dataset::open(&suite.dataset)?;
    let planned = plan_promotion(&dataset, &suite.metrics, candidates).await;
    planned.map_err(|error| sentence(error, ""))
}

/// Writes and commits on the branch; whatever goes wrong, the working copy is afterwards as it was.
async fn commit(
    copy: &WorkingCopy,
    suite: &Suite,
    candidates: &[CandidateView],
    mut promotion: Promotion,
    branch: &str,
) -> Result<(PromotionReport, String)> {
    let place = copy.place()?;
    let is_new = !copy.has_branch(branch);
    copy.switch(branch)?;
    let undo = |error: anyhow::Error| {
        if let Err(problem) = copy.go_back(&place, is_new.then_some(branch)) {
            complain(&format!("failed to go back to `{place}`: {problem}"));
        }
        error
    };
    if !is_new {
        // Another state of the dataset than the one that the plan was made for.
        promotion = plan(suite, candidates).await.map_err(undo)?;
        if promotion.report().promoted.is_empty() {
            return Ok((promotion.report().clone(), copy.head()?));
        }
    }
    let written = Dataset::open(&suite.dataset)
        .map_err(anyhow::Error::from)
        .and_then(|dataset| promotion.write(&dataset).map_err(|error| sentence(error, "")));
    let report = written.map_err(undo)?;
    let files: Vec<PathBuf> =
        report.files.iter().map(std::path::absolute).collect::<Result<_, _>>()?;
    match copy.commit(&files, &report.commit_message) {
        Ok(commit) => Ok((report, commit)),
        Err(error) => {
            copy.undo(&files)?;
            Err(undo(error))
        }
    }
}

/// Marks candidates as promoted and their patterns as covered.
async fn cover(access: &Access, promoted: &[Promoted]) -> Result<()> {
    for it in promoted {
        let pattern = access.promoted(&it.candidate, it.example.as_str()).await.map_err(refused)?;
        ensure!(pattern.covered_by.is_some(), "pattern `{}` is not covered", pattern.id);
        say(&format!("pattern {} is covered by {}", pattern.id, it.example));
    }
    Ok(())
}

async fn open(args: &PromoteArgs) -> Result<Access> {
    let is_named = args.store.is_some() || args.monitor.is_some();
    let fallback = |name| variable(name).filter(|text| !is_named && !text.is_empty());
    let monitor = args.monitor.clone().or_else(|| fallback("EVALWARD_MONITOR_URL"));
    let store = args.store.clone().or_else(|| fallback("EVALWARD_DATABASE_URL"));
    let access = match (monitor, store) {
        (Some(address), _) => {
            let key = variable("EVALWARD_API_KEY").filter(|key| !key.is_empty());
            Monitor::new(&address, key.map(Into::into)).map(Access::Monitor)
        }
        (None, Some(url)) => Access::of_store(&url, &args.project, Arc::new(SystemClock)).await,
        (None, None) => {
            bail!("say where the candidates are: pass `--store URL` or `--monitor URL`")
        }
    };
    access.map_err(refused)
}

/// Makes a whole sentence of an error, with the way out where one is known.
fn refused(error: AccessError) -> anyhow::Error {
    let hint = error.hint().map(|hint| format!("\n  hint: {hint}")).unwrap_or_default();
    sentence(error, &hint)
}

fn sentence(error: impl Into<anyhow::Error>, hint: &str) -> anyhow::Error {
    anyhow!("failed to {:#}{hint}", error.into())
}

fn variable(name: &str) -> Option<String> {
    std::env::var_os(name)?.into_string().ok()
}

fn proven(it: &Promoted) -> String {
    let first = it.fails_with.first();
    let reason = first.map(|it| format!("{}: {}", it.metric, it.message)).unwrap_or_default();
    let expected = if it.expected_passes { "; its expected output passes" } else { "" };
    format!(
        "{} as {} ({}): the bad output fails with {reason}{expected}",
        it.candidate, it.example, it.partition
    )
}

fn in_the_dataset(it: &Promoted) -> String {
    format!("{}: {} guards against it already", it.candidate, it.example)
}
