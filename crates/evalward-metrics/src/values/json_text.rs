//! Finding the JSON in an output.

use std::ops::Range;

use serde_json::Value;

/// JSON that was found, and where.
#[derive(Debug)]
pub(super) struct FoundJson {
    pub(super) value: Value,
    /// The bytes between the fences, where the JSON stands in a Markdown code fence.
    pub(super) fence: Option<Range<usize>>,
}

/// Why a text has no JSON that can be read.
#[derive(Debug)]
pub(super) struct NoJson {
    pub(super) problem: String,
    /// Line and column of the mistake, from 1, where there is one.
    pub(super) place: Option<(usize, usize)>,
}

/// Reads a text that is JSON, or that has exactly one Markdown code fence whose content is.
pub(super) fn find_json(text: &str) -> Result<FoundJson, NoJson> {
    let error = match serde_json::from_str(text) {
        Ok(value) => return Ok(FoundJson { value, fence: None }),
        Err(error) => error,
    };
    match fences(text).as_slice() {
        [] => Err(NoJson {
            problem: format!("the output is not JSON: {error}"),
            place: Some((error.line(), error.column())),
        }),
        [fence] => read_fence(text, fence.clone()),
        more => Err(NoJson {
            problem: format!(
                "the output has {} code fences, and only one may stand in it",
                more.len()
            ),
            place: None,
        }),
    }
}

fn read_fence(text: &str, fence: Range<usize>) -> Result<FoundJson, NoJson> {
    let content = text.get(fence.clone()).unwrap_or_default();
    match serde_json::from_str(content) {
        Ok(value) => Ok(FoundJson { value, fence: Some(fence) }),
        Err(error) => {
            let before = text.get(..fence.start).unwrap_or_default();
            let line = before.matches('\n').count() + error.line();
            Err(NoJson {
                problem: format!("the code fence of the output does not hold JSON: {error}"),
                place: Some((line, error.column())),
            })
        }
    }
}

/// Returns the bytes between each pair of fences; one that is never closed reaches to the end.
///
/// More is a fence here than in Markdown: it may open behind other words and close behind the last brace, as models write it.
fn fences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open: Option<(usize, &str)> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let bare = line.trim_end();
        match open {
            None => {
                if let Some(at) = bare.find("```") {
                    let (_, from_marks) = bare.split_at(at);
                    let rest = from_marks.trim_start_matches('`');
                    let (marks, _) = from_marks.split_at(from_marks.len() - rest.len());
                    // A fence may open and close on one line: ```{"a": 1}```.
                    if let Some(inner) = rest.strip_suffix(marks) {
                        let from = start + at + marks.len();
                        found.push(from..from + inner.len());
                    } else {
                        open = Some((end, marks));
                    }
                }
            }
            Some((from, marks)) if bare.ends_with(marks) => {
                found.push(from..start + bare.trim_end_matches('`').len());
                open = None;
            }
            Some(_) => {}
        }
        start = end;
    }
    if let Some((from, _)) = open {
        found.push(from..text.len());
    }
    found
}
