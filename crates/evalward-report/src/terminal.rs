//! Tables, failing examples and advice for a person at a terminal.

use std::error::Error;
use std::io::Write;

use evalward_core::{Partition, Trial, visible};
use evalward_gate::{GateStatus, Summary};

use crate::causes::Causes;
use crate::judge_tables::judge_tables;
use crate::paint::Paint;
use crate::terminal_example::failing_example;
use crate::text::one_line;
use crate::walk::{Blocks, Limit, Rest, write_failing};
use crate::{Options, ReportError, Run, embedding_calls, grid, number, overall, repeats, words};

/// Writes a run for a person at a terminal: tables, failing examples, errors by cause, gates, and what to do.
///
/// # Errors
/// [`ReportError`] if a row cannot be read or the report cannot be written.
pub fn terminal<E>(
    run: Run<'_>,
    trials: impl IntoIterator<Item = Result<Trial, E>>,
    options: &Options,
    out: &mut dyn Write,
) -> Result<(), ReportError>
where
    E: Into<Box<dyn Error + Send + Sync>>,
{
    let paint = Paint { color: options.color };
    out.write_all(header(run, paint).as_bytes())?;
    write_tables(run, options, out)?;
    let heading = |partition| heading(run.summary, partition, paint);
    let blocks = Blocks {
        heading: &heading,
        block: &|trial| failing_example(trial, paint),
        limit: (!options.all)
            .then_some(Limit { examples: options.max_examples, bytes: usize::MAX }),
    };
    let rest = write_failing(run, trials, &blocks, out)?;
    write_rest(run, rest, paint, out)?;
    write_verdict(run.summary, paint, out)
}

fn header(run: Run<'_>, paint: Paint) -> String {
    let manifest = run.manifest;
    let title = format!("{} ({})", manifest.suite.label(), manifest.suite.tier);
    format!(
        "{}\n  run      {}\n  subject  {}\n  dataset  {}\n",
        paint.bold(&one_line(&title)),
        manifest.run_id,
        one_line(&words::subject(manifest)),
        one_line(&words::dataset(manifest)),
    )
}

/// Writes the tables; where one would be wider than the terminal, counts and usage stand one below the other.
fn write_tables(run: Run<'_>, options: &Options, out: &mut dyn Write) -> Result<(), ReportError> {
    let summary = run.summary;
    let paint = Paint { color: options.color };
    let outcomes = grid::outcomes(summary);
    let tables = match grid::usage(summary) {
        None => vec![outcomes],
        Some(usage) => {
            let whole = outcomes.clone().beside(usage.clone());
            let fits = options.width.is_none_or(|width| whole.width() <= usize::from(width));
            if fits { vec![whole] } else { vec![outcomes, usage] }
        }
    };
    let mut note = grid::rate_note(summary);
    for table in tables {
        write!(out, "\n{}", table.draw(paint))?;
        if let Some(note) = note.take() {
            writeln!(out, "{}", paint.dim(&note))?;
        }
    }
    if let Some(metrics) = grid::metrics(summary) {
        write!(out, "\n{}", metrics.draw(paint))?;
    }
    for line in repeats::lines(summary) {
        writeln!(out, "\n{line}")?;
    }
    let titled = repeats::table(summary).into_iter().chain(overall::tables(summary));
    for it in titled.chain(judge_tables(run)).chain(embedding_calls::table(summary)) {
        writeln!(out, "\n{}", paint.bold(&it.title))?;
        if let Some(grid) = &it.grid {
            out.write_all(grid.draw_within(options.width, paint).as_bytes())?;
        }
        if let Some(note) = &it.note {
            writeln!(out, "{}", paint.dim(note))?;
        }
    }
    Ok(())
}

fn heading(summary: &Summary, partition: Partition, paint: Paint) -> String {
    let failed = summary.partitions.get(&partition).map_or(0, |part| part.counts.failed);
    format!("\n{}\n", paint.bold(&format!("{partition}: {failed} failed")))
}

fn write_rest(
    run: Run<'_>,
    rest: Rest,
    paint: Paint,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    if rest.left_out > 0 {
        let command = format!("evalward report {}", run.manifest.run_id);
        writeln!(
            out,
            "\n… and {}: `{command} --all`, or `{command} --format markdown`",
            number::count(rest.left_out, "more failing example"),
        )?;
    }
    let counts = run.summary.counts;
    write_causes(&paint.bold(&format!("{} errored", counts.errored)), rest.errored, out)?;
    write_causes(&paint.bold(&format!("{} skipped", counts.skipped)), rest.skipped, out)
}

fn write_causes(heading: &str, causes: Causes, out: &mut dyn Write) -> Result<(), ReportError> {
    let (causes, others) = causes.into_ranked();
    if causes.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{heading}")?;
    for cause in causes {
        let ids = cause.id_list(|id| visible(id).into_owned());
        writeln!(out, "  {} × {}\n      {ids}", cause.count, one_line(&cause.text))?;
    }
    if others > 0 {
        writeln!(out, "  {others} × other causes")?;
    }
    Ok(())
}

fn write_verdict(summary: &Summary, paint: Paint, out: &mut dyn Write) -> Result<(), ReportError> {
    writeln!(out, "\n{}", paint.bold("gates"))?;
    for gate in &summary.gates {
        let (mark, word) = words::gate_status(gate.status);
        let status = format!("{mark} {word:12}");
        let status = match gate.status {
            GateStatus::Holds => paint.green(&status),
            GateStatus::Reported | GateStatus::Deferred => status,
            GateStatus::Failed | GateStatus::Incomplete => paint.red(&status),
            GateStatus::Inconclusive | GateStatus::Warned | GateStatus::Skipped => {
                paint.yellow(&status)
            }
        };
        writeln!(out, "  {status}  {:12}  {}", gate.partition, one_line(&gate.message))?;
    }
    for warning in words::untold_warnings(summary) {
        writeln!(out, "  {}  {}", paint.yellow("! warning     "), one_line(warning))?;
    }
    let advice = format!("{} (exit {})", one_line(&summary.advice), summary.exit_code);
    writeln!(out, "\n{}", paint.bold(&advice))?;
    Ok(())
}
