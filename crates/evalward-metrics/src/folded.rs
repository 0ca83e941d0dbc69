//! Texts prepared for search, with the way back to the original bytes.

use std::borrow::Cow;
use std::ops::Range;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};
use unicode_segmentation::UnicodeSegmentation;

/// Whether letters that differ only in case are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    /// They are the same: both sides are lower-cased, and the final sigma is a sigma.
    Folded,
    /// They differ.
    Kept,
}

impl Case {
    pub(crate) const fn sensitive(case_sensitive: bool) -> Self {
        if case_sensitive { Self::Kept } else { Self::Folded }
    }
}

/// A text in normalisation form C, so that an accent is found however it is encoded, and lower-cased unless case is kept.
#[derive(Debug)]
pub(crate) struct Folded<'a> {
    text: Cow<'a, str>,
    /// The clusters whose bytes changed, in order; between them folded and original text run in step.
    changes: Vec<Change>,
}

#[derive(Debug)]
struct Change {
    folded: Range<usize>,
    original: Range<usize>,
}

impl<'a> Folded<'a> {
    pub(crate) fn new(text: &'a str, case: Case) -> Self {
        let is_composed = is_nfc_quick(text.chars()) == IsNormalized::Yes;
        match case {
            Case::Kept if is_composed => Self::in_step(text),
            Case::Folded if text.is_ascii() => Self::in_step(text.to_ascii_lowercase()),
            Case::Folded if is_composed => Self::by_characters(text),
            Case::Kept | Case::Folded => Self::by_clusters(text, case),
        }
    }

    fn in_step(text: impl Into<Cow<'a, str>>) -> Self {
        Self { text: text.into(), changes: Vec::new() }
    }

    fn by_characters(text: &str) -> Self {
        let mut folded = String::with_capacity(text.len());
        let mut changes = Vec::new();
        for (start, letter) in text.char_indices() {
            let from = folded.len();
            folded.extend(lower(letter));
            let length = letter.len_utf8();
            if folded.len() - from != length {
                let original = start..start + length;
                changes.push(Change { folded: from..folded.len(), original });
            }
        }
        Self { text: Cow::Owned(folded), changes }
    }

    /// No cluster boundary lies inside what normalisation composes, so clusters can be folded one by one.
    fn by_clusters(text: &'a str, case: Case) -> Self {
        let mut folded = String::with_capacity(text.len());
        let mut changes = Vec::new();
        for (start, cluster) in text.grapheme_indices(true) {
            let from = folded.len();
            fold_into(&mut folded, cluster, case);
            if !runs_in_step(cluster, folded.split_at(from).1) {
                changes.push(Change {
                    folded: from..folded.len(),
                    original: start..start + cluster.len(),
                });
            }
        }
        Self { text: Cow::Owned(folded), changes }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns where a span of the folded text lies in the original, widened to whole clusters where bytes changed.
    pub(crate) fn original(&self, span: &Range<usize>) -> Range<usize> {
        let start = match self.last_change(|change| change.folded.start <= span.start) {
            None => span.start,
            Some(change) if span.start < change.folded.end => change.original.start,
            Some(change) => span.start - change.folded.end + change.original.end,
        };
        let end = match self.last_change(|change| change.folded.start < span.end) {
            None => span.end,
            Some(change) if span.end <= change.folded.end => change.original.end,
            Some(change) => span.end - change.folded.end + change.original.end,
        };
        start..end
    }

    fn last_change(&self, reached: impl Fn(&Change) -> bool) -> Option<&Change> {
        let after = self.changes.partition_point(reached);
        self.changes.get(..after)?.last()
    }
}

fn fold_into(folded: &mut String, cluster: &str, case: Case) {
    match case {
        Case::Kept => folded.extend(cluster.nfc()),
        Case::Folded => folded.extend(cluster.nfc().flat_map(lower)),
    }
}

fn lower(letter: char) -> impl Iterator<Item = char> {
    letter.to_lowercase().map(|letter| if letter == 'ς' { 'σ' } else { letter })
}

/// Returns whether each byte offset between characters means the same in both.
fn runs_in_step(cluster: &str, folded: &str) -> bool {
    cluster.chars().map(char::len_utf8).eq(folded.chars().map(char::len_utf8))
}
