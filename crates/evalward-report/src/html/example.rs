//! What the page knows of an example.

use std::borrow::Cow;
use std::collections::BTreeMap;

use evalward_core::{Finite, Measurement, Outcome, OutcomeKind, Partition, Response, Score, Trial};
use serde::Serialize;
use serde_json::Value;

use super::budget::Limits;
use crate::detail::call_text;
use crate::input::input_turns;
use crate::text::shorten;

/// An example with its trials, as a line of the page's JSON.
#[derive(Debug, Serialize)]
pub(super) struct ExampleLine<'a> {
    id: &'a str,
    partition: Partition,
    outcome: OutcomeKind,
    /// `overturned` or `confirmed`, where fresh trials were asked about a failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    settled: Option<&'static str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    tags: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    cluster: Option<&'a str>,
    /// Who says what.
    input: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<Cow<'a, str>>,
    trials: Vec<TrialLine<'a>>,
    /// Whether something was cut.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) shortened: bool,
}

#[derive(Debug, Serialize)]
struct TrialLine<'a> {
    number: u32,
    outcome: OutcomeKind,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    confirms: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reasons: Vec<(&'a str, Cow<'a, str>)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<Cow<'a, str>>,
    /// Each document: its name and its text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    context: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    steps: Vec<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    call: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    latency_millis: Option<u64>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    scores: BTreeMap<&'a str, ScoreLine<'a>>,
}

#[derive(Debug, Default, Serialize)]
struct ScoreLine<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Finite>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<Finite>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<Finite>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    lower_is_better: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    passed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    threshold: Option<Finite>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    problems: Vec<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    errored: Option<Cow<'a, str>>,
}

/// Writes texts up to a limit, and knows whether one was longer.
struct Cutter {
    limits: Limits,
    is_shortened: bool,
}

impl<'a> ExampleLine<'a> {
    /// Takes what of the trials of one example fits the limits; the first of them speaks for the example.
    pub(super) fn new(
        trials: &'a [Trial],
        (outcome, settled): (OutcomeKind, Option<&'static str>),
        limits: Limits,
    ) -> Option<Self> {
        let first = trials.first()?;
        let mut cutter = Cutter { limits, is_shortened: false };
        let turns = input_turns(&first.input);
        let mut line = Self {
            id: first.example_id.as_str(),
            partition: first.partition,
            outcome,
            settled,
            tags: &first.tags,
            cluster: first.cluster.as_deref(),
            input: cutter
                .some(turns)
                .into_iter()
                .map(|(role, text)| (cutter.owned(role), cutter.owned(text)))
                .collect(),
            expected: first.expected_output.as_deref().map(|text| cutter.text(text)),
            trials: cutter
                .some(trials.iter().collect())
                .into_iter()
                .map(|trial| cutter.trial(trial))
                .collect(),
            shortened: false,
        };
        line.shortened = cutter.is_shortened;
        Some(line)
    }
}

impl Cutter {
    fn text<'a>(&mut self, text: &'a str) -> Cow<'a, str> {
        let shown = shorten(text, self.limits.text);
        self.is_shortened |= matches!(shown, Cow::Owned(_));
        shown
    }

    fn owned<'a>(&mut self, text: Cow<'a, str>) -> Cow<'a, str> {
        match text {
            Cow::Borrowed(text) => self.text(text),
            Cow::Owned(text) => Cow::Owned(self.text(&text).into_owned()),
        }
    }

    /// Keeps the first of many.
    fn some<T>(&mut self, mut items: Vec<T>) -> Vec<T> {
        self.is_shortened |= items.len() > self.limits.items;
        items.truncate(self.limits.items);
        items
    }

    fn trial<'a>(&mut self, trial: &'a Trial) -> TrialLine<'a> {
        let mut line = TrialLine {
            number: trial.trial,
            outcome: trial.outcome.kind(),
            confirms: trial.confirms,
            reasons: Vec::new(),
            cause: None,
            output: None,
            context: Vec::new(),
            tools: Vec::new(),
            steps: Vec::new(),
            call: None,
            latency_millis: trial.latency_millis,
            scores: trial
                .scores
                .iter()
                .map(|(id, measurement)| (id.as_str(), self.score(measurement)))
                .collect(),
        };
        match &trial.outcome {
            Outcome::Passed => {}
            Outcome::Failed(reasons) => {
                let reason =
                    |it: &'a evalward_core::Reason| (it.metric.as_str(), self.text(&it.message));
                line.reasons = reasons.iter().map(reason).collect();
            }
            Outcome::Errored(cause) | Outcome::Skipped(cause) => {
                line.cause = Some(self.text(cause));
            }
        }
        if let Some(response) = &trial.response {
            self.response(trial, response, &mut line);
        }
        line
    }

    fn response<'a>(&mut self, trial: &Trial, response: &'a Response, line: &mut TrialLine<'a>) {
        line.output = Some(self.text(&response.output));
        for document in self.some(response.context.iter().collect()) {
            let name = document.id.as_deref().or(document.reference.as_deref()).unwrap_or_default();
            let text = document.text.as_deref().unwrap_or_default();
            line.context.push((self.text(name), self.text(text)));
        }
        for call in self.some(response.tool_calls.iter().collect()) {
            let text = format!("{} {}", call.name, call.arguments);
            line.tools.push(self.owned(Cow::Owned(text)));
        }
        for step in self.some(response.steps.iter().collect()) {
            let text = Value::Object(step.clone()).to_string();
            line.steps.push(self.owned(Cow::Owned(text)));
        }
        line.call = Some(call_text(trial, response));
    }

    fn score<'a>(&mut self, measurement: &'a Measurement) -> ScoreLine<'a> {
        match measurement {
            Measurement::Skipped(reason) => {
                ScoreLine { skipped: Some(self.text(reason)), ..ScoreLine::default() }
            }
            Measurement::Errored(cause) => {
                ScoreLine { errored: Some(self.text(cause)), ..ScoreLine::default() }
            }
            Measurement::Score(score) => ScoreLine {
                value: Some(score.value),
                min: score.scale.min,
                max: score.scale.max,
                lower_is_better: score.scale.lower_is_better,
                passed: score.passed,
                threshold: score.threshold,
                problems: score.problems.iter().map(|it| self.text(it)).collect(),
                detail: self.detail(score),
                ..ScoreLine::default()
            },
        }
    }

    /// Leaves out what explains a score where it is longer than its limit: half of it would explain nothing.
    fn detail<'a>(&mut self, score: &'a Score) -> Option<&'a Value> {
        let detail = score.detail.as_ref()?;
        if self.limits.detail < usize::MAX && detail.to_string().len() > self.limits.detail {
            self.is_shortened = true;
            return None;
        }
        Some(detail)
    }
}
