//! Reading files of any length as passages with their lines.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use serde_json::Value;

/// A longer line of text is read in pieces.
const MOST_BYTES_OF_TEXT: u64 = 1024 * 1024;

/// A longer line of JSON is read as text.
const MOST_BYTES_OF_JSON: u64 = 64 * 1024 * 1024;

/// So much of the start of a file tells whether it is text.
const HEAD_BYTES: u64 = 8192;

/// Stands between texts, so that no input is found across them; a character that no text has a use for.
const BREAK: &str = "\u{e000}";

/// Calls back with every passage and its line: of JSON lines each text, of CSV and TSV each cell, of other files each line.
///
/// What is no UTF-8 is read with replacement characters. Returning an error from the callback ends the reading.
pub(super) fn each_passage(
    path: &Path,
    visit: &mut dyn FnMut(u64, &str) -> io::Result<()>,
) -> io::Result<()> {
    ensure_text(path)?;
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match extension.to_ascii_lowercase().as_str() {
        "jsonl" | "ndjson" => json_lines(path, visit),
        "csv" => cells(path, b',', visit),
        "tsv" => cells(path, b'\t', visit),
        _ => lines(path, MOST_BYTES_OF_TEXT, &mut |line, bytes| {
            visit(line, &String::from_utf8_lossy(bytes))
        }),
    }
}

fn ensure_text(path: &Path) -> io::Result<()> {
    let mut head = Vec::new();
    File::open(path)?.take(HEAD_BYTES).read_to_end(&mut head)?;
    if head.contains(&0) {
        let problem = "it is no text: unpack it, or convert it to JSON lines, CSV or text";
        return Err(io::Error::new(io::ErrorKind::InvalidData, problem));
    }
    Ok(())
}

fn lines(
    path: &Path,
    most_bytes: u64,
    visit: &mut dyn FnMut(u64, &[u8]) -> io::Result<()>,
) -> io::Result<()> {
    let mut reader = BufReader::with_capacity(64 * 1024, File::open(path)?);
    let mut bytes = Vec::new();
    let mut line = 1;
    while (&mut reader).take(most_bytes).read_until(b'\n', &mut bytes)? > 0 {
        visit(line, &bytes)?;
        line += u64::from(bytes.last() == Some(&b'\n'));
        bytes.clear();
    }
    Ok(())
}

fn json_lines(path: &Path, visit: &mut dyn FnMut(u64, &str) -> io::Result<()>) -> io::Result<()> {
    lines(path, MOST_BYTES_OF_JSON, &mut |line, bytes| match serde_json::from_slice(bytes) {
        Ok(value) => texts(&value, &mut |text| {
            visit(line, text)?;
            visit(line, BREAK)
        }),
        Err(_) => visit(line, &String::from_utf8_lossy(bytes)),
    })
}

/// Visits every text in a value, but not the keys.
fn texts(value: &Value, visit: &mut dyn FnMut(&str) -> io::Result<()>) -> io::Result<()> {
    match value {
        Value::String(text) => visit(text),
        Value::Array(items) => items.iter().try_for_each(|item| texts(item, visit)),
        Value::Object(fields) => fields.values().try_for_each(|value| texts(value, visit)),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

fn cells(
    path: &Path,
    delimiter: u8,
    visit: &mut dyn FnMut(u64, &str) -> io::Result<()>,
) -> io::Result<()> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_path(path)
        .map_err(io::Error::other)?;
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record).map_err(io::Error::other)? {
        let line = record.position().map_or(1, csv::Position::line);
        for cell in &record {
            visit(line, &String::from_utf8_lossy(cell))?;
            visit(line, BREAK)?;
        }
    }
    Ok(())
}
