//! Subjects: a prompt with a model, an HTTP application, a command that speaks JSON lines, and recorded responses.
//!
//! This crate knows neither suite files nor metrics; options come as plain structs. Start at [`PromptSubject`],
//! [`HttpSubject`], [`CommandSubject`] or [`RecordedSubject`]: each is an [`evalward_core::Subject`].
//!
//! ```
//! use std::time::Duration;
//!
//! use evalward_models::{Tape, program::ProgramOptions};
//! use evalward_subject::{CommandOptions, CommandSubject};
//!
//! let program = ProgramOptions { timeout: Duration::from_secs(5), ..ProgramOptions::new(["python3", "app.py"]) };
//! let subject = CommandSubject::new(CommandOptions { program, one_shot: false, tape: Tape::live() })?;
//! # Ok::<(), evalward_subject::SubjectError>(())
//! ```

mod command;
mod error;
mod http;
mod http_answer;
mod http_body;
mod json;
mod messages;
mod prompt;
mod recorded;
mod recorded_line;
mod template;
#[cfg(test)]
mod tests;
mod undefined;

pub use command::{CommandOptions, CommandSubject};
pub use error::SubjectError;
pub use http::{HttpOptions, HttpSubject};
pub use http_answer::Pointers;
pub use prompt::{PromptOptions, PromptSubject};
pub use recorded::RecordedSubject;
pub use template::{TemplateSource, to_json};
