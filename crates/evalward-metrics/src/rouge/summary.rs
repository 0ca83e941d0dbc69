//! ROUGE-Lsum: the union of longest common subsequences, line by line.

use crate::sequence::{TooLong, UnionOfSubsequences};
use crate::words::index;

/// The product of the numbers of words and lines that is computed; it takes about a second.
const MOST_CELLS: u64 = 400_000_000;

/// Returns how many words of the reference's lines lie in a union of longest common subsequences with the output's lines, each at
/// most as often as either side has it.
pub(super) fn summary_hits(
    output: &[Vec<u32>],
    reference: &[Vec<u32>],
    words: usize,
) -> Result<usize, TooLong> {
    let size = |lines: &[Vec<u32>]| lines.len() + lines.iter().map(Vec::len).sum::<usize>();
    TooLong::check("words and lines", (size(output), size(reference)), MOST_CELLS)?;
    let mut left = [output, reference].map(|lines| counts(lines, words));
    let mut unions = UnionOfSubsequences::new(words);
    let mut hits = 0;
    for line in reference {
        let union = unions.places(line, output);
        for (&word, _) in line.iter().zip(union).filter(|(_, is_in)| *is_in) {
            let [of_output, of_reference] = &mut left;
            let (of_output, of_reference) =
                (&mut of_output[index(word)], &mut of_reference[index(word)]);
            if *of_output > 0 && *of_reference > 0 {
                hits += 1;
                *of_output -= 1;
                *of_reference -= 1;
            }
        }
    }
    Ok(hits)
}

fn counts(lines: &[Vec<u32>], words: usize) -> Vec<usize> {
    let mut counts = vec![0; words];
    for &word in lines.iter().flatten() {
        counts[index(word)] += 1;
    }
    counts
}
