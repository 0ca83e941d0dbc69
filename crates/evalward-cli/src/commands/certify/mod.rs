//! `evalward certify`.

mod print;
mod read;

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::Args;
use evalward_core::{Rate, Seed};
use evalward_gate::certify::{CertifyError, CertifyOptions, certify};
use serde::Serialize;

use super::output::{OutputFormat, print_json};
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward certify`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  evalward run support.toml && evalward run support.toml     two runs of an unchanged subject ...
  evalward certify support.toml                              ... know its run-to-run noise
  evalward run support.toml --repeats 3                      so does one run with repeats
  evalward certify support.toml --drop 0.02 --resamples 10000
  evalward certify support.toml --set gates.distribution.pass_rate=0.95

Runs that might have been are put together from the stored ones and pass through all gates of the
suite, as every run does. Nothing is called. Exit code 4: the stored runs know no noise.")]
pub(crate) struct CertifyArgs {
    /// The suite file; its gates are tried, and its stored runs are read.
    #[arg(default_value = "evalward.toml")]
    suite: PathBuf,
    /// Override a key of the suite, such as `gates.distribution.pass_rate=0.95`; may be given several times.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Rest on this run (an id, its start, a folder or `latest`) instead of the latest ones that are alike; may be given several times.
    #[arg(long, value_name = "RUN")]
    run: Vec<String>,
    /// Plant a drop of the pass rate of this size; may be given several times [default: 0.05 and 0.10].
    #[arg(long, value_name = "SHARE", value_parser = share)]
    drop: Vec<Rate>,
    /// The number of runs to put together for each question.
    #[arg(long, value_name = "N", default_value = "2000")]
    resamples: NonZeroU32,
    /// The number that all draws follow from.
    #[arg(long, value_name = "NUMBER", default_value = "0")]
    seed: u64,
    /// The form of the output.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: OutputFormat,
}

/// What `--format json` writes where nothing is certified.
#[derive(Serialize)]
struct Inconclusive<'a> {
    version: u32,
    decision: &'a str,
    message: &'a str,
    hint: &'a str,
}

/// What to do where the runs know no noise.
const MORE_RUNS: &str = "run the suite again without a change (not from a recording), or once with `--repeats 3`, and certify then";

/// Measures how often a gate errs.
pub(crate) fn run(args: &CertifyArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let evidence = read::read(args, context)?;
    for warning in &evidence.warnings {
        context.note(&format!("warning: {warning}"));
    }
    let drops = if args.drop.is_empty() {
        [0.05, 0.10].into_iter().filter_map(Rate::new).collect()
    } else {
        args.drop.clone()
    };
    let options = CertifyOptions {
        resamples: args.resamples,
        drops,
        seed: Seed::from_number(args.seed),
        exchanged: evidence.exchanged.clone(),
    };
    let mut told = 0;
    let mut progress = |done: u64, all: u64| {
        let tenths = done * 10 / all.max(1);
        if tenths > told && all >= 5000 {
            told = tenths;
            context.note(&format!("{done}/{all} runs put together"));
        }
    };
    let certified =
        certify(&evidence.observed, evidence.runs.clone(), &evidence.plan, &options, &mut progress);
    let certificate = match certified {
        Ok(certificate) => certificate,
        Err(error @ CertifyError::TooFewTrials { .. }) => {
            return inconclusive(args, &error.to_string(), context);
        }
        Err(error) => return Err(CliError::incomplete(error)),
    };
    match args.format {
        OutputFormat::Json => print_json(&certificate, context)?,
        OutputFormat::Text => print::print(&evidence.suite, args.seed, &certificate, context)?,
    }
    Ok(ExitStatus::Success)
}

fn inconclusive(
    args: &CertifyArgs,
    message: &str,
    context: &mut Context,
) -> Result<ExitStatus, CliError> {
    match args.format {
        OutputFormat::Json => {
            let hint = MORE_RUNS;
            print_json(
                &Inconclusive { version: 1, decision: "inconclusive", message, hint },
                context,
            )?;
        }
        OutputFormat::Text => {
            writeln!(context.out(), "Inconclusive: {message}: {MORE_RUNS}. (exit 4)")?;
        }
    }
    Ok(ExitStatus::Inconclusive)
}

fn share(text: &str) -> Result<Rate, String> {
    let value: f64 = text.parse().map_err(|_| "write a share, such as 0.05".to_owned())?;
    Rate::new(value)
        .filter(|rate| *rate > Rate::ZERO)
        .ok_or_else(|| "a drop is a share above 0, at most 1, such as 0.05".to_owned())
}
