//! A comparison for pull requests and `GITHUB_STEP_SUMMARY`.

use evalward_gate::compare::{Flip, MetricRole, RunComparison};

use super::{lines, table};
use crate::markdown_text::{code, inline, table as markdown_table};
use crate::text::append;
use crate::{Options, words};

/// The number of flipped examples that the page shows each way; GitHub refuses pages of more than 1 MiB.
const MAX_FLIPS: usize = 200;

/// Returns the page: the decision, the tables, what to know about them, and the examples that flipped to unfold.
pub(super) fn page(comparison: &RunComparison, options: &Options) -> String {
    let mut text = format!(
        "**{}**: {}, candidate {} against baseline {}, {}\n",
        words::decision(comparison.decision),
        inline(&comparison.candidate.suite),
        code(comparison.candidate.run_id.as_str()),
        code(comparison.baseline.run_id.as_str()),
        inline(&lines::overlap(&comparison.overlap)),
    );
    if let Some(grid) = table::metrics(comparison, MetricRole::Blocking) {
        append(&mut text, format_args!("\n{}", markdown_table(&grid)));
    }
    append(&mut text, format_args!("\n<sub>{}</sub>\n", inline(&lines::legend(comparison))));
    list(&mut text, notes(comparison));
    if let Some(grid) = table::metrics(comparison, MetricRole::Exploratory) {
        unfold(&mut text, "Only reported", &markdown_table(&grid));
    }
    let max = if options.all { usize::MAX } else { MAX_FLIPS };
    flips(&mut text, &comparison.worsened, "worsened", max);
    flips(&mut text, &comparison.improved, "improved", max);
    list(&mut text, lines::unpaired(&comparison.overlap));
    append(
        &mut text,
        format_args!(
            "\n{} (exit {})\n\n<sub>baseline {}; candidate {}</sub>\n",
            inline(&comparison.advice),
            comparison.exit_code,
            inline(&lines::run(&comparison.baseline)),
            inline(&lines::run(&comparison.candidate)),
        ),
    );
    text
}

fn notes(comparison: &RunComparison) -> Vec<String> {
    let mut notes: Vec<String> = Vec::new();
    for it in &comparison.metrics {
        notes.extend(lines::notes(it).iter().map(|note| format!("{}: {note}", lines::name(it))));
    }
    notes.extend(comparison.tradeoffs.iter().cloned());
    notes.extend(lines::lengths(comparison));
    let warnings = lines::uncompared(comparison).into_iter().chain(comparison.warnings.clone());
    notes.extend(warnings.map(|warning| format!("! {warning}")));
    notes
}

fn list(text: &mut String, lines: Vec<String>) {
    if !lines.is_empty() {
        text.push('\n');
    }
    for line in lines {
        append(text, format_args!("- {}\n", inline(&line)));
    }
}

fn flips(text: &mut String, flips: &[Flip], word: &str, max: usize) {
    let Some(grid) = table::flips(flips, max) else { return };
    let mut content = markdown_table(&grid);
    if flips.len() > max {
        append(&mut content, format_args!("\nand {} more: `--format json`\n", flips.len() - max));
    }
    unfold(text, &format!("{} {word}", crate::number::count(length(flips), "example")), &content);
}

fn unfold(text: &mut String, title: &str, content: &str) {
    append(text, format_args!("\n<details><summary>{title}</summary>\n\n{content}\n</details>\n"));
}

fn length(flips: &[Flip]) -> u64 {
    u64::try_from(flips.len()).unwrap_or(u64::MAX)
}
