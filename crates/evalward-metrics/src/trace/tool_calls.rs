//! The tools that the subject called beside those that it should.

use std::collections::BTreeMap;

use evalward_core::{BoxFuture, Example, Finite, Measurement, Metric, Reply, Score, ToolCall};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::expected_calls::{ArgumentMatch, CallEquality, ExpectedCall};
use crate::MetricError;
use crate::assignment::assign;
use crate::json_equality::{Equality, TooManyComparisons};
use crate::pointing::ExamplePointer;
use crate::tolerance::Tolerance;
use crate::wording::{excerpt, quoted};

/// How many calls of each kind a detail lists; the counts say when there are more.
const LISTED: usize = 50;
/// How many calls are told one by one.
const TOLD: usize = 5;

/// What must hold between the calls that were made and those that are expected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ToolCallMatch {
    /// They are the same calls in the same order.
    #[default]
    Strict,
    /// They are the same calls in any order.
    AnyOrder,
    /// The calls made are a subset: each is expected, and expected ones may be missing.
    Subset,
    /// The calls made are a superset: each expected one is among them, and there may be others.
    Superset,
}

/// What a [`ToolCalls`] compares.
#[derive(Clone, Debug, PartialEq)]
pub struct ToolCallsOptions {
    /// What must hold between the calls that were made and those that are expected.
    pub matching: ToolCallMatch,
    /// How arguments are compared.
    pub arguments: ArgumentMatch,
    /// How far a number may lie from the right one.
    pub tolerance: Finite,
    /// The JSON Pointer into the example to a list of `{name, arguments}`.
    pub expected: String,
}

impl Default for ToolCallsOptions {
    fn default() -> Self {
        Self {
            matching: ToolCallMatch::default(),
            arguments: ArgumentMatch::default(),
            tolerance: Finite::ZERO,
            expected: "/metadata/tool_calls".to_owned(),
        }
    }
}

/// Whether the subject called the tools that it should.
#[derive(Clone, Debug)]
pub struct ToolCalls {
    matching: ToolCallMatch,
    arguments: ArgumentMatch,
    tolerance: Tolerance,
    expected: ExamplePointer,
}

/// The calls of both sides, paired.
struct Paired<'a> {
    expected: &'a [ExpectedCall],
    made: &'a [ToolCall],
    /// For each expected call the place of the call that answers it.
    pairs: Vec<Option<usize>>,
    in_order: bool,
    /// Expected and made calls of one tool whose arguments differ, and where.
    differing: Vec<(usize, usize, Value, String)>,
    missing: Vec<usize>,
    unexpected: Vec<usize>,
}

impl ToolCalls {
    /// Makes the metric.
    ///
    /// # Errors
    /// [`MetricError::CannotHold`] for a tolerance below 0, [`MetricError::Setting`] for an `expected` that is no JSON Pointer.
    pub fn new(options: &ToolCallsOptions) -> Result<Self, MetricError> {
        Ok(Self {
            matching: options.matching,
            arguments: options.arguments,
            tolerance: Tolerance::new(options.tolerance, Finite::ZERO)?,
            expected: ExamplePointer::new("expected", &options.expected)?,
        })
    }

    fn measure(&self, example: &Example, made: &[ToolCall]) -> Measurement {
        let place = quoted(self.expected.as_str());
        let Some(expected) = self.expected.find(example) else {
            return Measurement::Skipped(format!("has no expected tool calls ({place})"));
        };
        let expected: Vec<ExpectedCall> = match serde_json::from_value(expected.into_owned()) {
            Ok(expected) => expected,
            Err(error) => {
                return Measurement::Errored(format!(
                    "{place} of the example is no list of {{name, arguments}}: {error}"
                ));
            }
        };
        match self.paired(&expected, made) {
            Ok(paired) => self.scored(&paired).into(),
            Err(error) => Measurement::Errored(error.to_string()),
        }
    }

    fn paired<'a>(
        &self,
        expected: &'a [ExpectedCall],
        made: &'a [ToolCall],
    ) -> Result<Paired<'a>, TooManyComparisons> {
        let extra_allowed = self.arguments == ArgumentMatch::Subset;
        let equality = CallEquality {
            arguments: self.arguments,
            equality: Equality::new(self.tolerance, false, extra_allowed),
        };
        let mut partners = Vec::with_capacity(expected.len());
        for call in expected {
            let mut of_this = Vec::new();
            for (index, made) in made.iter().enumerate() {
                if equality.holds(call, made)? {
                    of_this.push(index);
                }
            }
            partners.push(of_this);
        }
        let answers =
            |(index, partners): (usize, &Vec<usize>)| partners.binary_search(&index).is_ok();
        let in_order = expected.len() == made.len() && partners.iter().enumerate().all(answers);
        let pairs = assign(&partners, made.len(), || equality.equality.spend())?;
        let mut is_answer = vec![false; made.len()];
        pairs.iter().flatten().for_each(|made| is_answer[*made] = true);
        let left = |(index, paired): (usize, bool)| (!paired).then_some(index);
        let missing = pairs.iter().map(Option::is_some).enumerate().filter_map(left).collect();
        let unexpected = is_answer.into_iter().enumerate().filter_map(left).collect();
        let mut paired =
            Paired { expected, made, pairs, in_order, differing: Vec::new(), missing, unexpected };
        paired.find_differing(&equality)?;
        Ok(paired)
    }

    fn scored(&self, paired: &Paired<'_>) -> Score {
        let is_complete = paired.missing.is_empty() && paired.differing.is_empty();
        let is_expected = paired.unexpected.is_empty() && paired.differing.is_empty();
        let passed = match self.matching {
            ToolCallMatch::Strict => paired.in_order,
            ToolCallMatch::AnyOrder => is_complete && is_expected,
            ToolCallMatch::Subset => is_expected,
            ToolCallMatch::Superset => is_complete,
        };
        let mut score = Score::yes_or_no(passed).with_detail(paired.detail());
        if !passed {
            for problem in paired.problems(self.matching) {
                score = score.with_problem(problem);
            }
        }
        score
    }
}

impl Paired<'_> {
    /// Pairs what is left by tool, so that a wrong argument is told as one mistake and not as two.
    fn find_differing(&mut self, equality: &CallEquality) -> Result<(), TooManyComparisons> {
        let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for made in self.unexpected.iter().rev() {
            by_name.entry(&self.made[*made].name).or_default().push(*made);
        }
        for expected in &self.missing {
            let call = &self.expected[*expected];
            let Some(made) = by_name.get_mut(call.name.as_str()).and_then(Vec::pop) else {
                continue;
            };
            if let Some(it) = equality.first_difference(call, &self.made[made])? {
                let told = format!("{}: {}", quoted(&call.name), it.sentence());
                self.differing.push((
                    *expected,
                    made,
                    it.to_json(*expected, made, &call.name),
                    told,
                ));
            }
        }
        let differs = |index: &usize, side: fn(&(usize, usize, Value, String)) -> usize| {
            self.differing.iter().any(|it| side(it) == *index)
        };
        self.missing.retain(|index| !differs(index, |it| it.0));
        self.unexpected.retain(|index| !differs(index, |it| it.1));
        Ok(())
    }

    fn detail(&self) -> Value {
        let expected =
            |index: &usize| json!({"call": index, "name": excerpt(&self.expected[*index].name)});
        let made = |index: &usize| {
            let call = &self.made[*index];
            let arguments = excerpt(&call.arguments.to_string());
            json!({"call": index, "name": excerpt(&call.name), "arguments": arguments})
        };
        json!({
            "expected_calls": self.expected.len(),
            "made_calls": self.made.len(),
            "matched": self.pairs.iter().flatten().count(),
            "in_order": self.in_order,
            "missing": self.missing.iter().take(LISTED).map(expected).collect::<Vec<_>>(),
            "unexpected": self.unexpected.iter().take(LISTED).map(made).collect::<Vec<_>>(),
            "differing": self.differing.iter().take(LISTED).map(|it| &it.2).collect::<Vec<_>>(),
        })
    }

    fn problems(&self, matching: ToolCallMatch) -> Vec<String> {
        let mut problems: Vec<String> = Vec::new();
        problems.extend(self.differing.iter().map(|it| it.3.clone()));
        if matching != ToolCallMatch::Subset {
            let name = |index: &usize| quoted(&self.expected[*index].name);
            problems.extend(self.missing.iter().map(|it| format!("{} was not called", name(it))));
        }
        if matching != ToolCallMatch::Superset {
            let name = |index: &usize| quoted(&self.made[*index].name);
            problems.extend(
                self.unexpected
                    .iter()
                    .map(|it| format!("{} was called, which is not expected", name(it))),
            );
        }
        if problems.is_empty() {
            let names = |calls: &mut dyn Iterator<Item = &str>| {
                let more = if calls.size_hint().0 > TOLD { ", …" } else { "" };
                format!("{}{more}", calls.take(TOLD).map(quoted).collect::<Vec<_>>().join(", "))
            };
            let made = names(&mut self.made.iter().map(|call| call.name.as_str()));
            let expected = names(&mut self.expected.iter().map(|call| call.name.as_str()));
            problems.push(format!(
                "the calls are right, their order is not: {made}; expected {expected}"
            ));
        }
        let more = problems.len().saturating_sub(TOLD);
        problems.truncate(TOLD);
        if more > 0 {
            problems.push(format!("{more} more calls are wrong"));
        }
        problems
    }
}

impl Metric for ToolCalls {
    fn kind(&self) -> &'static str {
        "tool_calls"
    }

    fn decides(&self) -> bool {
        true
    }

    fn score<'a>(&'a self, example: &'a Example, reply: &'a Reply) -> BoxFuture<'a, Measurement> {
        Box::pin(async move { self.measure(example, &reply.response.tool_calls) })
    }
}
