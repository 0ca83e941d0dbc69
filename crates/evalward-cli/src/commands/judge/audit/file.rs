//! The files of audits: written for people to commit, read when a run is reported.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use evalward_config::Suite;
use evalward_core::{Digest, Finite, RunManifest};
use evalward_judge::audit::{Audit, AuditRow, AuditUnit};
use evalward_report::{AuditEstimate, AuditFinding, JudgeAudit};

use crate::commands::calibration::beside;
use crate::commands::report::write_page;
use crate::context::Context;
use crate::error::CliError;

/// The folder beside the suite file.
const FOLDER: &str = "audits";

/// The folder below it for judges that compare two answers, which no metric asks.
const PAIRWISE: &str = "pairwise";

/// Returns the file that the audit of a metric's judge, or of a judge that compares two answers, is written to.
pub(super) fn file_of(
    suite: &Suite,
    metric: Option<&str>,
    judge: &str,
) -> Result<PathBuf, CliError> {
    let (folder, name) = match metric {
        Some(metric) => (PathBuf::from(FOLDER), metric),
        None => (Path::new(FOLDER).join(PAIRWISE), judge),
    };
    beside(&suite.path, &folder, name).ok_or_else(|| {
        let text = format!("`{name}` makes no name of a file");
        CliError::input(text).with_hint("leave out `--write`, and name a file by `--out`")
    })
}

/// Writes an audit as JSON.
pub(super) fn write(path: &Path, audit: &Audit, context: &mut Context) -> Result<(), CliError> {
    let text = serde_json::to_string_pretty(audit).map_err(CliError::incomplete)?;
    write_page(path, format!("{text}\n").as_bytes())?;
    context.note(&format!("wrote {}", path.display()));
    Ok(())
}

/// Returns the audits of the judges that a run asked, from beside its suite file, and what keeps others from being read.
pub(crate) fn audits_of(manifest: &RunManifest) -> (Vec<JudgeAudit>, Vec<String>) {
    let (mut audits, mut warnings) = (Vec::new(), Vec::new());
    let suite = Path::new(&manifest.suite.path);
    for (id, stamp) in manifest.metrics.iter().filter(|(_, stamp)| stamp.asks_judge()) {
        let Some(path) = beside(suite, Path::new(FOLDER), id) else { continue };
        match read(&path) {
            Ok(Some(audit)) => audits.push(shown(&audit, Some(stamp.version))),
            Ok(None) => {}
            Err(problem) => warnings
                .push(format!("warning: the audit `{}` is not shown: {problem}", path.display())),
        }
    }
    (audits, warnings)
}

fn read(path: &Path) -> Result<Option<Audit>, String> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.to_string()),
    };
    let audit: Audit = serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
    if audit.version != Audit::VERSION {
        let (theirs, ours) = (audit.version, Audit::VERSION);
        return Err(format!("its version is {theirs}, and this evalward reads {ours}"));
    }
    Ok(Some(audit))
}

/// Returns an audit as reports show it; `version` is that of the metric in the run.
pub(super) fn shown(audit: &Audit, version: Option<Digest>) -> JudgeAudit {
    JudgeAudit {
        metric: audit.metric.clone(),
        judge: audit.judge.clone(),
        kind: audit.kind.clone(),
        model: audit.model.clone(),
        judge_version: audit.judge_version.to_string(),
        is_current: version == audit.metric_version,
        answers: audit.answers,
        questions: audit.questions,
        seed: audit.seed,
        findings: audit.rows.iter().map(finding).collect(),
    }
}

fn finding(row: &AuditRow) -> AuditFinding {
    AuditFinding {
        experiment: row.experiment.name().to_owned(),
        what: row.what.clone(),
        estimate: estimate(row),
        shows_fault: row.shows_fault,
        meaning: row.meaning.clone(),
        left_out: row.left_out,
        left_out_because: row.left_out_because.clone(),
        errored: row.errored,
    }
}

fn estimate(row: &AuditRow) -> Option<AuditEstimate> {
    let estimate = row.estimate.as_ref()?;
    let [low, high] = estimate.interval;
    Some(AuditEstimate {
        unit: match row.unit {
            AuditUnit::Points => evalward_report::AuditUnit::Points,
            AuditUnit::Share => evalward_report::AuditUnit::Share,
        },
        value: Finite::new(estimate.value).ok()?,
        low: Finite::new(low).ok()?,
        high: Finite::new(high).ok()?,
        n: estimate.n,
        clusters: estimate.clusters,
        method: estimate.method.clone(),
    })
}
