//! What `evalward history` does.

use std::path::Path;

use evalward_report::Options;
use evalward_report::history::{
    ExampleTrend, HistoryRun, example_history, example_trends, history_table, trends,
};

use super::add::add;
use super::plot::draw;
use super::read::{Recorded, as_shown, read};
use super::record::store_url;
use super::{HistoryArgs, json};
use crate::commands::OutputFormat;
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// Lists recorded runs, draws them, or records some.
pub(crate) fn run(args: &HistoryArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let url = match &args.store {
        Some(url) => url.clone(),
        None => store_url(context),
    };
    if !args.add.is_empty() {
        return add(&args.add, &url, context);
    }
    let is_missing = url.strip_prefix("sqlite://").is_some_and(|path| !Path::new(path).exists());
    if is_missing && args.store.is_some() {
        let problem = format!("failed to open the store `{url}`: there is no such file");
        return Err(CliError::input(problem));
    }
    let found = if is_missing { Recorded::default() } else { read(args, &url)? };
    let shown: Vec<HistoryRun> = found.runs.iter().map(as_shown).collect();
    let trends = trends(&shown);
    if let Some(example) = &args.example {
        let of_example = example_trends(&trends, &found.trials);
        return show_example(args, example, (&found, &of_example), context);
    }
    if let Some(path) = &args.plot {
        if trends.is_empty() {
            return Err(CliError::input(format!("{}, so there is nothing to draw", nothing(args))));
        }
        draw(path, &trends, context)?;
    }
    match args.format {
        OutputFormat::Json => json::print(&found.runs, &trends, context)?,
        OutputFormat::Text if trends.is_empty() => context.note(&nothing(args)),
        OutputFormat::Text => {
            let text = history_table(&trends, &options(context));
            context.out().write_all(text.as_bytes())?;
        }
    }
    Ok(ExitStatus::Success)
}

fn show_example(
    args: &HistoryArgs,
    example: &str,
    (found, of_example): (&Recorded, &[ExampleTrend<'_>]),
    context: &mut Context,
) -> Result<ExitStatus, CliError> {
    let without = found.runs.iter().filter(|run| run.score_rows.is_none()).count();
    if of_example.is_empty() {
        if found.runs.is_empty() {
            return Err(CliError::input(nothing(args)));
        }
        let error = format!("no recorded run has scores of example `{example}`");
        let hint = if without > 0 {
            "the history has some of the runs without scores; `evalward history --add RUN` adds them from a run's folder"
        } else {
            "`results.jsonl` in the folder of a run lists its examples; `--limit` looks at more runs"
        };
        return Err(CliError::input(error).with_hint(hint));
    }
    match args.format {
        OutputFormat::Json => json::print_example(example, of_example, context)?,
        OutputFormat::Text => {
            let text = example_history(example, of_example, &options(context));
            context.out().write_all(text.as_bytes())?;
        }
    }
    if without > 0 {
        context.note(&format!(
            "{without} of {} runs are in the history without the scores of their examples; `evalward history --add RUN` adds those of a stored run",
            found.runs.len()
        ));
    }
    Ok(ExitStatus::Success)
}

fn options(context: &Context) -> Options {
    Options { color: context.color_out, width: context.width, ..Options::default() }
}

/// Says that nothing is recorded of what was asked for.
fn nothing(args: &HistoryArgs) -> String {
    let suite = args.suite.as_ref().map(|suite| format!(" of suite `{suite}`")).unwrap_or_default();
    let variant = args.variant.as_ref().map(|it| format!(" of variant `{it}`")).unwrap_or_default();
    format!("no run{suite}{variant} is recorded yet")
}
