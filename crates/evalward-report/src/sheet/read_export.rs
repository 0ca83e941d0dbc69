//! Reading what a page saved: JSON lines.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::Sheet;
use super::label::SheetClaim;
use super::read::{Entry, Given, RaterFile, SheetProblem};

/// A line as the page writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    sheet: String,
    rater: String,
    answer: String,
    ratings: BTreeMap<String, Value>,
    #[serde(default)]
    cannot_tell: bool,
    #[serde(default)]
    claims: Vec<Claim>,
    #[serde(default, rename = "comment")]
    _comment: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Claim {
    claim: String,
    label: String,
}

const SAVE_AGAIN: &str = "save the ratings again from the page";

/// Reads the lines of a file.
pub(super) fn read_export(
    sheet: &Sheet,
    file: &RaterFile<'_>,
    entries: &mut Vec<Entry>,
    problems: &mut Vec<SheetProblem>,
) {
    let text = String::from_utf8_lossy(file.bytes);
    let name = sheet.name();
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let place = format!("{}:{}", file.name, index + 1);
        let mut problem = |message: String, remedy: &str| {
            let remedy = remedy.to_owned();
            problems.push(SheetProblem { place: place.clone(), message, remedy });
        };
        let line: Line = match serde_json::from_str(line) {
            Ok(line) => line,
            Err(error) => {
                problem(format!("the line is none that a page saved: {error}"), SAVE_AGAIN);
                continue;
            }
        };
        if line.sheet != name {
            problem(
                "the file is of another sheet".to_owned(),
                "read it with the folder of its sheet",
            );
            return;
        }
        if !sheet.raters.contains(&line.rater) {
            let message = format!("the sheet has no rater `{}`", line.rater);
            problem(message, SAVE_AGAIN);
            continue;
        }
        let strange = line.ratings.keys().find(|id| sheet.questions.iter().all(|it| it.id != **id));
        if let Some(strange) = strange {
            problem(format!("the sheet has no question `{strange}`"), SAVE_AGAIN);
            continue;
        }
        let claims = line.claims.into_iter();
        entries.push(Entry {
            place,
            rater: line.rater,
            code: line.answer,
            ratings: line.ratings.into_iter().map(|(id, it)| (id, Given::Value(it))).collect(),
            is_unsure: line.cannot_tell,
            claims: claims.map(|it| SheetClaim { claim: it.claim, label: it.label }).collect(),
        });
    }
}
