//! The strata that answers are drawn from.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answer::{Judged, LabelCandidate};
use crate::numbers::{count, float};

/// At most this share of the answers counts as rare.
const RARE: f64 = 0.2;

/// Nearer to the threshold than this share of what lies between it and the end of the scale, a score is uncertain.
const NEAR: f64 = 0.25;

/// Where no threshold divides the scale, the middle part of it that is uncertain.
const MIDDLE: f64 = 1.0 / 3.0;

/// Samples that lie further apart than this share of the scale are uncertain.
const APART: f64 = 0.25;

/// Which kind of case an answer is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Stratum {
    /// Its partition, one of its tags or a rule that it breaks seldom occurs.
    Rare,
    /// Its score lies near the threshold, or the samples of the score far apart.
    Uncertain,
    /// Its score is clearly good.
    ConfidentGood,
    /// Its score is clearly bad.
    ConfidentBad,
    /// It has no score.
    Unscored,
}

impl Stratum {
    /// All strata.
    pub const ALL: [Self; 5] =
        [Self::Rare, Self::Uncertain, Self::ConfidentGood, Self::ConfidentBad, Self::Unscored];

    /// Returns the words for people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Rare => "rare",
            Self::Uncertain => "uncertain",
            Self::ConfidentGood => "confident, good",
            Self::ConfidentBad => "confident, bad",
            Self::Unscored => "without a score",
        }
    }

    /// Returns how much of the sheet it gets, relative to the others.
    pub(super) const fn weight(self) -> f64 {
        match self {
            Self::Rare => 0.25,
            Self::Uncertain => 0.35,
            Self::ConfidentGood | Self::ConfidentBad => 0.2,
            Self::Unscored => 0.1,
        }
    }
}

/// Returns the stratum of each answer.
pub(super) fn strata(answers: &[LabelCandidate]) -> Vec<Stratum> {
    let rare = rare_features(answers);
    let range = observed_range(answers);
    answers
        .iter()
        .map(|answer| match &answer.judged {
            None => Stratum::Unscored,
            Some(_) if answer.features.iter().any(|it| rare.contains(it.as_str())) => Stratum::Rare,
            Some(judged) => judged.stratum(range),
        })
        .collect()
}

/// Returns the features that the fewest answers have, as many as a fifth of the answers can hold; those that are equally seldom are
/// taken all or none, so that tags that name each example make none of them rare.
fn rare_features(answers: &[LabelCandidate]) -> BTreeSet<&str> {
    let mut holders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, answer) in answers.iter().enumerate() {
        for feature in &answer.features {
            holders.entry(feature).or_default().push(index);
        }
    }
    let mut by_size: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for (feature, indices) in &holders {
        by_size.entry(indices.len()).or_default().push(feature);
    }
    let most = RARE * float(count(answers.len()));
    let mut held: BTreeSet<usize> = BTreeSet::new();
    let mut rare = BTreeSet::new();
    for features in by_size.values() {
        for feature in features {
            held.extend(holders.get(feature).into_iter().flatten());
        }
        if float(count(held.len())) > most {
            break;
        }
        rare.extend(features);
    }
    rare
}

/// Returns the least and the largest score, for scales without ends.
fn observed_range(answers: &[LabelCandidate]) -> (f64, f64) {
    let values = || answers.iter().filter_map(|answer| Some(answer.judged?.value));
    (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max))
}

impl Judged {
    fn stratum(&self, range: (f64, f64)) -> Stratum {
        let (worst, best) = self.ends.unwrap_or(range);
        let width = best - worst;
        let middle = f64::midpoint(worst, best);
        let is_good = self.passed.unwrap_or(self.value >= middle);
        let (least, most) = self.samples;
        let is_apart = width > 0.0 && most - least > APART * width;
        let is_near = match self.threshold {
            Some(cut) => {
                let crosses = least < cut && cut <= most;
                // A threshold at the end of the scale is met by the best score only, which is as clear as a score can be.
                let room = if self.value >= cut { best - cut } else { cut - worst };
                crosses || (room > 0.0 && (self.value - cut).abs() < NEAR * room)
            }
            // A yes or no has no middle.
            None if self.passed.is_some() => false,
            None => width > 0.0 && (self.value - middle).abs() < MIDDLE / 2.0 * width,
        };
        match (is_near || is_apart, is_good) {
            (true, _) => Stratum::Uncertain,
            (false, true) => Stratum::ConfidentGood,
            (false, false) => Stratum::ConfidentBad,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use evalward_core::ExampleId;

    fn answer(value: f64, threshold: f64, samples: (f64, f64), tag: &str) -> LabelCandidate {
        LabelCandidate {
            id: ExampleId::new("a-1").unwrap(),
            trial: 1,
            features: vec!["partition golden".to_owned(), format!("tag {tag}")],
            judged: Some(Judged {
                value,
                ends: Some((1.0, 5.0)),
                threshold: Some(threshold),
                passed: Some(value >= threshold),
                samples,
            }),
        }
    }

    #[track_caller]
    fn check(value: f64, threshold: f64, samples: (f64, f64), expected: Stratum) {
        assert_eq!(strata(&[answer(value, threshold, samples, "x")]), [expected]);
    }

    #[test]
    fn a_score_is_uncertain_near_the_threshold_or_when_samples_disagree() {
        let alone = |value: f64| (value, value);
        check(5.0, 4.0, alone(5.0), Stratum::ConfidentGood);
        check(4.0, 4.0, alone(4.0), Stratum::Uncertain);
        check(3.7, 4.0, alone(3.7), Stratum::Uncertain);
        check(2.0, 4.0, alone(2.0), Stratum::ConfidentBad);
        check(2.0, 4.0, (1.0, 3.0), Stratum::Uncertain);
        check(4.6, 4.0, (3.9, 4.8), Stratum::Uncertain);
        // The best score meets a threshold at the end of the scale, and nothing else does.
        check(5.0, 5.0, alone(5.0), Stratum::ConfidentGood);
        check(4.5, 5.0, alone(4.5), Stratum::Uncertain);
    }

    #[test]
    fn what_few_answers_have_is_rare_and_what_each_has_for_itself_is_not() {
        let mut answers: Vec<LabelCandidate> =
            (0..10).map(|_| answer(5.0, 4.0, (5.0, 5.0), "common")).collect();
        answers[3].features.push("tag seldom".to_owned());
        assert_eq!(strata(&answers).iter().filter(|it| **it == Stratum::Rare).count(), 1);
        for (number, answer) in answers.iter_mut().enumerate() {
            answer.features.push(format!("tag only {number}"));
        }
        assert!(!strata(&answers).contains(&Stratum::Rare));
    }
}
