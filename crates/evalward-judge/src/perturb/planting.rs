//! Answers with one fact made wrong.

use std::ops::Range;

use evalward_core::Seed;
use evalward_metrics::facts::{Fact, FactIndex, FactKind, facts};
use rand::SeedableRng as _;
use rand::rngs::Xoshiro256PlusPlus;
use rand::seq::SliceRandom as _;

/// The longest answer whose facts are looked at, in bytes.
const LONGEST: usize = 1 << 18;

/// The most facts of an answer that are tried.
const MOST: usize = 100;

/// Verbs with their denials, tried in this order where an answer has no number.
const VERBS: [(&str, &str); 8] = [
    (" cannot ", " can "),
    (" can ", " cannot "),
    (" is ", " is not "),
    (" are ", " are not "),
    (" will ", " will not "),
    (" has ", " has no "),
    (" does ", " does not "),
    (" do ", " do not "),
];

/// An answer with one fact made wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planted {
    /// The answer.
    pub answer: String,
    /// The words that were replaced.
    pub was: String,
    /// The words in their place.
    pub is: String,
    /// Where these stand in the answer, in bytes.
    pub span: Range<usize>,
}

/// Makes one fact of an answer wrong: another number, price, date or duration of which the grounds and the answer know nothing,
/// else the opposite of a statement. `None` where the answer has neither, or is longer than 256 KiB.
pub fn plant_wrong_fact(answer: &str, grounds: &[&str], seed: Seed) -> Option<Planted> {
    if answer.len() > LONGEST {
        return None;
    }
    let index = FactIndex::new(grounds.iter().copied().chain([answer]));
    let mut candidates: Vec<Fact> = facts(answer);
    candidates.retain(|fact| has_digits(answer, fact));
    let mut random = Xoshiro256PlusPlus::from_seed(seed.derive("plant").bytes());
    candidates.shuffle(&mut random);
    let wrong = candidates.iter().take(MOST).find_map(|fact| altered(answer, fact, &index));
    wrong.or_else(|| denied(answer))
}

fn has_digits(answer: &str, fact: &Fact) -> bool {
    let is_countable = matches!(
        fact.kind,
        FactKind::Date
            | FactKind::Time
            | FactKind::Price
            | FactKind::Percentage
            | FactKind::Duration
            | FactKind::Number
    );
    let words = answer.get(fact.span.clone()).unwrap_or_default();
    is_countable && words.bytes().any(|byte| byte.is_ascii_digit())
}

/// Replaces one digit of a fact, the first that makes a fact of the same kind which nobody stated.
fn altered(answer: &str, fact: &Fact, index: &FactIndex) -> Option<Planted> {
    let words = answer.get(fact.span.clone())?;
    let digits = words.char_indices().filter(|(_, letter)| letter.is_ascii_digit());
    digits.flat_map(|(at, digit)| others(digit).map(move |other| (at, other))).find_map(
        |(at, other)| {
            let (before, behind) = words.split_at_checked(at)?;
            let is = format!("{before}{other}{}", behind.get(1..)?);
            let planted = replaced(answer, fact.span.clone(), &is)?;
            // Only the surroundings tell of some facts what they are, so the facts of the new answer are looked at.
            let stated = FactIndex::new([planted.answer.as_str()]).unsupported(answer);
            let is_gone = stated.iter().any(|gone| gone.span == fact.span);
            let new = facts(&planted.answer);
            let is_new = new.iter().any(|new| new.kind == fact.kind && !index.has(new));
            (is_gone && is_new).then_some(planted)
        },
    )
}

/// Returns the other digits, the middling ones first, so that a number stays of its size and a day remains one.
fn others(digit: char) -> impl Iterator<Item = char> {
    "42357168".chars().filter(move |other| *other != digit)
}

fn denied(answer: &str) -> Option<Planted> {
    VERBS.iter().find_map(|(verb, denial)| {
        let start = answer.find(verb)?;
        replaced(answer, start..start + verb.len(), denial)
    })
}

fn replaced(answer: &str, span: Range<usize>, is: &str) -> Option<Planted> {
    let (before, behind) = (answer.get(..span.start)?, answer.get(span.end..)?);
    Some(Planted {
        answer: format!("{before}{is}{behind}"),
        was: answer.get(span.clone())?.to_owned(),
        is: is.to_owned(),
        span: span.start..span.start + is.len(),
    })
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use proptest::prelude::*;

    use super::*;

    fn plant(answer: &str) -> Option<Planted> {
        let grounds =
            ["The Pro plan costs $49.00 a month, the Team plan $99.00. Returns: 30 days."];
        plant_wrong_fact(answer, &grounds, Seed::from_number(1))
    }

    #[test]
    fn one_fact_becomes_wrong() {
        let answers = [
            "The Pro plan costs $49.00 a month.",
            "You can return it within 30 days.",
            "It starts on 3 May 2026 at 10:30.",
            "Write to us: 20% off.",
            "Returns are free.",
            "You cannot return it.",
        ];
        let shown: Vec<String> = answers.iter().map(|it| plant(it).unwrap().answer).collect();
        assert_snapshot!(shown.join("\n"));
    }

    #[test]
    fn what_states_nothing_stays_as_it_is() {
        assert_eq!(plant(""), None);
        assert_eq!(plant("Hello!"), None);
        assert_eq!(plant(&" is ".repeat(1 << 17)), None);
    }

    proptest! {
        #[test]
        fn only_the_named_words_change(answer in "[a-z0-9 .%$]{0,40}", seed: u64) {
            if let Some(planted) = plant_wrong_fact(&answer, &[], Seed::from_number(seed)) {
                let Planted { answer: now, was, is, span } = planted;
                prop_assert_eq!(now.get(span.clone()), Some(is.as_str()));
                let mut back = now;
                back.replace_range(span, &was);
                prop_assert_eq!(back, answer);
            }
        }
    }
}
