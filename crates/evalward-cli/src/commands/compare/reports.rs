//! What a comparison leaves in files.

use evalward_gate::compare::RunComparison;
use evalward_report::{Format, Options, render_comparison};

use super::CompareArgs;
use super::sides::Sides;
use crate::commands::report::{append_to_step_summary, write_page};
use crate::context::Context;
use crate::error::CliError;

/// Writes the reports that were asked for, and the summary of a GitHub step.
pub(crate) fn write(
    comparison: &RunComparison,
    args: &CompareArgs,
    sides: &Sides,
    context: &mut Context,
) -> Result<(), CliError> {
    let page = |format, all| -> Result<Vec<u8>, CliError> {
        let mut page = Vec::new();
        let options = Options { all, ..Options::default() };
        render_comparison(format, comparison, &options, &mut page).map_err(CliError::incomplete)?;
        Ok(page)
    };
    for target in &args.report {
        let path = target.path.clone();
        let path = path.unwrap_or_else(|| sides.folder.join(file_name(target.format)));
        write_page(&path, &page(target.format, args.all)?)?;
        context.note(&format!("wrote {}", path.display()));
    }
    if context.variable("GITHUB_STEP_SUMMARY").is_some() {
        append_to_step_summary(&page(Format::Markdown, false)?, context)?;
    }
    Ok(())
}

const fn file_name(format: Format) -> &'static str {
    match format {
        Format::Terminal => "comparison.txt",
        Format::Json => "comparison.json",
        Format::Junit => "comparison.xml",
        Format::Markdown => "comparison.md",
    }
}
