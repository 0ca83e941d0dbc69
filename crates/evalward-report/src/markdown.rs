//! A summary for pull requests and `GITHUB_STEP_SUMMARY`.

use std::error::Error;
use std::io::Write;

use evalward_core::{Outcome, Partition, Trial, visible};

use crate::causes::{Cause, Causes};
use crate::input::input_text;
use crate::judge_tables::judge_tables;
use crate::markdown_text::{code, fenced, inline, table};
use crate::text::{append, shorten};
use crate::walk::{Blocks, Limit, write_failing};
use crate::{Options, ReportError, Run, embedding_calls, grid, number, overall, repeats, words};

/// Room that failing examples leave to errored and skipped ones.
const CAUSES_RESERVE: usize = 8_000;
/// Room for the last lines.
const FOOT_RESERVE: usize = 4_000;
const MAX_TEXT: usize = 2_000;
const MAX_REASON: usize = 500;
const MAX_NAME: usize = 300;

/// Writes a run as Markdown for pull requests: the decision, tables, gates, and the failing examples to unfold.
///
/// The page stays below [`Options::max_bytes`] by leaving failing examples out, and says how many; `all` lifts that.
///
/// # Errors
/// [`ReportError`] if a row cannot be read or the report cannot be written.
pub fn markdown<E>(
    run: Run<'_>,
    trials: impl IntoIterator<Item = Result<Trial, E>>,
    options: &Options,
    out: &mut dyn Write,
) -> Result<(), ReportError>
where
    E: Into<Box<dyn Error + Send + Sync>>,
{
    let head = head(run);
    out.write_all(head.as_bytes())?;
    let max_bytes = if options.all { usize::MAX } else { options.max_bytes };
    let mut room = max_bytes.saturating_sub(head.len() + FOOT_RESERVE);
    let blocks = Blocks {
        heading: &|partition| heading(run, partition),
        block: &failing_example,
        limit: (!options.all)
            .then_some(Limit { examples: usize::MAX, bytes: room.saturating_sub(CAUSES_RESERVE) }),
    };
    let rest = write_failing(run, trials, &blocks, out)?;
    room = room.saturating_sub(rest.bytes);
    if rest.left_out > 0 {
        writeln!(
            out,
            "\n{} left out to keep this page short: <code>evalward report {} --format markdown --all</code>",
            number::count(rest.left_out, "failing example"),
            inline(run.manifest.run_id.as_str()),
        )?;
    }
    let counts = run.summary.counts;
    write_causes(&number::count(counts.errored, "errored example"), rest.errored, &mut room, out)?;
    write_causes(&number::count(counts.skipped, "skipped example"), rest.skipped, &mut room, out)?;
    out.write_all(foot(run).as_bytes())?;
    Ok(())
}

fn head(run: Run<'_>) -> String {
    let summary = run.summary;
    let counts = summary.counts;
    let mut text = format!(
        "**{}**: {} ({}), {} of {} passed\n\n",
        words::decision(summary.decision),
        inline(&run.manifest.suite.label()),
        inline(&run.manifest.suite.tier),
        counts.passed,
        number::count(counts.total, "example"),
    );
    let outcomes = grid::outcomes(summary);
    text.push_str(&table(&match grid::usage(summary) {
        Some(usage) => outcomes.beside(usage),
        None => outcomes,
    }));
    if let Some(note) = grid::rate_note(summary) {
        append(&mut text, format_args!("\n<sub>{note}</sub>\n"));
    }
    for (index, line) in repeats::lines(run.summary).into_iter().enumerate() {
        let gap = if index == 0 { "\n" } else { "" };
        append(&mut text, format_args!("{gap}- {line}\n"));
    }
    text.push_str("\n**Gates**\n\n");
    for gate in &summary.gates {
        let (mark, word) = words::gate_status(gate.status);
        let message = inline(&gate.message);
        append(&mut text, format_args!("- {mark} {word}: **{}**, {message}\n", gate.partition));
    }
    for warning in words::untold_warnings(summary) {
        append(&mut text, format_args!("- ! warning: {}\n", inline(warning)));
    }
    if let Some(metrics) = grid::metrics(summary) {
        let table = table(&metrics);
        append(
            &mut text,
            format_args!("\n<details><summary>Metrics</summary>\n\n{table}\n</details>\n"),
        );
    }
    let titled = repeats::table(summary).into_iter().chain(overall::tables(summary));
    for it in titled.chain(judge_tables(run)).chain(embedding_calls::table(summary)) {
        let title = inline(&it.title);
        append(&mut text, format_args!("\n<details><summary>{title}</summary>\n"));
        if let Some(grid) = &it.grid {
            append(&mut text, format_args!("\n{}", table(grid)));
        }
        if let Some(note) = &it.note {
            append(&mut text, format_args!("\n<sub>{}</sub>\n", inline(note)));
        }
        text.push_str("\n</details>\n");
    }
    text
}

fn heading(run: Run<'_>, partition: Partition) -> String {
    let failed = run.summary.partitions.get(&partition).map_or(0, |part| part.counts.failed);
    format!("\n**{partition}: {failed} failed**\n")
}

fn failing_example(trial: &Trial) -> String {
    let reasons: &[_] = match &trial.outcome {
        Outcome::Failed(reasons) => reasons,
        _ => &[],
    };
    let lines: Vec<String> = reasons
        .iter()
        .map(|reason| {
            format!("{}: {}", code(&reason.metric), inline(&shorten(&reason.message, MAX_REASON)))
        })
        .collect();
    let name = code(&words::trial_name(trial));
    let first = lines.first().map_or("failed", String::as_str);
    let mut block = format!("\n<details><summary>{name} {first}</summary>\n\n");
    for line in &lines {
        append(&mut block, format_args!("- {line}\n"));
    }
    let mut section = |label: &str, text: &str| {
        let text = visible(text);
        append(&mut block, format_args!("\n{label}:\n\n{}", fenced(&shorten(&text, MAX_TEXT))));
    };
    section("Input", &input_text(&trial.input));
    if let Some(expected) = &trial.expected_output {
        section("Expected", expected);
    }
    match &trial.response {
        Some(response) => section("Actual", &response.output),
        None => block.push_str("\nThere is no response.\n"),
    }
    block.push_str("\n</details>\n");
    block
}

/// Writes causes as long as there is room; the rest is counted.
fn write_causes(
    title: &str,
    causes: Causes,
    room: &mut usize,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    let (causes, mut hidden) = causes.into_ranked();
    if causes.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n<details><summary>{title}</summary>\n")?;
    for cause in &causes {
        let line = cause_line(cause);
        match room.checked_sub(line.len()) {
            Some(left) => {
                *room = left;
                out.write_all(line.as_bytes())?;
            }
            None => hidden += cause.count,
        }
    }
    if hidden > 0 {
        writeln!(out, "- {hidden} × other causes")?;
    }
    writeln!(out, "\n</details>")?;
    Ok(())
}

fn cause_line(cause: &Cause) -> String {
    format!("- {} × {}: {}\n", cause.count, inline(&cause.text), cause.id_list(code))
}

fn foot(run: Run<'_>) -> String {
    let manifest = run.manifest;
    format!(
        "\n{} (exit {})\n\n<sub>run {}, subject {}, dataset {}, evalward {}</sub>\n",
        inline(&run.summary.advice),
        run.summary.exit_code,
        code(manifest.run_id.as_str()),
        inline(&shorten(&words::subject(manifest), MAX_NAME)),
        inline(&shorten(&words::dataset(manifest), MAX_NAME)),
        inline(&manifest.tool_version),
    )
}
