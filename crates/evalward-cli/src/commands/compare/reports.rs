//! What a comparison leaves in files.

use std::path::Path;

use evalward_gate::compare::{ComparePolicy, RunComparison, paired_differences};
use evalward_report::{Format, Options, plot, render_comparison};

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
    policy: &ComparePolicy,
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
    if let Some(folder) = &args.plots {
        plots(comparison, sides, policy, folder)?;
        context.note(&format!("wrote the plots into {}", folder.display()));
    }
    if context.variable("GITHUB_STEP_SUMMARY").is_some() {
        append_to_step_summary(&page(Format::Markdown, false)?, context)?;
    }
    Ok(())
}

/// Writes the intervals of all metrics, and the differences of each.
fn plots(
    comparison: &RunComparison,
    sides: &Sides,
    policy: &ComparePolicy,
    folder: &Path,
) -> Result<(), CliError> {
    write_page(&folder.join("intervals.svg"), plot::interval_forest(comparison).as_bytes())?;
    for it in &comparison.metrics {
        let differences = paired_differences(&sides.baseline, &sides.candidate, it, policy)
            .map_err(CliError::input)?;
        let name: String = it
            .what
            .name()
            .chars()
            .map(|character| if character.is_alphanumeric() { character } else { '_' })
            .collect();
        let path = folder.join(format!("differences-{name}-{}.svg", it.partition));
        write_page(&path, plot::paired_differences(it, &differences).as_bytes())?;
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
