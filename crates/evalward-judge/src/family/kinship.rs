//! Whether a judge is of the subject's kind.

use std::cmp::Ordering;

use super::FamilyMember;

/// How a judge's model and a subject's are related.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kinship {
    /// They share no family.
    Apart,
    /// They share a family, and the judge is of a newer generation of it, so that it is another model.
    Newer {
        /// The family.
        family: &'static str,
    },
    /// They share a family, and the judge is not known to be newer.
    Same {
        /// The family.
        family: &'static str,
        /// How old the judge is beside the subject; absent where a name does not tell the generation.
        age: Option<Ordering>,
    },
    /// The family of one of them is not known.
    Unknown,
}

/// Compares the families of a subject's model with those of a judge's; of several that they share, the one that is worst counts.
///
/// Panickssery et al. (2024), "LLM evaluators recognize and favor their own generations", on why it matters.
pub fn kinship(subject: &[FamilyMember], judge: &[FamilyMember]) -> Kinship {
    if subject.is_empty() || judge.is_empty() {
        return Kinship::Unknown;
    }
    let mut found = Kinship::Apart;
    for ours in subject {
        let Some(theirs) = judge.iter().find(|theirs| theirs.family == ours.family) else {
            continue;
        };
        let family = ours.family;
        let age = theirs.generation.zip(ours.generation).map(|(judge, us)| judge.cmp(&us));
        if age == Some(Ordering::Greater) {
            found = Kinship::Newer { family };
        } else {
            return Kinship::Same { family, age };
        }
    }
    found
}
