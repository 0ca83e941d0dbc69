//! The files of calibrations: written for people to commit, read when a run starts.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use evalward_config::Suite;
use evalward_core::{CalibrationStamp, CalibrationVerdict, Digest, MetricStamp};
use evalward_gate::calibrate::Calibration;
use evalward_store::CalibrationRecord;
use serde::Deserialize;

use crate::commands::history;
use crate::commands::report::write_page;
use crate::context::Context;
use crate::error::CliError;

/// Returns the file that a calibration is written to; ids that would lead elsewhere have none.
pub(crate) fn file_of(suite: Option<&Suite>, id: &str) -> Result<PathBuf, CliError> {
    let Some(suite) = suite else {
        let error = CliError::input("`--write` keeps the calibration of a metric of a suite");
        return Err(
            error.with_hint("name the suite whose metric asks this judge, without `--judge`")
        );
    };
    place(suite, id).ok_or_else(|| {
        let text = format!("`{id}` makes no name of a file");
        CliError::input(text).with_hint("leave out `--write`, or rename the metric")
    })
}

fn place(suite: &Suite, id: &str) -> Option<PathBuf> {
    beside(&suite.path, Path::new("calibrations"), id)
}

/// Returns the file of an id in a folder beside a suite file; ids that would lead elsewhere have none.
pub(crate) fn beside(suite: &Path, folder: &Path, id: &str) -> Option<PathBuf> {
    let plain = |it: char| it.is_alphanumeric() || matches!(it, '_' | '-' | '.' | ' ');
    if id.starts_with('.') || id.is_empty() || !id.chars().all(plain) {
        return None;
    }
    let here = suite.parent().unwrap_or_else(|| Path::new(""));
    Some(here.join(folder).join(format!("{id}.json")))
}

/// Writes a calibration to its file, and one of a judge to the store as well.
pub(crate) fn write(
    path: &Path,
    calibration: &Calibration,
    context: &mut Context,
) -> Result<(), CliError> {
    let text = serde_json::to_string_pretty(calibration).map_err(CliError::incomplete)? + "\n";
    write_page(path, text.as_bytes())?;
    context.note(&format!("wrote {}", path.display()));
    let Some(judge) = &calibration.judge else { return Ok(()) };
    let verdict = serde_json::to_value(judge.verdict).unwrap_or_default();
    let record = CalibrationRecord {
        id: Digest::of(text.as_bytes()).to_string(),
        suite: calibration.suite.clone(),
        metric: calibration.metric.clone(),
        metric_version: calibration.metric_version.to_string(),
        verdict: verdict.as_str().unwrap_or_default().to_owned(),
        created_at: calibration.created_at,
        document: text,
    };
    if let Err(problem) = history::record_calibration(&record, context) {
        context.note(&format!("warning: the calibration is not in the history: {problem}"));
    }
    Ok(())
}

/// What a stamp needs of a calibration's file; the rest may be of a version that this code does not know.
#[derive(Deserialize)]
struct Head {
    format: u32,
    metric_version: Digest,
    created_at: evalward_core::Timestamp,
    judge: Option<Worth>,
}

#[derive(Deserialize)]
struct Worth {
    verdict: CalibrationVerdict,
}

/// Finds the calibrations of the metrics that ask a judge, and says which files tell nothing.
pub(crate) fn stamps(
    suite: &Suite,
    metrics: &BTreeMap<String, MetricStamp>,
) -> (BTreeMap<String, CalibrationStamp>, Vec<String>) {
    let mut found = BTreeMap::new();
    let mut warnings = Vec::new();
    for id in metrics.iter().filter(|(_, stamp)| stamp.asks_judge()).map(|(id, _)| id) {
        let Some(path) = place(suite, id) else { continue };
        match stamp(&path) {
            Ok(Some(stamp)) => drop(found.insert(id.clone(), stamp)),
            Ok(None) => {}
            Err(problem) => warnings.push(format!(
                "the calibration `{}` counts for nothing: {problem}",
                path.display()
            )),
        }
    }
    (found, warnings)
}

fn stamp(path: &Path) -> Result<Option<CalibrationStamp>, String> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.to_string()),
    };
    let head: Head = serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
    if !(Calibration::OLDEST_FORMAT..=Calibration::FORMAT).contains(&head.format) {
        return Err(format!(
            "its format is {}, and this evalward reads {} to {}",
            head.format,
            Calibration::OLDEST_FORMAT,
            Calibration::FORMAT
        ));
    }
    let Some(Worth { verdict }) = head.judge else {
        return Err("it has a threshold alone; make it with `evalward judge calibrate`".to_owned());
    };
    Ok(Some(CalibrationStamp {
        hash: Digest::of(&bytes),
        metric_version: head.metric_version,
        created_at: head.created_at,
        verdict,
    }))
}
