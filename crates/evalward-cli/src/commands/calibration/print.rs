//! A calibration for people.

use std::io::Write;

use evalward_core::{Finite, visible};
use evalward_gate::Estimate;
use evalward_gate::calibrate::{
    Calibration, CalibrationFigures, CalibrationRule, ThresholdFigures,
};

use super::answers::{Answers, Raters};
use super::args::CalibrationArgs;
use crate::error::CliError;

/// Says why there is no threshold.
pub(crate) fn print_nothing(
    figures: &CalibrationFigures,
    out: &mut dyn Write,
) -> Result<(), CliError> {
    let message = figures.message.as_deref().unwrap_or("there is no threshold");
    let hint = figures.hint.as_ref().map_or_else(String::new, |hint| format!(": {hint}"));
    writeln!(out, "\nInconclusive: {message}{hint}. (exit 4)")?;
    Ok(())
}

/// Prints what is calibrated, and on what.
pub(crate) fn print_head(
    args: &CalibrationArgs,
    calibration: &Calibration,
    (answers, raters): (&Answers, &Raters),
    out: &mut dyn Write,
) -> Result<(), CliError> {
    let Calibration { metric, kind, figures, .. } = calibration;
    let counts = &figures.counts;
    let file = args.labels.display().to_string();
    let from = calibration
        .positive_from
        .map_or_else(String::new, |from| format!(", a rating of at least {from} is good"));
    let metric = visible(metric);
    writeln!(out, "{metric} ({kind}): {} labels of {}{from}", raters.labels, visible(&file))?;
    if raters.labels > raters.answers {
        let how = if raters.have_ratings {
            "the mean rating of each counts"
        } else {
            "the majority of each counts, and a tie is not good"
        };
        writeln!(
            out,
            "{} labels by {} annotators on {} answers: {how}",
            raters.labels, raters.names, raters.answers
        )?;
    }
    if let Some(run) = &calibration.run_id {
        writeln!(out, "scores of run {run}")?;
    }
    if counts.scored + counts.skipped + counts.errored == 0 {
        return Ok(());
    }
    write!(out, "{} with a score: {} good, {} not", counts.scored, counts.good, counts.not_good)?;
    if counts.skipped + counts.errored > 0 {
        write!(
            out,
            "; left out for lack of a score: {} skipped, {} errored",
            counts.skipped, counts.errored
        )?;
    }
    writeln!(out)?;
    for reason in &answers.missing {
        writeln!(out, "  {}", visible(reason).replace('\n', " "))?;
    }
    if let Some(worth) = figures.auc.as_ref().and_then(|auc| auc.effective_n) {
        writeln!(
            out,
            "they are answers to {} inputs, and so worth {:.1} independent ones",
            counts.groups,
            worth.get()
        )?;
    }
    print_weighting(figures, answers, out)?;
    if figures.lower_is_better {
        writeln!(out, "smaller scores are better: those of at most the threshold pass")?;
    }
    Ok(())
}

/// Says whether figures are weighted by how the answers were drawn, and which are not.
fn print_weighting(
    figures: &CalibrationFigures,
    answers: &Answers,
    out: &mut dyn Write,
) -> Result<(), CliError> {
    let known = answers.scored.iter().filter(|it| it.rated.probability.is_some()).count();
    if figures.weighted {
        writeln!(
            out,
            "shares, F1 and bias weigh each label by one over the probability with which its answer was drawn; ranks, AUC,\nkappa and alpha are of the labels as they are"
        )?;
    } else if known > 0 && known < answers.scored.len() {
        writeln!(
            out,
            "{known} of {} labels tell how likely their answers were drawn; unless all do, nothing is weighted by it",
            answers.scored.len()
        )?;
    }
    Ok(())
}

/// Prints what thresholds come to.
pub(crate) fn print_table(
    figures: &CalibrationFigures,
    out: &mut dyn Write,
) -> Result<(), CliError> {
    writeln!(out, "\n{:>14}  {}", "threshold", heads())?;
    for row in &figures.table {
        let threshold = row.threshold.map_or_else(String::new, |it| it.to_string());
        writeln!(out, "{threshold:>14}  {}", cells(row))?;
    }
    for row in &figures.suite_thresholds {
        let threshold = row.threshold.map_or_else(String::new, |it| it.to_string());
        let named = format!("suite's {threshold}");
        writeln!(out, "{named:>14}  {}", cells(row))?;
    }
    writeln!(
        out,
        "\nprecision: the good among those that pass; recall: those that pass among the good; [95 % interval]"
    )?;
    Ok(())
}

/// Prints the recommended threshold, and what it does on answers that it was not chosen on.
pub(crate) fn print_choice(calibration: &Calibration, out: &mut dyn Write) -> Result<(), CliError> {
    let figures = &calibration.figures;
    let Some(threshold) = figures.threshold else { return Ok(()) };
    let (Some(chosen), Some(crossed)) = (&figures.recommended, &figures.cross_validated) else {
        return Ok(());
    };
    let rule = match figures.rule {
        CalibrationRule::BestF1 => "the best F1".to_owned(),
        CalibrationRule::Precision(wanted) => format!(
            "the most lenient one whose precision is at least {} by its interval",
            percent(wanted.get())
        ),
    };
    writeln!(out, "\nrecommended threshold: {threshold}, {rule}")?;
    writeln!(out, "{:>14}  {}", "", heads())?;
    writeln!(out, "{:>14}  {}", "these labels", cells(chosen))?;
    writeln!(out, "{:>14}  {}", "unseen answers", cells(&crossed.figures))?;
    let range = match (crossed.strictest, crossed.most_lenient) {
        (Some(one), Some(other)) if one == other => format!("thresholds all {one}"),
        (Some(one), Some(other)) => {
            format!("thresholds from {} to {}", one.min(other), one.max(other))
        }
        _ => "no thresholds".to_owned(),
    };
    let without = match crossed.without_threshold {
        0 => String::new(),
        folds => format!(", in {folds} of them none, so that nothing passed"),
    };
    writeln!(
        out,
        "The threshold was chosen on these labels, so their figures are too good. Those of unseen answers come from\ncross-validation ({} folds, seed {}; {range}{without}).",
        crossed.folds, figures.seed
    )?;
    writeln!(
        out,
        "\n[metrics.{}.{}]\nthreshold = {}",
        key(&calibration.metric),
        calibration.kind,
        toml::Value::Float(threshold.get())
    )?;
    Ok(())
}

fn heads() -> String {
    format!("{:>7}  {:22}  {:22}  {}", "pass", "precision", "recall", "F1")
}

fn cells(row: &ThresholdFigures) -> String {
    let passing = row.passing.as_ref().map_or_else(|| "-".to_owned(), |it| percent(it.value.get()));
    let text = format!(
        "{passing:>7}  {:22}  {:22}  {}",
        rate(row.precision.as_ref()),
        rate(row.recall.as_ref()),
        rate(row.f1.as_ref())
    );
    text.trim_end().to_owned()
}

/// Writes a share with its interval.
pub(crate) fn rate(estimate: Option<&Estimate>) -> String {
    estimate.map_or_else(
        || "-".to_owned(),
        |it| {
            let [low, high] = [it.low, it.high].map(|end| end.get() * 100.0);
            format!("{:>7} [{low:.1}, {high:.1}]", percent(it.value.get()))
        },
    )
}

/// Writes a share as `96.7 %`.
pub(crate) fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// Writes an estimate with its interval.
pub(crate) fn rank(it: &Estimate) -> String {
    let [value, low, high] = [it.value, it.low, it.high].map(Finite::get);
    format!("{value:.3} [{low:.3}, {high:.3}]")
}

/// Writes the key of a table, quoted where TOML wants it.
fn key(id: &str) -> String {
    let bare = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-');
    if !id.is_empty() && id.chars().all(bare) {
        id.to_owned()
    } else {
        toml::Value::String(id.to_owned()).to_string()
    }
}
