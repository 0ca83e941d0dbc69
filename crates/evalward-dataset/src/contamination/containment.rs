//! How much of an input stands in a stretch of text.

use crate::near::{GRAM, Gram, Grams, push_gram, share};

/// A shorter input, after normalisation, could stand anywhere by chance.
pub(super) const LEAST_CHARACTERS: usize = 12;

/// A shorter input counts only where it stands word for word.
const LEAST_FOR_NEARLY: usize = 24;

/// From this share of its 5-grams on, an input nearly stands in a text.
const LEAST_CONTAINMENT: f64 = 0.8;

/// What was found of an input in a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Occurrence {
    /// Whether it stands there word for word.
    pub(super) is_exact: bool,
    /// The share of its 5-grams that stand in one window.
    pub(super) containment: f64,
    /// Where the window starts.
    pub(super) start: usize,
}

/// Returns the window in which an input of so many characters is looked for: a quarter longer, since something may have been
/// put in.
pub(super) const fn window(characters: usize) -> usize {
    characters + characters / 4
}

/// Returns the best window of a text: the largest share of the input's distinct 5-grams that it holds, the containment
/// |A ∩ B| / |A| of Broder, "On the resemblance and containment of documents", 1997, section 2. None below the least that
/// counts.
pub(super) fn occurrence(input: &[char], text: &[char]) -> Option<Occurrence> {
    let grams = Grams::of_characters(input.iter().copied());
    let (count, start) = best_window(&grams, text, window(input.len()));
    let containment = share(count, grams.as_slice().len());
    if containment >= 1.0
        && let Some(start) = word_for_word(input, text)
    {
        return Some(Occurrence { is_exact: true, containment, start });
    }
    let is_enough = input.len() >= LEAST_FOR_NEARLY && containment >= LEAST_CONTAINMENT;
    is_enough.then_some(Occurrence { is_exact: false, containment, start })
}

/// Returns the position of the first occurrence that neither starts nor ends within a word.
fn word_for_word(input: &[char], text: &[char]) -> Option<usize> {
    let (input, text): (String, String) = (input.iter().collect(), text.iter().collect());
    let is_joined = |left: Option<char>, right: Option<char>| {
        let is_part = |side: Option<char>| side.is_some_and(|side| side.is_ascii_alphanumeric());
        is_part(left) && is_part(right)
    };
    let starts = text.match_indices(&input).map(|(start, _)| text.split_at(start));
    let (before, _) = starts.into_iter().find(|(before, rest)| {
        let after = rest.strip_prefix(&input).unwrap_or_default();
        !is_joined(before.chars().next_back(), input.chars().next())
            && !is_joined(input.chars().next_back(), after.chars().next())
    })?;
    Some(before.chars().count())
}

/// Slides a window over the text and returns the most grams of the input in it, with its start.
fn best_window(grams: &Grams, text: &[char], window: usize) -> (usize, usize) {
    let positions = positions(grams, text);
    let width = window.saturating_sub(GRAM - 1).max(1);
    let mut counts = vec![0_u32; grams.as_slice().len()];
    let (mut held, mut best) = (0, (0, 0));
    for (at, gram) in positions.iter().enumerate() {
        if let Some(leaving) =
            at.checked_sub(width).and_then(|at| positions.get(at).copied().flatten())
            && let Some(count) = counts.get_mut(leaving)
        {
            *count -= 1;
            held -= usize::from(*count == 0);
        }
        if let Some(count) = gram.and_then(|gram| counts.get_mut(gram)) {
            held += usize::from(*count == 0);
            *count += 1;
        }
        let start = (at + 1).saturating_sub(width);
        // While the window only loses what is not the input's, it moves on to where the input starts.
        if held > best.0 || (held == best.0 && start == best.1 + 1) {
            best = (held, start);
        }
    }
    best
}

/// Returns for each gram of the text which gram of the input it is.
fn positions(grams: &Grams, text: &[char]) -> Vec<Option<usize>> {
    let mut gram: Gram = 0;
    let all = text.iter().map(|character| {
        gram = push_gram(gram, *character);
        grams.as_slice().binary_search(&gram).ok()
    });
    all.skip(GRAM - 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(input: &str, text: &str) -> Option<(bool, String)> {
        let characters = |text: &str| text.chars().collect::<Vec<_>>();
        let found = occurrence(&characters(input), &characters(text))?;
        Some((found.is_exact, format!("{:.2}", found.containment)))
    }

    #[test]
    fn an_input_stands_word_for_word_or_nearly_or_not() {
        let exact = Some((true, "1.00".to_owned()));
        assert_eq!(found("where is my invoice", "q where is my invoice a here"), exact);
        assert_eq!(found("where is my invoice", "q where is my invoices a here"), None);
        let long = "where can i find the invoice of last month";
        assert_eq!(found(long, &format!("prefix {long} suffix")), exact);
        let edited = long.replace("last", "this").replace("find", "see");
        assert_eq!(found(long, &format!("x {edited} y")), None);
        let edited = long.replace("invoice", "invoices");
        assert_eq!(found(long, &format!("x {edited} y")), Some((false, "0.89".to_owned())));
        assert_eq!(found(long, "quite another text about nothing at all in particular"), None);
    }
}
