//! From samples to a score.

use std::collections::BTreeMap;

use evalward_core::Finite;
use serde_json::{Map, Value, json};

use super::samples::{Sample, Samples};
use super::{AbsoluteOptions, Overall};
use crate::criterion::Criterion;

/// A spread beyond it means that the judge does not know its own mind, in points of a scale from 1 to 5.
const UNSTABLE_SPREAD: f64 = 1.5;

/// A variance below it counts as stable, in squared points of a scale from 1 to 5.
const STABLE_VARIANCE: f64 = 0.5;

/// From the lowest to the highest score of the scale that both are meant for; others are brought to its length.
const LENGTH: f64 = 4.0;

/// What the samples of one criterion come to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Judged {
    pub(super) mean: Finite,
    values: Vec<Finite>,
    /// The sample variance; `None` for one sample.
    variance: Option<f64>,
    spread: f64,
    /// How many points of the scale are one of a scale from 1 to 5.
    point: f64,
    /// How many of the values are weighted by probabilities.
    weighted: usize,
}

impl Judged {
    fn of(samples: &[Sample], criterion: &Criterion) -> Self {
        let (lowest, highest) = criterion.ends();
        let said = |sample: &Sample| {
            // Scores lie on a scale of at most some dozens, which a float holds exactly.
            let score = i32::try_from(sample.verdict.score).unwrap_or_default();
            Finite::new(f64::from(score)).unwrap_or_default()
        };
        let values: Vec<Finite> =
            samples.iter().map(|sample| sample.weighted.unwrap_or_else(|| said(sample))).collect();
        let count = f64::from(u32::try_from(values.len()).unwrap_or(u32::MAX));
        let mean = values.iter().map(|value| value.get()).sum::<f64>() / count;
        let squares = values.iter().map(|value| (value.get() - mean).powi(2)).sum::<f64>();
        let ends = values.iter().min().zip(values.iter().max());
        Self {
            mean: Finite::new(mean).unwrap_or_default(),
            variance: (values.len() > 1).then(|| squares / (count - 1.0)),
            spread: ends.map_or(0.0, |(least, most)| most.get() - least.get()),
            point: (f64::from(highest) - f64::from(lowest)) / LENGTH,
            weighted: samples.iter().filter(|sample| sample.weighted.is_some()).count(),
            values,
        }
    }

    pub(super) fn is_unstable(&self) -> bool {
        self.spread > UNSTABLE_SPREAD * self.point
    }

    fn detail(&self, samples: &[Sample]) -> Value {
        let mut detail = Map::new();
        detail.insert("mean".to_owned(), json!(self.mean));
        detail.insert("values".to_owned(), json!(self.values));
        let scoring = match self.weighted {
            0 => "said",
            count if count == samples.len() => "weighted",
            _ => "mixed",
        };
        detail.insert("scoring".to_owned(), json!(scoring));
        if let Some(variance) = self.variance {
            detail.insert("variance".to_owned(), json!(variance));
            detail.insert("spread".to_owned(), json!(self.spread));
            detail.insert(
                "stable".to_owned(),
                json!(variance < STABLE_VARIANCE * self.point.powi(2)),
            );
            detail.insert("unstable".to_owned(), json!(self.is_unstable()));
        }
        let verdicts: Vec<Value> = samples.iter().map(|sample| json!(sample.verdict)).collect();
        detail.insert("samples".to_owned(), json!(verdicts));
        Value::Object(detail)
    }
}

/// Folds the samples of each criterion.
pub(super) fn fold(samples: &Samples, criteria: &[Criterion]) -> BTreeMap<String, Judged> {
    let judged = |criterion: &Criterion| {
        let samples = samples.criteria.get(&criterion.id)?;
        Some((criterion.id.clone(), Judged::of(samples, criterion)))
    };
    criteria.iter().filter_map(judged).collect()
}

/// Returns the score of all criteria together.
pub(super) fn overall(
    options: &AbsoluteOptions,
    judged: &BTreeMap<String, Judged>,
) -> Option<Finite> {
    let means = || options.criteria.iter().filter_map(|it| Some(judged.get(&it.id)?.mean));
    match &options.overall {
        Overall::Of(id) => judged.get(id).map(|judged| judged.mean),
        Overall::Lowest => means().min(),
        Overall::Mean => {
            let count = u32::try_from(means().count()).ok().filter(|count| *count > 0)?;
            Finite::new(means().map(Finite::get).sum::<f64>() / f64::from(count)).ok()
        }
    }
}

/// Returns what explains the score of each criterion.
pub(super) fn details(samples: &Samples, judged: &BTreeMap<String, Judged>) -> Value {
    let detail = |(id, samples): (&String, &Vec<Sample>)| {
        (id.clone(), judged.get(id).map_or(Value::Null, |judged| judged.detail(samples)))
    };
    Value::Object(samples.criteria.iter().map(detail).collect())
}

/// Says what of a criterion is not at its best.
pub(super) fn problems(
    criterion: &Criterion,
    judged: &Judged,
    samples: &[Sample],
    has_demonstrations: bool,
) -> Vec<String> {
    let mut problems = Vec::new();
    let (_, highest) = criterion.ends();
    let id = &criterion.id;
    if judged.mean.get() < f64::from(highest) {
        // The sample that is nearest to the mean speaks for all.
        let distance = |sample: &&Sample| {
            let score = i32::try_from(sample.verdict.score).unwrap_or_default();
            Finite::new((f64::from(score) - judged.mean.get()).abs()).unwrap_or(Finite::MAX)
        };
        let reasoning = samples.iter().min_by_key(distance).map(|it| it.verdict.reasoning.trim());
        let reasoning = reasoning.filter(|reasoning| !reasoning.is_empty());
        let reasoning = reasoning.map(|reasoning| format!(": {reasoning}")).unwrap_or_default();
        problems.push(format!("{id} {:.1} of {highest}{reasoning}", judged.mean.get()));
    }
    if judged.is_unstable() {
        let more = if has_demonstrations { "" } else { ", add scored examples" };
        problems.push(format!(
            "{id} is unstable: the samples lie {:.1} apart; make its anchors clearer{more}, or lower the temperature",
            judged.spread
        ));
    }
    problems
}
