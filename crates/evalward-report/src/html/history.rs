//! The page of the history of a suite.

use std::collections::BTreeSet;
use std::io::Write;

use evalward_core::Partition;

use super::frame;
use super::markup::{Table, inline_svg, line};
use crate::ReportError;
use crate::history::{Trend, history_grid, methods, seconds};
use crate::number;
use crate::plot::{metric_plot, trend_plot};
use crate::text::append;

/// Writes the runs of each suite and variant as one page that needs no network: plots, and a table of the same numbers.
///
/// # Errors
/// [`ReportError`] if the page cannot be written; what was written until then is not a whole page.
pub fn history_page(
    trends: &[Trend<'_>],
    tool_version: &str,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    let title = match trends {
        [only] => format!("History of {}", only.label),
        _ => "History of runs".to_owned(),
    };
    frame::start(&title, "history-0", "Go to the plot", out)?;
    out.write_all(contents(trends).as_bytes())?;
    for (index, trend) in trends.iter().enumerate() {
        out.write_all(section(trend, index).as_bytes())?;
    }
    frame::end(tool_version, out)
}

/// Lists the suites and variants of the page, where there are several.
fn contents(trends: &[Trend<'_>]) -> String {
    if trends.len() < 2 {
        return String::new();
    }
    let mut out =
        "<section aria-labelledby=\"contents-title\">\n<h2 id=\"contents-title\">Suites</h2>\n<ul>\n"
            .to_owned();
    for (index, trend) in trends.iter().enumerate() {
        append(
            &mut out,
            format_args!(
                "<li><a href=\"#history-{index}\">{}</a>: {}</li>\n",
                line(&trend.label),
                runs(trend)
            ),
        );
    }
    out.push_str("</ul>\n</section>\n");
    out
}

fn section(trend: &Trend<'_>, index: usize) -> String {
    let label = line(&trend.label);
    let mut out = format!(
        "<section class=\"history\" id=\"history-{index}\" aria-labelledby=\"history-{index}-title\" tabindex=\"-1\">\n\
         <h2 id=\"history-{index}-title\">{label}</h2>\n<dl class=\"facts\">"
    );
    for (name, value) in facts(trend) {
        append(&mut out, format_args!("<div><dt>{name}</dt><dd>{}</dd></div>", line(&value)));
    }
    let plot = inline_svg(&trend_plot(trend), &format!("rates-{index}"));
    append(
        &mut out,
        format_args!(
            "</dl>\n<h3>Pass rates</h3>\n<figure class=\"scroll\" role=\"group\" tabindex=\"0\" aria-label=\"Pass rates of {label} over its runs\">{plot}</figure>\n"
        ),
    );
    append(&mut out, format_args!("<h3>Runs</h3>\n{}", table(trend)));
    out.push_str(&metrics(trend, index));
    out.push_str("</section>\n");
    out
}

fn facts(trend: &Trend<'_>) -> Vec<(&'static str, String)> {
    let moment = |at: Option<&crate::history::Point<'_>>| {
        at.map(|it| seconds(&it.run.manifest.started_at.to_string())).unwrap_or_default()
    };
    let decision = trend.points.last().map(|it| it.run.decision.clone()).unwrap_or_default();
    let changed = trend.points.iter().filter(|it| !it.changes.is_empty()).count();
    vec![
        ("runs", trend.points.len().to_string()),
        ("first", moment(trend.points.first())),
        ("latest", moment(trend.points.last())),
        ("latest decision", decision),
        ("times that something changed", changed.to_string()),
    ]
}

fn table(trend: &Trend<'_>) -> String {
    let mut out = Table::of(&history_grid(trend)).write(&format!("Runs of {}", trend.label));
    if let Some(methods) = methods(trend) {
        append(
            &mut out,
            format_args!("<p class=\"note\">In brackets: the {}.</p>\n", line(&methods)),
        );
    }
    out
}

/// Draws the means of all metrics, one small plot each.
fn metrics(trend: &Trend<'_>, index: usize) -> String {
    let mut all: BTreeSet<(&str, Partition)> = BTreeSet::new();
    for summary in trend.points.iter().filter_map(|it| it.run.summary()) {
        for (partition, part) in &summary.partitions {
            all.extend(part.metrics.keys().map(|id| (id.as_str(), *partition)));
        }
    }
    let plots: Vec<String> = all
        .into_iter()
        .filter_map(|(id, partition)| metric_plot(trend, id, partition))
        .enumerate()
        .map(|(number, svg)| {
            format!("<figure>{}</figure>\n", inline_svg(&svg, &format!("metric-{index}-{number}")))
        })
        .collect();
    if plots.is_empty() {
        return String::new();
    }
    format!(
        "<h3>Means of the metrics</h3>\n<div class=\"plots\">\n{}</div>\n\
         <p class=\"note\">Means as the runs state them, without intervals; the report of a run has those. Dashed: something changed. –: the run has no mean.</p>\n",
        plots.concat()
    )
}

fn runs(trend: &Trend<'_>) -> String {
    number::count(u64::try_from(trend.points.len()).unwrap_or(u64::MAX), "run")
}
