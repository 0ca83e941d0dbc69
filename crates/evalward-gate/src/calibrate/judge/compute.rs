//! From labels and a judge's scores to what they are worth.

use evalward_core::{CalibrationVerdict, Finite, Scale, ScoreCell, Seed};
use evalward_stats::comparison::Resampling as Draws;
use evalward_stats::{Level, StatsError};

use super::agreement::{Pair, agreement, categories, clears, midpoint};
use super::asked::{asked, draws};
use super::baseline::{baseline, mean};
use super::claims::claims;
use super::figures::{Agreement, ComparedAs, JudgeFigures, LabelScale, Reliability};
use super::judged::{JudgedAnswer, RatedLabels};
use super::reliability::{BOOTSTRAP, label_reliability};
use super::verdict::{unreliable, verdict};
use crate::Resampling;
use crate::calibrate::compute::weights;
use crate::calibrate::{CalibrateOptions, CalibrationFigures, LabelledAnswer, calibrate};
use crate::numbers::finite;

/// How a judge is calibrated.
#[derive(Clone, Debug, PartialEq)]
pub struct JudgeOptions {
    /// How the threshold is chosen.
    pub threshold: CalibrateOptions,
    /// Whether the labels are ratings, rather than yes and no.
    pub labels: LabelScale,
    /// The rating from which on an answer is good.
    pub positive_from: Option<Finite>,
    /// The scale of the judge's scores.
    pub scale: Scale,
    /// Whether the judge says itself what passes.
    pub decides: bool,
    /// The least alpha of labels that may calibrate.
    pub min_alpha: Finite,
    /// The names of what costs nothing, in the order of each answer's.
    pub baselines: Vec<String>,
}

/// Measures a judge against people: first whether people agree with each other, then how far the judge agrees with them.
///
/// Where the raters do not agree, no threshold is chosen and nothing else is computed.
///
/// # Errors
/// [`StatsError`] where a number leaves the range of floats.
pub fn calibrate_judge(
    answers: &[JudgedAnswer],
    options: &JudgeOptions,
) -> Result<(CalibrationFigures, JudgeFigures), StatsError> {
    let answers = &usable(answers);
    let labels: Vec<RatedLabels> = answers.iter().map(|answer| answer.labels.clone()).collect();
    let seed = options.threshold.seed;
    let reliability = label_reliability(&labels, options.labels, options.min_alpha, seed)?;
    let labelled: Vec<LabelledAnswer> = answers.iter().filter_map(labelled).collect();
    if let Some(message) = unreliable(&reliability) {
        let mut figures = calibrate(&[], &options.threshold)?;
        figures.counts.labels = reliability.answers;
        figures.message = Some(message.clone());
        figures.hint = Some("say more clearly what is good, and label anew".to_owned());
        return Ok((figures, nothing(message, reliability)));
    }
    let figures = calibrate(&labelled, &options.threshold)?;
    let resampling = Draws {
        resamples: draws(answers.len()),
        seed: Seed::from_number(seed).derive("agreement of a judge").number(),
    };
    let scored = answers.iter().filter(|it| matches!(it.score, ScoreCell::Score { .. })).count();
    if scored == 0 {
        let message = "no answer has a score".to_owned();
        return Ok((
            figures,
            JudgeFigures { asked: Some(asked(answers)), ..nothing(message, reliability) },
        ));
    }
    let judge = of_judge(answers, options, &figures, resampling)?;
    let ceiling = ceiling(answers, options, judge.compared_as, resampling)?;
    let mut baselines = Vec::new();
    for (place, name) in options.baselines.iter().enumerate() {
        baselines.extend(baseline(name, place, answers, resampling)?);
    }
    let (verdict, message) = verdict(&figures, &judge, &baselines);
    let found = JudgeFigures {
        verdict,
        message,
        reliability,
        agreement: Some(judge),
        ceiling,
        baselines,
        claims: claims(answers),
        asked: Some(asked(answers)),
        resampling: finite(Level::P95.confidence()).map(|level| Resampling {
            method: BOOTSTRAP.to_owned(),
            level,
            draws: resampling.resamples,
            seed,
            effective_n: None,
        }),
    };
    Ok((figures, found))
}

/// Forgets probabilities where not all are known, or all are the same: a part of them is as good as none.
fn usable(answers: &[JudgedAnswer]) -> Vec<JudgedAnswer> {
    let mut answers = answers.to_vec();
    if weights(answers.iter().map(|answer| answer.labels.probability)).is_none() {
        for answer in &mut answers {
            answer.labels.probability = None;
        }
    }
    answers
}

const fn nothing(message: String, reliability: Reliability) -> JudgeFigures {
    JudgeFigures {
        verdict: CalibrationVerdict::NotCalibratable,
        message,
        reliability,
        agreement: None,
        ceiling: None,
        baselines: Vec::new(),
        claims: None,
        asked: None,
        resampling: None,
    }
}

fn labelled(answer: &JudgedAnswer) -> Option<LabelledAnswer> {
    Some(LabelledAnswer {
        label: finite(mean(&answer.labels.ratings)?)?,
        is_good: answer.is_good,
        group: answer.labels.group.clone(),
        score: answer.score,
        probability: answer.labels.probability,
    })
}

/// Returns what the judge and people can be compared as.
fn compared_as(answers: &[JudgedAnswer], options: &JudgeOptions) -> ComparedAs {
    if options.labels == LabelScale::Nominal || options.decides {
        return ComparedAs::YesOrNo;
    }
    let lies_on_scale = |rating: &Finite| {
        options.scale.min.is_some_and(|min| *rating >= min)
            && options.scale.max.is_some_and(|max| *rating <= max)
    };
    let all = answers.iter().flat_map(|answer| &answer.labels.ratings).all(lies_on_scale);
    if all && categories(options.scale).is_some() {
        ComparedAs::Ratings
    } else if options.positive_from.is_some() {
        ComparedAs::YesOrNo
    } else {
        ComparedAs::Ranks
    }
}

fn of_judge(
    answers: &[JudgedAnswer],
    options: &JudgeOptions,
    figures: &CalibrationFigures,
    resampling: Draws,
) -> Result<Agreement, StatsError> {
    let compared_as = compared_as(answers, options);
    let own = options.threshold.suite_thresholds.first().copied();
    // Without a threshold a judge's yes is the upper half of its scale, unless it says itself what passes.
    let yes_from = if options.decides {
        own
    } else {
        own.or(figures.threshold).or_else(|| midpoint(options.scale))
    };
    let yes_from = yes_from.filter(|_| compared_as == ComparedAs::YesOrNo);
    let pair = |answer: &'_ JudgedAnswer| -> Option<(Finite, Option<bool>, Finite)> {
        let ScoreCell::Score { value, passed, .. } = answer.score else { return None };
        let says_yes = match (options.decides, yes_from) {
            // As in a run, an answer that the judge fails is not good whatever its score.
            (true, Some(_)) if passed == Some(false) => Some(false),
            (true, None) => passed,
            _ => clears(value, yes_from),
        };
        Some((value, says_yes, finite(mean(&answer.labels.ratings)?)?))
    };
    let pairs: Vec<Pair<'_>> = answers
        .iter()
        .filter_map(|answer| {
            let (score, says_yes, label) = pair(answer)?;
            let (group, weight) = (answer.labels.group.as_str(), answer.labels.weight());
            Some(Pair { score, says_yes, label, is_good: answer.is_good, group, weight })
        })
        .collect();
    let found = agreement(&pairs, (compared_as, options.scale), resampling)?;
    Ok(Agreement { yes_from, ..found })
}

/// Returns how far each rater agrees with the mean of the answer's other raters; all raters together.
fn ceiling(
    answers: &[JudgedAnswer],
    options: &JudgeOptions,
    compared_as: ComparedAs,
    resampling: Draws,
) -> Result<Option<Agreement>, StatsError> {
    let good_from = options.positive_from;
    let is_good = |label: f64| match good_from {
        Some(from) => label >= from.get(),
        None => label > 0.5,
    };
    let mut pairs = Vec::new();
    for answer in answers.iter().filter(|answer| answer.labels.ratings.len() > 1) {
        for (place, rating) in answer.labels.ratings.iter().enumerate() {
            let mut others = answer.labels.ratings.clone();
            others.remove(place);
            let Some(label) = mean(&others).and_then(finite) else { continue };
            pairs.push(Pair {
                score: *rating,
                says_yes: Some(is_good(rating.get())),
                label,
                is_good: is_good(label.get()),
                group: &answer.labels.group,
                weight: answer.labels.weight(),
            });
        }
    }
    if pairs.is_empty() {
        return Ok(None);
    }
    let resampling = Draws { resamples: draws(pairs.len()), ..resampling };
    let found = agreement(&pairs, (compared_as, options.scale), resampling)?;
    // Over all raters of an answer, what one says more the others say less.
    Ok(Some(Agreement { bias: None, ..found }))
}
