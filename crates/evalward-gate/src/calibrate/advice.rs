//! Why labels carry no threshold, and what it would take.

use evalward_stats::{Level, needed_n_for_rate};

use super::calibration::{CalibrationFigures, CalibrationRule, ThresholdFigures};
use super::compute::MIN_OF_EACH;
use crate::Estimate;
use crate::numbers::float;
use crate::words::{count_of, number, percent, shown_n};

/// Returns why there is no threshold, and what to do; nothing where there is one.
pub(super) fn why_none(figures: &CalibrationFigures) -> Option<(String, Option<String>)> {
    too_few_labels(figures)
        .or_else(|| does_not_separate(figures.auc.as_ref()))
        .or_else(|| beyond_reach(figures))
        .or_else(|| lets_all_pass(figures))
}

/// Says that there are too few labels for any threshold.
pub(super) fn too_few_labels(figures: &CalibrationFigures) -> Option<(String, Option<String>)> {
    too_few(figures).or_else(|| too_few_groups(figures))
}

fn too_few(figures: &CalibrationFigures) -> Option<(String, Option<String>)> {
    let counts = &figures.counts;
    if counts.good >= MIN_OF_EACH && counts.not_good >= MIN_OF_EACH {
        return None;
    }
    let message = format!(
        "of {} with a score {} good and {} not, and a threshold takes at least {MIN_OF_EACH} of each",
        count_of(counts.scored, "label"),
        if counts.good == 1 { "1 is".to_owned() } else { format!("{} are", counts.good) },
        counts.not_good,
    );
    let missing = [(counts.good, "good"), (counts.not_good, "bad")]
        .into_iter()
        .filter(|(have, _)| *have < MIN_OF_EACH)
        .map(|(have, word)| count_of(MIN_OF_EACH - have, &format!("more {word} answer")));
    Some((message, Some(format!("label {}", missing.collect::<Vec<_>>().join(" and ")))))
}

/// Many answers to a few inputs say little of answers to others.
fn too_few_groups(figures: &CalibrationFigures) -> Option<(String, Option<String>)> {
    let worth = figures.auc.as_ref()?.effective_n?.get();
    let needed = 2 * MIN_OF_EACH;
    (worth < float(needed)).then(|| {
        let message = format!(
            "{} are answers to {}, so that they count as {}, and a threshold takes at least {needed}",
            count_of(figures.counts.scored, "label"),
            count_of(figures.counts.groups, "input"),
            shown_n(worth),
        );
        (message, Some("label answers to more inputs".to_owned()))
    })
}

/// Says that scores may be no better than chance.
pub(super) fn does_not_separate(auc: Option<&Estimate>) -> Option<(String, Option<String>)> {
    let auc = auc?;
    let shown = format!(
        "AUC {} [{}, {}]",
        number(auc.value.get()),
        number(auc.low.get()),
        number(auc.high.get())
    );
    if auc.high.get() < 0.5 {
        let message = format!("good answers score worse than the others: {shown}");
        let hint = "look whether the labels are the right way round; else the metric measures something else here";
        return Some((message, Some(hint.to_owned())));
    }
    if auc.low.get() > 0.5 {
        return None;
    }
    let message =
        format!("the scores do not tell good answers from others: {shown}, and 0.5 is chance");
    let distance = auc.value.get() - 0.5;
    let reach = auc.value.get() - auc.low.get();
    let hint = if distance > 0.01 {
        // An interval shrinks with the square root of the number of labels.
        let labels = (float(auc.n) * (reach / distance).powi(2) / 10.0).ceil() * 10.0;
        format!(
            "about {labels:.0} labels would do if the AUC stayed at {}",
            number(auc.value.get())
        )
    } else {
        "more labels will hardly help: choose another metric".to_owned()
    };
    Some((message, Some(hint)))
}

fn beyond_reach(figures: &CalibrationFigures) -> Option<(String, Option<String>)> {
    let CalibrationRule::Precision(wanted) = figures.rule else { return None };
    if figures.recommended.is_some() {
        return None;
    }
    let low = |row: &ThresholdFigures| row.precision.as_ref().map_or(0.0, |it| it.low.get());
    let best = figures.table.iter().max_by(|left, right| low(left).total_cmp(&low(right)))?;
    let precision = best.precision.as_ref()?;
    let message = format!(
        "no threshold has a precision of which {} can be vouched for: the best of the table, {}, has {} [{}, {}] on {}",
        percent(wanted.get()),
        best.threshold.map_or_else(String::new, |threshold| threshold.to_string()),
        percent(precision.value.get()),
        percent(precision.low.get()),
        percent(precision.high.get()),
        if precision.n == 1 {
            "1 answer that passes".to_owned()
        } else {
            format!("{} answers that pass", precision.n)
        },
    );
    let needed =
        needed_n_for_rate(best.good_passing, precision.n, wanted.get(), Level::P95).ok().flatten();
    let hint = match needed.filter(|_| precision.value.get() > wanted.get()) {
        Some(needed) if precision.effective_n.is_none() => {
            format!(
                "{needed} answers that pass, rather than {}, would do if the precision stayed the same",
                precision.n
            )
        }
        _ if precision.value > precision.low && precision.value.get() > wanted.get() => {
            "label answers to more inputs".to_owned()
        }
        _ => "lower `--precision`, or choose another metric: more labels alone will not do"
            .to_owned(),
    };
    Some((message, Some(hint)))
}

fn lets_all_pass(figures: &CalibrationFigures) -> Option<(String, Option<String>)> {
    let chosen = figures.recommended.as_ref()?;
    (chosen.good_failing + chosen.bad_failing == 0).then(|| {
        let rule = match figures.rule {
            CalibrationRule::BestF1 => "the best F1",
            CalibrationRule::Precision(_) => "the precision that was asked for",
        };
        let message = format!(
            "{rule} is had by letting every answer pass, and a threshold that nothing fails is none"
        );
        (
            message,
            Some("ask for the precision that you need, such as `--precision 0.95`".to_owned()),
        )
    })
}
