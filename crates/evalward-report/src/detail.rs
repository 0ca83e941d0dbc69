//! Everything that a row knows about one example.

use std::io::Write;

use evalward_core::{Document, Measurement, Outcome, Response, Score, Trial, Usage, visible};
use serde_json::Value;

use crate::diff::word_diff;
use crate::input::input_text;
use crate::paint::Paint;
use crate::text::{append, one_line};
use crate::{Options, ReportError, number, words};

/// Writes one example in full: its input, what the subject was sent where that is known, the response as it came, and each
/// score with what explains it.
///
/// # Errors
/// [`ReportError`] if it cannot be written.
pub fn example_detail(
    trial: &Trial,
    request: Option<&str>,
    options: &Options,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    let paint = Paint { color: options.color };
    write_outcome(trial, paint, out)?;
    write_section("input", &input_text(&trial.input), paint, out)?;
    if let Some(request) = request {
        write_section("request", request, paint, out)?;
    }
    if let Some(expected) = &trial.expected_output {
        write_section("expected output", expected, paint, out)?;
    }
    match &trial.response {
        None => write_section("output", "(no response)", paint, out)?,
        Some(response) => write_response(trial, response, paint, out)?,
    }
    if !trial.scores.is_empty() {
        writeln!(out, "\n{}", paint.bold("scores"))?;
    }
    for (metric, measurement) in &trial.scores {
        write_measurement(metric, measurement, paint, out)?;
    }
    Ok(())
}

fn write_outcome(trial: &Trial, paint: Paint, out: &mut dyn Write) -> Result<(), ReportError> {
    let kind = trial.outcome.kind().to_string();
    let kind = match &trial.outcome {
        Outcome::Passed => paint.green(&kind),
        Outcome::Failed(_) | Outcome::Errored(_) => paint.red(&kind),
        Outcome::Skipped(_) => paint.yellow(&kind),
    };
    let name = paint.bold(&words::trial_name(trial));
    writeln!(out, "{name} ({}): {kind}", trial.partition)?;
    match &trial.outcome {
        Outcome::Passed => {}
        Outcome::Failed(reasons) => {
            for reason in reasons {
                writeln!(out, "  {}: {}", one_line(&reason.metric), one_line(&reason.message))?;
            }
        }
        Outcome::Errored(cause) | Outcome::Skipped(cause) => {
            writeln!(out, "  {}", one_line(cause))?;
        }
    }
    Ok(())
}

fn write_response(
    trial: &Trial,
    response: &Response,
    paint: Paint,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    write_section("output", &response.output, paint, out)?;
    let expected = trial.expected_output.as_deref();
    if let Some(diff) = expected.and_then(|text| word_diff(text, &response.output, paint)) {
        writeln!(out, "\n{}\n  {}", paint.bold("difference"), diff.replace('\n', "\n  "))?;
    }
    if !response.context.is_empty() {
        let documents: Vec<String> = response.context.iter().map(document_text).collect();
        write_section("context", &documents.join("\n"), paint, out)?;
    }
    if !response.tool_calls.is_empty() {
        let calls: Vec<String> = response
            .tool_calls
            .iter()
            .map(|call| format!("{} {}", call.name, call.arguments))
            .collect();
        write_section("tool calls", &calls.join("\n"), paint, out)?;
    }
    if !response.steps.is_empty() {
        let steps: Vec<String> =
            response.steps.iter().map(|step| Value::Object(step.clone()).to_string()).collect();
        write_section("steps", &steps.join("\n"), paint, out)?;
    }
    write_section("call", &call_text(trial, response), paint, out)
}

fn document_text(document: &Document) -> String {
    let name = document.id.as_ref().or(document.reference.as_ref());
    let mut text = name.map(|name| format!("[{name}] ")).unwrap_or_default();
    if let Some(score) = document.score {
        append(&mut text, format_args!("({}) ", number::score(score)));
    }
    text.push_str(document.text.as_deref().unwrap_or_default());
    text
}

/// Returns what is known of the call: `gpt-4o-mini-2024-07-18, 1.3 s, 2 attempts, 120 tokens in, 45 out, $0.0123`.
pub(crate) fn call_text(trial: &Trial, response: &Response) -> String {
    let usage: Usage = response.usage.unwrap_or_default();
    let parts = [
        response.model.clone(),
        trial.latency_millis.map(number::latency),
        (trial.attempts > 0).then(|| number::count(trial.attempts.into(), "attempt")),
        usage.input_tokens.map(|tokens| format!("{tokens} tokens in")),
        usage.output_tokens.map(|tokens| format!("{tokens} tokens out")),
        trial.cost_usd.or(usage.cost_usd).map(number::dollars),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "nothing is known of it".to_owned() } else { parts.join(", ") }
}

fn write_measurement(
    metric: &str,
    measurement: &Measurement,
    paint: Paint,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    let metric = one_line(metric);
    match measurement {
        Measurement::Skipped(reason) => {
            writeln!(out, "  {metric}  {}: {}", paint.yellow("skipped"), one_line(reason))?;
        }
        Measurement::Errored(cause) => {
            writeln!(out, "  {metric}  {}: {}", paint.red("errored"), one_line(cause))?;
        }
        Measurement::Score(score) => {
            writeln!(out, "  {metric}  {}", score_text(score, paint))?;
            for problem in &score.problems {
                writeln!(out, "      {}", one_line(problem))?;
            }
            if let Some(detail) = &score.detail {
                let detail = serde_json::to_string_pretty(detail)
                    .map_err(ReportError::json("detail of a score"))?;
                writeln!(out, "      {}", visible(&detail).replace('\n', "\n      "))?;
            }
        }
    }
    Ok(())
}

fn score_text(score: &Score, paint: Paint) -> String {
    let mut text = number::score(score.value);
    if let Some(threshold) = score.threshold {
        let bound = if score.scale.lower_is_better { "at most" } else { "at least" };
        append(&mut text, format_args!(" ({bound} {})", number::score(threshold)));
    }
    let word = match score.passed {
        Some(true) => paint.green("passed"),
        Some(false) => paint.red("failed"),
        None => "reported".to_owned(),
    };
    format!("{text}  {word}")
}

fn write_section(
    title: &str,
    text: &str,
    paint: Paint,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    let text = if text.is_empty() { "(empty)".into() } else { visible(text) };
    writeln!(out, "\n{}\n  {}", paint.bold(title), text.replace('\n', "\n  "))?;
    Ok(())
}
