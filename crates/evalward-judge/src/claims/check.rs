//! Whether claims and their evidence stand where the judge says.

use std::ops::Range;

use serde_json::{Value, json};

use super::find::Searchable;
use super::{ClaimLabel, ClaimPolicies, ClaimPolicy};
use crate::answer::ToldClaim;

/// A claim with its places, as a program found them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct CheckedClaim {
    told: ToldClaim,
    /// Where it stands in the answer; empty where it does not, so that it does not count.
    pub(super) places: Vec<Range<usize>>,
    /// Where its evidence stands in the context.
    evidence: Vec<Range<usize>>,
    /// The label that counts.
    pub(super) label: ClaimLabel,
    /// Whether an earlier claim has the same words, so that this one does not count again.
    repeats: bool,
}

/// Looks for each claim in the answer, and for its evidence in the context.
///
/// A claim that is borne out, follows or is contradicted needs evidence that stands in the context; without it, it counts as
/// unsupported.
pub(super) fn check_claims(
    told: Vec<ToldClaim>,
    answer: &Searchable,
    context: &Searchable,
) -> Vec<CheckedClaim> {
    let check = |told: ToldClaim| {
        let places = answer.find(&told.claim).unwrap_or_default();
        let evidence = told.evidence.as_deref().and_then(|it| context.find(it)).unwrap_or_default();
        let needs_evidence =
            !matches!(told.label, ClaimLabel::Unsupported | ClaimLabel::NotCheckable);
        let label = match told.label {
            _ if needs_evidence && evidence.is_empty() => ClaimLabel::Unsupported,
            label => label,
        };
        CheckedClaim { told, places, evidence, label, repeats: false }
    };
    let mut claims: Vec<CheckedClaim> = Vec::new();
    for mut claim in told.into_iter().map(check) {
        let same = claims.iter_mut().find(|it| it.counts() && it.places == claim.places);
        if let Some(earlier) = same {
            // What is said twice counts once, or a judge could be talked into a score by repetition.
            earlier.label = stricter(earlier.label, claim.label);
            claim.repeats = true;
        }
        claims.push(claim);
    }
    claims
}

/// Returns the label that is worse for the answer.
fn stricter(one: ClaimLabel, other: ClaimLabel) -> ClaimLabel {
    match (one, other) {
        (ClaimLabel::NotCheckable, label) | (label, ClaimLabel::NotCheckable) => label,
        _ => one.max(other),
    }
}

impl CheckedClaim {
    /// Whether it stands in the answer, and is none that was told before.
    pub(super) const fn counts(&self) -> bool {
        !self.places.is_empty() && !self.repeats
    }

    /// Returns the words of the answer.
    pub(super) fn words(&self) -> &str {
        self.told.claim.trim()
    }

    /// Returns the words of the context, where they stand there.
    pub(super) fn evidence(&self) -> Option<&str> {
        self.told.evidence.as_deref().filter(|_| !self.evidence.is_empty())
    }

    /// Returns what explains it.
    pub(super) fn detail(&self) -> Value {
        let spans = |places: &[Range<usize>]| {
            places.iter().map(|place| json!([place.start, place.end])).collect::<Vec<_>>()
        };
        let mut detail = json!({
            "claim": self.told.claim,
            "label": self.label,
            "places": spans(&self.places),
            "evidence": self.told.evidence,
            "evidence_places": spans(&self.evidence),
        });
        if !self.told.reasoning.is_empty() {
            detail["reasoning"] = json!(self.told.reasoning);
        }
        if self.label != self.told.label {
            detail["told_label"] = json!(self.told.label);
        }
        if self.places.is_empty() {
            detail["not_found"] = json!(true);
        }
        if self.repeats {
            detail["repeats"] = json!(true);
        }
        detail
    }
}

/// What the claims of one sample come to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Tally {
    /// The claims that could be true or false.
    pub(super) checkable: u32,
    /// Those that count as borne out.
    pub(super) accepted: u32,
    /// Those that fail the answer.
    pub(super) failing: u32,
}

impl Tally {
    pub(super) fn of(claims: &[CheckedClaim], policies: ClaimPolicies) -> Self {
        let mut tally = Self::default();
        for claim in claims.iter().filter(|claim| claim.counts()) {
            let Some(policy) = policies.of(claim.label) else { continue };
            tally.checkable += 1;
            tally.accepted += u32::from(policy == ClaimPolicy::Accept);
            tally.failing += u32::from(policy == ClaimPolicy::Fail);
        }
        tally
    }

    /// Returns the share of the claims that are borne out; `None` where none could be.
    pub(super) fn share(self) -> Option<f64> {
        (self.checkable > 0).then(|| f64::from(self.accepted) / f64::from(self.checkable))
    }
}

/// Returns the share of the answer's letters and digits that lie in a claim.
pub(super) fn coverage(answer: &str, claims: &[CheckedClaim]) -> f64 {
    let mut places: Vec<&Range<usize>> = claims.iter().flat_map(|claim| &claim.places).collect();
    places.sort_unstable_by_key(|place| place.start);
    let mut places = places.into_iter().peekable();
    let (mut all, mut covered, mut reached) = (0_u32, 0_u32, 0);
    for (at, _) in answer.char_indices().filter(|(_, letter)| letter.is_alphanumeric()) {
        while let Some(place) = places.next_if(|place| place.start <= at) {
            reached = reached.max(place.end);
        }
        all += 1;
        covered += u32::from(at < reached);
    }
    if all == 0 { 1.0 } else { f64::from(covered) / f64::from(all) }
}
