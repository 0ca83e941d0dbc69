//! Gates and partitions.

use std::collections::BTreeMap;

use evalward_core::{Finite, Partition, Rate};
use evalward_gate::{GateStatus, Summary};

use super::bar::Bar;
use super::markup::{Table, line, titled};
use crate::text::append;
use crate::{grid, repeats, words};

/// Writes each gate with what it comes to.
pub(super) fn gates(summary: &Summary) -> String {
    let mut out = "<section aria-labelledby=\"gates-title\">\n<h2 id=\"gates-title\">Gates</h2>\n<ul class=\"gates\">\n".to_owned();
    for gate in &summary.gates {
        let (mark, word) = words::gate_status(gate.status);
        append(
            &mut out,
            format_args!(
                "<li class=\"{}\"><span class=\"status\"><span aria-hidden=\"true\">{mark}</span> {word}</span> <b>{}</b> <span>{}</span></li>\n",
                class(gate.status),
                gate.partition,
                line(&gate.message)
            ),
        );
    }
    for warning in words::untold_warnings(summary) {
        append(
            &mut out,
            format_args!(
                "<li class=\"unsure\"><span class=\"status\"><span aria-hidden=\"true\">!</span> warning</span> <span>{}</span></li>\n",
                line(warning)
            ),
        );
    }
    out.push_str("</ul>\n</section>\n");
    out
}

/// Returns the colour of a status; the word beside it says the same.
pub(super) const fn class(status: GateStatus) -> &'static str {
    match status {
        GateStatus::Holds => "good",
        GateStatus::Failed | GateStatus::Incomplete => "bad",
        GateStatus::Inconclusive | GateStatus::Warned | GateStatus::Skipped => "unsure",
        GateStatus::Reported | GateStatus::Deferred => "plain",
    }
}

/// Writes the counts and the pass rate of each partition, with the interval as a bar and what its gate asks for as a mark.
pub(super) fn partitions(summary: &Summary) -> String {
    let mut out = "<section aria-labelledby=\"partitions-title\">\n<h2 id=\"partitions-title\">Partitions</h2>\n".to_owned();
    let outcomes = grid::outcomes(summary);
    let after_rate = outcomes.header.len();
    let whole = match grid::usage(summary) {
        Some(usage) => outcomes.beside(usage),
        None => outcomes,
    };
    let mut table = Table::of(&whole);
    let wanted: BTreeMap<Partition, (Option<Rate>, GateStatus)> = summary
        .gates
        .iter()
        .filter(|gate| !gate.against_baseline)
        .map(|gate| {
            let rate = gate.policy.as_ref().and_then(|policy| policy.pass_rate);
            (gate.partition, (rate, gate.status))
        })
        .collect();
    let bars = summary.partitions.iter().map(|(partition, part)| {
        let gate = wanted.get(partition);
        let mark = gate.and_then(|(rate, _)| *rate).map(Rate::get);
        part.pass_rate.as_ref().map_or_else(String::new, |rate| {
            let [value, low, high] = [rate.value, rate.low, rate.high].map(Finite::get);
            let class = gate.map_or("plain", |(_, status)| class(*status));
            Bar { ends: [0.0, 1.0], value, interval: Some([low, high]), mark, class }.draw()
        })
    });
    table.insert(
        after_rate,
        "<span class=\"ends\"><span>0 %</span><span>100 %</span></span>",
        bars.collect(),
    );
    out.push_str(&table.write("Partitions"));
    if let Some(note) = grid::rate_note(summary) {
        append(
            &mut out,
            format_args!(
                "<p class=\"note\">{}; the mark in a bar is what the gate asks for.</p>\n",
                line(&note)
            ),
        );
    }
    for text in repeats::lines(summary) {
        append(&mut out, format_args!("<p>{}</p>\n", line(&text)));
    }
    if let Some(table) = repeats::table(summary) {
        out.push_str(&titled(&table));
    }
    out.push_str("</section>\n");
    out
}
