//! Longer answers that say nothing more.

use evalward_core::Seed;
use rand::SeedableRng as _;
use rand::rngs::Xoshiro256PlusPlus;
use rand::seq::SliceRandom as _;

/// Words that may stand before any answer.
const BEFORE: [&str; 8] = [
    "Thank you very much for getting in touch and for taking the time to write.",
    "That is a good question, and it is well worth a careful and complete answer.",
    "Let me go through this with all the care that it deserves.",
    "Before anything else, let me say that questions are always welcome here.",
    "Allow me to answer in full, so that nothing is left open.",
    "It is a pleasure to be of help with this.",
    "Here, then, is the answer to what was asked, in the words that follow.",
    "Let us look at it together, calmly and point by point.",
];

/// Words that may stand behind any answer.
const BEHIND: [&str; 8] = [
    "So this is the answer to the question that was asked, as it stands above.",
    "I hope very much that these words are clear, complete and of real use.",
    "Please take all the time that is needed to read the above once more.",
    "As was said above, what was said above is the answer.",
    "To put it in a nutshell: all that there is to say has been said in the lines above.",
    "Should anything be left to ask, please feel free to ask it at any time.",
    "All in all, and taking everything together, that is how it is.",
    "Thank you once more for the question, and for reading this answer to its end.",
];

/// The fewest sentences that are added.
const LEAST: usize = 4;

/// Returns an answer at least twice as long, as far as the words go, which says nothing that it did not say before.
///
/// The sentences that are added are English courtesies that state nothing about any matter, so that a judge of quality has no
/// reason to raise the score. After Zheng et al. (2023), "Judging LLM-as-a-Judge with MT-Bench and Chatbot Arena", section 3.3,
/// whose "repetitive list" attack pads answers as well.
pub fn pad(answer: &str, seed: Seed) -> String {
    let mut random = Xoshiro256PlusPlus::from_seed(seed.derive("pad").bytes());
    let (mut before, mut behind) = (BEFORE, BEHIND);
    before.shuffle(&mut random);
    behind.shuffle(&mut random);
    let (mut first, mut last) = (Vec::new(), Vec::new());
    let mut added = 0;
    for (opening, closing) in before.iter().zip(&behind) {
        if added >= answer.len() && first.len() + last.len() >= LEAST {
            break;
        }
        first.push(*opening);
        last.push(*closing);
        added += opening.len() + closing.len();
    }
    format!("{}\n\n{answer}\n\n{}", first.join(" "), last.join(" "))
}

#[cfg(test)]
mod tests {
    use evalward_metrics::facts::{FactKind, facts};

    use super::*;

    #[test]
    fn padding_keeps_the_answer_and_makes_it_longer() {
        let answer = "Refunds take five days.";
        let padded = pad(answer, Seed::from_number(1));
        assert!(padded.contains(answer) && padded.len() > 3 * answer.len(), "{padded}");
        assert_eq!(padded, pad(answer, Seed::from_number(1)));
        assert_ne!(padded, pad(answer, Seed::from_number(2)));
        let long = "It is so. ".repeat(60);
        assert!(pad(&long, Seed::from_number(1)).len() >= 2 * long.len());
    }

    #[test]
    fn padding_states_no_fact() {
        for sentence in BEFORE.iter().chain(&BEHIND) {
            let stated = facts(sentence);
            assert!(stated.iter().all(|fact| fact.kind == FactKind::Negation), "{stated:?}");
        }
    }
}
