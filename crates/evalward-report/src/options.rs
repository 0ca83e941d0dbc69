//! What is rendered and how.

use std::error::Error;

use evalward_core::{RunManifest, Trial};
use evalward_gate::Summary;

use crate::{JudgeAudit, ReportError};

/// The run that a report tells about; its rows are handed over beside it, as a stream.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// What the run was made of.
    pub manifest: &'a RunManifest,
    /// What the run came to.
    pub summary: &'a Summary,
    /// What audits found of the judges that it asks.
    pub audits: &'a [JudgeAudit],
}

/// How a report is rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether the terminal report uses colour; it says the same without.
    pub color: bool,
    /// The number of columns of the terminal, where there is one.
    pub width: Option<u16>,
    /// Whether every failing example is shown, whatever their number and size.
    pub all: bool,
    /// The number of failing examples that the terminal report shows.
    pub max_examples: usize,
    /// The size in bytes beyond which the Markdown report leaves examples out; GitHub refuses more than 1 MiB.
    pub max_bytes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { color: false, width: None, all: false, max_examples: 20, max_bytes: 200_000 }
    }
}

impl<'a> Run<'a> {
    /// Makes a run whose judges nobody audited.
    pub const fn new(manifest: &'a RunManifest, summary: &'a Summary) -> Self {
        Self { manifest, summary, audits: &[] }
    }

    /// Unwraps a row of this run.
    pub(crate) fn row<E>(&self, row: Result<Trial, E>) -> Result<Trial, ReportError>
    where
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        row.map_err(|source| ReportError::Row {
            run_id: self.manifest.run_id.to_string(),
            source: source.into(),
        })
    }

    /// Returns whether a metric can fail an example; an id that the manifest lacks is the example's own `checks`.
    pub(crate) fn is_gating(&self, metric: &str) -> bool {
        self.manifest.metrics.get(metric).is_none_or(|stamp| stamp.gating)
    }
}
