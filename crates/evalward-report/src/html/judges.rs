//! What is known of the judges of a run.

use evalward_core::CalibrationVerdict;

use super::markup::{Table, line, titled};
use crate::Run;
use crate::judge_tables::judge_tables;
use crate::number::NONE;

/// Writes whether each judge is calibrated, and what labels, probes and audits say of it; nothing where no judge was asked.
pub(super) fn judges(run: Run<'_>) -> String {
    let mut table = Table {
        labels: 5,
        header: ["metric", "kind", "calibration", "made at", "remark"].map(str::to_owned).to_vec(),
        rows: Vec::new(),
    };
    for (id, stamp) in run.manifest.metrics.iter().filter(|(_, stamp)| stamp.asks_judge()) {
        let calibration = run.manifest.calibrations.get(id);
        let is_of_another = calibration.is_some_and(|it| it.metric_version != stamp.version);
        let verdict = calibration.map_or("none", |it| match it.verdict {
            CalibrationVerdict::Calibrated => "calibrated",
            CalibrationVerdict::Weak => "weak",
            CalibrationVerdict::NotCalibratable => "not calibratable",
        });
        let remark = match (&stamp.suspended, is_of_another, calibration) {
            (Some(reason), _, _) => reason.clone(),
            (None, true, _) => "the metric has changed since".to_owned(),
            (None, false, None) => "nobody knows how far this judge agrees with people".to_owned(),
            (None, false, Some(it)) => match it.verdict {
                CalibrationVerdict::Calibrated => String::new(),
                CalibrationVerdict::Weak => {
                    "not shown to be better than chance, or than what costs nothing".to_owned()
                }
                CalibrationVerdict::NotCalibratable => {
                    "its labels cannot calibrate anything".to_owned()
                }
            },
        };
        table.rows.push(vec![
            line(id),
            line(&stamp.kind),
            verdict.to_owned(),
            calibration.map_or_else(|| NONE.to_owned(), |it| line(&it.created_at.to_string())),
            line(&remark),
        ]);
    }
    let tables: Vec<String> = judge_tables(run).iter().map(titled).collect();
    if table.rows.is_empty() && tables.is_empty() {
        return String::new();
    }
    let shown = if table.rows.is_empty() { String::new() } else { table.write("Judges") };
    format!(
        "<section aria-labelledby=\"judges-title\">\n<h2 id=\"judges-title\">Judges</h2>\n{shown}{}</section>\n",
        tables.concat()
    )
}
