//! `evalward-monitor check-config`: what the configuration comes to.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::time::Duration;

use evalward_config::{AlarmKind, AuthMode, MonitorConfig, SpanSelection};
use evalward_core::{Rate, visible};
use secrecy::ExposeSecret;

use super::error::ProgramError;

/// Prints what was understood, a line for each table.
pub(super) fn run(config: &MonitorConfig) -> Result<(), ProgramError> {
    let mut text = String::new();
    describe(config, &mut text).map_err(|error| io::Error::other(error.to_string()))?;
    io::stdout().write_all(visible(&text).as_bytes())?;
    for warning in &config.warnings {
        writeln!(io::stderr(), "warning: {}", visible(warning))?;
    }
    Ok(())
}

fn describe(config: &MonitorConfig, text: &mut String) -> std::fmt::Result {
    let server = &config.server;
    let auth = match server.auth {
        AuthMode::Keys => "with API keys",
        AuthMode::Off => "without keys",
    };
    writeln!(
        text,
        "server    {} {auth}, at most {} samples wait",
        server.listen, server.max_backlog
    )?;
    writeln!(text, "store     {}", without_password(config.store_url.expose_secret()))?;
    let spans = match config.spans {
        SpanSelection::Generations => "each call of a model is an interaction",
        SpanSelection::Roots => "each root span is an interaction",
    };
    writeln!(text, "ingest    {spans}")?;
    writeln!(text, "sampling  {}", sampling(config))?;
    let evaluation = &config.evaluation;
    let metrics: Vec<&str> = evaluation.metrics.iter().map(|metric| metric.id.as_str()).collect();
    writeln!(
        text,
        "evaluate  {} of suite {}, {} at once, up to {} attempts, lease {}",
        metrics.join(", "),
        evaluation.suite,
        evaluation.workers,
        evaluation.max_attempts,
        span(evaluation.lease)
    )?;
    for alarm in &config.alarms {
        let condition = match &alarm.kind {
            AlarmKind::FailedConstraint { metrics, resolve_after } => format!(
                "a constraint of {} fails; over after {}",
                metrics.join(", "),
                span(*resolve_after)
            ),
            AlarmKind::Hallucination { metrics, resolve_after } => format!(
                "{} finds a hallucination; over after {}",
                metrics.join(", "),
                span(*resolve_after)
            ),
            AlarmKind::PassRate { below, over } => {
                format!("the pass rate over {} is below {}", span(*over), percent(*below))
            }
        };
        let severity = match alarm.severity {
            evalward_config::AlarmSeverity::Medium => "medium",
            evalward_config::AlarmSeverity::High => "high",
        };
        writeln!(text, "alarm     {} ({severity}): {condition}", alarm.id)?;
    }
    writeln!(text, "alarm     recurrence (high): a covered pattern fails in a later version")?;
    let names: Vec<&str> = config.webhooks.iter().map(|webhook| webhook.name.as_str()).collect();
    let names = if names.is_empty() { "nobody".to_owned() } else { names.join(", ") };
    writeln!(text, "notify    {names}")
}

fn sampling(config: &MonitorConfig) -> String {
    let sampling = &config.sampling;
    let mut parts = vec![format!("{} of ordinary interactions", percent(sampling.base_rate))];
    parts.extend(
        sampling.segments.iter().map(|(part, rate)| format!("{} of {part}", percent(*rate))),
    );
    let mut always: Vec<String> = Vec::new();
    let rules = &sampling.always;
    always.extend(rules.errors.then(|| "errors".to_owned()));
    always.extend(rules.slow.map(|slow| format!("answers over {}", span(slow))));
    always.extend(rules.patterns.iter().map(|(name, _)| format!("pattern {name}")));
    always.extend(rules.negative_feedback.then(|| "negative feedback".to_owned()));
    if !always.is_empty() {
        parts.push(format!("always: {}", always.join(", ")));
    }
    let keys: Vec<String> = sampling.segment_by.iter().map(ToString::to_string).collect();
    let segments = if keys.is_empty() { "nothing".to_owned() } else { keys.join(", ") };
    format!("{}; segments by {segments}", parts.join("; "))
}

/// Formats a share in percent, with as many digits as it needs and four at most.
fn percent(rate: Rate) -> String {
    let text = format!("{:.4}", rate.get() * 100.0);
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

fn span(duration: Duration) -> String {
    let (seconds, millis) = (duration.as_secs(), duration.subsec_millis());
    match (seconds, millis) {
        (0, millis) => format!("{millis}ms"),
        (seconds, 0) if seconds.is_multiple_of(60) => format!("{}m", seconds / 60),
        (seconds, 0) => format!("{seconds}s"),
        (seconds, millis) => format!("{seconds}.{millis:03}s"),
    }
}

/// Returns a URL without the password that may stand before its host.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let path = path.split('?').next().unwrap_or_default();
    match authority.rsplit_once('@') {
        Some((user, host)) => {
            let user = user.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}@{host}{path}")
        }
        None => format!("{scheme}://{authority}{path}"),
    }
}
