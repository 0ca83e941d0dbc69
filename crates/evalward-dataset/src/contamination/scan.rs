//! One pass over one file, through a window that moves along.

use super::anchors::{ANCHOR, Anchors, RollingHash};
use super::containment::{occurrence, window};
use super::group::{Sighting, Wanted};
use crate::near::Normalizer;

/// A stretch of text is searched when it has so many characters.
const STRETCH: usize = 1 << 18;

/// What lies so near the end of a stretch is searched with the next; no window is longer.
const MARGIN: usize = 3 * 8192;

/// The stretch of a file that is in memory.
pub(super) struct Scan<'a> {
    anchors: &'a Anchors,
    wanted: &'a mut [Wanted],
    file: usize,
    normalizer: Normalizer,
    text: Vec<char>,
    /// From which character on which line stands.
    lines: Vec<(usize, u64)>,
    /// Up to here anchors were looked up.
    searched: usize,
}

impl<'a> Scan<'a> {
    pub(super) fn new(anchors: &'a Anchors, wanted: &'a mut [Wanted], file: usize) -> Self {
        for wanted in wanted.iter_mut() {
            wanted.looked_up_to = 0;
        }
        let (text, lines) = (Vec::new(), Vec::new());
        let normalizer = Normalizer::with_room(usize::MAX);
        Self { anchors, wanted, file, normalizer, text, lines, searched: 0 }
    }

    /// Takes in a passage.
    pub(super) fn push(&mut self, line: u64, passage: &str) {
        if self.lines.last().is_none_or(|(_, last)| *last != line) {
            self.lines.push((self.text.len(), line));
        }
        let text = &mut self.text;
        self.normalizer.write(passage, &mut |character| text.push(character));
        if self.text.len() >= STRETCH + 2 * MARGIN {
            self.search(self.text.len() - MARGIN);
            self.forget();
        }
    }

    /// Searches what is left.
    pub(super) fn finish(mut self) {
        self.search(self.text.len());
    }

    /// Looks up every anchor that ends before a position.
    fn search(&mut self, end: usize) {
        let mut hash = RollingHash::new();
        let first = self.searched.saturating_sub(ANCHOR - 1);
        for at in first..end {
            let Some(character) = self.text.get(at) else { return };
            let leaving = at.checked_sub(ANCHOR).filter(|leaving| *leaving >= first);
            let leaving = leaving.and_then(|leaving| self.text.get(leaving).copied());
            let hash = hash.push(*character, leaving);
            if at + 1 < first + ANCHOR {
                continue;
            }
            for input in self.anchors.inputs(hash) {
                self.look(usize::try_from(input).unwrap_or(usize::MAX), at + 1 - ANCHOR);
            }
        }
        self.searched = end;
    }

    /// Compares an input with the text around one of its anchors.
    fn look(&mut self, input: usize, anchor: usize) {
        let Some(wanted) = self.wanted.get_mut(input) else { return };
        if wanted.is_settled() || anchor < wanted.looked_up_to {
            return;
        }
        let characters = wanted.text.len();
        // Whatever starts up to a quarter of the input further on lies in the stretch that is looked at now.
        wanted.looked_up_to = anchor + characters / 4;
        let start = anchor.saturating_sub(window(characters));
        // One more on either side tells where words end.
        let end = (anchor + window(characters) + 1).min(self.text.len());
        let Some(around) = self.text.get(start..end) else { return };
        let Some(mut found) = occurrence(&wanted.text, around) else { return };
        found.start += start;
        let is_better = wanted
            .best
            .is_none_or(|best| found.is_exact || found.containment > best.occurrence.containment);
        if is_better {
            let line = line_at(&self.lines, found.start);
            wanted.best = Some(Sighting { occurrence: found, file: self.file, line });
        }
    }

    /// Lets go of what no window reaches any more.
    fn forget(&mut self) {
        let gone = self.searched.saturating_sub(MARGIN);
        self.text.drain(..gone);
        self.searched -= gone;
        let last = line_at(&self.lines, gone);
        self.lines.retain_mut(|(start, _)| {
            let stays = *start > gone;
            *start = start.saturating_sub(gone);
            stays
        });
        self.lines.insert(0, (0, last));
        for wanted in self.wanted.iter_mut() {
            wanted.looked_up_to = wanted.looked_up_to.saturating_sub(gone);
        }
    }
}

/// Returns the line of a character. A space between lines belongs to the earlier one.
fn line_at(lines: &[(usize, u64)], character: usize) -> u64 {
    let at = lines.partition_point(|(start, _)| *start <= character);
    at.checked_sub(1).and_then(|at| lines.get(at)).map_or(1, |(_, line)| *line)
}
