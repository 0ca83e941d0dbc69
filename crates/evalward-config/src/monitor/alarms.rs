//! What is checked about alarms.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

use evalward_core::{Rate, SuiteMetric};
use toml::Spanned;

use super::check::Checker;
use super::file::{AlarmTable, FailedConstraintTable, PassRateTable};
use super::{Alarm, AlarmKind, AlarmSeverity};
use crate::suggest::nearest;

const RESOLVE_AFTER: Duration = Duration::from_mins(15);
const OVER: Duration = Duration::from_hours(1);

/// Windows have no shorter period.
const SHORTEST_PERIOD: Duration = Duration::from_mins(1);

/// The kind of the metrics whose constraints an alarm can watch.
const CONSTRAINTS: &str = "constraints";

impl Checker<'_> {
    pub(super) fn alarms(
        &mut self,
        tables: &BTreeMap<String, Spanned<AlarmTable>>,
        metrics: &[SuiteMetric],
    ) -> Vec<Alarm> {
        let mut alarms = Vec::new();
        for (id, table) in tables {
            if id == "recurrence" {
                let help = "it stands for the alarm that a pattern recurred; choose another id";
                self.resolver.refuse("the id `recurrence` is taken", &table.span(), Some(help));
                continue;
            }
            let (severity, kind) = match table.get_ref() {
                AlarmTable::FailedConstraint(it) => (
                    it.severity.unwrap_or(AlarmSeverity::Medium),
                    self.failed_constraint(id, it, &table.span(), metrics),
                ),
                AlarmTable::PassRate(it) => {
                    (it.severity.unwrap_or(AlarmSeverity::High), self.pass_rate(id, it))
                }
            };
            alarms.push(Alarm { id: id.clone(), severity, kind });
        }
        alarms
    }

    fn failed_constraint(
        &mut self,
        id: &str,
        table: &FailedConstraintTable,
        span: &Range<usize>,
        metrics: &[SuiteMetric],
    ) -> AlarmKind {
        let known: Vec<&str> = metrics
            .iter()
            .filter(|metric| metric.metric.kind() == CONSTRAINTS && metric.is_gating())
            .map(|metric| metric.id.as_str())
            .collect();
        let mut watched: Vec<String> = Vec::new();
        match &table.metrics {
            None => watched.extend(known.iter().copied().map(str::to_owned)),
            Some(ids) => {
                for id in ids.get_ref() {
                    if known.contains(&id.get_ref().as_str()) {
                        watched.push(id.get_ref().clone());
                    } else {
                        self.refuse_metric(id, &known);
                    }
                }
            }
        }
        let is_empty_list = table.metrics.as_ref().is_some_and(|ids| ids.get_ref().is_empty());
        if known.is_empty() || is_empty_list {
            let message = format!("the alarm `{id}` can never fire: it watches no constraint");
            let help = "name a metric of kind `constraints` that is evaluated, or remove the alarm";
            self.resolver.refuse(message, span, Some(help));
        }
        let resolve_after = table.resolve_after.map_or(RESOLVE_AFTER, |period| period.0);
        AlarmKind::FailedConstraint { metrics: watched, resolve_after }
    }

    fn refuse_metric(&mut self, id: &Spanned<String>, known: &[&str]) {
        let message =
            format!("`{}` is no metric of kind `constraints` that is evaluated", id.get_ref());
        let help = match nearest(id.get_ref(), known.iter().copied()) {
            Some(known) => Some(format!("did you mean `{known}`?")),
            None if known.is_empty() => None,
            None => Some(format!("known here: {}", known.join(", "))),
        };
        self.resolver.refuse(message, &id.span(), help.as_deref());
    }

    fn pass_rate(&mut self, id: &str, table: &PassRateTable) -> AlarmKind {
        let below = *table.below.get_ref();
        if below == Rate::ZERO {
            let message = format!("the alarm `{id}` can never fire: no rate is below 0");
            let help = Some("take a rate above 0, or remove the alarm");
            self.resolver.refuse(message, &table.below.span(), help);
        }
        if let Some(over) = table.over.as_ref().filter(|it| it.get_ref().0 < SHORTEST_PERIOD) {
            let help = Some("take `1m` or more; windows are by the minute");
            self.resolver.refuse("the period is too short", &over.span(), help);
        }
        AlarmKind::PassRate { below, over: table.over.as_ref().map_or(OVER, |it| it.get_ref().0) }
    }
}
