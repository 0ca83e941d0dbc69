//! `evalward judge audit`.

mod file;
mod items;
mod pairs;
mod print;
mod single;
mod styles;

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use evalward_config::{LoadOptions, Suite, load};
use evalward_core::Seed;
use evalward_judge::audit::AuditOptions;
use evalward_report::audit_markdown;

pub(crate) use self::file::audits_of;

use super::asking::{self, AskingOptions};
use crate::commands::print_json;
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward judge audit`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  evalward judge audit support.toml --run latest
  evalward judge audit support.toml --metric helpful --labels labels.jsonl --n 50 --record audit.jsonl
  evalward judge audit support.toml --pairwise preference --run run-a --run run-b
  evalward judge audit support.toml --run latest --replay audit.jsonl --write --format markdown

Each answer is judged as it is and with one known change: padded, with a planted instruction, with criteria or
documents in another order, and again by fresh samples. Where the suite has a model of another family, each answer is
also said anew by the judge's own model and by that one. What moves the score that should not is told with its
95 % interval. The same seed makes the same changes.

Exit codes: 0 the report is there, whatever it says; 2 the input is wrong; 3 nothing could be judged.")]
pub(crate) struct AuditArgs {
    /// The suite file.
    suite: PathBuf,
    /// Override a key of the suite; may be given several times.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// The metric whose judge is audited [default: the only one that asks a judge].
    #[arg(long, value_name = "ID")]
    metric: Option<String>,
    /// Audit this judge that compares two answers instead: its file, or the name of one that evalward brings along.
    #[arg(long, value_name = "FILE|NAME", conflicts_with_all = ["metric", "labels"])]
    pairwise: Option<String>,
    /// Take the answers from this run: its id, the start of its id, its folder, or `latest`; two for `--pairwise`.
    #[arg(long, value_name = "RUN", required_unless_present = "labels", conflicts_with = "labels")]
    run: Vec<String>,
    /// Take the answers from this file of labels; what people said of them does not matter here.
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,
    /// The number of answers, drawn at random.
    #[arg(long, value_name = "N", default_value = "30")]
    n: NonZeroU32,
    /// The number of instructions that are planted in each answer, one at a time.
    #[arg(long, value_name = "N", default_value = "2")]
    injections: NonZeroU32,
    /// The number of fresh samples of each answer.
    #[arg(long, value_name = "N", default_value = "3")]
    repeats: NonZeroU32,
    /// The least rise of a score after which an instruction counts as obeyed, in points [default: an eighth of the scale, 0.5
    /// from 1 to 5]. A score that reaches the top counts, whatever the rise.
    #[arg(long, value_name = "POINTS")]
    rise: Option<f64>,
    /// The number that the draw and all changes follow from.
    #[arg(long, value_name = "NUMBER", default_value = "0")]
    seed: u64,
    #[command(flatten)]
    calls: AskingOptions,
    /// The form of the output.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: AuditFormat,
    /// Write the audit to `audits/METRIC.json` beside the suite file, where reports of runs find it; of a judge that compares two
    /// answers to `audits/pairwise/JUDGE.json`.
    #[arg(long)]
    write: bool,
    /// Also write the audit as JSON to this file.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// The form of the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum AuditFormat {
    /// For people
    #[default]
    Text,
    /// For machines: one JSON object
    Json,
    /// For pull requests
    Markdown,
}

impl AuditArgs {
    fn options(&self) -> AuditOptions {
        AuditOptions { seed: Seed::from_number(self.seed), injections: self.injections.get() }
    }

    fn most(&self, suite: &Suite) -> usize {
        self.calls.most(Some(suite))
    }
}

/// Audits a judge.
pub(super) fn run(args: &AuditArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let options = LoadOptions {
        overrides: args.set.clone(),
        environment: context.lookup(),
        ..LoadOptions::default()
    };
    let suite = load(&args.suite, &options)?;
    if args.rise.is_some_and(|rise| !(rise > 0.0 && rise.is_finite())) {
        return Err(CliError::input("`--rise` is a number of points above 0"));
    }
    let (calls, build) = args.calls.open(context)?;
    let audit = match &args.pairwise {
        Some(judge) => pairs::audit(args, judge, (&suite, &build), context)?,
        None => single::audit(args, (&suite, &build), context)?,
    };
    calls.finish(context)?;
    match args.format {
        AuditFormat::Json => print_json(&audit, context)?,
        AuditFormat::Text => print::print(&audit, context)?,
        AuditFormat::Markdown => {
            let page = audit_markdown(&file::shown(&audit, audit.metric_version));
            context.out().write_all(page.as_bytes())?;
        }
    }
    if let Some(path) = &args.out {
        file::write(path, &audit, context)?;
    }
    if audit.rows.iter().all(|row| row.estimate.is_none()) {
        let reason = audit.error.as_deref().unwrap_or("there are too few answers");
        return Err(CliError::incomplete(format!("nothing could be audited: {reason}")));
    }
    if args.write {
        let path = file::file_of(&suite, audit.metric.as_deref(), &audit.judge)?;
        file::write(&path, &audit, context)?;
    }
    Ok(ExitStatus::Success)
}

/// Returns a length as a count.
fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
