//! What a comparison leaves in files.

use std::io::Write;
use std::path::Path;

use evalward_gate::compare::{
    ComparePolicy, MetricComparison, Procedure, RunComparison, paired_differences,
};
use evalward_report::{ComparisonPage, Format, Options, comparison_page, plot, render_comparison};
use evalward_runs::StoredRun;

use super::CompareArgs;
use super::sides::Sides;
use crate::commands::report::{append_to_step_summary, stream_page, write_page};
use crate::context::Context;
use crate::error::CliError;

/// A comparison with all that it was made of.
pub(crate) struct Compared<'a> {
    pub(crate) comparison: &'a RunComparison,
    pub(crate) sides: &'a Sides,
    pub(crate) policy: &'a ComparePolicy,
}

/// Writes the reports that were asked for, and the summary of a GitHub step.
pub(crate) fn write(
    compared: &Compared<'_>,
    args: &CompareArgs,
    context: &mut Context,
) -> Result<(), CliError> {
    for target in &args.report {
        let folder = compared.sides.candidate_run.folder();
        let path = target.path.clone().unwrap_or_else(|| folder.join(file_name(target.format)));
        let options = Options { all: args.all, ..Options::default() };
        stream_page(&path, |out| compared.render(target.format, &options, out))?;
        context.note(&format!("wrote {}", path.display()));
    }
    if let Some(folder) = &args.plots {
        compared.plots_into(folder)?;
        context.note(&format!("wrote the plots into {}", folder.display()));
    }
    if context.variable("GITHUB_STEP_SUMMARY").is_some() {
        let mut page = Vec::new();
        compared.render(Format::Markdown, &Options::default(), &mut page)?;
        append_to_step_summary(&page, context)?;
    }
    Ok(())
}

impl Compared<'_> {
    /// Writes the comparison in a format.
    pub(crate) fn render(
        &self,
        format: Format,
        options: &Options,
        out: &mut dyn Write,
    ) -> Result<(), CliError> {
        if format == Format::Html {
            return self.page(options, out);
        }
        render_comparison(format, self.comparison, options, out).map_err(CliError::incomplete)
    }

    /// Writes the page with the answers of both runs.
    fn page(&self, options: &Options, out: &mut dyn Write) -> Result<(), CliError> {
        let Sides { baseline_run, candidate_run, .. } = self.sides;
        let mut plots = Vec::new();
        if self.comparison.procedure == Procedure::Paired {
            for it in self.comparison.metrics.iter().filter(|it| it.difference.is_some()) {
                plots.push(self.plot(it)?);
            }
        }
        let page = ComparisonPage {
            comparison: self.comparison,
            plots: &plots,
            baseline: baseline_run.as_ref().map(StoredRun::manifest),
            candidate: Some(candidate_run.manifest()),
        };
        let baseline = baseline_run.as_ref().map(StoredRun::trials).transpose()?;
        let baseline = baseline.into_iter().flatten();
        comparison_page(&page, baseline, candidate_run.trials()?, options, out)
            .map_err(CliError::incomplete)
    }

    fn plot(&self, it: &MetricComparison) -> Result<String, CliError> {
        let Sides { baseline, candidate, .. } = self.sides;
        let differences =
            paired_differences(baseline, candidate, it, self.policy).map_err(CliError::input)?;
        Ok(plot::paired_differences(it, &differences))
    }

    /// Writes the intervals of all metrics, and the differences of each.
    fn plots_into(&self, folder: &Path) -> Result<(), CliError> {
        let intervals = plot::interval_forest(self.comparison);
        write_page(&folder.join("intervals.svg"), intervals.as_bytes())?;
        for it in &self.comparison.metrics {
            let name: String = it
                .what
                .name()
                .chars()
                .map(|character| if character.is_alphanumeric() { character } else { '_' })
                .collect();
            let path = folder.join(format!("differences-{name}-{}.svg", it.partition));
            write_page(&path, self.plot(it)?.as_bytes())?;
        }
        Ok(())
    }
}

const fn file_name(format: Format) -> &'static str {
    match format {
        Format::Terminal => "comparison.txt",
        Format::Json => "comparison.json",
        Format::Junit => "comparison.xml",
        Format::Markdown => "comparison.md",
        Format::Html => "comparison.html",
    }
}
