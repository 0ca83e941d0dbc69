//! The first failing examples as they stand without scripts and on paper.

use std::collections::BTreeMap;

use evalward_core::{Outcome, OutcomeKind, Partition, Trial};

use super::markup::{line, text};
use super::rows::Told;
use crate::diff::{Piece, word_pieces};
use crate::input::input_turns;
use crate::number;
use crate::text::{append, shorten};
use crate::words;

const MAX_TEXT: usize = 4_000;
const MAX_REASON: usize = 500;

/// Failing examples, already written, up to a number and a size.
#[derive(Debug)]
pub(super) struct Shelf {
    limit: (usize, usize),
    blocks: BTreeMap<Partition, String>,
    kept: usize,
    bytes: usize,
    left_out: u64,
}

impl Shelf {
    /// Makes room for a number of examples with so many bytes.
    pub(super) const fn new(examples: usize, bytes: usize) -> Self {
        Self { limit: (examples, bytes), blocks: BTreeMap::new(), kept: 0, bytes: 0, left_out: 0 }
    }

    /// Writes an example that failed or errored, where there is room.
    pub(super) fn push(&mut self, told: &Told<'_>) {
        if !matches!(told.outcome, OutcomeKind::Failed | OutcomeKind::Errored) {
            return;
        }
        let (examples, bytes) = self.limit;
        if self.kept == examples || self.bytes > bytes {
            self.left_out += 1;
            return;
        }
        let speaks = |trial: &&Trial| trial.outcome.kind() == told.outcome;
        let Some(trial) = told.trials.iter().find(speaks).or_else(|| told.trials.first()) else {
            return;
        };
        let block = block(trial, told.outcome);
        self.kept += 1;
        self.bytes += block.len();
        self.blocks.entry(trial.partition).or_default().push_str(&block);
    }

    /// Writes all of it.
    pub(super) fn finish(self) -> String {
        if self.blocks.is_empty() {
            return String::new();
        }
        let mut out = "<section id=\"failing\" aria-labelledby=\"failing-title\">\n<h2 id=\"failing-title\">Failing examples</h2>\n".to_owned();
        for (partition, blocks) in &self.blocks {
            append(&mut out, format_args!("<h3>{partition}</h3>\n{blocks}"));
        }
        if self.left_out > 0 {
            let more = number::count(self.left_out, "more failing example");
            append(&mut out, format_args!("<p class=\"note\">… and {more}.</p>\n"));
        }
        out.push_str("</section>\n");
        out
    }
}

fn block(trial: &Trial, outcome: OutcomeKind) -> String {
    let mark = if outcome == OutcomeKind::Failed { "✗" } else { "!" };
    let mut out = format!(
        "<article class=\"example\">\n<h4><span aria-hidden=\"true\">{mark}</span> {} <span class=\"muted\">{outcome}</span></h4>\n<ul class=\"reasons\">",
        line(&words::trial_name(trial))
    );
    match &trial.outcome {
        Outcome::Failed(reasons) => {
            for reason in reasons {
                let message = line(&shorten(&reason.message, MAX_REASON));
                append(
                    &mut out,
                    format_args!("<li><b>{}</b> {message}</li>", line(&reason.metric)),
                );
            }
        }
        Outcome::Errored(cause) | Outcome::Skipped(cause) => {
            append(&mut out, format_args!("<li>{}</li>", line(&shorten(cause, MAX_REASON))));
        }
        Outcome::Passed => {}
    }
    out.push_str("</ul>\n");
    for (role, said) in input_turns(&trial.input) {
        let title = if role.is_empty() { "input".into() } else { role };
        part(&mut out, &title, &text(&shorten(&said, MAX_TEXT)));
    }
    match &trial.response {
        None => part(&mut out, "output", "<span class=\"muted\">(no response)</span>"),
        Some(response) => {
            part(&mut out, "output", &text(&shorten(&response.output, MAX_TEXT)));
            let expected = trial.expected_output.as_deref();
            match expected.and_then(|it| Some((it, word_pieces(it, &response.output)?))) {
                None => {}
                Some((_, pieces)) if pieces.iter().any(is_shared) => {
                    part(&mut out, "difference from the expected output", &difference(&pieces));
                }
                Some((expected, _)) => {
                    part(&mut out, "expected output", &text(&shorten(expected, MAX_TEXT)));
                }
            }
        }
    }
    out.push_str("</article>\n");
    out
}

fn part(out: &mut String, title: &str, markup: &str) {
    append(
        out,
        format_args!(
            "<p class=\"title\">{}</p><p class=\"said\" dir=\"auto\">{markup}</p>\n",
            line(title)
        ),
    );
}

/// Where two texts share nothing, a difference would only repeat both.
fn is_shared(piece: &Piece) -> bool {
    matches!(piece, Piece::Equal(text) if !text.trim().is_empty())
}

fn difference(pieces: &[Piece]) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Equal(it) => text(it),
        Piece::Removed(it) => format!("<del>{}</del>", text(&shorten(it, MAX_TEXT))),
        Piece::Added(it) => format!("<ins>{}</ins>", text(&shorten(it, MAX_TEXT))),
    };
    pieces.iter().map(piece).collect()
}
