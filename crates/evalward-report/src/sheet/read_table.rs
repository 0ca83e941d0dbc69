//! Reading a table that went through a spreadsheet.

use csv::{ByteRecord, ReaderBuilder};

use super::Sheet;
use super::label::SheetClaim;
use super::read::{Entry, Given, RaterFile, SheetProblem};

/// Reads the rows of a table.
///
/// Spreadsheets separate by a semicolon or a tab where the comma is the decimal point, and may save in an encoding of their own; what
/// is read back is plain ASCII but for claims.
pub(super) fn read_table(
    sheet: &Sheet,
    file: &RaterFile<'_>,
    entries: &mut Vec<Entry>,
    problems: &mut Vec<SheetProblem>,
) {
    let bytes = file.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file.bytes);
    let mut problem = |line: u64, message: String, remedy: &str| {
        let place = format!("{}:{line}", file.name);
        problems.push(SheetProblem { place, message, remedy: remedy.to_owned() });
    };
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        problem(1, "the table is in UTF-16".to_owned(), "save it as CSV (UTF-8)");
        return;
    }
    let mut reader =
        ReaderBuilder::new().delimiter(delimiter(bytes)).flexible(true).from_reader(bytes);
    let header: Vec<String> = match reader.byte_headers() {
        Ok(header) => header.iter().map(text).collect(),
        Err(error) => {
            problem(1, format!("the table cannot be read: {error}"), "save it as CSV (UTF-8)");
            return;
        }
    };
    let columns = match Columns::find(sheet, &header) {
        Ok(columns) => columns,
        Err(missing) => {
            let message = format!("the table has no column `{missing}`");
            problem(1, message, "keep the first row as it was");
            return;
        }
    };
    let mut row = ByteRecord::new();
    loop {
        match reader.read_byte_record(&mut row) {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                let line = error.position().map_or(1, csv::Position::line);
                problem(line, format!("the row cannot be read: {error}"), "save it as CSV (UTF-8)");
                return;
            }
        }
        let line = row.position().map_or(1, csv::Position::line);
        match columns.entry(&row) {
            Ok(entry) => entries.push(Entry {
                place: format!("{}:{line}", file.name),
                rater: file.rater.to_owned(),
                ..entry
            }),
            Err(claim) => {
                let shown: String = claim.chars().take(60).collect();
                let message = format!("`{shown}` is no claim with its label");
                problem(line, message, "write the label, a colon, and the words of the answer");
            }
        }
    }
}

/// Where the cells stand that raters fill in.
struct Columns {
    answer: usize,
    ratings: Vec<(String, usize)>,
    claims: Option<usize>,
}

impl Columns {
    fn find(sheet: &Sheet, header: &[String]) -> Result<Self, String> {
        let place =
            |name: &str| header.iter().position(|cell| cell == name).ok_or_else(|| name.to_owned());
        let mut ratings = Vec::new();
        for question in &sheet.questions {
            ratings.push((question.id.clone(), place(&sheet.column(question))?));
        }
        let claims = (!sheet.claim_labels.is_empty()).then(|| place("claims")).transpose()?;
        Ok(Self { answer: place("answer")?, ratings, claims })
    }

    /// Returns what a row says, or the line of claims that is none.
    fn entry(&self, row: &ByteRecord) -> Result<Entry, String> {
        let cell = |index: usize| row.get(index).map(text).unwrap_or_default();
        let mut entry = Entry { code: cell(self.answer), ..Entry::default() };
        for (id, index) in &self.ratings {
            match cell(*index).as_str() {
                "" => {}
                "?" => entry.is_unsure = true,
                word => drop(entry.ratings.insert(id.clone(), Given::Word(word.to_owned()))),
            }
        }
        for line in self.claims.map(cell).unwrap_or_default().lines() {
            if line.trim().is_empty() {
                continue;
            }
            let (label, claim) = line.split_once(':').ok_or_else(|| line.to_owned())?;
            let (label, claim) = (label.trim().to_uppercase(), claim.trim().to_owned());
            entry.claims.push(SheetClaim { claim, label });
        }
        Ok(entry)
    }
}

/// Returns the character that separates the cells of the first row.
fn delimiter(bytes: &[u8]) -> u8 {
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |byte: u8| first.split(|it| *it == byte).count();
    [b';', b'\t'].into_iter().find(|it| count(*it) > count(b',')).unwrap_or(b',')
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}
