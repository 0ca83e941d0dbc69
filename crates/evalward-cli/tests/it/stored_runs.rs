//! Runs as the runner would leave them, with scores of a test's choice.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use evalward_core::{
    DatasetStamp, Digest, Example, Finite, GatePolicy, Measurement, MetricStamp, Outcome,
    Partition, Reason, ReasonKind, Response, RunId, RunManifest, Scale, Score, Selection,
    SubjectStamp, SuiteStamp, Timestamp, Trial,
};
use evalward_testkit::Scratch;

/// A run with one judge's grades from 1 to 5, of which 3 pass.
pub(crate) struct StoredRunFile {
    pub(crate) manifest: RunManifest,
    pub(crate) rows: Vec<Trial>,
}

/// What became of a trial.
#[derive(Clone, Copy)]
pub(crate) enum Grade {
    /// The grade.
    Is(f64),
    /// The judge gave none.
    Errored,
}

/// Starts a run without rows.
pub(crate) fn stored_run(id: &str, model: &str) -> StoredRunFile {
    let digest = Digest::of(b"fixed");
    let metric = |kind: &str, gating| MetricStamp {
        kind: kind.to_owned(),
        gating,
        suspended: None,
        version: Digest::of(kind.as_bytes()),
        demands: None,
        margin: None,
    };
    let manifest = RunManifest {
        format: RunManifest::FORMAT,
        run_id: RunId::new(id).unwrap(),
        tool_version: "0.1.0".to_owned(),
        started_at: "2026-11-03T14:22:07Z".parse().unwrap(),
        suite: SuiteStamp {
            name: "support".to_owned(),
            tier: "unit".to_owned(),
            path: "evalward.toml".to_owned(),
            variant: None,
            hash: digest,
        },
        dataset: DatasetStamp {
            name: "support".to_owned(),
            hash: digest,
            selected: BTreeMap::new(),
            available: BTreeMap::new(),
        },
        subject: SubjectStamp {
            kind: "openai".to_owned(),
            name: model.to_owned(),
            prompt_version: None,
            hash: digest,
        },
        metrics: BTreeMap::from([("helpful".to_owned(), metric("judge", true))]),
        gates: BTreeMap::from([(Partition::Distribution, GatePolicy::STRICT)]),
        baselines: BTreeMap::new(),
        rescored_from: None,
        probes: None,
        merged_from: Vec::new(),
        fail_fast: false,
        calibrations: BTreeMap::new(),
        selection: Selection::default(),
        concurrency: 5,
        repeats: NonZeroU32::MIN,
    };
    StoredRunFile { manifest, rows: Vec::new() }
}

impl StoredRunFile {
    /// Adds a trial of an example.
    pub(crate) fn trial(&mut self, example: &Example, number: u32, grade: Grade, output: &str) {
        let mut trial = Trial::new(example, Outcome::Passed, Timestamp::from_millis(0));
        trial.trial = number;
        trial.response = Some(Response::from_text(output));
        let measurement = match grade {
            Grade::Is(grade) => {
                let passed = grade >= 3.0;
                if !passed {
                    trial.outcome = Outcome::Failed(vec![Reason {
                        kind: ReasonKind::Judge,
                        metric: "helpful".to_owned(),
                        message: format!("{grade} is below 3"),
                    }]);
                }
                let scale = Scale {
                    min: Some(Finite::ONE),
                    max: Some(Finite::from(5)),
                    lower_is_better: false,
                };
                let value = Finite::new(grade).unwrap();
                Measurement::Score(Score { scale, passed: Some(passed), ..Score::fraction(value) })
            }
            Grade::Errored => {
                let cause = "the judge answered no JSON".to_owned();
                trial.outcome = Outcome::Errored(cause.clone());
                Measurement::Errored(cause)
            }
        };
        trial.scores.insert("helpful".to_owned(), measurement);
        if number == 1 {
            *self.manifest.dataset.selected.entry(example.partition).or_default() += 1;
        }
        self.rows.push(trial);
    }

    /// Writes the run where the program looks for it.
    pub(crate) fn write(mut self, scratch: &Scratch) {
        self.manifest.dataset.available = self.manifest.dataset.selected.clone();
        let folder = format!(".evalward/runs/{}", self.manifest.run_id);
        let manifest = serde_json::to_string(&self.manifest).unwrap();
        scratch.file(format!("{folder}/manifest.json"), &manifest);
        let lines: Vec<String> =
            self.rows.iter().map(|row| serde_json::to_string(row).unwrap() + "\n").collect();
        scratch.file(format!("{folder}/results.jsonl"), &lines.concat());
    }
}
