//! What is checked about alarms.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

use evalward_core::{Rate, SuiteMetric};
use toml::Spanned;

use super::check::Checker;
use super::file::{AlarmTable, PassRateTable};
use super::{Alarm, AlarmKind, AlarmSeverity};
use crate::suggest::nearest;
use crate::value::Seconds;

const RESOLVE_AFTER: Duration = Duration::from_mins(15);
const OVER: Duration = Duration::from_hours(1);

/// Windows have no shorter period.
const SHORTEST_PERIOD: Duration = Duration::from_mins(1);

/// The kind of the metrics whose constraints an alarm can watch.
const CONSTRAINTS: &str = "constraints";

/// The kind of the metrics that find hallucinations.
const HALLUCINATION: &str = "hallucination";

/// What an alarm watches whose signals come with single samples.
#[derive(Clone, Copy)]
struct Watch<'a> {
    id: &'a str,
    /// The alarm's table.
    span: &'a Range<usize>,
    metrics: Option<&'a Spanned<Vec<Spanned<String>>>>,
    resolve_after: Option<Seconds>,
    /// The kind of the metrics.
    kind: &'static str,
    /// What one watches.
    what: &'static str,
}

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
                AlarmTable::FailedConstraint(it) => {
                    (it.severity.unwrap_or(AlarmSeverity::Medium), {
                        let watch = Watch {
                            id,
                            span: &table.span(),
                            metrics: it.metrics.as_ref(),
                            resolve_after: it.resolve_after,
                            kind: CONSTRAINTS,
                            what: "constraint",
                        };
                        let (metrics, resolve_after) = self.watched(watch, metrics);
                        AlarmKind::FailedConstraint { metrics, resolve_after }
                    })
                }
                AlarmTable::Hallucination(it) => (it.severity.unwrap_or(AlarmSeverity::High), {
                    let watch = Watch {
                        id,
                        span: &table.span(),
                        metrics: it.metrics.as_ref(),
                        resolve_after: it.resolve_after,
                        kind: HALLUCINATION,
                        what: "hallucination",
                    };
                    let (metrics, resolve_after) = self.watched(watch, metrics);
                    AlarmKind::Hallucination { metrics, resolve_after }
                }),
                AlarmTable::PassRate(it) => {
                    (it.severity.unwrap_or(AlarmSeverity::High), self.pass_rate(id, it))
                }
            };
            alarms.push(Alarm { id: id.clone(), severity, kind });
        }
        alarms
    }

    /// Returns the metrics that an alarm watches, and how long it must be silent.
    fn watched(&mut self, watch: Watch<'_>, metrics: &[SuiteMetric]) -> (Vec<String>, Duration) {
        let Watch { id, span, kind, what, .. } = watch;
        let known: Vec<&str> = metrics
            .iter()
            .filter(|metric| metric.metric.kind() == kind && metric.is_gating())
            .map(|metric| metric.id.as_str())
            .collect();
        let mut watched: Vec<String> = Vec::new();
        match watch.metrics {
            None => watched.extend(known.iter().copied().map(str::to_owned)),
            Some(ids) => {
                for id in ids.get_ref() {
                    if known.contains(&id.get_ref().as_str()) {
                        watched.push(id.get_ref().clone());
                    } else {
                        self.refuse_metric(id, kind, &known);
                    }
                }
            }
        }
        let is_empty_list = watch.metrics.is_some_and(|ids| ids.get_ref().is_empty());
        if known.is_empty() || is_empty_list {
            let message = format!("the alarm `{id}` can never fire: it watches no {what}");
            let help =
                format!("name a metric of kind `{kind}` that is evaluated, or remove the alarm");
            self.resolver.refuse(message, span, Some(&help));
        }
        (watched, watch.resolve_after.map_or(RESOLVE_AFTER, |period| period.0))
    }

    fn refuse_metric(&mut self, id: &Spanned<String>, kind: &str, known: &[&str]) {
        let message = format!("`{}` is no metric of kind `{kind}` that is evaluated", id.get_ref());
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
