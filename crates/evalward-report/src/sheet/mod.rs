//! Sheets for people who label answers: a page and a table for each rater, blind, and from what they wrote back to labels.

mod definition;
mod guidance;
mod label;
mod page;
mod read;
mod read_export;
mod read_table;
mod table;

pub use definition::{
    ClaimChoice, Combination, Question, ScaleStep, Sheet, SheetAnswer, SheetJudge, SheetText,
};
pub use guidance::guidance;
pub use label::{SheetClaim, SheetLabel};
pub use page::page;
pub use read::{RatedSheet, RaterFile, SheetProblem, read_sheet};
pub use table::table;
