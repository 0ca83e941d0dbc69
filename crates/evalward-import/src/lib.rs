//! Suites and runs of other tools, translated into suites, datasets and recorded answers.
//!
//! [`translate`] reads a file of another tool and gives all files of a suite in memory, with a remark for whatever has no
//! counterpart or a slightly different one, by its name and line; nothing is dropped silently. [`write()`] puts them into a folder.
//! The crate knows no command line and calls nothing.
//!
//! ```
//! use evalward_import::{Format, TranslateOptions, translate};
//!
//! let folder = tempfile::tempdir()?;
//! let file = folder.path().join("promptfooconfig.yaml");
//! std::fs::write(&file, "prompts: ['Capital of {{land}}?']
//! providers: [openai:gpt-4o-mini]
//! tests:
//!   - vars: {land: France}
//!     assert: [{type: contains, value: Paris}, {type: llm-rubric, value: is polite}]
//! ")?;
//! let translation = translate(Format::Promptfoo, &file, &TranslateOptions::default())?;
//! assert_eq!(translation.examples, 1);
//! assert_eq!(translation.remarks[0].place.line, 5);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod format;
mod node;
mod promptfoo;
mod remark;
mod suite;
mod translation;

pub use error::ImportError;
pub use format::{Format, TranslateOptions, translate};
pub use remark::{Place, Remark, RemarkKind};
pub use translation::{Translation, WriteOptions, write};
