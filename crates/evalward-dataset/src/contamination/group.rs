//! Inputs that are looked for in one pass over the files.

use evalward_core::Example;

use super::anchors::{Anchors, anchors_of};
use super::containment::{LEAST_CHARACTERS, Occurrence};
use crate::near::{input_text, normalize};
use crate::{Located, Place};

/// Of a longer input so many characters are looked for.
const MOST_CHARACTERS: usize = 8192;

/// A group is full at this number of anchors, sixteen bytes each.
const MOST_ANCHORS: usize = 1 << 19;

/// An input that is looked for.
#[derive(Debug)]
pub(super) struct Wanted {
    /// Where its example stands.
    pub(super) place: Place,
    /// The id of its example.
    pub(super) id: String,
    /// The normalised characters.
    pub(super) text: Box<[char]>,
    /// The best that was found of it.
    pub(super) best: Option<Sighting>,
    /// Up to this position of the text everything was looked at.
    pub(super) looked_up_to: usize,
}

/// An occurrence, and where.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sighting {
    pub(super) occurrence: Occurrence,
    /// The position of the file in the list.
    pub(super) file: usize,
    /// The line in it.
    pub(super) line: u64,
}

impl Wanted {
    /// Returns whether nothing better can be found.
    pub(super) fn is_settled(&self) -> bool {
        self.best.is_some_and(|best| best.occurrence.is_exact)
    }
}

/// Inputs until a group is full.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) wanted: Vec<Wanted>,
    anchors: Vec<(u64, u32)>,
    /// The inputs that are too short to be looked for.
    pub(super) short: u64,
}

impl Group {
    /// Takes in an example; returns whether the group is full.
    pub(super) fn push(&mut self, example: &Located<Example>) -> bool {
        let normal = normalize(&input_text(&example.value.input), MOST_CHARACTERS);
        let text: Box<[char]> = normal.chars().collect();
        if text.len() < LEAST_CHARACTERS {
            self.short += 1;
            return false;
        }
        let number = u32::try_from(self.wanted.len()).unwrap_or(u32::MAX);
        self.anchors.extend(anchors_of(&text).map(|hash| (hash, number)));
        let (place, id) = (example.place(), example.value.id.to_string());
        self.wanted.push(Wanted { place, id, text, best: None, looked_up_to: 0 });
        self.anchors.len() >= MOST_ANCHORS
    }

    /// Returns the anchors, and how many inputs have none because too many others share theirs.
    pub(super) fn take_anchors(&mut self) -> (Anchors, u64) {
        Anchors::new(std::mem::take(&mut self.anchors), self.wanted.len())
    }
}
