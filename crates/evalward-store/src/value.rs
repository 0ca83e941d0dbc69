//! Values that go into statements and rows that come out, the same for both engines.

use std::fmt::Display;

use evalward_core::Timestamp;
use sqlx::{Decode, Postgres, Row as _, Sqlite, Type, postgres::PgRow, sqlite::SqliteRow};

use crate::StoreError;

/// A value that is bound to a placeholder.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Text(Option<String>),
    Integer(Option<i64>),
    Real(Option<f64>),
    Flag(Option<bool>),
}

macro_rules! value_from {
    ($($type:ty => $variant:ident, $value:ident => $expression:expr;)*) => {$(
        impl From<$type> for Value {
            fn from($value: $type) -> Self {
                Self::$variant($expression)
            }
        }
    )*};
}

value_from! {
    String => Text, value => Some(value);
    &String => Text, value => Some(value.clone());
    &str => Text, value => Some(value.to_owned());
    Option<String> => Text, value => value;
    Option<&str> => Text, value => value.map(str::to_owned);
    i64 => Integer, value => Some(value);
    u32 => Integer, value => Some(i64::from(value));
    Option<i64> => Integer, value => value;
    Timestamp => Integer, value => Some(value.as_millis());
    Option<Timestamp> => Integer, value => value.map(Timestamp::as_millis);
    f64 => Real, value => Some(value);
    Option<f64> => Real, value => value;
    bool => Flag, value => Some(value);
    Option<bool> => Flag, value => value;
}

/// Makes the list of values of a statement.
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::value::Value::from($value)),*] };
}
pub(crate) use values;

/// Replaces the one character that PostgreSQL cannot store in a text.
pub(crate) fn without_nul(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
}

/// A row of a result.
#[derive(Debug)]
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    fn get<T>(&self, column: &'static str) -> Result<T, StoreError>
    where
        T: for<'r> Decode<'r, Sqlite>
            + Type<Sqlite>
            + for<'r> Decode<'r, Postgres>
            + Type<Postgres>,
    {
        match self {
            Self::Sqlite(row) => row.try_get(column),
            Self::Postgres(row) => row.try_get(column),
        }
        .map_err(|error| StoreError::Corrupt { what: column, problem: error.to_string() })
    }

    pub(crate) fn text(&self, column: &'static str) -> Result<String, StoreError> {
        self.get(column)
    }

    pub(crate) fn optional_text(&self, column: &'static str) -> Result<Option<String>, StoreError> {
        self.get(column)
    }

    pub(crate) fn integer(&self, column: &'static str) -> Result<i64, StoreError> {
        self.get(column)
    }

    pub(crate) fn optional_integer(&self, column: &'static str) -> Result<Option<i64>, StoreError> {
        self.get(column)
    }

    /// Reads a number that cannot be negative.
    pub(crate) fn count(&self, column: &'static str) -> Result<u64, StoreError> {
        let number = self.integer(column)?;
        u64::try_from(number).map_err(|_| corrupt(column, &format!("`{number}` is negative")))
    }

    pub(crate) fn flag(&self, column: &'static str) -> Result<bool, StoreError> {
        self.get(column)
    }

    pub(crate) fn optional_flag(&self, column: &'static str) -> Result<Option<bool>, StoreError> {
        self.get(column)
    }

    pub(crate) fn real(&self, column: &'static str) -> Result<f64, StoreError> {
        self.get(column)
    }

    pub(crate) fn optional_real(&self, column: &'static str) -> Result<Option<f64>, StoreError> {
        self.get(column)
    }

    pub(crate) fn moment(&self, column: &'static str) -> Result<Timestamp, StoreError> {
        self.integer(column).map(Timestamp::from_millis)
    }

    pub(crate) fn optional_moment(
        &self,
        column: &'static str,
    ) -> Result<Option<Timestamp>, StoreError> {
        let millis: Option<i64> = self.get(column)?;
        Ok(millis.map(Timestamp::from_millis))
    }
}

/// Makes the error for a stored value that cannot be read back.
pub(crate) fn corrupt(what: &'static str, problem: &dyn Display) -> StoreError {
    StoreError::Corrupt { what, problem: problem.to_string() }
}
