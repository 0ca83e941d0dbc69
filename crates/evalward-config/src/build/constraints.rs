//! Named rules.

use std::path::Path;

use evalward_core::Rules;
use evalward_metrics::Constraints;
use serde_json::Value;
use toml::Spanned;

use super::explain;
use crate::metric::ConstraintsConfig;
use crate::source::Sources;
use crate::{ConfigError, MetricConfig};

pub(super) fn build_constraints(
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
