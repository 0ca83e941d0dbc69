//! From the tables of a suite file to metrics, one file for each family.

mod command;
mod constraints;
mod embeddings;
mod judged;
mod meaning;
mod reference;
mod retrieval;
mod trace;
mod values;

use std::error::Error;
use std::sync::Arc;

use evalward_core::{Digest, Metric, SuiteMetric, Thresholds};
use evalward_metrics::{MetricError, RegexMatch};
use serde_json::{Value, json};
use toml::Spanned;

use self::command::build_command;
use self::constraints::build_constraints;
pub use self::embeddings::LocalModels;
use self::judged::Wanted;
use crate::build_subject::BuildOptions;
use crate::judge::JudgeConfig;
use crate::load::Lookup;
use crate::loosened::settings;
use crate::metric::JudgesSection;
use crate::source::Sources;
use crate::{ConfigError, MetricConfig};

/// Builds a metric, or says everything that is wrong with its table; without `clients` it is built to be checked only, and its
/// version does not tell the model.
pub(crate) fn build_metric(
    id: &str,
    config: &Spanned<MetricConfig>,
    judges: &JudgesSection,
    sources: &Sources,
    environment: &Lookup,
    clients: Option<&BuildOptions>,
) -> Result<SuiteMetric, Vec<ConfigError>> {
    let mut version =
        json!({"kind": config.get_ref().kind(), "settings": settings(config.get_ref())});
    let refused = |error: MetricError| {
        let key = error.place().and_then(|place| place.rule);
        let place =
            key.and_then(|key| sources.place_of(&["metrics", id, config.get_ref().kind(), key]));
        vec![sources.error(explain(id, &error), &place.unwrap_or_else(|| config.span()), "")]
    };
    let judge = |wanted: Wanted<'_>, version: &mut Value| {
        let wanted = Wanted { default_model: judges.model.as_ref(), ..wanted };
        let built = judged::judged(&wanted, &config.span(), sources, environment, clients)?;
        version["judge"] = json!(built.version);
        Ok::<_, Vec<ConfigError>>(built.metric)
    };
    let metric: Arc<dyn Metric> = match config.get_ref() {
        MetricConfig::ExactMatch(it) => reference::exact_match(it),
        MetricConfig::TokenF1(it) => reference::token_f1(it),
        MetricConfig::Contains(it) => reference::contains(it).map_err(refused)?,
        MetricConfig::Regex(it) => {
            let pattern = &it.pattern;
            let error = |error| vec![sources.error(explain(id, &error), &pattern.span(), "")];
            Arc::new(RegexMatch::new(pattern.get_ref()).map_err(error)?)
        }
        MetricConfig::Levenshtein(it) => reference::levenshtein(it),
        MetricConfig::Rouge(it) => reference::rouge(it),
        MetricConfig::Bleu(it) => reference::bleu(it).map_err(refused)?,
        MetricConfig::Chrf(it) => reference::chrf(it).map_err(refused)?,
        MetricConfig::JsonMatch(it) => values::json_match(it).map_err(refused)?,
        MetricConfig::Numeric(it) => values::numeric(it).map_err(refused)?,
        MetricConfig::Classification(it) => values::classification(it).map_err(refused)?,
        MetricConfig::SemanticSimilarity(it) => {
            let meaning::Similarity { metric, model } =
                meaning::semantic_similarity(it, &config.span(), sources, environment, clients)?;
            // A name says little of a model on a machine: another one may lie there tomorrow.
            if let Some(model) = model {
                version["model"] = json!(model);
            }
            metric
        }
        MetricConfig::Support(it) => meaning::support(it),
        MetricConfig::Hallucination(it) => {
            let kind = JudgeConfig::HALLUCINATION;
            judge(Wanted::new(kind, &it.judge, it.samples, it.model.as_ref()), &mut version)?
        }
        MetricConfig::Judge(it) => {
            let kind = JudgeConfig::ABSOLUTE;
            judge(Wanted::new(kind, &it.judge, it.samples, it.model.as_ref()), &mut version)?
        }
        MetricConfig::Retrieval(it) => retrieval::retrieval(it).map_err(refused)?,
        MetricConfig::ToolCalls(it) => trace::tool_calls(it).map_err(refused)?,
        MetricConfig::StepCount(it) => trace::step_count(it),
        MetricConfig::Latency(_) => trace::latency(),
        MetricConfig::Tokens(it) => trace::tokens(it),
        MetricConfig::Cost(_) => trace::cost(),
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
            .map_or_else(|| default_thresholds(config.get_ref()), |it| it.get_ref().clone()),
        applies: common.applies.cloned().unwrap_or_default(),
        gating: common.gating,
        version: Digest::of_json(&version),
        margin: common.margin.map(|margin| *margin.get_ref()),
    })
}

/// Returns the thresholds of a metric whose table gives none.
fn default_thresholds(config: &MetricConfig) -> Thresholds {
    match config {
        MetricConfig::SemanticSimilarity(it) if it.gating => meaning::default_thresholds(),
        MetricConfig::Hallucination(it) if it.gating => judged::default_thresholds(),
        _ => Thresholds::default(),
    }
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
