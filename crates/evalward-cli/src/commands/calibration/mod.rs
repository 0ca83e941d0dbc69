//! What the commands that calibrate have in common: labels, scores of the answers that they are of, thresholds, files.

mod answers;
mod args;
mod computed;
mod draw;
mod file;
mod print;
mod progress;
mod stored;
mod suite;

pub(crate) use answers::{Answers, Labels, Raters, ScoredAnswer};
pub(crate) use args::CalibrationArgs;
pub(crate) use draw::draw;
pub(crate) use file::{beside, file_of, stamps, write};
pub(crate) use print::{percent, print_choice, print_head, print_nothing, print_table, rank, rate};
pub(crate) use suite::{Source, open, open_judge, open_with_judge};
