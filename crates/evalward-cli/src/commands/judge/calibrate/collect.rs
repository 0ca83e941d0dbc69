//! Answers with what people, the judge and free scores say of them.

use evalward_core::{Document, Finite, Measurement};
use evalward_gate::calibrate::{ClaimPair, JudgedAnswer, JudgedClaims, RatedLabels};
use evalward_judge::{PlacedClaims, match_claims};
use evalward_metrics::SupportScore;
use serde_json::Value;

use crate::commands::calibration::{Answers, ScoredAnswer};

/// What costs nothing and stands beside a judge.
pub(super) const BASELINES: [&str; 2] = ["support", "length"];

/// The longest text that `support` is computed of, in bytes.
const LONGEST: usize = 4 << 20;

/// Lists the answers of which people say something as a whole.
pub(super) fn judged_answers(
    answers: &Answers,
    positive_from: Option<Finite>,
) -> Vec<JudgedAnswer> {
    let judged = |answer: &ScoredAnswer| {
        let detail = answer.measurement.score().and_then(|score| score.detail.as_ref());
        Some(JudgedAnswer {
            is_good: answer.rated.is_good(positive_from)?,
            labels: RatedLabels {
                ratings: answer.rated.ratings().collect(),
                group: answer.group.clone(),
                probability: answer.rated.probability,
            },
            score: (&answer.measurement).into(),
            was_asked_again: detail
                .and_then(|it| it.get("asked_again"))
                .and_then(Value::as_u64)
                .is_some_and(|times| times > 0),
            is_unstable: detail.and_then(is_unstable),
            baselines: vec![support(answer), length(answer)],
            claims: claims(answer, detail),
        })
    };
    answers.scored.iter().filter_map(judged).collect()
}

/// Whether the samples of a criterion lie far apart; nothing where there is one sample alone.
fn is_unstable(detail: &Value) -> Option<bool> {
    let criteria = detail.get("criteria")?.as_object()?;
    let told = criteria.values().filter_map(|it| it.get("unstable").and_then(Value::as_bool));
    told.reduce(|one, other| one || other)
}

fn support(answer: &ScoredAnswer) -> Option<Finite> {
    let (example, response) = (&answer.asked.example, &answer.asked.reply.response);
    let documents = if example.context.is_empty() { &response.context } else { &example.context };
    let text = |document: &'_ Document| -> Option<String> { document.text.clone() };
    let grounds: Vec<String> =
        documents.iter().filter_map(text).filter(|text| !text.trim().is_empty()).collect();
    let grounds: Vec<&str> = grounds.iter().map(String::as_str).collect();
    let length = grounds.iter().map(|text| text.len()).sum::<usize>().max(response.output.len());
    if grounds.is_empty() || length > LONGEST {
        return None;
    }
    SupportScore::new(&response.output, &grounds).map(|score| score.value)
}

fn length(answer: &ScoredAnswer) -> Option<Finite> {
    let letters = answer.asked.reply.response.output.chars().count();
    Finite::new(f64::from(u32::try_from(letters).unwrap_or(u32::MAX))).ok()
}

/// Lays the claims of people and judge side by side, where both named some.
fn claims(answer: &ScoredAnswer, detail: Option<&Value>) -> Option<JudgedClaims> {
    let raters: Vec<Vec<_>> = answer
        .rated
        .raters
        .iter()
        .filter_map(|rater| rater.claims.as_ref())
        .map(|claims| claims.iter().map(|it| (it.claim.as_str(), it.label)).collect())
        .collect();
    if raters.is_empty() || !matches!(answer.measurement, Measurement::Score(_)) {
        return None;
    }
    let judge = PlacedClaims::of_judge(detail?)?;
    let people = PlacedClaims::of_people(&answer.asked.reply.response.output, &raters);
    let pairs = match_claims(&people, &judge).into_iter();
    Some(JudgedClaims {
        pairs: pairs.map(|(people, judge)| ClaimPair { people, judge }).collect(),
        unplaced_by_people: people.unplaced,
        unplaced_by_judge: judge.unplaced,
    })
}
