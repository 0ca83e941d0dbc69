//! The ROC curve of a calibration.

use std::path::Path;

use evalward_gate::calibrate::{Calibration, LabelledAnswer, ThresholdFigures, roc_curve};
use evalward_report::plot::{RocMark, RocPlot, roc_plot};

use super::rank;
use crate::commands::report::write_page;
use crate::context::Context;
use crate::error::CliError;

/// Draws the curve, where there is one.
pub(crate) fn draw(
    path: &Path,
    calibration: &Calibration,
    labelled: &[LabelledAnswer],
    context: &mut Context,
) -> Result<(), CliError> {
    let figures = &calibration.figures;
    let Some(auc) = &figures.auc else {
        context.note("nothing was drawn, since a curve takes good answers and bad ones");
        return Ok(());
    };
    let points = roc_curve(labelled, figures.lower_is_better).map_err(CliError::failed_to)?;
    let own = figures.suite_thresholds.iter().map(|row| (row, "the suite's"));
    let chosen = figures.recommended.iter().map(|row| (row, "recommended"));
    let marks: Vec<RocMark> = chosen.chain(own).filter_map(|(row, word)| mark(row, word)).collect();
    let plot = RocPlot {
        title: &format!("{}: {} labels", calibration.metric, figures.counts.scored),
        summary: &format!("AUC {}", rank(auc)),
        points: &points,
        marks: &marks,
    };
    write_page(path, roc_plot(&plot).as_bytes())?;
    context.note(&format!("wrote {}", path.display()));
    Ok(())
}

fn mark(row: &ThresholdFigures, word: &str) -> Option<RocMark> {
    let label = format!("{word} {}", row.threshold?);
    let good = row.recall.as_ref()?.value.get();
    let float = |count: u64| u32::try_from(count).map_or(f64::MAX, f64::from);
    let bad = float(row.bad_passing) / float((row.bad_passing + row.bad_failing).max(1));
    Some(RocMark { bad, good, label })
}
