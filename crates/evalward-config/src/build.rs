//! From the tables of a suite file to metrics.

use std::error::Error;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use evalward_core::{Digest, Metric, ReasonKind, Rules, SuiteMetric};
use evalward_metrics::{
    Constraints, Contains, ContainsOptions, ExactMatch, MetricError, RegexMatch, TokenF1,
};
use evalward_models::program::{CommandMetric, CommandMetricOptions, ProgramOptions};
use serde_json::{Value, json};
use toml::Spanned;

use crate::load::Lookup;
use crate::loosened::settings;
use crate::metric::{CommandMetricConfig, ConstraintsConfig};
use crate::resolve::{Resolver, to_usize};
use crate::source::Sources;
use crate::{ConfigError, MetricConfig};

/// Builds a metric, or says everything that is wrong with its table.
pub(crate) fn build_metric(
    id: &str,
    config: &Spanned<MetricConfig>,
    sources: &Sources,
    environment: &Lookup,
) -> Result<SuiteMetric, Vec<ConfigError>> {
    let mut version =
        json!({"kind": config.get_ref().kind(), "settings": settings(config.get_ref())});
    let refused = |error: MetricError| vec![sources.error(explain(id, &error), &config.span(), "")];
    let metric: Arc<dyn Metric> = match config.get_ref() {
        MetricConfig::ExactMatch(it) => {
            Arc::new(ExactMatch { normalization: it.normalization.into() })
        }
        MetricConfig::TokenF1(it) => Arc::new(TokenF1 { normalization: it.normalization.into() }),
        MetricConfig::Contains(it) => {
            let options = ContainsOptions {
                texts: it.texts.clone(),
                case_sensitive: it.case_sensitive,
                word_bounded: it.word_bounded,
            };
            Arc::new(Contains::new(&options).map_err(refused)?)
        }
        MetricConfig::Regex(it) => {
            let pattern = &it.pattern;
            let error = |error| vec![sources.error(explain(id, &error), &pattern.span(), "")];
            Arc::new(RegexMatch::new(pattern.get_ref()).map_err(error)?)
        }
        MetricConfig::Constraints(it) => {
            let (metric, schemas) = build_constraints(id, it, config, sources)?;
            version["schemas"] = schemas;
            Arc::new(metric)
        }
        MetricConfig::Command(it) => Arc::new(build_command(it, sources, environment)?),
    };
    let common = config.get_ref().common();
    Ok(SuiteMetric {
        id: id.to_owned(),
        metric,
        thresholds: common
            .threshold
            .map(|threshold| threshold.get_ref().clone())
            .unwrap_or_default(),
        applies: common.applies.cloned().unwrap_or_default(),
        gating: common.gating,
        version: Digest::of_json(&version),
        margin: common.margin.map(|margin| *margin.get_ref()),
    })
}

/// Joins an error and its causes into one sentence.
fn explain(id: &str, error: &MetricError) -> String {
    let mut text = format!("metric `{id}`: failed to {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        // The regex crate draws a picture of the pattern; its last line says what is wrong.
        let message = error.to_string();
        text.push_str(": ");
        text.push_str(message.lines().last().unwrap_or_default().trim_start_matches("error: "));
        cause = error.source();
    }
    text
}

fn build_constraints(
    id: &str,
    config: &ConstraintsConfig,
    table: &Spanned<MetricConfig>,
    sources: &Sources,
) -> Result<(Constraints, Value), Vec<ConfigError>> {
    if config.named.is_empty() {
        let error = sources.error(
            format!("metric `{id}` has no constraint"),
            &table.span(),
            "nothing could ever fail",
        );
        return Err(vec![error.help("add one, such as `length = { words = { max = 200 } }`")]);
    }
    let mut named = Vec::new();
    let mut errors = Vec::new();
    let mut schemas = serde_json::Map::new();
    for (name, rules) in &config.named {
        match with_schema(rules, sources) {
            Ok(resolved) => {
                if let Some(schema) = resolved.json_schema.clone() {
                    schemas.insert(name.clone(), schema);
                }
                // Each constraint is tried alone, so that every broken one is reported at its own place.
                match Constraints::new(&[(name.clone(), resolved.clone())]) {
                    Ok(_) => named.push((name.clone(), resolved)),
                    Err(error) => {
                        errors.push(sources.error(explain(id, &error), &rules.span(), ""));
                    }
                }
            }
            Err(error) => errors.push(error),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let metric = Constraints::new(&named)
        .map_err(|error| vec![sources.error(explain(id, &error), &table.span(), "")])?;
    Ok((metric, Value::Object(schemas)))
}

/// Reads the JSON Schema that rules name by a path.
fn with_schema(rules: &Spanned<Rules>, sources: &Sources) -> Result<Rules, ConfigError> {
    let mut resolved = rules.get_ref().clone();
    if let Some(Value::String(path)) = &resolved.json_schema {
        let path = Path::new(path);
        resolved.json_schema = Some(read_schema(path).map_err(|message| {
            sources
                .error(message, &rules.span(), "")
                .help("name a file relative to this one, or write the schema here")
        })?);
    }
    Ok(resolved)
}

fn read_schema(path: &Path) -> Result<Value, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("failed to read `{}`: {error}", path.display()))?;
    serde_json::from_str(&text)
        .map_err(|error| format!("`{}` is not JSON: {error}", path.display()))
}

fn build_command(
    config: &CommandMetricConfig,
    sources: &Sources,
    environment: &Lookup,
) -> Result<CommandMetric, Vec<ConfigError>> {
    let mut resolver = Resolver::new(sources, environment);
    let defaults = ProgramOptions::new(config.command.get_ref().iter().cloned());
    let program = ProgramOptions {
        cwd: Some(resolver.folder(config.cwd.as_ref(), &config.command.span())),
        env: resolver.secrets(&config.env),
        timeout: config.timeout.map_or(defaults.timeout, |timeout| timeout.0),
        start_timeout: config.start_timeout.map_or(defaults.start_timeout, |timeout| timeout.0),
        max_workers: Some(config.workers.map_or(NonZeroUsize::MIN, to_usize)),
        ..defaults
    };
    // Without a threshold nothing but the program's own word can tell whether a response passes.
    let decides = config.gating && config.threshold.is_none();
    let errors = resolver.errors;
    if !errors.is_empty() {
        return Err(errors);
    }
    CommandMetric::new(CommandMetricOptions {
        program,
        scale: config.scale,
        decides,
        reason_kind: config.kind.unwrap_or(ReasonKind::Metric),
    })
    .map_err(|error| vec![sources.error(error.to_string(), &config.command.span(), "")])
}
