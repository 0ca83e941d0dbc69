//! Claims of people and judge side by side.

use std::collections::BTreeMap;

use evalward_core::ClaimLabel;

use super::asked::{Hit, grouped_share};
use super::figures::{ClaimCell, ClaimFigures};
use super::judged::{ClaimPair, JudgedAnswer, RatedLabels};

/// Counts the claims of all answers; nothing where people labelled none.
pub(super) fn claims(answers: &[JudgedAnswer]) -> Option<ClaimFigures> {
    let labelled: Vec<_> = answers
        .iter()
        .filter_map(|answer| Some((answer.claims.as_ref()?, &answer.labels)))
        .collect();
    if labelled.is_empty() {
        return None;
    }
    let pairs: Vec<(ClaimPair, &RatedLabels)> = labelled
        .iter()
        .flat_map(|(claims, labels)| claims.pairs.iter().map(|pair| (*pair, *labels)))
        .collect();
    let mut cells: BTreeMap<ClaimPair, u64> = BTreeMap::new();
    for (pair, _) in &pairs {
        *cells.entry(*pair).or_default() += 1;
    }
    let count_of = |wanted: fn(&ClaimPair) -> bool| {
        cells.iter().filter(|(pair, _)| wanted(pair)).map(|(_, count)| count).sum::<u64>()
    };
    let both = |pair: &ClaimPair| Some((pair.people?, pair.judge?));
    let same = pairs.iter().filter_map(|(pair, labels)| {
        both(pair).map(|(people, judge)| hit(people == judge, labels))
    });
    Some(ClaimFigures {
        answers: u64::try_from(labelled.len()).unwrap_or(u64::MAX),
        matched: count_of(|pair| pair.people.is_some() && pair.judge.is_some()),
        only_people: count_of(|pair| pair.judge.is_none()),
        only_judge: count_of(|pair| pair.people.is_none()),
        unplaced_by_people: labelled.iter().map(|(claims, _)| claims.unplaced_by_people).sum(),
        unplaced_by_judge: labelled.iter().map(|(claims, _)| claims.unplaced_by_judge).sum(),
        same_label: grouped_share(same),
        precision: share_of(&pairs, |pair| pair.judge, |pair| pair.people),
        recall: share_of(&pairs, |pair| pair.people, |pair| pair.judge),
        confusion: cells
            .into_iter()
            .map(|(ClaimPair { people, judge }, count)| ClaimCell { people, judge, count })
            .collect(),
    })
}

/// Returns, of the claims that one side does not find borne out, the share that the other does not either.
fn share_of(
    pairs: &[(ClaimPair, &RatedLabels)],
    one: fn(&ClaimPair) -> Option<ClaimLabel>,
    other: fn(&ClaimPair) -> Option<ClaimLabel>,
) -> Option<crate::Estimate> {
    let is_bad = |label: Option<ClaimLabel>| label.is_some_and(ClaimLabel::is_unfounded);
    let bad = pairs.iter().filter(|(pair, _)| is_bad(one(pair)));
    grouped_share(bad.map(|(pair, labels)| hit(is_bad(other(pair)), labels)))
}

/// A claim weighs what its answer does.
fn hit(is: bool, labels: &RatedLabels) -> Hit<'_> {
    (is, labels.group.as_str(), labels.weight())
}
