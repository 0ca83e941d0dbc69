//! `evalward baseline show`.

use std::path::{Path, PathBuf};

use clap::Args;
use evalward_core::{Partition, visible};
use evalward_gate::{Baseline, ExampleScores};

use super::file_of;
use crate::baselines::{parse, read};
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward baseline show`.
#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// The file [default: the one that the gates of `evalward.toml` name].
    file: Option<PathBuf>,
}

/// Tells what a baseline is made of.
pub(super) fn run(args: &ShowArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let baseline = open(args.file.as_ref(), context)?;
    let out = context.out();
    let subject = &baseline.subject;
    writeln!(out, "suite     {}", visible(&baseline.suite))?;
    let held =
        if baseline.gates_held { "its gates held" } else { "the first; a gate waited for it" };
    writeln!(out, "run       {} of {} ({held})", baseline.run_id, baseline.started_at)?;
    writeln!(out, "set       {}", baseline.created_at)?;
    let prompt = subject
        .prompt_version
        .as_ref()
        .map(|version| format!(", prompt {version}"))
        .unwrap_or_default();
    let name = format!("{} {}{prompt}", subject.kind, subject.name);
    writeln!(out, "subject   {}", visible(&name))?;
    writeln!(out, "dataset   {} {}", visible(&baseline.dataset), baseline.dataset_hash.short())?;
    if baseline.repeats.get() > 1 {
        writeln!(out, "repeats   {}", baseline.repeats)?;
    }
    writeln!(out)?;
    for partition in Partition::ALL {
        if let Some(line) = partition_line(&baseline, partition) {
            writeln!(out, "{line}")?;
        }
    }
    writeln!(out)?;
    for (id, stamp) in &baseline.metrics {
        let gates = if stamp.gating { "gates" } else { "reports" };
        let (id, kind) = (visible(id), visible(&stamp.kind));
        writeln!(out, "metric {id:12}  {kind:14}  {gates:8}  version {}", stamp.version.short())?;
    }
    Ok(ExitStatus::Success)
}

/// Reads the baseline that is named, else that of the suite here.
pub(super) fn open(file: Option<&PathBuf>, context: &Context) -> Result<Baseline, CliError> {
    let path = file_of(file, Path::new("evalward.toml"), context)?;
    let text = read(&path)?.ok_or_else(|| {
        CliError::input(format!("there is no baseline `{}`", path.display()))
            .with_hint("`evalward baseline set RUN --initial` makes the first one")
    })?;
    parse(&text, &path)
}

fn partition_line(baseline: &Baseline, partition: Partition) -> Option<String> {
    let examples: Vec<&ExampleScores> =
        baseline.scores.examples.values().filter(|it| it.partition == partition).collect();
    if examples.is_empty() {
        return None;
    }
    let shares: Vec<f64> = examples
        .iter()
        .filter(|it| it.evaluated() > 0)
        .map(|it| f64::from(it.passed) / f64::from(it.evaluated()))
        .collect();
    let rate = match evalward_stats::mean(&shares) {
        Ok(mean) => format!("{:.1} % passed", mean * 100.0),
        Err(_) => "none evaluated".to_owned(),
    };
    let noun = if examples.len() == 1 { "example" } else { "examples" };
    Some(format!("{partition:12}  {} {noun}, {rate} of {} evaluated", examples.len(), shares.len()))
}
