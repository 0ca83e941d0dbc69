//! The table of figures that people's labels correct.

use std::collections::BTreeSet;

use evalward_core::Partition;
use evalward_gate::correct::{Corrected, CorrectedFigure};
use evalward_gate::{Estimate, Summary};

use crate::grid::Grid;
use crate::number::{self, NONE};
use crate::overall::Titled;
use crate::text::one_line;

/// Returns the table; nothing where there are no labels.
pub(crate) fn table(summary: &Summary) -> Option<Titled> {
    let mut rows = Vec::new();
    let mut remarks = BTreeSet::new();
    let mut methods = BTreeSet::new();
    for it in &summary.corrections {
        for (name, figure) in [("pass rate", &it.rate), ("mean", &it.mean)] {
            let Some(figure) = figure else { continue };
            rows.push(row(it, name, figure));
            let place = format!("{}, {}, {name}", one_line(&it.metric), partition(it));
            remarks.extend(figure.reason.as_ref().map(|reason| format!("{place}: {reason}")));
            methods.extend(figure.corrected.as_ref().map(|it| words(&it.method)));
        }
    }
    if rows.is_empty() {
        return None;
    }
    let columns = ["metric", "partition", "figure", "judge alone", "corrected", "labels"];
    let mut note = "95 % intervals; the judge's own takes its word for the truth".to_owned();
    if !methods.is_empty() {
        let methods: Vec<&str> = methods.into_iter().collect();
        note = format!("{note}; corrected: {}", methods.join(", "));
    }
    if summary.corrections.iter().any(|it| !it.knows_probabilities && it.labelled > 0) {
        note.push_str(
            "; labels that do not tell how their answers were drawn are taken for a random sample",
        );
    }
    for remark in remarks {
        note = format!("{note}\n{remark}");
    }
    let title = "corrected by labels".to_owned();
    Some(Titled { title, grid: Some(Grid::new(3, &columns, rows)), note: Some(note) })
}

fn row(it: &Corrected, name: &str, figure: &CorrectedFigure) -> Vec<String> {
    let show = if name == "mean" { mean } else { number::rate };
    vec![
        one_line(&it.metric),
        partition(it).to_owned(),
        name.to_owned(),
        show(&figure.raw),
        figure.corrected.as_ref().map_or_else(|| NONE.to_owned(), show),
        format!("{} of {}", it.labelled, it.answers),
    ]
}

fn partition(it: &Corrected) -> &'static str {
    it.partition.map_or("all", Partition::name)
}

fn mean(estimate: &Estimate) -> String {
    let [value, low, high] =
        [estimate.value, estimate.low, estimate.high].map(|it| format!("{:.3}", it.get()));
    format!("{value} [{low}, {high}]")
}

fn words(method: &str) -> &str {
    match method {
        "lang-reiczigel" => "Lang and Reiczigel",
        "prediction-powered" => "prediction-powered inference",
        "prediction-powered, weighted" => "prediction-powered inference, weighted",
        other => other,
    }
}
