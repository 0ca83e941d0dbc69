//! A judge that no suite asks, as a metric.

use std::path::Path;
use std::sync::Arc;

use evalward_core::{Digest, Finite, SuiteMetric, Thresholds};
use serde_json::json;

use super::build::{SuiteWishes, Surroundings};
use super::{JudgeConfig, load_judge};
use crate::build_subject::BuildOptions;
use crate::load::Lookup;
use crate::{ConfigError, ConfigErrors};

/// Reads a judge that scores single answers, and builds it as a metric of its own name, with its file's model.
///
/// Its version is that of the judge; a suite's metric that asks it has another one, which tells the suite's settings too.
///
/// # Errors
/// [`ConfigErrors`] with the place of each mistake, for a judge that compares answers, and where its file names no model.
pub fn load_judge_metric(
    name_or_path: &str,
    environment: &Lookup,
    options: &BuildOptions,
) -> Result<SuiteMetric, ConfigErrors> {
    let judge = load_judge(name_or_path, Path::new(""))?;
    let span = judge.file.judge.span();
    if judge.file.model.is_none() {
        let error = ConfigError::new(format!("judge `{}` has no model", judge.name));
        let help = "name a suite with `[judges.model.openai]`, or add `[model.openai]` to the judge's file";
        return Err(error.help(help).into());
    }
    let surroundings = Surroundings { sources: &judge.sources, environment, span: &span };
    let built =
        judge.build(SuiteWishes::default(), surroundings, Some(options)).map_err(ConfigErrors)?;
    let Some(metric) = built.metric() else {
        let message = format!("judge `{}` compares two answers, and scores none", judge.name);
        let error = judge.sources.error(message, &span, "");
        return Err(error.help("`evalward judge compare` asks such a judge").into());
    };
    let thresholds = match judge.file.judge.get_ref() {
        // As in a suite that gives none: every claim must be borne out.
        JudgeConfig::Hallucination(_) => Thresholds::everywhere(Finite::ONE),
        JudgeConfig::Absolute(_) | JudgeConfig::Pairwise(_) => Thresholds::default(),
    };
    Ok(SuiteMetric {
        id: judge.name.clone(),
        version: Digest::of_json(&json!({"kind": metric.kind(), "judge": built.version})),
        metric: Arc::clone(&metric),
        thresholds,
        applies: evalward_core::Applicability::default(),
        gating: true,
        margin: None,
    })
}
