//! Statements with as many rows or ids as there are to write, in a few fixed sizes, so that they are prepared once.

use std::fmt::Write as _;
use std::ops::Range;

use crate::Engine;
use crate::value::Value;

/// The number of ids in a list.
pub(crate) const LIST: usize = 32;

/// The numbers of rows that a statement is made for, the largest first.
type Sizes = [usize; 4];

/// The numbers that suit most.
const SIZES: Sizes = [128, 32, 8, 1];

/// An insert of several rows.
///
/// SQLite gets placeholders without numbers: it finds the name of a numbered one by going through all before it, which took a
/// fifth of the time that it wrote.
#[derive(Debug)]
pub(crate) struct MultiRow {
    sizes: Sizes,
    sqlite: [String; SIZES.len()],
    postgres: [String; SIZES.len()],
}

impl MultiRow {
    /// Makes the statements from what stands before and after the rows, which have so many columns.
    pub(crate) fn new(head: &str, columns: usize, tail: &str) -> Self {
        Self::of_sizes(SIZES, head, columns, tail)
    }

    /// Makes the statements for other numbers of rows, of which the last must be 1.
    pub(crate) fn of_sizes(sizes: Sizes, head: &str, columns: usize, tail: &str) -> Self {
        let texts = |engine| sizes.map(|rows| text(engine, head, (rows, columns), tail));
        Self { sizes, sqlite: texts(Engine::Sqlite), postgres: texts(Engine::Postgres) }
    }

    /// Splits so many rows into statements for an engine: the text of each with its rows.
    pub(crate) fn pieces(
        &'static self,
        engine: Engine,
        rows: usize,
    ) -> Vec<(&'static str, Range<usize>)> {
        let mut pieces = Vec::new();
        let mut start = 0;
        for (size, text) in self.sizes.into_iter().zip(self.texts(engine)) {
            while rows - start >= size {
                pieces.push((text.as_str(), start..start + size));
                start += size;
            }
        }
        pieces
    }

    pub(crate) fn texts(&'static self, engine: Engine) -> &'static [String] {
        match engine {
            Engine::Sqlite => &self.sqlite,
            Engine::Postgres => &self.postgres,
        }
    }
}

fn text(engine: Engine, head: &str, (rows, columns): (usize, usize), tail: &str) -> String {
    let mut text = format!("{head} VALUES ");
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 1..=columns {
            let separator = if column == 1 { "" } else { ", " };
            text.push_str(separator);
            match engine {
                Engine::Sqlite => text.push('?'),
                Engine::Postgres => write!(text, "${}", row * columns + column)
                    .expect("writing to a string cannot fail"),
            }
        }
        text.push(')');
    }
    text.push(' ');
    text.push_str(tail);
    text
}

/// Splits ids into lists of [`LIST`], the last one filled up with an id that nothing has.
pub(crate) fn lists(ids: &[i64]) -> impl Iterator<Item = Vec<Value>> {
    ids.chunks(LIST).map(|ids| {
        let nothing = std::iter::repeat(-1);
        ids.iter().copied().chain(nothing).take(LIST).map(Value::from).collect()
    })
}

/// Splits names into lists of [`LIST`], the last one filled up with the empty name, which nothing has.
pub(crate) fn lists_of_names(names: &[&str]) -> impl Iterator<Item = Vec<Value>> {
    names.chunks(LIST).map(|names| {
        let nothing = std::iter::repeat("");
        names.iter().copied().chain(nothing).take(LIST).map(Value::from).collect()
    })
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;

    #[test]
    fn rows_are_split_into_few_sizes() {
        static STATEMENT: LazyLock<MultiRow> =
            LazyLock::new(|| MultiRow::new("INSERT INTO a (b, c)", 2, "ON CONFLICT DO NOTHING"));
        let pieces = STATEMENT.pieces(Engine::Postgres, 42);
        let sizes: Vec<usize> = pieces.iter().map(|(_, rows)| rows.len()).collect();
        assert_eq!(sizes, [32, 8, 1, 1]);
        let last = "INSERT INTO a (b, c) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        assert_eq!(pieces.last(), Some(&(last, 41..42)));
        assert!(
            pieces[1].0.contains("($1, $2), ($3, $4)") && pieces[1].0.contains("($15, $16) ON")
        );
        let last = "INSERT INTO a (b, c) VALUES (?, ?) ON CONFLICT DO NOTHING";
        assert_eq!(STATEMENT.pieces(Engine::Sqlite, 1), [(last, 0..1)]);
    }

    #[test]
    fn lists_are_filled_up() {
        let ids: Vec<i64> = (0..40).collect();
        let lists: Vec<_> = lists(&ids).collect();
        assert_eq!(lists.iter().map(Vec::len).collect::<Vec<_>>(), [LIST, LIST]);
        assert!(matches!(lists[1].last(), Some(Value::Integer(Some(-1)))));
    }
}
