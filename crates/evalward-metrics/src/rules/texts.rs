//! Texts that must or must not occur.

use evalward_core::TextList;
use serde_json::{Value, json};

use super::assessment::Assessment;
use super::output::Output;
use crate::folded::Case;
use crate::occurrence::Needle;
use crate::wording::{quoted, quoted_list, span_with_text, whole};
use crate::{MetricError, Place};

/// How the rules of one set compare texts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Comparison {
    pub(crate) case: Case,
    pub(crate) word_bounded: bool,
}

impl Comparison {
    pub(crate) fn needle(self, text: &str) -> Needle {
        Needle::new(text, self.case, self.word_bounded)
    }
}

/// Which of the texts must or must not occur.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Occurrence {
    IncludesAny,
    IncludesAll,
    ExcludesAny,
    ExcludesAll,
}

/// A rule on the occurrence of texts.
#[derive(Clone, Debug)]
pub(crate) struct TextsRule {
    occurrence: Occurrence,
    case: Case,
    needles: Vec<Needle>,
}

impl Occurrence {
    const fn rule(self) -> &'static str {
        match self {
            Self::IncludesAny => "includes_any",
            Self::IncludesAll => "includes_all",
            Self::ExcludesAny => "excludes_any",
            Self::ExcludesAll => "excludes_all",
        }
    }
}

impl TextsRule {
    /// Compiles the rule.
    pub(crate) fn compile(
        occurrence: Occurrence,
        texts: &TextList,
        comparison: Comparison,
        place: &Place,
    ) -> Result<Self, MetricError> {
        if texts.iter().any(String::is_empty) {
            let (place, why) = (place.at(occurrence.rule()), "every output contains an empty text");
            return Err(match occurrence {
                Occurrence::IncludesAny | Occurrence::IncludesAll => {
                    MetricError::CannotFail { place, why }
                }
                Occurrence::ExcludesAny | Occurrence::ExcludesAll => {
                    MetricError::CannotHold { place, why }
                }
            });
        }
        let needles = texts.iter().map(|text| comparison.needle(text)).collect();
        Ok(Self { occurrence, case: comparison.case, needles })
    }

    pub(crate) const fn name(&self) -> &'static str {
        self.occurrence.rule()
    }

    pub(crate) fn assess(&self, output: &Output<'_>) -> Assessment {
        let haystack = output.haystack(self.case);
        let mut found: Vec<(&str, Value, usize)> = Vec::new();
        let mut missing: Vec<&str> = Vec::new();
        for needle in &self.needles {
            match haystack.find(needle) {
                Some(span) => {
                    found.push((&needle.text, span_with_text(output.text, &span), span.start));
                }
                None => missing.push(&needle.text),
            }
        }
        let problem = match self.occurrence {
            Occurrence::IncludesAny if found.is_empty() => {
                Some(format!("lacks {}", quoted_list(missing.iter().copied(), "or")))
            }
            Occurrence::IncludesAll if !missing.is_empty() => {
                Some(format!("lacks {}", quoted_list(missing.iter().copied(), "and")))
            }
            Occurrence::ExcludesAny if !found.is_empty() => Some(format!("has {}", places(&found))),
            Occurrence::ExcludesAll if missing.is_empty() => {
                Some(format!("has {} together", places(&found)))
            }
            _ => None,
        };
        let found: Vec<_> = found.into_iter().map(|(_, span, _)| span).collect();
        let assessment = match (problem, self.occurrence) {
            (None, _) => Assessment::passed().with("found", found),
            (Some(problem), Occurrence::ExcludesAny | Occurrence::ExcludesAll) => {
                Assessment::failed(problem, found)
            }
            (Some(problem), Occurrence::IncludesAny | Occurrence::IncludesAll) => {
                Assessment::failed(problem, whole(output.text)).with("found", found)
            }
        };
        assessment.with("missing", json!(missing))
    }
}

fn places(found: &[(&str, Value, usize)]) -> String {
    let places: Vec<_> =
        found.iter().map(|(text, _, start)| format!("{} at byte {start}", quoted(text))).collect();
    places.join(" and ")
}
