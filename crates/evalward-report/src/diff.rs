//! Word by word, what is missing from an output and what it has too much.

use evalward_core::visible;
use std::borrow::Cow;

use similar::{ChangeTag, TextDiff};

use crate::paint::Paint;
use crate::text::shorten;

/// Texts are compared up to this many characters; a diff of more would help nobody.
const MAX_COMPARED: usize = 8_000;
/// Unchanged text beyond this many characters is elided in its middle.
const MAX_EQUAL: usize = 160;
/// How much of elided text is kept on each side of a change.
const CONTEXT: usize = 60;
/// A removed or added piece is cut after this many characters.
const MAX_CHANGED: usize = 600;
/// Texts that share less than this have nothing to align; they are shown one after the other.
const MIN_RATIO: f32 = 0.35;

/// A stretch of text that is in both texts, only in the expected, or only in the actual.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Equal(String),
    Removed(String),
    Added(String),
}

/// Writes the difference of two texts, red and green or `[-gone-]{+new+}`; `None` where there is no difference.
pub(crate) fn word_diff(expected: &str, actual: &str, paint: Paint) -> Option<String> {
    let pieces = word_pieces(expected, actual)?;
    let text: String = pieces.iter().map(|piece| render(piece, paint)).collect();
    Some(text)
}

/// Returns the difference of two texts in pieces; `None` where there is none.
pub(crate) fn word_pieces(expected: &str, actual: &str) -> Option<Vec<Piece>> {
    if expected == actual {
        return None;
    }
    let (expected, actual) = (visible(expected), visible(actual));
    let (expected, actual) = skip_shared(&expected, &actual);
    let (expected, actual) = (shorten(&expected, MAX_COMPARED), shorten(&actual, MAX_COMPARED));
    let diff = TextDiff::from_words(expected.as_ref(), actual.as_ref());
    if diff.ratio() < MIN_RATIO {
        return Some(in_turn(expected.into_owned(), actual.into_owned()));
    }
    let changes = diff.iter_all_changes().map(|change| (change.tag(), change.value()));
    let mut pieces = group(changes);
    elide(&mut pieces);
    Some(pieces)
}

fn in_turn(expected: String, actual: String) -> Vec<Piece> {
    let sides = [Piece::Removed(expected), Piece::Added(actual)];
    let mut pieces: Vec<Piece> = sides.into_iter().filter(|it| !it.text().is_empty()).collect();
    if pieces.len() == 2 {
        pieces.insert(1, Piece::Equal("\n".to_owned()));
    }
    pieces
}

/// Skips what both texts start with where the difference would lie beyond the part that is compared.
fn skip_shared<'a>(left: &'a str, right: &'a str) -> (Cow<'a, str>, Cow<'a, str>) {
    let shared = left.chars().zip(right.chars()).take_while(|(left, right)| left == right).count();
    if shared < MAX_COMPARED / 2 {
        return (Cow::Borrowed(left), Cow::Borrowed(right));
    }
    let rest =
        |text: &str| format!("… {}", text.chars().skip(shared - CONTEXT).collect::<String>());
    (Cow::Owned(rest(left)), Cow::Owned(rest(right)))
}

/// Joins changes that only white space keeps apart, so that a replaced sentence reads as one change.
fn group<'a>(changes: impl Iterator<Item = (ChangeTag, &'a str)>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let (mut equal, mut space) = (String::new(), String::new());
    let (mut removed, mut added) = (String::new(), String::new());
    for (tag, text) in changes {
        let is_changing = !removed.is_empty() || !added.is_empty();
        if tag == ChangeTag::Equal {
            if is_changing && text.trim().is_empty() {
                space.push_str(text);
                continue;
            }
            flush(&mut pieces, &mut removed, &mut added);
            equal.push_str(&std::mem::take(&mut space));
            equal.push_str(text);
            continue;
        }
        if !equal.is_empty() {
            pieces.push(Piece::Equal(std::mem::take(&mut equal)));
        }
        removed.push_str(&space);
        added.push_str(&space);
        space.clear();
        if tag == ChangeTag::Delete { &mut removed } else { &mut added }.push_str(text);
    }
    flush(&mut pieces, &mut removed, &mut added);
    equal.push_str(&space);
    if !equal.is_empty() {
        pieces.push(Piece::Equal(equal));
    }
    pieces
}

/// Ends a change; white space at its edges is moved out of it, unless the change is one of white space alone.
fn flush(pieces: &mut Vec<Piece>, removed: &mut String, added: &mut String) {
    let (gone, new) = (std::mem::take(removed), std::mem::take(added));
    let side = if new.trim().is_empty() { &gone } else { &new };
    if side.trim().is_empty() {
        pieces.extend((!gone.is_empty()).then_some(Piece::Removed(gone)));
        pieces.extend((!new.is_empty()).then_some(Piece::Added(new)));
        return;
    }
    let core = side.trim();
    let (before, after) = side.split_once(core).unwrap_or_default();
    let parts = [
        Piece::Equal(before.to_owned()),
        Piece::Removed(gone.trim().to_owned()),
        Piece::Added(new.trim().to_owned()),
        Piece::Equal(after.to_owned()),
    ];
    pieces.extend(parts.into_iter().filter(|piece| !piece.text().is_empty()));
}

/// Leaves out the middle of long unchanged text, so that changes near the end of a long answer are seen.
fn elide(pieces: &mut [Piece]) {
    let last = pieces.len().saturating_sub(1);
    for (index, piece) in pieces.iter_mut().enumerate() {
        let Piece::Equal(text) = piece else { continue };
        let length = text.chars().count();
        if length <= MAX_EQUAL {
            continue;
        }
        let head: String = text.chars().take(CONTEXT).collect();
        let tail: String = text.chars().skip(length - CONTEXT).collect();
        *text = match index {
            0 => format!("… {tail}"),
            _ if index == last => format!("{head} …"),
            _ => format!("{head} … {tail}"),
        };
    }
}

impl Piece {
    fn text(&self) -> &str {
        match self {
            Self::Equal(text) | Self::Removed(text) | Self::Added(text) => text,
        }
    }
}

/// Marks a piece by colour, or by brackets where there is no colour or nothing that could carry it.
fn render(piece: &Piece, paint: Paint) -> String {
    let text = shorten(piece.text(), MAX_CHANGED);
    let is_plain = !paint.color || text.trim().is_empty();
    match piece {
        Piece::Equal(text) => text.clone(),
        Piece::Removed(_) if is_plain => paint.red(&format!("[-{text}-]")),
        Piece::Added(_) if is_plain => paint.green(&format!("{{+{text}+}}")),
        Piece::Removed(_) => paint.red(&text),
        Piece::Added(_) => paint.green(&text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(expected: &str, actual: &str, diff: &str) {
        assert_eq!(word_diff(expected, actual, Paint { color: false }).unwrap(), diff);
    }

    #[test]
    fn neighbouring_changes_read_as_one() {
        check(
            "it costs 49 € a month",
            "it costs 59 $ a month",
            "it costs [-49 €-]{+59 $+} a month",
        );
        check("a b", "a b c", "a b {+c+}");
        check(
            "yes it is included today",
            "yes it is not included today",
            "yes it is {+not+} included today",
        );
    }

    #[test]
    fn white_space_is_marked_only_where_it_is_the_change() {
        check("one two three", "one  two three", "one[- -]{+  +}two three");
        check("a month and a day", "a month.\na day", "a [-month and-]{+month.+}\na day");
    }

    #[test]
    fn strangers_stand_one_after_the_other() {
        check("yes", "I cannot tell you that", "[-yes-]\n{+I cannot tell you that+}");
        check("yes", "", "[-yes-]");
    }

    #[test]
    fn long_equal_text_is_elided_around_the_change() {
        let long = "word ".repeat(100);
        let diff = word_diff(&format!("{long}old"), &format!("{long}new"), Paint { color: false });
        assert!(diff.unwrap().starts_with("… word"));
        let far = "x ".repeat(10_000);
        let diff = word_diff(&format!("{far}old"), &format!("{far}new"), Paint { color: false });
        assert!(diff.unwrap().ends_with("x [-old-]{+new+}"));
        assert_eq!(word_diff("same", "same", Paint { color: true }), None);
    }
}
