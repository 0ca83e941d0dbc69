//! Hand-built runs.

use std::collections::BTreeMap;
use std::convert::Infallible;

use evalward_core::{
    DatasetStamp, Digest, Example, Finite, GatePolicy, Measurement, MetricStamp, OnInconclusive,
    Outcome, Partition, Rate, Reason, ReasonKind, Response, RunId, RunManifest, Scale, Score,
    Selection, SubjectStamp, SuiteStamp, Timestamp, Trial, Usage,
};
use evalward_gate::{Fold, Plan, Summary};
use evalward_report::{Format, JudgeAudit, Options, Run, render};

/// A run as the runner would leave it.
pub(crate) struct FakeRun {
    pub(crate) manifest: RunManifest,
    pub(crate) summary: Summary,
    pub(crate) rows: Vec<Trial>,
    pub(crate) audits: Vec<JudgeAudit>,
}

impl FakeRun {
    pub(crate) fn new(rows: Vec<Trial>) -> Self {
        let mut manifest = manifest();
        for row in &rows {
            *manifest.dataset.selected.entry(row.partition).or_default() += 1;
        }
        manifest.dataset.available = manifest.dataset.selected.clone();
        manifest.dataset.available.insert(Partition::Adversarial, 40);
        let mut fold = Fold::default();
        for row in &rows {
            fold.push(row).expect("each row tells of a trial of its own");
        }
        let summary = fold.finish(&Plan::from(&manifest)).unwrap();
        Self { manifest, summary, rows, audits: Vec::new() }
    }

    pub(crate) fn render(&self, format: Format, options: &Options) -> String {
        let run = Run { audits: &self.audits, ..Run::new(&self.manifest, &self.summary) };
        let rows = self.rows.iter().cloned().map(Ok::<_, Infallible>);
        let mut out = Vec::new();
        render(format, run, rows, options, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }
}

fn manifest() -> RunManifest {
    let digest = Digest::of(b"fixed");
    let metric = |kind: &str, gating| MetricStamp {
        kind: kind.to_owned(),
        gating,
        suspended: None,
        version: digest,
        demands: None,
        margin: None,
    };
    RunManifest {
        format: RunManifest::FORMAT,
        run_id: RunId::new("20261103-142207-00beef").unwrap(),
        tool_version: "0.1.0".to_owned(),
        started_at: "2026-11-03T14:22:07Z".parse().unwrap(),
        suite: SuiteStamp {
            name: "support-assistant".to_owned(),
            variant: None,
            tier: "unit".to_owned(),
            path: "evalward.toml".to_owned(),
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
            name: "gpt-4o-mini".to_owned(),
            prompt_version: Some("2026-11-03".to_owned()),
            hash: digest,
        },
        metrics: BTreeMap::from([
            ("rules".to_owned(), metric("constraints", true)),
            ("meaning".to_owned(), metric("semantic_similarity", true)),
            ("helpful".to_owned(), metric("judge", true)),
            ("length".to_owned(), metric("tokens", false)),
        ]),
        gates: BTreeMap::from([
            (Partition::Golden, GatePolicy::STRICT),
            (
                Partition::Distribution,
                GatePolicy {
                    pass_rate: Rate::new(0.9),
                    on_inconclusive: OnInconclusive::Warn,
                    max_errored: Rate::new(0.2).unwrap(),
                    ..GatePolicy::STRICT
                },
            ),
        ]),
        selection: Selection::default(),
        concurrency: 5,
        repeats: std::num::NonZeroU32::MIN,
        baselines: BTreeMap::new(),
        rescored_from: None,
        probes: None,
        merged_from: Vec::new(),
        fail_fast: false,
        calibrations: BTreeMap::new(),
    }
}

/// A run with every outcome: one failing golden gate and a distribution that is too small to tell.
pub(crate) fn mixed_run() -> FakeRun {
    let mut rows = vec![
        row("refund-01", Partition::Golden).output("Refunds take 14 days.").passed(),
        row("pricing-01", Partition::Golden)
            .input("What does the Pro plan cost, and is API access included?")
            .expected("The Pro plan costs 49 € a month and API access is included.")
            .output("The Pro plan costs 59 € a month.\nAPI access is not included.")
            .failed(),
        row("greeting-値段", Partition::Golden)
            .input("こんにちは、値段を教えてください")
            .output("Sorry, @ops <b>I</b> can't | \u{1b}[2J`help`.")
            .failed_check("`includes_any` finds none of \"円\", \"EUR\""),
    ];
    for number in 1..=12 {
        rows.push(
            row(&format!("traffic-{number:02}"), Partition::Distribution).output("Fine.").passed(),
        );
    }
    rows.push(
        row("traffic-13", Partition::Distribution)
            .errored("connection refused by http://localhost:9"),
    );
    rows.push(
        row("traffic-14", Partition::Distribution)
            .errored("connection refused by http://localhost:9"),
    );
    rows.push(
        row("traffic-15", Partition::Distribution)
            .skipped("no gating metric applies: does not apply to tag `refusal`"),
    );
    FakeRun::new(rows)
}

pub(crate) struct Row(Trial);

/// Starts a row; one of the outcomes ends it.
pub(crate) fn row(id: &str, partition: Partition) -> Row {
    let example =
        Example::new(id, partition).with_input("question", "How long does a refund take?");
    let mut trial = Trial::new(&example, Outcome::Passed, Timestamp::from_millis(0));
    trial.latency_millis = Some(800 + 90 * u64::try_from(id.len()).unwrap());
    trial.attempts = 1;
    Row(trial)
}

impl Row {
    pub(crate) fn input(mut self, text: &str) -> Self {
        self.0.input = BTreeMap::from([("question".to_owned(), text.into())]);
        self
    }

    pub(crate) fn expected(mut self, text: &str) -> Self {
        self.0.expected_output = Some(text.to_owned());
        self
    }

    pub(crate) fn output(mut self, text: &str) -> Self {
        let usage = Usage { input_tokens: Some(120), output_tokens: Some(45), cost_usd: None };
        self.0.response = Some(Response { usage: Some(usage), ..Response::from_text(text) });
        self.0.cost_usd = Some(Finite::new(0.000_41).unwrap());
        self
    }

    pub(crate) fn score(mut self, metric: &str, measurement: impl Into<Measurement>) -> Self {
        self.0.scores.insert(metric.to_owned(), measurement.into());
        self
    }

    pub(crate) fn passed(self) -> Trial {
        self.score("rules", Score::yes_or_no(true))
            .score("meaning", fraction(0.93, Some(0.88)))
            .score("length", fraction(0.5, None))
            .0
    }

    pub(crate) fn failed(self) -> Trial {
        let problem = "`includes_all`: \"API access is included\" is missing";
        let judged = Score {
            value: Finite::new(2.333).unwrap(),
            scale: Scale {
                min: Some(Finite::ONE),
                max: Some(Finite::new(5.0).unwrap()),
                lower_is_better: false,
            },
            detail: Some(
                serde_json::json!({"reasoning": "The price is wrong.", "samples": [2, 2, 3]}),
            ),
            ..Score::fraction(Finite::ZERO)
        };
        let mut trial = self
            .score("checks", Score::yes_or_no(false).with_problem(problem))
            .score("rules", Score::yes_or_no(true))
            .score("meaning", Measurement::Skipped("does not apply to tag `price`".to_owned()))
            .score("helpful", judged.judged_by_threshold(Some(Finite::new(4.0).unwrap())))
            .0;
        trial.outcome = Outcome::Failed(vec![
            reason(ReasonKind::Constraint, "checks", problem),
            reason(ReasonKind::Judge, "helpful", "2.333 is below 4"),
        ]);
        trial
    }

    pub(crate) fn failed_check(self, problem: &str) -> Trial {
        let mut trial = self.score("rules", Score::yes_or_no(false).with_problem(problem)).0;
        trial.outcome = Outcome::Failed(vec![reason(ReasonKind::Constraint, "rules", problem)]);
        trial
    }

    pub(crate) fn errored(mut self, cause: &str) -> Trial {
        self.0.latency_millis = None;
        self.0.outcome = Outcome::Errored(cause.to_owned());
        self.0
    }

    pub(crate) fn skipped(mut self, reason: &str) -> Trial {
        self.0.outcome = Outcome::Skipped(reason.to_owned());
        self.0
    }
}

fn fraction(value: f64, threshold: Option<f64>) -> Score {
    let finite = |value| Finite::new(value).unwrap();
    Score::fraction(finite(value)).judged_by_threshold(threshold.map(finite))
}

fn reason(kind: ReasonKind, metric: &str, message: &str) -> Reason {
    Reason { kind, metric: metric.to_owned(), message: message.to_owned() }
}
