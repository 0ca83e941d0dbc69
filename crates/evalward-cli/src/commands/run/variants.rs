//! A suite with variants: a run of the suite itself, one of each variant, and their comparison.

use evalward_config::BASE;
use evalward_core::OnInconclusive;
use evalward_gate::Summary;
use evalward_gate::compare::{ComparePolicy, ComparedScores, VariantPair, compare_variants};
use evalward_report::{Format, NotRun, Options, VariantRun, Variants};
use evalward_runs::StoredRun;

use super::prepare::{Prepared, Purpose, Wanted, prepare};
use super::{RunArgs, evaluate, show_each, tell_of_cache, warn};
use crate::commands::report::{
    append_to_step_summary, summarize, write_reports, write_step_summary,
};
use crate::commands::scores::read_side;
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// A run that came to its end.
struct Finished {
    name: String,
    stored: StoredRun,
    summary: Summary,
}

/// Runs the suite and each of its variants; what comes back is the suite's own gate.
pub(crate) fn run(
    args: &RunArgs,
    base: &Prepared,
    context: &mut Context,
) -> Result<ExitStatus, CliError> {
    let format = args.output.format.unwrap_or(Format::Terminal);
    let of_one_run = match format {
        Format::Junit => Some("JUnit"),
        Format::Html => Some("the HTML page"),
        Format::Terminal | Format::Json | Format::Markdown => None,
    };
    if let Some(name) = of_one_run {
        let error = CliError::input(format!("{name} tells of one run, and the suite has variants"));
        return Err(error.with_hint(
            format!("name one by `--variant`, such as `--variant base`, or write each run's own: `--report {format}`"),
        ));
    }
    // `latest` must not come to mean a run that was made meanwhile.
    let only_failed = base.filter.selection.only_failed.as_ref().map(ToString::to_string);
    let args = &RunArgs { only_failed, ..args.clone() };
    let names = &base.suite.variants;
    // Every mistake is found before the first call.
    for name in names {
        prepare(args, wanted(name, Purpose::Check), context)?;
    }
    let first = finish(args, BASE, base, context)?;
    let mut stopped = first.1;
    let mut finished = vec![first.0];
    let mut not_run = Vec::new();
    for name in names {
        if stopped {
            let problem = "the runs were interrupted before it came".to_owned();
            not_run.push(NotRun { name: name.clone(), problem });
            continue;
        }
        let prepared = prepare(args, wanted(name, Purpose::Run), context);
        match prepared.and_then(|prepared| finish(args, name, &prepared, context)) {
            Ok((variant, interrupted)) => {
                stopped = interrupted;
                finished.push(variant);
            }
            // What the others found out is not lost.
            Err(error) => not_run.push(NotRun { name: name.clone(), problem: error.in_one_line() }),
        }
    }
    let pairs = compare(&finished)?;
    show(&finished, &not_run, &pairs, format, context)?;
    let [suite, ..] = finished.as_slice() else { return Ok(ExitStatus::Incomplete) };
    Ok(suite.summary.decision.into())
}

const fn wanted(variant: &str, purpose: Purpose) -> Wanted<'_> {
    Wanted { variant: Some(variant), purpose, answers: None }
}

/// Runs to the end, keeps and records; returns whether the user interrupted it, too.
fn finish(
    args: &RunArgs,
    name: &str,
    prepared: &Prepared,
    context: &mut Context,
) -> Result<(Finished, bool), CliError> {
    context.note(&format!("{name}:"));
    warn(prepared, context);
    let (stored, interrupted) = evaluate::evaluate(prepared, context)?;
    tell_of_cache(args, prepared, context);
    let summary = summarize(&stored)?;
    if args.output.verbose > 0 && args.output.format.unwrap_or(Format::Terminal) == Format::Terminal
    {
        show_each(prepared, &stored, context)?;
    }
    // A file that is named is the suite's own report; each run's folder takes one of its own.
    let targets: Vec<_> = args
        .output
        .report
        .iter()
        .filter(|target| name == BASE || !target.names_file())
        .cloned()
        .collect();
    write_reports(&stored, &summary, &targets, context)?;
    if name == BASE {
        write_step_summary(&stored, &summary, context)?;
    }
    context.record_run(&stored, &summary);
    Ok((Finished { name: name.to_owned(), stored, summary }, interrupted))
}

fn compare(finished: &[Finished]) -> Result<Vec<VariantPair>, CliError> {
    let sides: Vec<(String, ComparedScores)> = finished
        .iter()
        .map(|run| Ok((run.name.clone(), read_side(&run.stored)?)))
        .collect::<Result<_, CliError>>()?;
    let policy = ComparePolicy {
        on_inconclusive: OnInconclusive::Warn,
        compares_the_rest: true,
        ..ComparePolicy::default()
    };
    Ok(compare_variants(&sides, &policy))
}

fn show(
    finished: &[Finished],
    not_run: &[NotRun],
    pairs: &[VariantPair],
    format: Format,
    context: &mut Context,
) -> Result<(), CliError> {
    let runs: Vec<VariantRun<'_>> = finished
        .iter()
        .map(|run| VariantRun {
            name: &run.name,
            manifest: run.stored.manifest(),
            summary: &run.summary,
        })
        .collect();
    let report = Variants { runs: &runs, not_run, pairs };
    let options = Options { color: context.color_out, width: context.width, ..Options::default() };
    match format {
        Format::Json => report.json(context.out()),
        Format::Markdown => report.markdown(context.out()),
        Format::Terminal | Format::Junit | Format::Html => report.terminal(&options, context.out()),
    }
    .map_err(CliError::incomplete)?;
    context.out().flush()?;
    let mut page = Vec::new();
    report.markdown(&mut page).map_err(CliError::incomplete)?;
    append_to_step_summary(&page, context)?;
    for run in finished {
        let folder = run.stored.folder().display().to_string();
        context.note(&format!("The run of {} is kept in {folder}.", run.name));
    }
    Ok(())
}
