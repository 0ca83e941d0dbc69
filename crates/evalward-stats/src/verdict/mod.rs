//! The verdict of a comparison: is the candidate worse, better, or as good as the baseline?

mod compare;
mod design;

pub use compare::{
    Companions, Comparison, IntervalMethod, Verdict, compare_paired, compare_unpaired,
};
pub use design::{Design, Direction, ScoreRange};
