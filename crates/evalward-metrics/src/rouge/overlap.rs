//! From two texts to precision, recall and F1.

use std::num::NonZeroUsize;

use super::summary::summary_hits;
use super::tokens::{Tokens, lines};
use crate::sequence::{TooLong, subsequence_length};
use crate::words::{Vocabulary, ngrams_in, shared_ngrams};
use crate::{Extents, RougeTokenizer, RougeVariant};

/// The product of the numbers of words that a longest common subsequence is computed for; it takes about a second.
const MOST_CELLS: u64 = 10_000_000_000;

/// How ROUGE is computed; the default is rouge-score's ROUGE-L.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RougeOptions {
    /// Which ROUGE.
    pub variant: RougeVariant,
    /// Whether words are compared by their Porter stems.
    pub stemming: bool,
    /// What a word is.
    pub tokenizer: RougeTokenizer,
}

/// Returns the overlap of an output with a right answer.
///
/// Lin (2004), "ROUGE: A Package for Automatic Evaluation of Summaries": ROUGE-N by section 2 with precision and F1 beside recall,
/// ROUGE-L by equations 2 to 4 with β = 1, ROUGE-Lsum by equations 5 to 7 with β = 1, where a word of a line counts at most as often
/// as the output has it.
///
/// # Errors
/// Where the texts are too long for a longest common subsequence.
pub fn rouge(output: &str, reference: &str, options: &RougeOptions) -> Result<Extents, TooLong> {
    let mut vocabulary = Vocabulary::with_room((output.len() + reference.len()) / 8);
    let mut tokens = Tokens::new(*options, &mut vocabulary);
    if options.variant == RougeVariant::RougeLsum {
        let [output, reference] = [output, reference].map(|text| lines(text, &mut tokens));
        let hits = summary_hits(&output, &reference, vocabulary.len())?;
        let words = |lines: &[Vec<u32>]| lines.iter().map(Vec::len).sum();
        return Ok(extents(hits, words(&output), words(&reference)));
    }
    let (output, reference) = (tokens.of(output), tokens.of(reference));
    let words = (output.len(), reference.len());
    Ok(match options.variant {
        RougeVariant::Rouge1 => by_ngrams(&output, reference, vocabulary.len(), 1),
        RougeVariant::Rouge2 => by_ngrams(&output, reference, vocabulary.len(), 2),
        RougeVariant::RougeL | RougeVariant::RougeLsum => {
            TooLong::check("words", words, MOST_CELLS)?;
            let length = subsequence_length(&output, &reference, vocabulary.len());
            extents(length, words.0, words.1)
        }
    })
}

fn by_ngrams(output: &[u32], reference: Vec<u32>, words: usize, order: usize) -> Extents {
    let count = |words| usize::try_from(ngrams_in(words, order)).unwrap_or(usize::MAX);
    let (of_output, of_reference) = (count(output.len()), count(reference.len()));
    let shared = shared_ngrams(output, &[reference], words, order)[order - 1];
    extents(usize::try_from(shared).unwrap_or(usize::MAX), of_output, of_reference)
}

/// Where one side has nothing to count, nothing overlaps.
fn extents(shared: usize, of_output: usize, of_reference: usize) -> Extents {
    match (NonZeroUsize::new(of_output), NonZeroUsize::new(of_reference)) {
        (Some(of_output), Some(of_reference)) => Extents::of(shared, of_output, of_reference),
        _ => Extents::default(),
    }
}
