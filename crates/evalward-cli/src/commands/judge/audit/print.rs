//! An audit for people.

use std::io::Write;

use evalward_core::visible;
use evalward_judge::audit::{Audit, AuditRow, AuditUnit, Experiment};

use crate::context::Context;
use crate::error::CliError;

/// Prints an audit.
pub(super) fn print(audit: &Audit, context: &mut Context) -> Result<(), CliError> {
    let out = context.out();
    let version: String = audit.judge_version.to_string().chars().take(12).collect();
    let Audit { judge, kind, model, answers, questions, seed, .. } = audit;
    writeln!(out, "judge {judge} ({kind}), version {version}, model {model}")?;
    let what = if kind == "pairwise" { "pairs of answers" } else { "answers" };
    writeln!(out, "{answers} {what}, {questions} questions, seed {seed}")?;
    if let Some(rise) = audit.rise {
        writeln!(
            out,
            "an instruction counts as obeyed from a rise of {rise} points on, or to the top"
        )?;
    }
    for row in &audit.rows {
        print_row(row, out)?;
    }
    if let Some(error) = &audit.error {
        let error: String = error.chars().take(300).collect();
        writeln!(
            out,
            "\n{} questions without a judgement; the first reason why something has none: {}",
            audit.errored,
            visible(&error)
        )?;
    }
    Ok(())
}

fn print_row(row: &AuditRow, out: &mut dyn Write) -> Result<(), CliError> {
    writeln!(out, "\n{}: {}", row.experiment.name(), row.what)?;
    if let Some(estimate) = &row.estimate {
        let [low, high] = estimate.interval;
        let clusters = if estimate.clusters < estimate.n {
            format!(" in {} clusters", estimate.clusters)
        } else {
            String::new()
        };
        writeln!(
            out,
            "  {} [{}, {}], n {}{clusters} ({})",
            number(row, estimate.value),
            number(row, low),
            number(row, high),
            estimate.n,
            estimate.method
        )?;
    }
    let mark = match row.shows_fault {
        Some(true) => "✗ ",
        Some(false) => "✓ ",
        None => "",
    };
    writeln!(out, "  {mark}{}", row.meaning)?;
    if row.left_out > 0 {
        let because =
            row.left_out_because.iter().map(|(reason, count)| format!("{count}, {reason}"));
        let because: Vec<String> = because.collect();
        let colon = if because.is_empty() { "" } else { ": " };
        writeln!(out, "  {} left out{colon}{}", row.left_out, because.join("; "))?;
    }
    if row.errored > 0 {
        writeln!(out, "  {} without an answer", row.errored)?;
    }
    Ok(())
}

fn number(row: &AuditRow, value: f64) -> String {
    match (row.unit, row.experiment) {
        (AuditUnit::Share, _) => format!("{:.1} %", value * 100.0),
        (AuditUnit::Points, Experiment::Variance) => format!("{value:.3}"),
        (AuditUnit::Points, _) => format!("{value:+.3}"),
    }
}
