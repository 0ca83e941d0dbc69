//! What a set of rules says about an output.

use std::num::NonZeroUsize;

use serde_json::Value;

use super::assessment::{Assessment, RuleResult};

/// What the rules of a set say about one output.
#[derive(Debug)]
pub(crate) struct Evaluation {
    assessments: Vec<(&'static str, Assessment)>,
}

impl FromIterator<(&'static str, Assessment)> for Evaluation {
    fn from_iter<I: IntoIterator<Item = (&'static str, Assessment)>>(assessments: I) -> Self {
        Self { assessments: assessments.into_iter().collect() }
    }
}

impl Evaluation {
    /// Returns one sentence for each broken rule.
    pub(crate) fn problems(&self) -> impl Iterator<Item = &str> {
        self.assessments.iter().filter_map(|(_, assessment)| match &assessment.result {
            RuleResult::Failed(problem) => Some(problem.as_str()),
            RuleResult::Passed | RuleResult::Errored(_) => None,
        })
    }

    /// Returns each rule that could not be evaluated, with the reason.
    pub(crate) fn errors(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.assessments.iter().filter_map(|(rule, assessment)| match &assessment.result {
            RuleResult::Errored(reason) => Some((*rule, reason.as_str())),
            RuleResult::Passed | RuleResult::Failed(_) => None,
        })
    }

    /// Returns whether every rule holds.
    pub(crate) fn holds(&self) -> bool {
        self.held() == self.assessments.len()
    }

    /// Returns how many rules hold.
    pub(crate) fn held(&self) -> usize {
        let results = self.assessments.iter().map(|(_, assessment)| &assessment.result);
        results.filter(|result| matches!(result, RuleResult::Passed)).count()
    }

    /// Returns how many rules there are.
    pub(crate) fn rules(&self) -> NonZeroUsize {
        NonZeroUsize::new(self.assessments.len()).expect("a set without rules is not compiled")
    }

    /// Returns the rules as a part of a score's detail.
    pub(crate) fn to_json(&self) -> Vec<Value> {
        self.assessments.iter().map(|(rule, assessment)| assessment.to_json(rule)).collect()
    }
}
