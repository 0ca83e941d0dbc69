//! A comparison for a person at a terminal.

use evalward_gate::GateStatus;
use evalward_gate::compare::{Flip, MetricRole, RunComparison};

use super::{lines, table};
use crate::Options;
use crate::number;
use crate::paint::Paint;
use crate::text::{append, one_line, wrap};

/// Returns the page: who was compared, the tables, what to know about them, the examples that flipped, and what to do.
pub(super) fn page(comparison: &RunComparison, options: &Options) -> String {
    let paint = Paint { color: options.color };
    let width = options.width;
    let mut text = head(comparison, paint);
    for role in [MetricRole::Blocking, MetricRole::Exploratory] {
        if let Some(grid) = table::metrics(comparison, role) {
            append(
                &mut text,
                format_args!(
                    "\n{}\n{}",
                    paint.bold(lines::role(role)),
                    grid.draw_within(width, paint)
                ),
            );
        }
    }
    append(&mut text, format_args!("{}\n", paint.dim(&wrap(&lines::legend(comparison), width, 2))));
    section(&mut text, width, &paint.bold("notes"), &notes(comparison, paint));
    let max = if options.all { usize::MAX } else { options.max_examples };
    let flipped = |text: &mut String, flips: &[Flip], word: &str| {
        let title = paint.bold(&format!("{}: {}", word, number::count(length(flips), "example")));
        if let Some(grid) = table::flips(flips, max) {
            append(text, format_args!("\n{title}\n{}", grid.draw_within(width, paint)));
        }
        if flips.len() > max {
            append(
                text,
                format_args!("… and {} more, with `--all` or `--format json`\n", flips.len() - max),
            );
        }
    };
    flipped(&mut text, &comparison.worsened, "worsened");
    flipped(&mut text, &comparison.improved, "improved");
    section(&mut text, width, &paint.bold("not paired"), &lines::unpaired(&comparison.overlap));
    let warnings: Vec<String> = lines::uncompared(comparison)
        .iter()
        .chain(&comparison.warnings)
        .map(|warning| format!("{} {}", paint.yellow("!"), one_line(warning)))
        .collect();
    section(&mut text, width, &paint.bold("warnings"), &warnings);
    let advice = format!("{} (exit {})", one_line(&comparison.advice), comparison.exit_code);
    append(&mut text, format_args!("\n{}\n", paint.bold(&wrap(&advice, width, 0))));
    text
}

fn head(comparison: &RunComparison, paint: Paint) -> String {
    format!(
        "{}\n  baseline   {}\n  candidate  {}\n  paired     {}\n",
        paint.bold(&one_line(&format!(
            "{}: candidate against baseline",
            comparison.candidate.suite
        ))),
        lines::run(&comparison.baseline),
        lines::run(&comparison.candidate),
        lines::overlap(&comparison.overlap),
    )
}

fn notes(comparison: &RunComparison, paint: Paint) -> Vec<String> {
    let mut notes: Vec<String> = Vec::new();
    for it in &comparison.metrics {
        let mark = match it.status {
            GateStatus::Failed | GateStatus::Incomplete => paint.red(&lines::name(it)),
            GateStatus::Inconclusive | GateStatus::Warned | GateStatus::Skipped => {
                paint.yellow(&lines::name(it))
            }
            GateStatus::Holds | GateStatus::Reported | GateStatus::Deferred => lines::name(it),
        };
        notes.extend(lines::notes(it).iter().map(|note| format!("{mark}: {}", one_line(note))));
    }
    notes.extend(comparison.tradeoffs.iter().map(|it| paint.yellow(&one_line(it))));
    notes.extend(lines::lengths(comparison));
    notes
}

fn section(text: &mut String, width: Option<u16>, title: &str, lines: &[String]) {
    if !lines.is_empty() {
        append(text, format_args!("\n{title}\n"));
        for line in lines {
            append(text, format_args!("{}\n", wrap(&format!("  {line}"), width, 4)));
        }
    }
}

fn length(flips: &[Flip]) -> u64 {
    u64::try_from(flips.len()).unwrap_or(u64::MAX)
}
