//! `evalward feedback`: what failed in production, and the review of the examples that it proposes.

mod export;
mod list;
mod review;
mod show;

use clap::{Args, Subcommand};
use evalward_feedback::{Access, AccessError, CandidateView, Monitor, PatternView};
use tokio::runtime::{Builder, Runtime};

use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The version of what `--format json` writes.
const JSON_VERSION: u32 = 1;

/// The arguments of `evalward feedback`.
#[derive(Debug, Args)]
pub(crate) struct FeedbackArgs {
    /// The command.
    #[command(subcommand)]
    command: FeedbackCommand,
}

/// The commands on what failed in production.
#[derive(Debug, Subcommand)]
enum FeedbackCommand {
    /// List patterns of failures with the examples that they propose
    List(list::ListArgs),
    /// Show a candidate, or the one of a pattern, in full
    Show(show::ShowArgs),
    /// Approve a candidate, and say what the right answer is
    Approve(Box<review::ApproveArgs>),
    /// Reject a candidate
    Reject(review::RejectArgs),
    /// Write approved candidates as lines of a dataset
    Export(export::ExportArgs),
}

/// Where patterns and candidates are.
#[derive(Debug, Args)]
struct Source {
    /// The store: `sqlite://FILE` or `postgres://...` [default: `EVALWARD_DATABASE_URL`].
    #[arg(long, value_name = "URL", help_heading = "Source", conflicts_with = "monitor")]
    store: Option<String>,
    /// A monitor, such as `http://127.0.0.1:4318` [default: `EVALWARD_MONITOR_URL`]; its key is `EVALWARD_API_KEY`.
    #[arg(long, value_name = "URL", help_heading = "Source")]
    monitor: Option<String>,
    /// The project, with a store; a monitor's key has its own.
    #[arg(long, value_name = "NAME", default_value = "default", help_heading = "Source")]
    project: String,
}

/// Runs a command.
pub(crate) fn run(args: FeedbackArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    match args.command {
        FeedbackCommand::List(args) => list::run(&args, context),
        FeedbackCommand::Show(args) => show::run(&args, context),
        FeedbackCommand::Approve(args) => review::approve(*args, context),
        FeedbackCommand::Reject(args) => review::reject(args, context),
        FeedbackCommand::Export(args) => export::run(&args, context),
    }
}

/// An open source, with the runtime that it needs.
struct Opened {
    runtime: Runtime,
    access: Access,
}

impl Opened {
    /// Waits for what the source answers.
    fn ask<T>(
        &self,
        question: impl AsyncFnOnce(&Access) -> Result<T, AccessError>,
    ) -> Result<T, CliError> {
        self.runtime.block_on(question(&self.access)).map_err(refused)
    }

    /// Returns the candidate of this id, or of the pattern of this id.
    fn candidate_of(&self, id: &str) -> Result<(CandidateView, PatternView), CliError> {
        self.ask(async |access| {
            if !id.starts_with('p') {
                let candidate = access.candidate(id).await?;
                let pattern = access.pattern(&candidate.pattern).await?;
                return Ok((candidate, pattern));
            }
            let pattern = access.pattern(id).await?;
            let candidate = access.candidate(pattern.candidate.as_deref().unwrap_or(id)).await?;
            Ok((candidate, pattern))
        })
    }

    fn close(self) -> Result<(), CliError> {
        self.runtime.block_on(self.access.close()).map_err(refused)
    }
}

impl Source {
    fn open(&self, context: &Context) -> Result<Opened, CliError> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let named = self.store.is_some() || self.monitor.is_some();
        let variable = |name| context.variable(name).filter(|_| !named);
        let monitor = self.monitor.clone().or_else(|| variable("EVALWARD_MONITOR_URL"));
        let store = self.store.clone().or_else(|| variable("EVALWARD_DATABASE_URL"));
        let access = match (monitor, store) {
            (Some(address), _) => {
                let key = context.variable("EVALWARD_API_KEY").map(Into::into);
                Monitor::new(&address, key).map(Access::Monitor)
            }
            (None, Some(url)) => {
                let clock = context.clock.clone();
                runtime.block_on(Access::of_store(&url, &self.project, clock))
            }
            (None, None) => {
                return Err(CliError::input("say where the candidates are")
                    .with_hint("pass `--store URL` or `--monitor URL`"));
            }
        };
        Ok(Opened { access: access.map_err(refused)?, runtime })
    }
}

fn refused(error: AccessError) -> CliError {
    let hint = error.hint();
    match error {
        AccessError::Review(error) => CliError::input(error),
        error => CliError::failed_to(error),
    }
    .with_hint_if(hint)
}

/// Writes what failed: `rules/no_leaks: has an e-mail address`.
fn what_failed(pattern: &PatternView) -> String {
    match &pattern.rule {
        Some(rule) => format!("{}/{rule}: {}", pattern.metric, pattern.title),
        None => format!("{}: {}", pattern.metric, pattern.title),
    }
}
