//! The constraints that an example carries itself.

use evalward_core::{BoxFuture, Example, Measurement, Metric, ReasonKind, Reply, Rules, Score};
use serde_json::json;

use crate::constraints::with_failures;
use crate::fraction::share;
use crate::rules::{Output, RuleSet};
use crate::wording::chain;
use crate::{MetricError, Place};

/// The example's own `checks`; the score is the share of rules that hold, and all must hold to pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExampleChecks;

/// Returns whether the rules compile, so that an example with invalid checks can be refused before anything runs.
///
/// # Errors
/// [`MetricError`], which names the rule.
pub fn validate_rules(rules: &Rules) -> Result<(), MetricError> {
    RuleSet::compile(rules, &Place::default()).map(|_| ())
}

impl ExampleChecks {
    fn measure(example: &Example, reply: &Reply) -> Measurement {
        let Some(checks) = &example.checks else {
            return Measurement::Skipped("has no checks of its own".to_owned());
        };
        let rules = match RuleSet::compile(checks, &Place::default()) {
            Ok(rules) => rules,
            Err(error) => return Measurement::Errored(chain(&error)),
        };
        let evaluation = rules.evaluate(&Output::new(example, reply));
        let problems: Vec<_> = evaluation.problems().map(str::to_owned).collect();
        let errors: Vec<_> =
            evaluation.errors().map(|(rule, reason)| format!("`{rule}`: {reason}")).collect();
        if !errors.is_empty() {
            return Measurement::Errored(with_failures(&errors, &problems));
        }
        let (held, of) = (evaluation.held(), evaluation.rules());
        Score { passed: Some(problems.is_empty()), problems, ..Score::fraction(share(held, of)) }
            .with_detail(json!({ "held": held, "of": of, "rules": evaluation.to_json() }))
            .into()
    }
}

impl Metric for ExampleChecks {
    fn kind(&self) -> &'static str {
        "checks"
    }

    fn decides(&self) -> bool {
        true
    }

    fn reason_kind(&self) -> ReasonKind {
        ReasonKind::Constraint
    }

    fn score<'a>(&'a self, example: &'a Example, reply: &'a Reply) -> BoxFuture<'a, Measurement> {
        Box::pin(async move { Self::measure(example, reply) })
    }
}
