//! All statements, by area. The same text runs on both engines; those that differ are in [`crate::dialect`].

pub(crate) mod alert;
pub(crate) mod calibration;
pub(crate) mod candidate;
pub(crate) mod feedback;
pub(crate) mod ingest;
pub(crate) mod key;
pub(crate) mod migrate;
mod multi_row;
pub(crate) mod pattern;
pub(crate) mod queue;
pub(crate) mod run;
pub(crate) mod run_score;
#[cfg(test)]
mod tests;
pub(crate) mod window;

pub(crate) use multi_row::{MultiRow, lists, lists_of_names};

/// Declares statements, and lists them for the test that prepares each of them on both engines.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $text:expr;)*) => {
        $($(#[$doc])* pub(crate) const $name: &str = $text;)*

        #[cfg(test)]
        pub(crate) const ALL: &[(&str, &str)] = &[$((stringify!($name), $name)),*];
    };
}
pub(crate) use statements;

/// The placeholders of a list of ids, as long as [`lists`] makes them.
macro_rules! list {
    () => {
        "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, \
         $25, $26, $27, $28, $29, $30, $31, $32)"
    };
}
pub(crate) use list;
