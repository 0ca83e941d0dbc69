//! `evalward schema`.

use clap::{Args, ValueEnum};
use evalward_core::{Example, RunManifest, Trial};
use evalward_dataset::{DatasetManifest, ReviewRecord};
use evalward_gate::calibrate::Calibration;
use evalward_gate::canaries::RunCanaries;
use evalward_gate::compare::RunComparison;
use evalward_gate::probe::ProbeRecord;
use evalward_gate::{Baseline, Summary};
use evalward_judge::audit::Audit;
use evalward_report::sheet::Sheet;
use evalward_runs::ShardOrder;
use schemars::schema_for;

use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward schema`.
#[derive(Debug, Args)]
#[command(after_help = "\
Example, for editors that understand `#:schema` in TOML files:
  evalward schema suite > evalward.schema.json")]
pub(crate) struct SchemaArgs {
    /// The file format.
    format: FileFormat,
}

/// The file formats with a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FileFormat {
    /// A suite file
    Suite,
    /// A judge file
    Judge,
    /// A monitor file
    Monitor,
    /// `dataset.toml`
    Dataset,
    /// A line of a partition file
    Example,
    /// A line of `reviews.jsonl`
    Review,
    /// `manifest.json` of a run
    Manifest,
    /// A line of `results.jsonl` of a run
    Result,
    /// `summary.json` of a run
    Summary,
    /// A comparison of two runs
    Comparison,
    /// The file of a baseline
    Baseline,
    /// The file of a calibration
    Calibration,
    /// The file of an audit of a judge
    Audit,
    /// `canaries.json` of a run
    Canaries,
    /// `probes.json` of a run
    Probes,
    /// `sheet.json` of answers to label
    Sheet,
    /// `shard.json` of a run that is a shard
    Shard,
}

/// Prints the schema.
pub(crate) fn run(args: &SchemaArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let schema = match args.format {
        FileFormat::Suite => evalward_config::suite_schema(),
        FileFormat::Judge => evalward_config::judge_schema(),
        FileFormat::Monitor => evalward_config::monitor_schema(),
        FileFormat::Dataset => schema_for!(DatasetManifest).to_value(),
        FileFormat::Example => schema_for!(Example).to_value(),
        FileFormat::Review => schema_for!(ReviewRecord).to_value(),
        FileFormat::Manifest => schema_for!(RunManifest).to_value(),
        FileFormat::Result => schema_for!(Trial).to_value(),
        FileFormat::Baseline => schema_for!(Baseline).to_value(),
        FileFormat::Calibration => schema_for!(Calibration).to_value(),
        FileFormat::Audit => schema_for!(Audit).to_value(),
        FileFormat::Shard => schema_for!(ShardOrder).to_value(),
        FileFormat::Canaries => schema_for!(RunCanaries).to_value(),
        FileFormat::Probes => schema_for!(ProbeRecord).to_value(),
        FileFormat::Sheet => schema_for!(Sheet).to_value(),
        FileFormat::Summary => schema_for!(Summary).to_value(),
        FileFormat::Comparison => schema_for!(RunComparison).to_value(),
    };
    let text = serde_json::to_string_pretty(&schema).map_err(CliError::incomplete)?;
    writeln!(context.out(), "{text}")?;
    Ok(ExitStatus::Success)
}
