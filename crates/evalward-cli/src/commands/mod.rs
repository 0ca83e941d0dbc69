//! The commands, one module each.

mod baseline;
mod cache;
pub(crate) mod calibration;
mod certify;
mod compare;
mod completions;
mod corrections;
mod dataset;
mod doctor;
mod feedback;
mod history;
mod import;
mod init;
mod judge;
mod label;
mod merge;
mod metric;
mod models;
mod output;
mod power;
mod report;
mod rescore;
mod run;
mod schema;
mod scores;
mod stats;
mod suite_runs;

use clap::Subcommand;

pub(crate) use output::{OutputFormat, print_json};

use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a working suite to start from
    Init(init::InitArgs),
    /// Evaluate a suite; the exit code is the gate
    Run(Box<run::RunArgs>),
    /// Score the answers of a stored run anew, by other metrics or another judge; the subject is not called
    Rescore(Box<rescore::RescoreArgs>),
    /// Compare two runs: did anything get worse, and does the evidence carry that?
    Compare(compare::CompareArgs),
    /// Put the shards of a run together; the exit code is the gate
    Merge(merge::MergeArgs),
    /// Keep a run as the bar for those to come
    Baseline(baseline::BaselineArgs),
    /// Check, approve, compare, import and export datasets
    Dataset(dataset::DatasetArgs),
    /// Render a stored run for people or machines
    Report(report::ReportArgs),
    /// List the runs of the past
    History(history::HistoryArgs),
    /// Tell how many examples it takes to see a difference
    Power(power::PowerArgs),
    /// Measure how often a suite's gate would block a change that changed nothing, or miss a real drop
    Certify(certify::CertifyArgs),
    /// Translate a suite, or results, of another tool
    Import(import::ImportArgs),
    /// Calibrate a metric against what people say of answers
    Metric(metric::MetricArgs),
    /// Look at judges, models that score answers, and calibrate them against people
    Judge(judge::JudgeArgs),
    /// Draw answers of a run for people to label, blind, and read their labels back
    Label(Box<label::LabelArgs>),
    /// Review the examples that failures in production propose
    Feedback(feedback::FeedbackArgs),
    /// Download, add and list the embedding models of this machine
    Models(models::ModelsArgs),
    /// Look at what is kept of calls, and take it out
    Cache(cache::CacheArgs),
    /// Compute statistics, for other languages: JSON lines in, JSON lines out
    Stats(stats::StatsArgs),
    /// Print the JSON Schema of a file format
    Schema(schema::SchemaArgs),
    /// Print a completion script for a shell
    Completions(completions::CompletionsArgs),
    /// Check that this machine has what a suite needs
    Doctor(doctor::DoctorArgs),
}

/// Runs a command.
pub(crate) fn run(command: Command, context: &mut Context) -> Result<ExitStatus, CliError> {
    let status = match command {
        Command::Init(args) => init::run(&args, context),
        Command::Run(args) => run::run(&args, context),
        Command::Rescore(args) => rescore::run(&args, context),
        Command::Merge(args) => merge::run(&args, context),
        Command::Compare(args) => compare::run(&args, context),
        Command::Baseline(args) => baseline::run(&args, context),
        Command::Power(args) => power::run(&args, context),
        Command::Certify(args) => certify::run(&args, context),
        Command::Models(args) => models::run(args, context),
        Command::Cache(args) => cache::run(args, context),
        Command::Metric(args) => metric::run(&args, context),
        Command::Stats(args) => stats::run(&args, context),
        Command::Dataset(args) => dataset::run(args, context),
        Command::Report(args) => report::run(&args, context),
        Command::History(args) => history::run(&args, context),
        Command::Import(args) => import::run(&args, context),
        Command::Judge(args) => judge::run(&args, context),
        Command::Label(args) => label::run(&args, context),
        Command::Feedback(args) => feedback::run(args, context),
        Command::Schema(args) => schema::run(&args, context),
        Command::Completions(args) => completions::run(&args, context),
        Command::Doctor(args) => doctor::run(&args, context),
    }?;
    context.out().flush()?;
    Ok(status)
}
