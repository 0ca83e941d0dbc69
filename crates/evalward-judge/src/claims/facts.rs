//! What needs no model: facts of an answer that stand neither in its context nor in the input.

use evalward_metrics::facts::{Fact, FactIndex, FactKind};

/// Returns the numbers, prices, dates, links and the like of an answer, and its words in quotation marks, that no ground states.
pub(super) fn unfounded_facts(answer: &str, grounds: &[&str]) -> Vec<Fact> {
    let mut facts = FactIndex::new(grounds.iter().copied()).unsupported(answer);
    facts.retain(|fact| match fact.kind {
        // A capital letter makes no name, and a negation no number; the judge looks at both.
        FactKind::Negation => false,
        FactKind::Name => is_quoted(answer, fact),
        _ => true,
    });
    facts
}

fn is_quoted(answer: &str, fact: &Fact) -> bool {
    let before = answer.get(..fact.span.start).and_then(|text| text.chars().next_back());
    before.is_some_and(|letter| "\"“„«‘'".contains(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_ground_states_is_found_without_a_model() {
        let context = "The Pro plan costs $49.00 a month. Returns are free for 30 days.";
        let input = "I ordered on 3 May 2026. What does Pro cost?";
        let unfounded = |answer: &str| {
            let facts = unfounded_facts(answer, &[context, input]);
            facts
                .into_iter()
                .map(|fact| answer.get(fact.span).unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        assert!(unfounded("Pro is 49 dollars; you have thirty days from 3 May.").is_empty());
        assert_eq!(unfounded("Pro costs $49.90 a month."), ["$49.90"]);
        assert_eq!(
            unfounded("Write to help@shop.example by 4 May 2026."),
            ["help@shop.example", "4 May 2026"]
        );
        assert_eq!(unfounded("It has the “Night Mode” feature, and the Day Mode."), ["Night Mode"]);
    }
}
