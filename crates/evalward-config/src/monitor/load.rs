//! From a monitor file to a configuration that the service can start with.

use std::path::Path;

use serde_json::Value;

use super::MonitorConfig;
use super::check::Checker;
use super::file::MonitorFile;
use crate::merge::Layers;
use crate::{ConfigError, ConfigErrors, LoadOptions};

/// Reads and validates a monitor file, and the metrics that it takes from a suite.
///
/// # Errors
/// [`ConfigErrors`] with every mistake found in both files, each with its place and a remedy.
pub fn load_monitor(path: &Path, options: &LoadOptions) -> Result<MonitorConfig, ConfigErrors> {
    if let Err(error) = std::fs::read_to_string(path) {
        let message = format!("failed to read `{}`: {error}", path.display());
        let help = "name the monitor's file with `--config`; at the least it says `[evaluate]` and `suite = \"evalward.toml\"`";
        return Err(ConfigError::new(message).help(help).into());
    }
    let read = |path: &Path| std::fs::read_to_string(path);
    let layers = Layers::read(path, &options.overrides, &read)?;
    let file: MonitorFile = layers.parse()?;
    let mut checker = Checker::new(&layers.sources, &options.environment);
    let server = checker.server(&file.server);
    let store_url = checker.store_url(&file.store, path.parent().unwrap_or(Path::new("")));
    let sampling = checker.sampling(&file.sampling);
    let webhooks = checker.webhooks(&file.notify);
    let suite_options =
        LoadOptions { environment: options.environment.clone(), ..LoadOptions::default() };
    let (mut evaluation, mut alarms) = (None, Vec::new());
    if let Some(suite) = checker.suite(&file.evaluate, &suite_options) {
        let selected = checker.evaluation(&file.evaluate, &suite);
        // Without metrics there is nothing that alarms could be checked against.
        if !selected.metrics.is_empty() {
            alarms = checker.alarms(&file.alarms, &selected.metrics);
        }
        evaluation = Some(selected);
    }
    let Checker { resolver, warnings, foreign } = checker;
    let mut errors = resolver.errors;
    errors.extend(foreign);
    match (server, store_url, evaluation) {
        (Some(server), Some(store_url), Some(evaluation)) if errors.is_empty() => {
            Ok(MonitorConfig {
                path: path.to_owned(),
                server,
                store_url,
                spans: file.ingest.spans,
                sampling,
                evaluation,
                alarms,
                webhooks,
                warnings,
            })
        }
        _ => Err(ConfigErrors(errors)),
    }
}

/// Returns the JSON Schema of monitor files.
pub fn monitor_schema() -> Value {
    schemars::schema_for!(MonitorFile).to_value()
}
