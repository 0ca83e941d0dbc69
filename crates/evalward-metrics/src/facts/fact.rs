//! What a fact is.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

/// The kinds of facts that are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactKind {
    /// An address on the web.
    Link,
    /// An e-mail address.
    Email,
    /// A day, a month of a year, or a day without its year.
    Date,
    /// A time of day.
    Time,
    /// A number with a currency.
    Price,
    /// A number of hundredths.
    Percentage,
    /// A number with a unit of time.
    Duration,
    /// Any other number.
    Number,
    /// A word that turns a statement into its opposite.
    Negation,
    /// Capitalised words within a sentence, or words in quotation marks.
    Name,
}

impl FactKind {
    /// Returns the name, as people read it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Email => "e-mail address",
            Self::Date => "date",
            Self::Time => "time",
            Self::Price => "price",
            Self::Percentage => "percentage",
            Self::Duration => "duration",
            Self::Number => "number",
            Self::Negation => "negation",
            Self::Name => "name",
        }
    }
}

impl fmt::Display for FactKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

/// Something that a text states, with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// What kind of fact it is.
    pub kind: FactKind,
    /// The fact in one form, such as `49 USD` for `$49.00`.
    pub value: String,
    /// Where it stands, in bytes.
    pub span: Range<usize>,
    /// What it says, in each way that it can be read; another text has the fact if it offers one of these.
    #[serde(skip)]
    pub(super) asserted: Vec<String>,
    /// What it offers to others beyond that: the year of a date, the bare number of a price.
    #[serde(skip)]
    pub(super) offered: Vec<String>,
    /// What of another text is enough beside the fact itself: a number that stands without a unit.
    #[serde(skip)]
    pub(super) accepted: Vec<String>,
}

impl Fact {
    /// Makes a fact that says one thing only.
    pub(super) fn plain(kind: FactKind, value: String, span: Range<usize>) -> Self {
        Self {
            kind,
            asserted: vec![key(kind, &value)],
            offered: Vec::new(),
            accepted: Vec::new(),
            value,
            span,
        }
    }
}

/// Makes the key under which a fact is looked up.
pub(super) fn key(kind: FactKind, value: &str) -> String {
    format!("{}:{value}", kind.name())
}
