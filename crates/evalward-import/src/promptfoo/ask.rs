//! What the assertions of a case demand, where not every one of them must hold too.

use evalward_core::Rules;
use serde_json::{Map, Value};

use super::assertion::{Assertion, Demand, condition, share, translate};
use super::test::Case;
use crate::remark::Remarks;

/// An assertion's demand on one example.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    pub(super) assertion: &'a Assertion,
    pub(super) demand: Demand,
}

impl Asked<'_> {
    /// An assertion without weight is only reported.
    pub(super) fn is_gating(&self) -> bool {
        self.assertion.kind == "assert-set" || self.assertion.weight != Some(0.0)
    }

    /// The rules of `defaultTest` stand in the suite, unless they differ from test to test.
    pub(super) fn is_for_all(&self) -> bool {
        self.assertion.is_shared && !self.assertion.has_template()
    }

    fn weight(&self) -> f64 {
        self.assertion.weight.unwrap_or(1.0)
    }

    /// Returns its demand as a condition, with its weight.
    fn weighed(&self) -> Option<(f64, String)> {
        let rules = match &self.demand {
            Demand::Rules(rules) => Some(rules),
            Demand::Measure(measure) => measure.as_rules.as_ref(),
        };
        Some((self.weight(), condition(rules?)?))
    }
}

/// Translates the assertions of a case; what has no counterpart becomes a remark.
pub(super) fn ask<'a>(case: &'a Case, remarks: &mut Remarks) -> Vec<Asked<'a>> {
    let mut asking = Asking { vars: &case.vars, asked: Vec::new(), is_complete: true, remarks };
    for assertion in &case.assertions {
        asking.one(assertion);
    }
    if let Some(threshold) = case.threshold {
        asking.mean(case, threshold);
    }
    let Asking { asked, remarks, .. } = asking;
    if asked.is_empty() {
        let text =
            "nothing is asserted that has a counterpart: promptfoo passes it, here it is skipped";
        remarks.differs(&case.place, "a test", text);
    }
    asked
}

struct Asking<'a, 'r> {
    vars: &'a Map<String, Value>,
    asked: Vec<Asked<'a>>,
    /// Whether each assertion is asked for by itself.
    is_complete: bool,
    remarks: &'r mut Remarks,
}

impl<'a> Asking<'a, '_> {
    fn one(&mut self, assertion: &'a Assertion) {
        if let Some(metric) = &assertion.metric {
            let text = "the name is not kept: scores have the names of metrics and rules";
            let name = format!("`metric: {metric}` of {}", assertion.name());
            self.remarks.differs(&assertion.place, name, text);
        }
        if assertion.kind == "assert-set" {
            self.is_complete = false;
            return self.set(assertion);
        }
        match translate(assertion, self.vars) {
            Ok(translated) => {
                if let Some(difference) = translated.difference {
                    self.remarks.differs(&assertion.place, assertion.name(), difference);
                }
                self.asked.push(Asked { assertion, demand: translated.demand });
            }
            Err(reason) => {
                self.is_complete &= assertion.weight == Some(0.0);
                self.remarks.not_translated(&assertion.place, assertion.name(), reason);
            }
        }
    }

    /// Asks for each assertion of a set, or for a share of them.
    fn set(&mut self, set: &'a Assertion) {
        let others = std::mem::take(&mut self.asked);
        for part in &set.set {
            self.one(part);
        }
        let parts = std::mem::replace(&mut self.asked, others);
        let Some(threshold) = set.threshold else { return self.asked.extend(parts) };
        let is_whole = parts.len() == set.set.len();
        let (gating, reported): (Vec<_>, Vec<_>) = parts.into_iter().partition(Asked::is_gating);
        self.asked.extend(reported);
        let conditions: Option<Vec<_>> = gating.iter().map(Asked::weighed).collect();
        let Some(conditions) = conditions.filter(|_| is_whole) else {
            let text = format!(
                "a set that holds where a weighted share of {threshold} holds, and not each part can be written as an expression"
            );
            return self.remarks.not_translated(&set.place, set.name(), text);
        };
        match share(&conditions, threshold) {
            Ok(None) => self.asked.extend(gating),
            Ok(Some(rules)) => self.asked.push(asked(set, rules)),
            Err(reason) => self.remarks.not_translated(&set.place, set.name(), reason),
        }
    }

    /// Asks for a mean of the scores in place of each of them.
    fn mean(&mut self, case: &Case, threshold: f64) {
        let gating = || self.asked.iter().filter(|asked| asked.is_gating());
        let conditions: Option<Vec<_>> = gating().map(Asked::weighed).collect();
        let mut reason = format!(
            "promptfoo passes the test where the weighted mean of its scores reaches {threshold}; here each assertion must hold"
        );
        if let (Some(conditions), true) = (conditions, self.is_complete) {
            match share(&conditions, threshold) {
                Ok(None) => return,
                Ok(Some(rules)) => {
                    let first = gating().next().map(|asked| asked.assertion);
                    self.asked.retain(|asked| !asked.is_gating());
                    self.asked.extend(first.map(|first| asked(first, rules)));
                    return;
                }
                Err(why) => reason = format!("{why}; here each assertion must hold"),
            }
        }
        if !case.assertions.is_empty() {
            self.remarks.differs(&case.place, "`threshold` of a test", reason);
        }
    }
}

fn asked(assertion: &Assertion, rules: Rules) -> Asked<'_> {
    Asked { assertion, demand: Demand::Rules(Box::new(rules)) }
}
