//! Named constraints of a suite.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;

use evalward_core::{BoxFuture, Example, Measurement, Metric, ReasonKind, Reply, Rules, Score};
use serde_json::{Value, json};

use crate::fraction::share;
use crate::rules::{Evaluation, Output, RuleSet};
use crate::{MetricError, Place};

/// Named yes/no rules on the output; the score is the share of constraints that hold, and all must hold to pass.
#[derive(Debug)]
pub struct Constraints {
    constraints: Vec<Constraint>,
    count: NonZeroUsize,
}

#[derive(Debug)]
struct Constraint {
    name: String,
    rules: RuleSet,
}

impl Constraints {
    /// Compiles the constraints, in the order in which they are told.
    ///
    /// # Errors
    /// [`MetricError`], which names the constraint and the rule: for a pattern, schema or language code that is not valid, and for
    /// whatever could never fail or never hold, such as a constraint without rules or no constraint at all.
    pub fn new(named: &[(String, Rules)]) -> Result<Self, MetricError> {
        let count = NonZeroUsize::new(named.len()).ok_or_else(|| MetricError::CannotFail {
            place: Place::default(),
            why: "there is no constraint",
        })?;
        let mut names = BTreeSet::new();
        let mut constraints = Vec::with_capacity(named.len());
        for (name, rules) in named {
            if !names.insert(name) {
                return Err(MetricError::DuplicateConstraint(name.clone()));
            }
            let rules = RuleSet::compile(rules, &Place::of_constraint(name))?;
            constraints.push(Constraint { name: name.clone(), rules });
        }
        Ok(Self { constraints, count })
    }

    fn measure(&self, example: &Example, reply: &Reply) -> Measurement {
        let output = Output::new(example, reply);
        let mut held = 0;
        let (mut problems, mut errors) = (Vec::new(), Vec::new());
        let mut details: Vec<Value> = Vec::with_capacity(self.constraints.len());
        for Constraint { name, rules } in &self.constraints {
            let evaluation = rules.evaluate(&output);
            problems.extend(evaluation.problems().map(|problem| format!("{name}: {problem}")));
            errors.extend(
                evaluation.errors().map(|(rule, reason)| format!("{name}: `{rule}`: {reason}")),
            );
            held += usize::from(evaluation.holds());
            details.push(detail(name, &evaluation));
        }
        if !errors.is_empty() {
            return Measurement::Errored(with_failures(&errors, &problems));
        }
        Score {
            passed: Some(problems.is_empty()),
            problems,
            ..Score::fraction(share(held, self.count))
        }
        .with_detail(json!({ "held": held, "of": self.count, "constraints": details }))
        .into()
    }
}

/// Joins what could not be told with what is known to be broken, so that neither hides the other.
pub(crate) fn with_failures(errors: &[String], problems: &[String]) -> String {
    let mut text = errors.join("; ");
    if !problems.is_empty() {
        text.push_str("; broken all the same: ");
        text.push_str(&problems.join("; "));
    }
    text
}

fn detail(name: &str, evaluation: &Evaluation) -> Value {
    let result = if evaluation.holds() { "passed" } else { "failed" };
    json!({ "constraint": name, "result": result, "rules": evaluation.to_json() })
}

impl Metric for Constraints {
    fn kind(&self) -> &'static str {
        "constraints"
    }

    fn decides(&self) -> bool {
        true
    }

    fn reason_kind(&self) -> ReasonKind {
        ReasonKind::Constraint
    }

    fn score<'a>(&'a self, example: &'a Example, reply: &'a Reply) -> BoxFuture<'a, Measurement> {
        Box::pin(async move { self.measure(example, reply) })
    }
}
