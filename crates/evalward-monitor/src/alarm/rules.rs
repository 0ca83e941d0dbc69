//! What alarms there are.

use std::collections::BTreeSet;
use std::time::Duration;

use evalward_config::{Alarm, AlarmKind as Condition, AlarmSeverity};
use evalward_core::Rate;
use evalward_store::Severity;

/// The name of the alarm that is always on: a covered pattern failed again.
pub(super) const RECURRENCE: &str = "recurrence";

/// The key of an alert about a whole project.
pub(super) const WHOLE_PROJECT: &str = "all";

/// The alarms of the configuration, in the order of their names.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct AlarmRules {
    /// The rules; no two have one id.
    pub(crate) rules: Vec<AlarmRule>,
}

impl From<&[Alarm]> for AlarmRules {
    fn from(alarms: &[Alarm]) -> Self {
        let rule = |alarm: &Alarm| AlarmRule { id: alarm.id.clone(), kind: alarm.into() };
        Self { rules: alarms.iter().map(rule).collect() }
    }
}

impl From<&Alarm> for AlarmKind {
    fn from(alarm: &Alarm) -> Self {
        let severity = match alarm.severity {
            AlarmSeverity::Medium => Severity::Medium,
            AlarmSeverity::High => Severity::High,
        };
        match &alarm.kind {
            Condition::FailedConstraint { metrics, resolve_after } => {
                let (metrics, resolve_after) = (metrics.iter().cloned().collect(), *resolve_after);
                Self::FailedConstraint(FailedConstraint { metrics, severity, resolve_after })
            }
            Condition::Hallucination { metrics, resolve_after } => {
                let (metrics, resolve_after) = (metrics.iter().cloned().collect(), *resolve_after);
                Self::Hallucination(Hallucination { metrics, severity, resolve_after })
            }
            Condition::PassRate { below, over } => {
                Self::PassRate(PassRate { below: *below, over: *over, severity })
            }
        }
    }
}

impl AlarmRules {
    /// Finds a rule by its id.
    pub(super) fn find(&self, id: &str) -> Option<&AlarmKind> {
        self.rules.iter().find(|rule| rule.id == id).map(|rule| &rule.kind)
    }
}

/// One alarm.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AlarmRule {
    /// The name, unique among the rules and not `recurrence`.
    pub(crate) id: String,
    /// What sets it off.
    pub(crate) kind: AlarmKind,
}

/// What sets an alarm off.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum AlarmKind {
    /// A sample breaks a constraint.
    FailedConstraint(FailedConstraint),
    /// A sample states what its context does not bear out.
    Hallucination(Hallucination),
    /// The pass rate is below a bound.
    PassRate(PassRate),
}

/// A sample states what its context does not bear out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Hallucination {
    /// The metrics that count.
    pub(crate) metrics: BTreeSet<String>,
    /// How bad it is.
    pub(crate) severity: Severity,
    /// How long there must be no hallucination until the alert is resolved.
    pub(crate) resolve_after: Duration,
}

/// A sample breaks a constraint.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FailedConstraint {
    /// The metrics whose constraints count.
    pub(crate) metrics: BTreeSet<String>,
    /// How bad it is.
    pub(crate) severity: Severity,
    /// How long no sample must break the constraint until the alert is resolved.
    pub(crate) resolve_after: Duration,
}

/// The pass rate over a sliding period is below a bound.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PassRate {
    /// The bound; the alarm goes off when the upper end of the 95 % interval is below it.
    pub(crate) below: Rate,
    /// The period.
    pub(crate) over: Duration,
    /// How bad it is.
    pub(crate) severity: Severity,
}
