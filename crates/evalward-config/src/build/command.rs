//! The team's own program.

use std::num::NonZeroUsize;

use evalward_core::ReasonKind;
use evalward_models::program::{CommandMetric, CommandMetricOptions, ProgramOptions};

use crate::ConfigError;
use crate::load::Lookup;
use crate::metric::CommandMetricConfig;
use crate::resolve::{Resolver, to_usize};
use crate::source::Sources;

pub(super) fn build_command(
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
    let scale = *config.scale.get_ref();
    if let (Some(min), Some(max)) = (scale.min, scale.max)
        && min >= max
    {
        let message = format!("the scale from {min} to {max} has no two scores");
        resolver.refuse(message, &config.scale.span(), Some("give `min` the smaller number"));
    }
    let errors = resolver.errors;
    if !errors.is_empty() {
        return Err(errors);
    }
    CommandMetric::new(CommandMetricOptions {
        program,
        scale,
        decides,
        reason_kind: config.kind.unwrap_or(ReasonKind::Metric),
    })
    .map_err(|error| vec![sources.error(error.to_string(), &config.command.span(), "")])
}
