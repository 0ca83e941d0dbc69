//! Tests in a table: a test a row, a variable a column, and columns with `__` for the rest.

use std::path::Path;

use serde_json::{Value, json};

use super::case::{Test, Var};
use crate::ImportError;
use crate::Place;
use crate::promptfoo::assertion::Assertion;
use crate::promptfoo::source::SourceFile;
use crate::remark::Remarks;

/// Reads the tests of a table.
pub(super) fn read_table(
    file: &SourceFile,
    root: &Path,
    remarks: &mut Remarks,
) -> Result<Vec<Test>, ImportError> {
    let text = file.read()?;
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let failed = |error: &csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        let place = Place::new(&file.shown, line);
        ImportError::Syntax { place, column: 1, reason: error.to_string() }
    };
    let headers = reader.headers().map_err(|error| failed(&error))?.clone();
    let mut tests = Vec::new();
    for (number, record) in reader.records().enumerate() {
        let record = record.map_err(|error| failed(&error))?;
        let line = record.position().map_or(1, csv::Position::line);
        let place = Place::new(&file.shown, line);
        if record.len() != headers.len() {
            let reason =
                format!("{} columns, expected {} as in the header", record.len(), headers.len());
            return Err(ImportError::Syntax { place, column: 1, reason });
        }
        let mut row = Row::new(place, number, root);
        for (header, cell) in headers.iter().zip(record.iter()) {
            row.cell(header.trim(), cell, remarks)?;
        }
        tests.push(row.finish());
    }
    Ok(tests)
}

/// A row while it is read.
struct Row<'a> {
    test: Test,
    metric: Option<String>,
    thresholds: Vec<(usize, f64)>,
    root: &'a Path,
}

impl<'a> Row<'a> {
    fn new(place: Place, number: usize, root: &'a Path) -> Self {
        let mut test = Test::new(place);
        test.description = Some(format!("Row #{}", number + 1));
        Self { test, metric: None, thresholds: Vec::new(), root }
    }

    fn cell(&mut self, header: &str, cell: &str, remarks: &mut Remarks) -> Result<(), ImportError> {
        let place = self.test.place.clone();
        match header {
            "__prefix" => self.test.prefix = Some(cell.to_owned()),
            "__suffix" => self.test.suffix = Some(cell.to_owned()),
            "__description" if !cell.is_empty() => self.test.description = Some(cell.to_owned()),
            "__providerOutput" if !cell.is_empty() => self.test.provider_output = Some(json!(cell)),
            "__description" | "__providerOutput" => {}
            "__metric" => self.metric = (!cell.is_empty()).then(|| cell.to_owned()),
            "__threshold" => self.test.threshold = cell.parse().ok(),
            _ if header.starts_with("__expected") => {
                if !cell.is_empty() {
                    let assertion = Assertion::from_shorthand(cell, &place, self.root, remarks)?;
                    self.test.assertions.push(assertion);
                }
            }
            _ => match (header.strip_prefix("__metadata:"), header.strip_prefix("__config:")) {
                (Some(key), _) => self.metadata(key, cell),
                (None, Some(key)) => self.config(key, cell, &place, remarks),
                (None, None) if header.starts_with("__") => {
                    remarks.not_translated(&place, format!("column `{header}`"), "unknown column");
                }
                (None, None) => self.test.set_var(header, Var::One(json!(cell))),
            },
        }
        Ok(())
    }

    fn metadata(&mut self, key: &str, cell: &str) {
        if cell.is_empty() {
            return;
        }
        let value = match key.strip_suffix("[]") {
            Some(_) => Value::from(parts(cell)),
            None => json!(cell),
        };
        self.test.metadata.insert(key.trim_end_matches("[]").to_owned(), value);
    }

    fn config(&mut self, key: &str, cell: &str, place: &Place, remarks: &mut Remarks) {
        let number = key.strip_suffix(":threshold").and_then(|column| {
            let number = column.strip_prefix("__expected")?;
            if number.is_empty() { Some(0) } else { number.parse::<usize>().ok()?.checked_sub(1) }
        });
        if let (Some(number), Ok(threshold)) = (number, cell.parse()) {
            self.thresholds.push((number, threshold));
        } else {
            let name = format!("column `__config:{key}`");
            remarks.not_translated(place, name, "expected a threshold of an `__expected` column");
        }
    }

    fn finish(mut self) -> Test {
        for assertion in &mut self.test.assertions {
            assertion.metric.clone_from(&self.metric);
        }
        for (number, threshold) in self.thresholds {
            if let Some(assertion) = self.test.assertions.get_mut(number) {
                assertion.threshold = Some(threshold);
            }
        }
        self.test
    }
}

/// Splits at commas that have no backslash before them.
fn parts(cell: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut before = ' ';
    for letter in cell.chars() {
        let last = parts.last_mut().expect("the list starts with one");
        match (before, letter) {
            ('\\', ',') => {
                last.pop();
                last.push(',');
            }
            (_, ',') => parts.push(String::new()),
            _ => last.push(letter),
        }
        before = letter;
    }
    parts.iter().map(|part| part.trim().to_owned()).collect()
}
