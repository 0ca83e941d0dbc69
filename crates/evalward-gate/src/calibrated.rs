//! Whether the judges of a run were calibrated.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use evalward_core::{
    CalibrationStamp, CalibrationVerdict, Digest, GatePolicy, RunManifest, Timestamp,
};

use crate::Plan;
use crate::words::count_of;

const MILLIS_OF_A_DAY: i64 = 24 * 60 * 60 * 1000;

/// The judges that decide in a run, and what their calibrations said when it started.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlannedJudges {
    /// The versions of the metrics with a judge that may fail an example.
    pub versions: BTreeMap<String, Digest>,
    /// Their calibrations.
    pub calibrations: BTreeMap<String, CalibrationStamp>,
    /// When the run started.
    pub started_at: Option<Timestamp>,
    /// The suite's file.
    pub suite: String,
}

impl From<&RunManifest> for PlannedJudges {
    fn from(manifest: &RunManifest) -> Self {
        let judged = manifest.metrics.iter().filter(|(_, it)| it.gating && it.asks_judge());
        Self {
            versions: judged.map(|(id, stamp)| (id.clone(), stamp.version)).collect(),
            calibrations: manifest.calibrations.clone(),
            started_at: Some(manifest.started_at),
            suite: manifest.suite.path.clone(),
        }
    }
}

/// Why a judge does not count as calibrated.
enum Lack {
    /// There is no calibration.
    Missing,
    /// It is of another version of the judge.
    OtherVersion,
    /// It did not find the judge good enough.
    Weak,
    /// It is too old, in days.
    Old(i64),
}

impl PlannedJudges {
    fn lack(&self, id: &str, version: Digest, max_age: NonZeroU32) -> Option<Lack> {
        let Some(stamp) = self.calibrations.get(id) else { return Some(Lack::Missing) };
        if stamp.metric_version != version {
            return Some(Lack::OtherVersion);
        }
        if stamp.verdict != CalibrationVerdict::Calibrated {
            return Some(Lack::Weak);
        }
        let age = self.started_at?.as_millis().saturating_sub(stamp.created_at.as_millis());
        let allowed = i64::from(max_age.get()).saturating_mul(MILLIS_OF_A_DAY);
        (age > allowed).then_some(Lack::Old(age / MILLIS_OF_A_DAY))
    }
}

impl Lack {
    fn text(&self, id: &str) -> String {
        match self {
            Self::Missing => format!("the judge of `{id}` was never calibrated"),
            Self::OtherVersion => {
                format!("the calibration of `{id}` is of another version of its judge")
            }
            Self::Weak => {
                format!(
                    "the calibration of `{id}` finds its judge weak, so it needs a better judge first"
                )
            }
            Self::Old(days) => {
                let days = count_of(u64::try_from(*days).unwrap_or_default(), "day");
                format!("the calibration of `{id}` is {days} old")
            }
        }
    }
}

fn max_age(policy: Option<&GatePolicy>) -> NonZeroU32 {
    policy
        .and_then(|policy| policy.max_calibration_age_days)
        .unwrap_or(GatePolicy::MAX_CALIBRATION_AGE_DAYS)
}

/// Says which judge lacks the calibration that a gate asks for, and what mends it.
pub(crate) fn uncalibrated(policy: &GatePolicy, plan: &Plan) -> Option<String> {
    if !policy.require_calibration {
        return None;
    }
    let judges = &plan.judges;
    let age = max_age(Some(policy));
    let versions = judges.versions.iter();
    let lacks: Vec<(&String, Lack)> =
        versions.filter_map(|(id, version)| Some((id, judges.lack(id, *version, age)?))).collect();
    let (first, _) = lacks.first()?;
    let reasons: Vec<String> = lacks
        .iter()
        .map(|(id, lack)| match lack {
            Lack::Old(_) => {
                format!("{}, and {} is allowed", lack.text(id), count_of(age.get().into(), "day"))
            }
            _ => lack.text(id),
        })
        .collect();
    let suite = &judges.suite;
    let command =
        format!("evalward judge calibrate {suite} --metric {first} --labels FILE --write");
    Some(format!("{}: `{command}`", reasons.join("; ")))
}

/// Warns of calibrations that say nothing of the judge any more, or nothing good; where none is required.
pub(crate) fn calibration_warnings(plan: &Plan) -> Vec<String> {
    if plan.gates.values().any(|policy| policy.require_calibration) {
        return Vec::new();
    }
    let ages = plan.gates.values().map(|policy| max_age(Some(policy)));
    let age = ages.min().unwrap_or(GatePolicy::MAX_CALIBRATION_AGE_DAYS);
    let warn = |(id, version): (&String, &Digest)| match plan.judges.lack(id, *version, age)? {
        Lack::Missing => None,
        lack => Some(lack.text(id)),
    };
    plan.judges.versions.iter().filter_map(warn).collect()
}
