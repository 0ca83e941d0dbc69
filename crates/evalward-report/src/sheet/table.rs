//! The sheet as a table for spreadsheets.

use std::io;

use evalward_core::visible;

use super::{Sheet, SheetText};

/// The most characters of a cell: spreadsheets cut longer ones without a word.
const MOST: usize = 32_000;

/// Writes a rater's table: UTF-8 with a byte order mark and `\r\n`, as spreadsheets want it.
///
/// A text that a spreadsheet would take for a formula is put behind an apostrophe; it is not read back.
///
/// # Errors
/// Only where the table cannot be held in memory.
pub fn table(sheet: &Sheet, texts: &[SheetText], rater: &str) -> io::Result<Vec<u8>> {
    let mut bytes = "\u{feff}".as_bytes().to_vec();
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut bytes);
    let fixed = ["answer", "input", "context", "reference", "output"].map(str::to_owned);
    let mut header = fixed.to_vec();
    header.extend(sheet.questions.iter().map(|question| sheet.column(question)));
    if !sheet.claim_labels.is_empty() {
        header.push("claims".to_owned());
    }
    header.push("comment".to_owned());
    writer.write_record(&header)?;
    for index in sheet.order_for(rater) {
        let Some(text) = texts.get(index) else { continue };
        let shown = [
            &text.input,
            text.context.as_ref().map_or(&String::new(), |it| it),
            text.reference.as_ref().map_or(&String::new(), |it| it),
            &text.output,
        ]
        .map(|text| cell(text));
        let mut row = vec![text.code.clone()];
        row.extend(shown);
        row.resize(header.len(), String::new());
        writer.write_record(&row)?;
    }
    writer.flush()?;
    drop(writer);
    Ok(bytes)
}

/// Makes a cell of a text that others wrote.
fn cell(text: &str) -> String {
    let text = visible(text);
    let mut cell = String::new();
    // Spreadsheets look past leading spaces.
    if text
        .trim_start()
        .starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
        || text.starts_with(['\t', '\r', '\n'])
    {
        cell.push('\'');
    }
    let mut characters = text.chars();
    cell.extend(characters.by_ref().take(MOST));
    if characters.next().is_some() {
        cell.push_str(" … (cut; the HTML sheet has all of it)");
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(cell(text), expected);
    }

    #[test]
    fn no_cell_is_a_formula() {
        check("It costs 9 euros.", "It costs 9 euros.");
        check("=HYPERLINK(\"http://a\")", "'=HYPERLINK(\"http://a\")");
        check("-1", "'-1");
        check("  @SUM(A1)", "'  @SUM(A1)");
        check("\tx", "'\tx");
        check("\u{0}\u{202e}x", "\\u{0}\\u{202e}x");
        assert_eq!(cell(&"x".repeat(40_000)).chars().count(), MOST + 38);
    }
}
