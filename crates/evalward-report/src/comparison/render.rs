//! The formats of a comparison.

use std::io::{self, Write};

use evalward_core::Trial;
use evalward_gate::compare::RunComparison;

use super::{junit, markdown, terminal};
use crate::{ComparisonPage, Format, Options, ReportError, comparison_page};

/// Renders a comparison in a format; JSON is the comparison itself, and the HTML page has no examples ([`comparison_page`] has).
///
/// # Errors
/// [`ReportError`] if the report cannot be written; what was written until then is not a whole report.
pub fn render_comparison(
    format: Format,
    comparison: &RunComparison,
    options: &Options,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    match format {
        Format::Terminal => out.write_all(terminal::page(comparison, options).as_bytes())?,
        Format::Markdown => out.write_all(markdown::page(comparison, options).as_bytes())?,
        Format::Junit => junit::write(comparison, out)?,
        Format::Html => {
            let page = ComparisonPage { comparison, plots: &[], baseline: None, candidate: None };
            let none = || std::iter::empty::<Result<Trial, io::Error>>();
            comparison_page(&page, none(), none(), options, out)?;
        }
        Format::Json => {
            serde_json::to_writer_pretty(&mut *out, comparison)
                .map_err(ReportError::json("comparison"))?;
            out.write_all(b"\n")?;
        }
    }
    Ok(())
}
