//! What a judge's calibration comes to, in one sentence.

use evalward_core::CalibrationVerdict;

use super::figures::{Agreement, BaselineFigures, Reliability, ReliabilityStatus};
use crate::calibrate::CalibrationFigures;
use crate::calibrate::advice;
use crate::words::number;

/// Returns why labels of raters who do not agree calibrate nothing; nothing where they may.
pub(super) fn unreliable(reliability: &Reliability) -> Option<String> {
    let alpha = reliability.alpha.as_ref()?;
    (reliability.status == ReliabilityStatus::Unreliable).then(|| {
        format!(
            "nothing can be calibrated on these labels: their raters do not agree (alpha {} [{}, {}], and at least {} is asked for)",
            number(alpha.value.get()),
            number(alpha.low.get()),
            number(alpha.high.get()),
            number(reliability.min_alpha.get()),
        )
    })
}

/// Returns the verdict on a judge whose labels may calibrate.
pub(super) fn verdict(
    figures: &CalibrationFigures,
    agreement: &Agreement,
    baselines: &[BaselineFigures],
) -> (CalibrationVerdict, String) {
    if let Some((message, _)) = advice::too_few_labels(figures) {
        return (CalibrationVerdict::NotCalibratable, message);
    }
    let mut weaknesses = Vec::new();
    if let Some((message, _)) = advice::does_not_separate(figures.auc.as_ref()) {
        weaknesses.push(message);
    }
    if let Some(kappa) = agreement.kappa.as_ref().filter(|kappa| kappa.low.get() <= 0.0) {
        weaknesses.push(format!(
            "it agrees with people no more than chance may: kappa {} [{}, {}]",
            number(kappa.value.get()),
            number(kappa.low.get()),
            number(kappa.high.get())
        ));
    }
    weaknesses.extend(baselines.iter().filter_map(as_good));
    let reason = figures.message.as_ref().filter(|_| weaknesses.is_empty());
    weaknesses.extend(reason.cloned());
    match figures.threshold {
        Some(threshold) if weaknesses.is_empty() => {
            let message = format!("a score of at least {threshold} passes");
            (CalibrationVerdict::Calibrated, message)
        }
        _ => (CalibrationVerdict::Weak, weaknesses.join("; ")),
    }
}

/// Says that a baseline is at least as good as the judge.
fn as_good(baseline: &BaselineFigures) -> Option<String> {
    let (name, more) = match (&baseline.judge_less_auc, &baseline.judge_less_spearman) {
        (Some(more), _) => ("AUC", more),
        (None, Some(more)) => ("Spearman", more),
        (None, None) => return None,
    };
    (more.value.get() <= 0.0).then(|| {
        format!(
            "`{}` alone, which costs nothing, is at least as good (the judge's {name} less its: {} [{}, {}])",
            baseline.name,
            number(more.value.get()),
            number(more.low.get()),
            number(more.high.get())
        )
    })
}
