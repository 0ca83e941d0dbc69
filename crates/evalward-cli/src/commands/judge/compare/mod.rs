//! `evalward judge compare`.

mod answers;
mod print;

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use evalward_config::{LoadOptions, Suite, load, load_pairwise_judge};
use evalward_core::{Rate, RunId};
use evalward_judge::{PairMeasurement, PairTally, PairwiseJudge, tally};
use evalward_stats::Level;
use evalward_stats::comparison::{
    BradleyTerryBootstrap, Match, Resampling, bradley_terry_bootstrap,
};
use serde::Serialize;

use self::answers::{Answers, Pairing};
use super::asking::{self, AskingOptions};
use crate::commands::{OutputFormat, print_json};
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The version of what `--format json` writes.
const JSON_VERSION: u32 = 1;

/// How many resamples the intervals of ratings are made of.
const RESAMPLES: u32 = 2000;

/// The arguments of `evalward judge compare`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  evalward judge compare 20261103-142207 latest --suite support.toml
  evalward judge compare run-a run-b run-c --judge judges/brevity.toml --record pairs.jsonl
  evalward judge compare run-a run-b --suite support.toml --sample 50 --seed 1

Each pair of answers to the same example is judged in both orders; a judge that changes its mind with the order
has no preference. Answers that are the same are a tie, and nobody is asked.

Exit codes: 0 the report is there; 2 the runs or the judge cannot be used; 3 more pairs errored than --max-errored
allows, or none could be judged.")]
pub(crate) struct CompareArgs {
    /// The runs, two or more: the id of each, the start of its id, its folder, or `latest`.
    #[arg(required = true, num_args = 2.., value_name = "RUN")]
    runs: Vec<String>,
    /// The judge: its file, or the name of one that evalward brings along.
    #[arg(long, value_name = "FILE|NAME", default_value = "preference")]
    judge: String,
    /// A suite file: its `[judges.model]` is asked where the judge's file names no model, and its dataset has the context.
    #[arg(long, value_name = "FILE")]
    suite: Option<PathBuf>,
    /// Override a key of the suite; may be given several times.
    #[arg(long, value_name = "KEY=VALUE", requires = "suite")]
    set: Vec<String>,
    /// Take every warning for a mistake (exit 2): nobody is asked while there is one.
    #[arg(long)]
    strict: bool,
    /// Compare the answers to this many examples, drawn at random.
    #[arg(long, value_name = "N")]
    sample: Option<NonZeroU32>,
    /// The number that the sample and the intervals of ratings follow from.
    #[arg(long, value_name = "NUMBER", default_value = "0")]
    seed: u64,
    #[command(flatten)]
    calls: AskingOptions,
    /// The share of pairs that may be errored.
    #[arg(long, value_name = "SHARE", default_value = "0", value_parser = share)]
    max_errored: Rate,
    /// The form of the output.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: OutputFormat,
}

/// What is reported.
#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    judge: &'a str,
    judge_version: String,
    model: &'a str,
    seed: u64,
    examples: usize,
    /// The examples that not all runs have with equal content.
    left_out: usize,
    runs: Vec<ComparedRun>,
    pairs: Vec<RunPair>,
    ratings: Option<Ratings>,
    comparisons: Vec<Comparison<'a>>,
}

#[derive(Serialize)]
struct ComparedRun {
    run: RunId,
    subject: String,
}

/// Two of the runs, by their places.
#[derive(Serialize)]
struct RunPair {
    first: usize,
    second: usize,
    tally: PairTally,
}

/// The ratings of the runs, in their order.
#[derive(Serialize)]
struct Ratings {
    resamples: u32,
    bradley_terry: BradleyTerryBootstrap,
}

#[derive(Serialize)]
struct Comparison<'a> {
    example: &'a str,
    trial: u32,
    first: usize,
    second: usize,
    result: &'a PairMeasurement,
}

/// Compares runs.
pub(super) fn run(args: &CompareArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let suite = suite(args, context)?;
    asking::caution(&args.judge, suite.as_ref(), &args.runs, args.strict, context)?;
    let (calls, options) = args.calls.open(context)?;
    let judge = load_pairwise_judge(&args.judge, suite.as_ref(), &context.lookup(), &options)?;
    let answers = Answers::read(args, suite.as_ref(), &judge, context)?;
    let pairings = answers.pairings();
    let most = args.calls.most(suite.as_ref());
    let questions: Vec<_> = pairings.iter().map(|it| question(&judge, it)).collect();
    let found = asking::ask_all(questions, most, "compared", context)?;
    calls.finish(context)?;
    let lost = || PairMeasurement::Errored("the judge panicked".to_owned());
    let found: Vec<PairMeasurement> = found.into_iter().map(|it| it.unwrap_or_else(lost)).collect();
    let report = report(args, &answers, &judge, (&pairings, &found));
    match args.format {
        OutputFormat::Json => print_json(&report, context)?,
        OutputFormat::Text => print::print(&report, context)?,
    }
    status(args, &found)
}

fn suite(args: &CompareArgs, context: &Context) -> Result<Option<Suite>, CliError> {
    let Some(path) = &args.suite else { return Ok(None) };
    let overrides = args.set.clone();
    let options =
        LoadOptions { overrides, environment: context.lookup(), ..LoadOptions::default() };
    Ok(Some(load(path, &options)?))
}

fn question(
    judge: &Arc<PairwiseJudge>,
    pairing: &Pairing,
) -> impl Future<Output = PairMeasurement> + Send + 'static {
    let (judge, pair) = (Arc::clone(judge), pairing.pair.clone());
    let label = pairing.id.to_string();
    // Trials are samples of their own, so that equal answers of two trials are judged twice.
    let sample = pairing.trial.saturating_sub(1);
    async move { judge.compare(&pair, &label, sample).await }
}

fn report<'a>(
    args: &CompareArgs,
    answers: &Answers,
    judge: &'a PairwiseJudge,
    (pairings, found): (&'a [Pairing], &'a [PairMeasurement]),
) -> Report<'a> {
    let both = || pairings.iter().zip(found);
    let count = answers.runs.len();
    let pairs = (0..count).flat_map(|first| (first + 1..count).map(move |second| (first, second)));
    let pairs = pairs.map(|(first, second)| {
        let of_both: Vec<(&PairMeasurement, usize)> = both()
            .filter(|(pairing, _)| (pairing.first, pairing.second) == (first, second))
            .map(|(pairing, found)| (found, pairing.cluster))
            .collect();
        RunPair { first, second, tally: tally(&of_both) }
    });
    let (mut matches, mut clusters) = (Vec::new(), Vec::new());
    for (pairing, measurement) in both() {
        if let PairMeasurement::Judged(judgement) = measurement {
            let Pairing { first, second, cluster, .. } = *pairing;
            matches.push(Match { first, second, score: judgement.score() });
            clusters.push(cluster);
        }
    }
    let resampling = Resampling { resamples: RESAMPLES, seed: args.seed };
    let found_ratings = bradley_terry_bootstrap(count, &matches, &clusters, resampling, Level::P95);
    Report {
        version: JSON_VERSION,
        judge: judge.name(),
        judge_version: judge.version().to_string(),
        model: judge.model(),
        seed: args.seed,
        examples: answers.examples(),
        left_out: answers.left_out,
        runs: answers
            .runs
            .iter()
            .map(|run| ComparedRun { run: run.id.clone(), subject: run.subject.clone() })
            .collect(),
        pairs: pairs.collect(),
        ratings: found_ratings
            .ok()
            .map(|bradley_terry| Ratings { resamples: RESAMPLES, bradley_terry }),
        comparisons: both()
            .map(|(pairing, result)| Comparison {
                example: pairing.id.as_str(),
                trial: pairing.trial,
                first: pairing.first,
                second: pairing.second,
                result,
            })
            .collect(),
    }
}

fn status(args: &CompareArgs, found: &[PairMeasurement]) -> Result<ExitStatus, CliError> {
    let errors: Vec<&String> = found
        .iter()
        .filter_map(|it| match it {
            PairMeasurement::Errored(reason) => Some(reason),
            _ => None,
        })
        .collect();
    let float = |length: usize| u32::try_from(length).map_or(f64::MAX, f64::from);
    let share = float(errors.len()) / float(found.len().max(1));
    if let Some(first) = errors.first()
        && share > args.max_errored.get()
    {
        let text =
            format!("{} of {} pairs could not be judged: {first}", errors.len(), found.len());
        return Err(CliError::incomplete(text));
    }
    if !found.iter().any(|it| matches!(it, PairMeasurement::Judged(_))) {
        let reason = found.iter().find_map(|it| match it {
            PairMeasurement::Skipped(reason) => Some(reason.as_str()),
            _ => None,
        });
        let reason = reason.unwrap_or("there is none");
        return Err(CliError::incomplete(format!("no pair could be judged: each {reason}"))
            .with_hint("`--suite FILE` names the dataset that has the context"));
    }
    Ok(ExitStatus::Success)
}

fn share(text: &str) -> Result<Rate, String> {
    let share = text.parse().ok().and_then(Rate::new);
    share.ok_or_else(|| format!("`{text}` is not a share from 0 to 1"))
}
