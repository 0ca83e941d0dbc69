//! Renders a run for people and machines: terminal, JSON, JUnit, Markdown and one HTML page; and the [`history`] of runs.
//!
//! Everything is computed from the manifest, the summary and the rows, which are read once and never all kept. This crate
//! knows no file, no environment and no terminal: whether there is colour and how wide a line may be stands in [`Options`].
//! What a model wrote is shown, never obeyed: control characters are escaped and fences cannot be broken out of. Start at
//! [`render`].
//!
//! ```
//! # use std::collections::BTreeMap;
//! # use evalward_core::{DatasetStamp, Digest, RunId, RunManifest, Selection, SubjectStamp, SuiteStamp};
//! # let digest = Digest::of(b"");
//! # let manifest = RunManifest {
//! #     format: RunManifest::FORMAT,
//! #     run_id: RunId::new("20261103-142207-00beef")?,
//! #     tool_version: "0.1.0".to_owned(),
//! #     started_at: "2026-11-03T14:22:07Z".parse()?,
//! #     suite: SuiteStamp { name: "support".to_owned(), variant: None, tier: "unit".to_owned(), path: "evalward.toml".to_owned(), hash: digest },
//! #     dataset: DatasetStamp { name: "support".to_owned(), hash: digest, selected: BTreeMap::new(), available: BTreeMap::new() },
//! #     subject: SubjectStamp { kind: "openai".to_owned(), name: "gpt-4o-mini".to_owned(), prompt_version: None, hash: digest },
//! #     metrics: BTreeMap::new(),
//! #     gates: BTreeMap::new(),
//! #     selection: Selection::default(),
//! #     concurrency: 5,
//! #     repeats: std::num::NonZeroU32::MIN,
//! #     baselines: std::collections::BTreeMap::new(), rescored_from: None, probes: None,
//! #     merged_from: Vec::new(), fail_fast: false,
//! #     calibrations: std::collections::BTreeMap::new(),
//! # };
//! use evalward_core::{Example, GatePolicy, Outcome, Partition, Timestamp, Trial};
//! use evalward_gate::{Fold, Plan};
//! use evalward_report::{Format, Options, Run, render};
//!
//! let example = Example::new("a-1", Partition::Golden);
//! let trial = Trial::new(&example, Outcome::Passed, Timestamp::from_millis(0));
//! let mut fold = Fold::default();
//! fold.push(&trial)?;
//! let summary = fold.finish(&Plan::new([(Partition::Golden, 1)], [(Partition::Golden, GatePolicy::STRICT)]))?;
//!
//! let run = Run::new(&manifest, &summary);
//! let rows = [Ok::<_, std::io::Error>(trial)];
//! let mut page = Vec::new();
//! render(Format::Terminal, run, rows, &Options::default(), &mut page)?;
//! assert!(String::from_utf8(page)?.ends_with("All gates hold. (exit 0)\n"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod audits;
mod causes;
mod comparison;
mod corrected;
mod detail;
mod diff;
mod embedding_calls;
mod error;
mod format;
mod grid;
pub mod history;
mod html;
mod input;
mod json;
mod judge_calls;
mod judge_tables;
mod junit;
mod junit_case;
mod markdown;
mod markdown_text;
mod number;
mod options;
mod overall;
mod paint;
pub mod plot;
mod probes;
mod repeats;
mod settled;
pub mod sheet;
mod svg;
mod terminal;
mod terminal_example;
mod text;
mod variants;
mod walk;
mod words;

pub use audits::{AuditEstimate, AuditFinding, AuditUnit, JudgeAudit, audit_markdown};
pub use comparison::render_comparison;
pub use detail::example_detail;
pub use error::ReportError;
pub use format::{Format, ParseFormatError, render};
pub use html::{ComparisonPage, comparison_page};
pub use json::{JSON_FORMAT, json};
pub use junit::junit;
pub use markdown::markdown;
pub use options::{Options, Run};
pub use terminal::terminal;
pub use variants::{NotRun, VARIANTS_FORMAT, VariantRun, Variants};
