//! `evalward run`.

mod args;
mod evaluate;
mod foresee;
mod prepare;
mod probes;
mod resume;
mod stored_answers;
mod variants;

use evalward_config::BASE;
use evalward_core::Example;
use evalward_gate::Summary;
use evalward_pipeline::selected_examples;
use evalward_report::{Format, Options, example_detail};
use evalward_runs::StoredRun;

pub(crate) use args::{CallOptions, OutputOptions, RunArgs};
pub(crate) use probes::{is_unprobed, merge as merge_probes, stored_probes};
pub(crate) use resume::changes;
pub(crate) use stored_answers::StoredAnswers;

use self::prepare::{Prepared, Purpose, Wanted, prepare};
use crate::commands::corrections;
use crate::commands::report::{
    ReportTarget, keep_summary, render_stored, summarize, write_reports, write_step_summary,
};
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// Evaluates the suite; what comes back is the gate.
pub(crate) fn run(args: &RunArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let variant = args.variant.as_deref().filter(|name| *name != BASE);
    let wanted = Wanted { variant, purpose: Purpose::Run, answers: None };
    let prepared = prepare(args, wanted, context)?;
    if args.variant.is_none() && !prepared.suite.variants.is_empty() {
        if !args.labels.is_empty() {
            let error =
                CliError::input("labels are of the answers of one run, and the suite has variants");
            return Err(error.with_hint("name one by `--variant`, such as `--variant base`"));
        }
        return variants::run(args, &prepared, context);
    }
    run_one(args, &prepared, context)
}

/// Scores the answers of a stored run by the suite, or by one variant; what comes back is the gate.
pub(crate) fn rescore(
    args: &RunArgs,
    answers: &StoredAnswers,
    context: &mut Context,
) -> Result<ExitStatus, CliError> {
    let variant = args.variant.as_deref().filter(|name| *name != BASE);
    let wanted = Wanted { variant, purpose: Purpose::Run, answers: Some(answers) };
    let prepared = prepare(args, wanted, context)?;
    run_one(args, &prepared, context)
}

/// Evaluates the suite, or one variant, alone.
fn run_one(
    args: &RunArgs,
    prepared: &Prepared,
    context: &mut Context,
) -> Result<ExitStatus, CliError> {
    warn(prepared, context);
    resume::offer(prepared, context)?;
    let labels = corrections::read(&args.labels)?;
    let (stored, _) = evaluate::evaluate(prepared, context)?;
    tell_of_cache(args, prepared, context);
    let mut summary = summarize(&stored)?;
    if !labels.is_empty() {
        summary.corrections = corrections::correct(&stored, &labels)
            .map_err(|error| corrections::after_the_run(&error, stored.folder()))?;
        keep_summary(&stored, &summary)?;
    }
    let format = args.output.format.unwrap_or(Format::Terminal);
    if args.output.verbose > 0 && format == Format::Terminal {
        show_each(prepared, &stored, context)?;
    }
    tell_outcome(&stored, &summary, format, &args.output.report, context)
}

/// Prints what a run came to, writes the reports that were asked for, and adds it to the history; what comes back is the gate.
pub(crate) fn tell_outcome(
    stored: &StoredRun,
    summary: &Summary,
    format: Format,
    reports: &[ReportTarget],
    context: &mut Context,
) -> Result<ExitStatus, CliError> {
    render_stored(stored, summary, format, false, context)?;
    context.out().flush()?;
    write_reports(stored, summary, reports, context)?;
    write_step_summary(stored, summary, context)?;
    let folder = stored.folder().display().to_string();
    context.record_run(stored, summary);
    context
        .note(&format!("The run is kept in {folder}; `evalward report {folder}` shows it again."));
    Ok(summary.decision.into())
}

fn warn(prepared: &Prepared, context: &mut Context) {
    for warning in &prepared.warnings {
        context.note(&format!("warning: {warning}"));
    }
}

fn tell_of_cache(args: &RunArgs, prepared: &Prepared, context: &mut Context) {
    if let Some(cache) = &prepared.cache {
        context.tell_of_cache(cache, args.output.verbose > 0);
    }
}

/// Shows every example in full. Rows stand in the order of the dataset, so each meets its example again.
fn show_each(
    prepared: &Prepared,
    stored: &StoredRun,
    context: &mut Context,
) -> Result<(), CliError> {
    let options = Options { color: context.color_out, ..Options::default() };
    let mut examples = selected_examples(&prepared.dataset, &prepared.filter);
    let mut current: Option<Example> = None;
    for trial in stored.trials()? {
        let trial = trial?;
        while current.as_ref().is_none_or(|example| example.id != trial.example_id) {
            let Some(example) = examples.next() else { return Ok(()) };
            current = Some(example.map_err(CliError::incomplete)?);
        }
        let request =
            current.as_ref().and_then(|example| prepared.subject.subject.request_text(example));
        example_detail(&trial, request.as_deref(), &options, context.out())
            .map_err(CliError::incomplete)?;
        writeln!(context.out())?;
    }
    Ok(())
}
