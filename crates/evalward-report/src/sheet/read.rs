//! From what raters wrote back to labels.

use std::collections::BTreeMap;

use evalward_core::{Digest, Finite, visible};
use serde_json::{Value, json};

use super::label::{SheetClaim, SheetLabel};
use super::read_export::read_export;
use super::read_table::read_table;
use super::{Combination, Question, Sheet, SheetAnswer};

/// A file that a rater sent back.
#[derive(Clone, Copy, Debug)]
pub struct RaterFile<'a> {
    /// Its name, for messages.
    pub name: &'a str,
    /// The rater; a table does not tell by itself.
    pub rater: &'a str,
    /// Whether it is a table; else it is what the page saves.
    pub is_table: bool,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// Something that is wrong in a rater's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetProblem {
    /// Where, as `file:line`.
    pub place: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

/// What raters said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RatedSheet {
    /// The labels, in the order of the sheet and then of the raters.
    pub labels: Vec<SheetLabel>,
    /// How many answers raters could not tell.
    pub unsure: u64,
    /// The answers without a rating, by rater.
    pub missing: BTreeMap<String, Vec<String>>,
    /// What is wrong.
    pub problems: Vec<SheetProblem>,
}

/// What one line says of one answer, before it is checked.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    pub(super) place: String,
    pub(super) rater: String,
    pub(super) code: String,
    pub(super) ratings: BTreeMap<String, Given>,
    pub(super) is_unsure: bool,
    pub(super) claims: Vec<SheetClaim>,
}

/// What was given as a rating.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Given {
    /// A number, `true` or `false`.
    Value(Value),
    /// A word from a table.
    Word(String),
}

/// Reads what raters wrote, and says everything that is wrong with it.
pub fn read_sheet(sheet: &Sheet, files: &[RaterFile<'_>]) -> RatedSheet {
    let mut rated = RatedSheet::default();
    let mut entries: Vec<Entry> = Vec::new();
    for file in files {
        let read = if file.is_table { read_table } else { read_export };
        read(sheet, file, &mut entries, &mut rated.problems);
    }
    let mut by_answer: BTreeMap<(&str, &str), &Entry> = BTreeMap::new();
    for entry in &entries {
        if entry.is_blank() {
            continue;
        }
        if !sheet.answers.iter().any(|answer| answer.code == entry.code) {
            rated.problems.push(entry.unknown());
        } else if let Some(first) = by_answer.insert((&entry.code, &entry.rater), entry) {
            rated.problems.push(entry.repeats(first));
        }
    }
    for answer in &sheet.answers {
        for rater in &sheet.raters {
            let entry = by_answer.get(&(answer.code.as_str(), rater.as_str()));
            match entry.map(|entry| entry.label(sheet, answer)) {
                Some(Ok(Some(label))) => rated.labels.push(label),
                Some(Ok(None)) => rated.unsure += 1,
                Some(Err(Fault::Unrated)) | None => {
                    rated.missing.entry(rater.clone()).or_default().push(answer.code.clone());
                }
                Some(Err(Fault::Wrong(problem))) => rated.problems.push(problem),
            }
        }
    }
    rated
}

/// Why an entry makes no label.
enum Fault {
    /// A question is open.
    Unrated,
    Wrong(SheetProblem),
}

impl Entry {
    fn is_blank(&self) -> bool {
        self.ratings.is_empty() && !self.is_unsure && self.claims.is_empty()
    }

    fn problem(&self, message: String, remedy: &str) -> SheetProblem {
        SheetProblem { place: self.place.clone(), message, remedy: remedy.to_owned() }
    }

    fn unknown(&self) -> SheetProblem {
        let message = format!("the sheet has no answer `{}`", self.code);
        self.problem(
            message,
            "leave the column `answer` as it was, and take the file of this sheet",
        )
    }

    fn repeats(&self, first: &Self) -> SheetProblem {
        let message = format!(
            "`{}` is rated twice by {}; the first time in {}",
            self.code, self.rater, first.place
        );
        self.problem(message, "remove one of the two")
    }

    /// Returns the label; nothing where the rater could not tell.
    fn label(&self, sheet: &Sheet, answer: &SheetAnswer) -> Result<Option<SheetLabel>, Fault> {
        let claims = self.checked_claims(sheet, answer)?;
        let label = match (self.is_unsure, self.ratings.is_empty()) {
            (true, true) => None,
            (true, false) => {
                let message = format!("`{}` is both rated and marked as not to be told", self.code);
                return Err(Fault::Wrong(self.problem(message, "keep one of the two")));
            }
            (false, true) if !claims.is_empty() => None,
            (false, _) => Some(self.rating(sheet)?),
        };
        if label.is_none() && claims.is_empty() {
            return Ok(None);
        }
        Ok(Some(SheetLabel {
            id: answer.id.clone(),
            trial: answer.trial,
            label,
            claims,
            annotator: self.rater.clone(),
            probability: answer.probability,
            output_hash: Digest::of(answer.output.as_bytes()),
        }))
    }

    fn rating(&self, sheet: &Sheet) -> Result<Value, Fault> {
        let mut scores = Vec::new();
        for question in &sheet.questions {
            let given = self.ratings.get(&question.id).ok_or(Fault::Unrated)?;
            if question.scale.is_empty() {
                return match yes_or_no(given) {
                    Some(answer) => Ok(answer.into()),
                    None => Err(self.off(given, "write yes or no")),
                };
            }
            match score(question, given) {
                Some(score) => scores.push(f64::from(score)),
                None => return Err(self.off(given, &remedy_of(question))),
            }
        }
        let n = f64::from(u32::try_from(scores.len()).unwrap_or(u32::MAX));
        let value = match sheet.combination {
            Combination::Mean => scores.iter().sum::<f64>() / n,
            Combination::Lowest => scores.iter().copied().fold(f64::INFINITY, f64::min),
        };
        Finite::new(value).map(|value| number(value.get())).map_err(|_| Fault::Unrated)
    }

    fn off(&self, given: &Given, remedy: &str) -> Fault {
        let shown = match given {
            Given::Value(value) => value.to_string(),
            Given::Word(word) => word.clone(),
        };
        let shown: String = shown.chars().take(60).collect();
        let message = format!("`{shown}` is no rating of `{}`", self.code);
        Fault::Wrong(self.problem(message, remedy))
    }

    fn checked_claims(
        &self,
        sheet: &Sheet,
        answer: &SheetAnswer,
    ) -> Result<Vec<SheetClaim>, Fault> {
        // Raters saw the text with what could not be shown escaped.
        let texts = [&*answer.output, &*visible(&answer.output)].map(spaced);
        for claim in &self.claims {
            if !sheet.claim_labels.iter().any(|choice| choice.label == claim.label) {
                let message = format!("`{}` is no label of a claim", claim.label);
                let names: Vec<&str> =
                    sheet.claim_labels.iter().map(|choice| choice.label.as_str()).collect();
                let remedy = match names.as_slice() {
                    [] => "this sheet asks for no claims: remove them".to_owned(),
                    _ => format!("write one of {}", names.join(", ")),
                };
                return Err(Fault::Wrong(self.problem(message, &remedy)));
            }
            let words = spaced(&claim.claim);
            if words.is_empty() || !texts.iter().any(|text| text.contains(&words)) {
                let shown: String = words.chars().take(60).collect();
                let message = format!("“{shown}” does not stand in `{}`", self.code);
                let remedy = "copy the words of the answer exactly";
                return Err(Fault::Wrong(self.problem(message, remedy)));
            }
        }
        Ok(self.claims.clone())
    }
}

/// Returns a text with one space for any white space.
fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn remedy_of(question: &Question) -> String {
    let scores: Vec<String> = question.scale.iter().map(|step| step.score.to_string()).collect();
    format!("write one of {}", scores.join(", "))
}

fn score(question: &Question, given: &Given) -> Option<i32> {
    let value = match given {
        Given::Value(value) => value.as_f64()?,
        // Where the comma is the decimal point, spreadsheets write `4,0`.
        Given::Word(word) => word.replace(',', ".").parse().ok()?,
    };
    let scores = question.scale.iter().map(|step| step.score);
    scores.into_iter().find(|score| (f64::from(*score) - value).abs() < 1e-9)
}

fn yes_or_no(given: &Given) -> Option<bool> {
    match given {
        Given::Value(value) => value.as_bool(),
        Given::Word(word) => match word.to_lowercase().as_str() {
            "yes" | "y" | "true" | "1" => Some(true),
            "no" | "n" | "false" | "0" => Some(false),
            _ => None,
        },
    }
}

/// Writes a whole number without decimals.
fn number(value: f64) -> Value {
    let text = format!("{value}");
    text.parse::<i64>().map_or_else(|_| json!(value), |whole| json!(whole))
}
