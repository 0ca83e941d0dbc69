//! Regular expressions that must or must not match.

use regex::Regex;

use super::assessment::Assessment;
use crate::wording::{quoted, span_with_text, whole};
use crate::{MetricError, Place};

/// A compiled regular expression.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    pub(crate) regex: Regex,
    /// Whether it is certain to match in every text. Some patterns that do are not seen, none is seen that does not.
    pub(crate) matches_everything: bool,
}

/// What a pattern is expected to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expectation {
    Match,
    NoMatch,
}

/// A pattern that must match somewhere, or nowhere.
#[derive(Clone, Debug)]
pub(crate) struct PatternRule {
    regex: Regex,
    expectation: Expectation,
}

/// Compiles a regular expression.
pub(crate) fn compile(pattern: &str, place: &Place) -> Result<Pattern, MetricError> {
    let regex = Regex::new(pattern)
        .map_err(|source| MetricError::Regex { place: place.clone(), source })?;
    Ok(Pattern { regex, matches_everything: matches_everything(pattern) })
}

/// A pattern without assertions that matches the empty text matches it at every place of every text. One assertion of the
/// start, or one of the end, takes nothing away from that, since each text has a start and an end.
fn matches_everything(pattern: &str) -> bool {
    const ASSERTIONS: [&str; 8] = ["^", "$", r"\b", r"\B", r"\A", r"\z", r"\<", r"\>"];
    let without_start = pattern.strip_prefix('^');
    let without_end = pattern.strip_suffix('$').filter(|rest| !rest.ends_with('\\'));
    [Some(pattern), without_start, without_end].into_iter().flatten().any(|pattern| {
        !ASSERTIONS.iter().any(|assertion| pattern.contains(assertion))
            && Regex::new(pattern).is_ok_and(|regex| regex.is_match(""))
    })
}

impl Expectation {
    const fn rule(self) -> &'static str {
        match self {
            Self::Match => "regex",
            Self::NoMatch => "not_regex",
        }
    }
}

impl PatternRule {
    pub(crate) fn compile(
        pattern: &str,
        expectation: Expectation,
        place: &Place,
    ) -> Result<Self, MetricError> {
        let place = place.at(expectation.rule());
        let why = "the pattern matches every text";
        let pattern = compile(pattern, &place)?;
        match expectation {
            Expectation::Match if pattern.matches_everything => {
                Err(MetricError::CannotFail { place, why })
            }
            Expectation::NoMatch if pattern.matches_everything => {
                Err(MetricError::CannotHold { place, why })
            }
            Expectation::Match | Expectation::NoMatch => {
                Ok(Self { regex: pattern.regex, expectation })
            }
        }
    }

    pub(crate) const fn name(&self) -> &'static str {
        self.expectation.rule()
    }

    pub(crate) fn assess(&self, text: &str) -> Assessment {
        let pattern = quoted(self.regex.as_str());
        let found = self.regex.find(text);
        match (self.expectation, found) {
            (Expectation::NoMatch, None) => Assessment::passed(),
            (Expectation::Match, Some(found)) => {
                Assessment::passed().with("found", vec![span_with_text(text, &found.range())])
            }
            (Expectation::Match, None) => {
                Assessment::failed(format!("nothing matches {pattern}"), whole(text))
            }
            (Expectation::NoMatch, Some(found)) => {
                let problem = format!(
                    "{} at byte {} matches {pattern}",
                    quoted(found.as_str()),
                    found.start()
                );
                Assessment::failed(problem, [span_with_text(text, &found.range())])
            }
        }
    }
}
