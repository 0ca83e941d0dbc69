//! The table of what hidden probes say of judges.

use evalward_gate::{Estimate, Summary};

use crate::grid::Grid;
use crate::number::{self, NONE};
use crate::overall::Titled;
use crate::text::one_line;

/// Returns the table; nothing where no judge was probed.
pub(crate) fn table(summary: &Summary) -> Option<Titled> {
    let mut rows = Vec::new();
    for judge in &summary.probes {
        for (kind, figures) in &judge.kinds {
            rows.push(vec![
                one_line(&judge.metric),
                kind.words().to_owned(),
                figures.probes.to_string(),
                figures.unscored.to_string(),
                figures.swayed.as_ref().map_or_else(|| NONE.to_owned(), number::rate),
                figures.shift.as_ref().map_or_else(|| NONE.to_owned(), shift),
            ]);
        }
    }
    if rows.is_empty() {
        return None;
    }
    let columns = ["metric", "change", "probes", "unscored", "swayed", "shift"];
    let mut note = "swayed: the score rose by more than a tenth of the scale, or moved where documents changed places, or did not fall where a fact is wrong; 95 % intervals".to_owned();
    for judge in &summary.probes {
        if let Some(reason) = &judge.suspended {
            note = format!("{note}\n{} only reports: {reason}", one_line(&judge.metric));
        }
    }
    let title = "hidden probes of judges".to_owned();
    Some(Titled { title, grid: Some(Grid::new(2, &columns, rows)), note: Some(note) })
}

fn shift(estimate: &Estimate) -> String {
    let [value, low, high] = [estimate.value, estimate.low, estimate.high].map(number::signed);
    format!("{value} [{low}, {high}]")
}
