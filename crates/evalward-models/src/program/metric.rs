//! A metric that a program computes.

use evalward_core::{
    BoxFuture, Example, Finite, Measurement, Metric, ReasonKind, Reply, Scale, Score,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{ProgramOptions, WorkerPool};
use crate::{ModelError, excerpt};

/// Which program scores, and what its scores mean.
#[derive(Clone, Debug)]
pub struct CommandMetricOptions {
    /// The program.
    pub program: ProgramOptions,
    /// The scale of its scores; a score outside of it is errored.
    pub scale: Scale,
    /// Whether the program says with `passed` whether a response is good enough; then every score must say it.
    pub decides: bool,
    /// Where its failures stand in the order of reasons, and whether fresh trials may overturn them.
    pub reason_kind: ReasonKind,
}

/// A metric whose program is started once per worker and speaks JSON lines.
///
/// It is sent `id`, `input`, `expected_output`, `acceptable_outputs`, `context`, `output`, `response`, `metadata` and `tags`, and
/// answers
/// `{"id", "score", "passed"?, "detail"?, "problems"?}`, `{"id", "skipped": "reason"}` or `{"id", "error": "..."}`.
/// Any other answer is an errored measurement, never a pass.
#[derive(Debug)]
pub struct CommandMetric {
    pool: WorkerPool,
    scale: Scale,
    decides: bool,
    reason_kind: ReasonKind,
}

/// What a program may answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    score: Option<Finite>,
    passed: Option<bool>,
    detail: Option<Value>,
    #[serde(default)]
    problems: Vec<String>,
    skipped: Option<String>,
}

impl CommandMetric {
    /// Checks the options; nothing is started yet.
    ///
    /// # Errors
    /// [`ModelError::EmptyCommand`] if there is no program to start.
    pub fn new(options: CommandMetricOptions) -> Result<Self, ModelError> {
        let CommandMetricOptions { program, scale, decides, reason_kind } = options;
        Ok(Self { pool: WorkerPool::new(program)?, scale, decides, reason_kind })
    }

    fn measure(&self, answer: &Value) -> Result<Measurement, String> {
        let told = Told::deserialize(answer).map_err(|error| error.to_string())?;
        match (told.score, told.skipped) {
            (Some(_), Some(_)) => Err("it has both `score` and `skipped`".to_owned()),
            (None, Some(reason)) => Ok(Measurement::Skipped(reason)),
            (None, None) => Err("it has neither `score` nor `skipped`".to_owned()),
            (Some(_), None) if self.decides && told.passed.is_none() => {
                Err("it has no `passed`, which this metric decides by".to_owned())
            }
            (Some(value), None) => {
                let scale = self.scale;
                check_within(value, scale)?;
                let Told { detail, problems, .. } = told;
                // A program decides only where the suite lets it; otherwise its word must not gate.
                let passed = told.passed.filter(|_| self.decides);
                Ok(Score { value, scale, passed, problems, detail, ..Score::fraction(value) }
                    .into())
            }
        }
    }
}

fn check_within(value: Finite, scale: Scale) -> Result<(), String> {
    let too_small = scale.min.is_some_and(|min| value < min);
    let too_large = scale.max.is_some_and(|max| value > max);
    if too_small || too_large {
        let end = |end: Option<Finite>| end.map_or("any".to_owned(), |end| end.to_string());
        return Err(format!(
            "`score` is {value}, outside its scale from {} to {}",
            end(scale.min),
            end(scale.max)
        ));
    }
    Ok(())
}

fn request(example: &Example, reply: &Reply) -> Map<String, Value> {
    let fields = [
        ("input", json!(example.input)),
        ("expected_output", json!(example.expected_output)),
        ("acceptable_outputs", json!(example.acceptable_outputs)),
        ("context", json!(example.context)),
        ("output", json!(reply.response.output)),
        ("response", json!(reply.response)),
        ("metadata", json!(example.metadata)),
        ("tags", json!(example.tags)),
    ];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

impl Metric for CommandMetric {
    fn kind(&self) -> &'static str {
        "command"
    }

    fn scale(&self) -> Scale {
        self.scale
    }

    fn decides(&self) -> bool {
        self.decides
    }

    fn reason_kind(&self) -> ReasonKind {
        self.reason_kind
    }

    fn shutdown(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.pool.shutdown())
    }

    fn score<'a>(&'a self, example: &'a Example, reply: &'a Reply) -> BoxFuture<'a, Measurement> {
        Box::pin(async move {
            match self.pool.call(example.id.as_str(), request(example, reply)).await {
                Err(error) => Measurement::Errored(error.message),
                Ok(answer) => self.measure(&answer.value).unwrap_or_else(|reason| {
                    let start = excerpt(&answer.value.to_string());
                    Measurement::Errored(format!(
                        "the program's answer is no measurement: {reason}; it answered `{start}`"
                    ))
                }),
            }
        })
    }
}
