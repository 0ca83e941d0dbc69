//! Texts at the start or the end of the output.

use std::ops::Range;

use evalward_core::TextList;
use serde_json::json;
use unicode_segmentation::UnicodeSegmentation;

use super::assessment::Assessment;
use super::output::Output;
use super::texts::Comparison;
use crate::folded::Case;
use crate::occurrence::Needle;
use crate::wording::{quoted_list, span_with_text};
use crate::{MetricError, Place};

/// Which end of the output.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Edge {
    Start,
    End,
}

/// One of these texts must stand at the edge of the output, white space around the output aside.
#[derive(Clone, Debug)]
pub(crate) struct EdgeRule {
    edge: Edge,
    case: Case,
    needles: Vec<Needle>,
}

impl Edge {
    const fn rule(self) -> &'static str {
        match self {
            Self::Start => "starts_with",
            Self::End => "ends_with",
        }
    }

    /// Returns the part of the output, white space aside, that has so many characters at this edge.
    fn span(self, output: &str, characters: usize) -> Range<usize> {
        let trimmed = output.trim();
        let start = output.len() - output.trim_start().len();
        let cut = |(offset, _): (usize, &str)| offset;
        match self {
            Self::Start => {
                let length = trimmed.grapheme_indices(true).nth(characters).map(cut);
                start..start + length.unwrap_or(trimmed.len())
            }
            Self::End => {
                let from = trimmed.grapheme_indices(true).nth_back(characters.saturating_sub(1));
                start + from.map_or(0, cut)..start + trimmed.len()
            }
        }
    }

    /// The output loses its white space at the edge, so a text with some there would never be found.
    fn trim(self, text: &str) -> &str {
        match self {
            Self::Start => text.trim_start(),
            Self::End => text.trim_end(),
        }
    }
}

impl EdgeRule {
    pub(crate) fn compile(
        edge: Edge,
        texts: &TextList,
        comparison: Comparison,
        place: &Place,
    ) -> Result<Self, MetricError> {
        if texts.iter().any(|text| edge.trim(text).is_empty()) {
            return Err(MetricError::CannotFail {
                place: place.at(edge.rule()),
                why: "every output starts and ends with a blank text",
            });
        }
        let needles = texts.iter().map(|text| comparison.needle(edge.trim(text))).collect();
        Ok(Self { edge, case: comparison.case, needles })
    }

    pub(crate) const fn name(&self) -> &'static str {
        self.edge.rule()
    }

    pub(crate) fn assess(&self, output: &Output<'_>) -> Assessment {
        let haystack = output.haystack(self.case);
        let found = self.needles.iter().find_map(|needle| match self.edge {
            Edge::Start => haystack.find_at_start(needle),
            Edge::End => haystack.find_at_end(needle),
        });
        if let Some(span) = found {
            return Assessment::passed().with("found", vec![span_with_text(output.text, &span)]);
        }
        let texts: Vec<&str> = self.needles.iter().map(|needle| needle.text.as_str()).collect();
        let verb = match self.edge {
            Edge::Start => "start",
            Edge::End => "end",
        };
        let problem = format!("does not {verb} with {}", quoted_list(texts.iter().copied(), "or"));
        let span = self.edge.span(output.text, longest(&texts));
        Assessment::failed(problem, [span_with_text(output.text, &span)])
            .with("missing", json!(texts))
    }
}

fn longest(texts: &[&str]) -> usize {
    texts.iter().map(|text| text.graphemes(true).count()).max().unwrap_or(0)
}
