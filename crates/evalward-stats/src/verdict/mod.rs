//! The verdict of a comparison: is the candidate worse, better, or as good as the baseline?

mod companions;
mod compare;
mod design;
mod guard;
mod lesson;
mod paired;
mod planned;
mod unpaired;

pub use companions::{Companions, companions_paired, companions_unpaired};
pub use compare::{Comparison, IntervalMethod, Verdict};
pub use design::{Design, Direction, ScoreRange};
pub use lesson::{Lesson, LessonConclusion, LessonRecommendation, lesson};
pub use paired::compare_paired;
pub use planned::{needed_each, needed_pairs};
pub use unpaired::compare_unpaired;
