//! The claims of people and of a judge, laid side by side.

use std::collections::BTreeMap;
use std::ops::Range;

use evalward_core::ClaimLabel;
use serde_json::Value;

use super::find::Searchable;

/// The most claims of one side that are compared; further ones match nothing.
const MOST: usize = 500;

/// The least share of the shorter of two claims that both must have in common.
const LEAST_OVERLAP: f64 = 0.5;

/// A claim with where it stands in the answer, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedClaim {
    /// Where it stands; several places where it leaves something out.
    pub places: Vec<Range<usize>>,
    /// Its label.
    pub label: ClaimLabel,
}

/// The claims of one side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlacedClaims {
    /// Those that are words of the answer.
    pub claims: Vec<PlacedClaim>,
    /// How many are not.
    pub unplaced: u64,
}

impl PlacedClaims {
    /// Finds the claims that people labelled, one list for each of them; what several say of the same words counts once, by their
    /// majority, and of equal ones by who came first.
    pub fn of_people(answer: &str, raters: &[Vec<(&str, ClaimLabel)>]) -> Self {
        let searchable = Searchable::new(answer);
        let mut said: BTreeMap<Vec<(usize, usize)>, Vec<ClaimLabel>> = BTreeMap::new();
        let mut unplaced = 0;
        for (words, label) in raters.iter().flat_map(|claims| claims.iter().take(MOST)) {
            match searchable.find(words) {
                Some(places) => {
                    let key = places.iter().map(|it| (it.start, it.end)).collect();
                    said.entry(key).or_default().push(*label);
                }
                None => unplaced += 1,
            }
        }
        let claim = |(places, labels): (Vec<(usize, usize)>, Vec<ClaimLabel>)| {
            let label = majority(&labels)?;
            let places = places.into_iter().map(|(start, end)| start..end).collect();
            Some(PlacedClaim { places, label })
        };
        Self { claims: said.into_iter().filter_map(claim).collect(), unplaced }
    }

    /// Reads the claims of a hallucination judge from the detail of its score; the first sample speaks for all. Nothing where the
    /// detail is of something else.
    pub fn of_judge(detail: &Value) -> Option<Self> {
        let claims = detail.get("samples")?.get(0)?.get("claims")?.as_array()?;
        let mut found = Self::default();
        for claim in claims {
            let label = serde_json::from_value(claim.get("label")?.clone()).ok()?;
            let places: Vec<Range<usize>> =
                claim.get("places")?.as_array()?.iter().filter_map(range).collect();
            if places.is_empty() {
                found.unplaced += 1;
            } else {
                found.claims.push(PlacedClaim { places, label });
            }
        }
        Some(found)
    }
}

fn range(place: &Value) -> Option<Range<usize>> {
    let end = |index: usize| usize::try_from(place.get(index)?.as_u64()?).ok();
    Some(end(0)?..end(1)?)
}

fn majority(labels: &[ClaimLabel]) -> Option<ClaimLabel> {
    let votes = |label: &ClaimLabel| labels.iter().filter(|other| *other == label).count();
    let most = labels.iter().map(votes).max()?;
    labels.iter().find(|label| votes(label) == most).copied()
}

/// Pairs the labels of claims that are about the same words, and lists those that the other side does not have.
///
/// Two claims are about the same words if they share at least half of the shorter one. Each is paired once, those that lie closest
/// together first.
pub fn match_claims(
    people: &PlacedClaims,
    judge: &PlacedClaims,
) -> Vec<(Option<ClaimLabel>, Option<ClaimLabel>)> {
    let mut candidates = Vec::new();
    for (one, left) in people.claims.iter().take(MOST).enumerate() {
        for (two, right) in judge.claims.iter().take(MOST).enumerate() {
            if let Some(closeness) = closeness(left, right) {
                candidates.push((closeness, one, two));
            }
        }
    }
    candidates.sort_by(|left, right| {
        right.0.total_cmp(&left.0).then((left.1, left.2).cmp(&(right.1, right.2)))
    });
    let mut of_people = vec![false; people.claims.len()];
    let mut of_judge = vec![false; judge.claims.len()];
    let mut pairs = Vec::new();
    for (_, one, two) in candidates {
        let (Some(left), Some(right)) = (people.claims.get(one), judge.claims.get(two)) else {
            continue;
        };
        let (Some(one), Some(two)) = (of_people.get_mut(one), of_judge.get_mut(two)) else {
            continue;
        };
        if !*one && !*two {
            (*one, *two) = (true, true);
            pairs.push((Some(left.label), Some(right.label)));
        }
    }
    let alone = |claims: &[PlacedClaim], taken: Vec<bool>| -> Vec<ClaimLabel> {
        let alone = claims.iter().zip(taken).filter(|(_, taken)| !taken);
        alone.map(|(claim, _)| claim.label).collect()
    };
    pairs.extend(alone(&people.claims, of_people).into_iter().map(|label| (Some(label), None)));
    pairs.extend(alone(&judge.claims, of_judge).into_iter().map(|label| (None, Some(label))));
    pairs
}

/// Returns the share of the longer claim that both have in common, where that is at least half of the shorter.
fn closeness(left: &PlacedClaim, right: &PlacedClaim) -> Option<f64> {
    let length = |claim: &PlacedClaim| claim.places.iter().map(ExactSizeIterator::len).sum();
    let common: usize = left
        .places
        .iter()
        .flat_map(|one| right.places.iter().map(move |two| common(one, two)))
        .sum();
    let (short, long): (usize, usize) = {
        let (one, two): (usize, usize) = (length(left), length(right));
        (one.min(two), one.max(two))
    };
    let float = |bytes: usize| f64::from(u32::try_from(bytes).unwrap_or(u32::MAX));
    let is_same = common > 0 && float(common) >= LEAST_OVERLAP * float(short);
    is_same.then(|| float(common) / float(long))
}

fn common(one: &Range<usize>, two: &Range<usize>) -> usize {
    one.end.min(two.end).saturating_sub(one.start.max(two.start))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use ClaimLabel::{Contradicted, NotCheckable, Supported, Unsupported};

    const ANSWER: &str = "Hello! Pro costs $49 a month. It has phone support, and ten seats.";

    fn people(claims: &[(&str, ClaimLabel)]) -> PlacedClaims {
        PlacedClaims::of_people(ANSWER, &[claims.to_vec()])
    }

    #[test]
    fn claims_about_the_same_words_are_paired_and_the_others_listed() {
        let by_people = people(&[
            ("Pro costs $49 a month", Supported),
            ("It has phone support, and ten seats", Contradicted),
            ("It costs forty-nine dollars", Supported),
        ]);
        assert_eq!(by_people.unplaced, 1);
        let by_judge = people(&[
            ("Hello!", NotCheckable),
            ("Pro costs $49", Supported),
            ("It has phone support", Unsupported),
            ("and ten seats", Supported),
        ]);
        assert_eq!(
            match_claims(&by_people, &by_judge),
            [
                (Some(Supported), Some(Supported)),
                (Some(Contradicted), Some(Unsupported)),
                (None, Some(NotCheckable)),
                (None, Some(Supported)),
            ]
        );
    }

    #[test]
    fn several_people_have_one_vote_on_each_claim() {
        let claim = "It has phone support";
        let raters = [Supported, Unsupported, Unsupported].map(|label| vec![(claim, label)]);
        let claims = PlacedClaims::of_people(ANSWER, &raters).claims;
        assert_eq!(claims.iter().map(|it| it.label).collect::<Vec<_>>(), [Unsupported]);
    }

    #[test]
    fn the_detail_of_a_score_tells_the_judges_claims() {
        let detail = json!({"samples": [{"claims": [
            {"claim": "a", "label": "SUPPORTED", "places": [[7, 20]]},
            {"claim": "b", "label": "UNSUPPORTED", "places": []},
        ]}]});
        let found = PlacedClaims::of_judge(&detail).unwrap();
        assert_eq!(found.unplaced, 1);
        assert_eq!(
            found.claims,
            [PlacedClaim { places: std::iter::once(7..20).collect(), label: Supported }]
        );
        for other in [json!({}), json!({"samples": []}), json!({"samples": [{"claims": [{}]}]})] {
            assert_eq!(PlacedClaims::of_judge(&other), None);
        }
    }

    fn side() -> impl Strategy<Value = PlacedClaims> {
        let claim = (0_usize..60, 1_usize..20, 0_usize..5);
        prop::collection::vec(claim, 0..12).prop_map(|claims| PlacedClaims {
            unplaced: 0,
            claims: claims
                .into_iter()
                .map(|(start, length, label)| PlacedClaim {
                    places: std::iter::once(start..start + length).collect(),
                    label: ClaimLabel::ALL[label],
                })
                .collect(),
        })
    }

    proptest! {
        #[test]
        fn each_claim_is_counted_once(people in side(), judge in side()) {
            let pairs = match_claims(&people, &judge);
            let by_people = pairs.iter().filter(|pair| pair.0.is_some()).count();
            let by_judge = pairs.iter().filter(|pair| pair.1.is_some()).count();
            prop_assert_eq!((by_people, by_judge), (people.claims.len(), judge.claims.len()));
        }

        #[test]
        fn a_side_matches_itself(side in side()) {
            let same = match_claims(&side, &side);
            prop_assert!(same.iter().all(|(one, two)| one.is_some() && two.is_some()));
        }
    }
}
