//! Answers of judges that must never become a pass, and a suite that is judged by them.

mod answer;
mod forms;
mod preferences;
mod suite;
mod texts;

pub use answer::{HostileAnswer, Verdict, hostile_answers};
pub use suite::{HostileSuite, Judged};
