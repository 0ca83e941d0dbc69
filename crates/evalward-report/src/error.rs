//! What can go wrong while a report is rendered.

use std::error::Error;
use std::io;

/// The error of rendering a report; what was written until then is not a whole report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// The report could not be written.
    #[error("failed to write the report")]
    Write(#[from] io::Error),
    /// A row of the run could not be read.
    #[error("failed to read a row of run `{run_id}`")]
    Row {
        /// The run.
        run_id: String,
        /// Why.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// A part of the report could not be written as JSON.
    #[error("failed to write the {part} of the report as JSON")]
    Json {
        /// The part.
        part: &'static str,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// The report could not be written as `JUnit` XML.
    #[error("failed to write the report as JUnit XML")]
    Junit(#[source] Box<dyn Error + Send + Sync>),
}

impl ReportError {
    pub(crate) fn json(part: &'static str) -> impl FnOnce(serde_json::Error) -> Self {
        move |source| {
            if source.is_io() { Self::Write(source.into()) } else { Self::Json { part, source } }
        }
    }
}
