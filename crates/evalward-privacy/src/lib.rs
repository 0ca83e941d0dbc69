//! Finds and masks personal data and secrets in text.
//!
//! The detectors look at shapes and checksums only, in time linear in the text.
//! This crate must not know where a text comes from or what becomes of a
//! finding; constraints, `dataset check` and redaction decide that. The entry
//! points are [`find`] and [`redact`].
//!
//! ```
//! use evalward_privacy::{FindingKind, find, redact};
//!
//! let text = "Ask jane@corp.example, or call +49 30 1234567.";
//! let kinds: Vec<FindingKind> = find(text).iter().map(|finding| finding.kind).collect();
//! assert_eq!(kinds, [FindingKind::Email, FindingKind::Phone]);
//! assert_eq!(redact(text), "Ask [EMAIL], or call [PHONE].");
//! ```

mod detect;
mod find;
mod finding;
mod redact;
mod shape;

pub use find::find;
pub use finding::{Finding, FindingClass, FindingKind};
pub use redact::{Unmasked, redact, try_redact, try_redact_named};
