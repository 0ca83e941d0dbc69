//! Assertions as cells of a table: `contains: text`, `levenshtein(5): text`.

use std::path::Path;

use serde_json::{Value, json};

use super::read::Assertion;
use super::reasons::known_types;
use super::words::comma_separated;
use crate::ImportError;
use crate::Place;
use crate::promptfoo::source::{file_name_in, has_extension};
use crate::remark::Remarks;

/// Types that take a threshold in brackets, 0.75 without one.
const WITH_THRESHOLD: &[&str] = &[
    "answer-relevance",
    "classifier",
    "context-faithfulness",
    "context-recall",
    "context-relevance",
    "cost",
    "latency",
    "levenshtein",
    "perplexity-score",
    "perplexity",
    "rouge-n",
    "similar",
    "starts-with",
];

/// Types whose values are lists.
const LISTS: &[&str] = &["contains-all", "contains-any", "icontains-all", "icontains-any"];

impl Assertion {
    /// Reads a cell.
    pub(crate) fn from_shorthand(
        cell: &str,
        place: &Place,
        root: &Path,
        _remarks: &mut Remarks,
    ) -> Result<Self, ImportError> {
        let make = |kind: &str, value: &str| {
            let mut assertion = Self::new(place, kind, root);
            assertion.value = json!(value.trim());
            assertion
        };
        for (prefix, kind) in [
            ("javascript:", "javascript"),
            ("fn:", "javascript"),
            ("eval:", "javascript"),
            ("grade:", "llm-rubric"),
            ("llm-rubric:", "llm-rubric"),
            ("python:", "python"),
        ] {
            if let Some(value) = cell.strip_prefix(prefix) {
                return Ok(make(kind, value));
            }
        }
        if let Some(name) = file_name_in(cell) {
            let name = name.rsplit_once(':').map_or(name, |(file, _)| file);
            for (kind, extensions) in
                [("javascript", &["js", "cjs", "mjs", "ts"][..]), ("python", &["py"][..])]
            {
                if has_extension(Path::new(name), extensions) {
                    return Ok(make(kind, cell));
                }
            }
        }
        let Some(parts) = parts(cell) else {
            let mut assertion = Self::new(place, "equals", root);
            assertion.value = json!(cell);
            return Ok(assertion);
        };
        let mut assertion = Self::new(place, parts.kind, root);
        let base = assertion.kind.clone();
        assertion.value = match parts.value {
            None => Value::Null,
            Some(value) if LISTS.contains(&base.as_str()) => {
                let texts = comma_separated(value)
                    .map_err(|reason| ImportError::form(place, format!("`{cell}`: {reason}")))?;
                json!(texts)
            }
            Some(value) if matches!(base.as_str(), "is-json" | "contains-json") => json!(value),
            Some(value) => json!(value.trim()),
        };
        if WITH_THRESHOLD.contains(&base.as_str()) {
            assertion.threshold = Some(parts.threshold.unwrap_or(0.75));
        }
        Ok(assertion)
    }
}

struct Parts<'a> {
    kind: &'a str,
    threshold: Option<f64>,
    value: Option<&'a str>,
}

/// Splits `not-similar(0.8): text`; `None` where it does not begin with the name of a type.
fn parts(cell: &str) -> Option<Parts<'_>> {
    let base = cell.strip_prefix("not-").unwrap_or(cell);
    // The longest name counts, as some names begin others.
    let mut names: Vec<&str> = known_types().filter(|name| base.starts_with(name)).collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    names.into_iter().find_map(|name| {
        let (kind, mut rest) = cell.split_at(cell.len() - base.len() + name.len());
        let mut threshold = None;
        if let Some(inside) = rest.strip_prefix('(') {
            let (number, after) = inside.split_once(')')?;
            let is_number = |letter: char| letter.is_ascii_digit() || letter == '.';
            threshold = Some(number.parse().ok().filter(|_| number.chars().all(is_number))?);
            rest = after;
        }
        match rest.strip_prefix(':') {
            Some(value) => Some(Parts { kind, threshold, value: Some(value) }),
            None if rest.is_empty() => Some(Parts { kind, threshold, value: None }),
            None => None,
        }
    })
}
