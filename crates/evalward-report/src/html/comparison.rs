//! The page of a comparison.

use std::error::Error;
use std::io::Write;

use evalward_core::{RunManifest, Trial};
use evalward_gate::compare::{Flip, MetricRole, RunComparison};
use serde_json::{Value, json};

use super::budget::Budget;
use super::markup::{Table, inline_svg, line};
use super::rows::write_rows;
use super::{page, summary};
use crate::comparison::{lines, table};
use crate::number;
use crate::plot::interval_forest;
use crate::text::append;
use crate::{Options, ReportError};

/// What a page about two runs is made of, but for their rows.
#[derive(Clone, Copy, Debug)]
pub struct ComparisonPage<'a> {
    /// The comparison.
    pub comparison: &'a RunComparison,
    /// Plots of differences to show beside the intervals.
    pub plots: &'a [String],
    /// The baseline; absent where only its scores were kept.
    pub baseline: Option<&'a RunManifest>,
    /// The candidate.
    pub candidate: Option<&'a RunManifest>,
}

/// Writes two runs as one page: what the comparison says, its plots, and the answers of both side by side.
///
/// Rows of a side without a manifest are not read.
///
/// # Errors
/// [`ReportError`] if a row cannot be read or the page cannot be written; what was written until then is not a whole page.
pub fn comparison_page<E>(
    it: &ComparisonPage<'_>,
    baseline: impl IntoIterator<Item = Result<Trial, E>>,
    candidate: impl IntoIterator<Item = Result<Trial, E>>,
    options: &Options,
    out: &mut dyn Write,
) -> Result<(), ReportError>
where
    E: Into<Box<dyn Error + Send + Sync>>,
{
    let comparison = it.comparison;
    let title = format!("{}: candidate against baseline", comparison.candidate.suite);
    let decided = (comparison.decision, comparison.advice.as_str(), comparison.exit_code);
    page::start(&title, decided, &facts(comparison), out)?;
    out.write_all(tables(comparison).as_bytes())?;
    out.write_all(plots(it).as_bytes())?;
    page::knowledge(&knowledge(it), out)?;
    let mut budget = Budget::new(options.all);
    let look = &mut |_: &super::rows::Told<'_>| {};
    if let Some(manifest) = it.baseline {
        write_rows((manifest, "baseline"), baseline, &mut budget, look, out)?;
    }
    if let Some(manifest) = it.candidate {
        write_rows((manifest, "candidate"), candidate, &mut budget, look, out)?;
    }
    if it.candidate.is_some() {
        page::examples(budget.note("RUN").as_deref(), out)?;
    }
    out.write_all(flips(comparison).as_bytes())?;
    let version = it.candidate.map_or("", |manifest| manifest.tool_version.as_str());
    page::end(version, out)
}

fn facts(comparison: &RunComparison) -> Vec<(&'static str, String)> {
    let count = |flips: &[Flip]| flips.len().to_string();
    vec![
        ("worse", count(&comparison.worsened)),
        ("better", count(&comparison.improved)),
        ("paired", lines::overlap(&comparison.overlap)),
        ("baseline", lines::run(&comparison.baseline)),
        ("candidate", lines::run(&comparison.candidate)),
    ]
}

fn knowledge(it: &ComparisonPage<'_>) -> Value {
    let comparison = it.comparison;
    let flips = |flips: &[Flip]| -> Vec<Value> {
        flips.iter().map(|it| json!([it.example_id, it.baseline, it.candidate])).collect()
    };
    json!({
        "kind": "comparison",
        "candidate": comparison.candidate.run_id,
        "has_baseline": it.baseline.is_some(),
        "worse": flips(&comparison.worsened),
        "better": flips(&comparison.improved),
        "changed": comparison.overlap.changed,
    })
}

/// Writes the tables of all comparisons and what to know about them.
fn tables(comparison: &RunComparison) -> String {
    let mut out =
        "<section aria-labelledby=\"compared-title\">\n<h2 id=\"compared-title\">Compared</h2>\n"
            .to_owned();
    for role in [MetricRole::Blocking, MetricRole::Exploratory] {
        if let Some(grid) = table::metrics(comparison, role) {
            let title = lines::role(role);
            let shown = Table::of(&grid).write(title);
            append(&mut out, format_args!("<h3>{title}</h3>\n{shown}"));
        }
    }
    append(&mut out, format_args!("<p class=\"note\">{}</p>\n", line(&lines::legend(comparison))));
    let mut notes = Vec::new();
    for it in &comparison.metrics {
        for note in lines::notes(it) {
            let (class, name) = (summary::class(it.status), line(&lines::name(it)));
            notes.push(format!(
                "<li class=\"{class}\"><b>{name}</b> <span>{}</span></li>",
                line(&note)
            ));
        }
    }
    let others = comparison.tradeoffs.iter().cloned().chain(lines::lengths(comparison));
    notes.extend(others.map(|note| format!("<li><span>{}</span></li>", line(&note))));
    let unpaired = lines::unpaired(&comparison.overlap).into_iter();
    let warnings = unpaired.chain(lines::uncompared(comparison)).chain(comparison.warnings.clone());
    notes.extend(warnings.map(|note| {
        format!(
            "<li class=\"unsure\"><span aria-hidden=\"true\">!</span> <span>{}</span></li>",
            line(&note)
        )
    }));
    if !notes.is_empty() {
        append(
            &mut out,
            format_args!("<h3>Notes</h3>\n<ul class=\"gates\">{}</ul>\n", notes.join("\n")),
        );
    }
    out.push_str("</section>\n");
    out
}

fn plots(it: &ComparisonPage<'_>) -> String {
    let forest = inline_svg(&interval_forest(it.comparison), "intervals");
    let mut out = format!(
        "<section aria-labelledby=\"plots-title\">\n<h2 id=\"plots-title\">Differences</h2>\n\
         <figure class=\"scroll\" role=\"group\" tabindex=\"0\" aria-label=\"Differences with their intervals\">{forest}</figure>\n"
    );
    if !it.plots.is_empty() {
        let count = number::count(u64::try_from(it.plots.len()).unwrap_or(u64::MAX), "plot");
        append(
            &mut out,
            format_args!(
                "<details class=\"more\"><summary>How the differences of single examples are spread ({count})</summary>\n<div class=\"plots wide\">\n"
            ),
        );
        for (index, svg) in it.plots.iter().enumerate() {
            let svg = inline_svg(svg, &format!("differences-{index}"));
            append(&mut out, format_args!("<figure>{svg}</figure>\n"));
        }
        out.push_str("</div></details>\n");
    }
    out.push_str("</section>\n");
    out
}

/// Writes which examples flipped, for paper and for browsers without scripts.
fn flips(comparison: &RunComparison) -> String {
    const MAX: usize = 100;
    let mut out = String::new();
    for (flips, title) in [(&comparison.worsened, "Worse"), (&comparison.improved, "Better")] {
        if let Some(grid) = table::flips(flips, MAX) {
            let shown = Table::of(&grid).write(title);
            append(&mut out, format_args!("<h3>{title}: {}</h3>\n{shown}", flips.len()));
        }
    }
    if out.is_empty() {
        return out;
    }
    format!(
        "<section id=\"failing\" aria-labelledby=\"failing-title\">\n<h2 id=\"failing-title\">Flipped examples</h2>\n{out}</section>\n"
    )
}
