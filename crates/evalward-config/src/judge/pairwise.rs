//! Judges that compare two answers.

use std::path::Path;
use std::sync::Arc;

use evalward_judge::audit::Restylers;
use evalward_judge::{
    JudgeModelOptions, Material, PairDemonstration, PairMaterial, PairwiseCriterion, PairwiseJudge,
    PairwiseOptions,
};
use toml::Spanned;

use super::build::{SuiteWishes, Surroundings};
use super::restyled::restylers;
use super::{Judge, JudgeConfig, ModelConfig, PairDemonstrationConfig, PairwiseConfig, load_judge};
use crate::build_subject::BuildOptions;
use crate::load::{Lookup, Suite};
use crate::source::Sources;
use crate::{ConfigError, ConfigErrors};

/// A judge that compares two answers, with who restyles answers for its audit.
#[derive(Debug)]
pub struct AuditedPairwiseJudge {
    /// The judge.
    pub judge: Arc<PairwiseJudge>,
    /// Who restyles answers.
    pub restylers: Restylers,
}

/// Reads a judge that compares two answers, and builds it: with its file's model, else with that of the suite's `[judges.model]`.
///
/// # Errors
/// [`ConfigErrors`] with the place of each mistake, for a judge of another kind, and where neither names a model.
pub fn load_pairwise_judge(
    name_or_path: &str,
    suite: Option<&Suite>,
    environment: &Lookup,
    options: &BuildOptions,
) -> Result<Arc<PairwiseJudge>, ConfigErrors> {
    let judge = read(name_or_path)?;
    let (model, sources) = model_of(&judge, suite)?;
    let span = judge.file.judge.span();
    let environment = suite.map_or(environment, |suite| &suite.environment);
    let surroundings = Surroundings { sources, environment, span: &span };
    let wishes = SuiteWishes { model: Some(model), samples: None };
    let built = judge.build(wishes, surroundings, Some(options)).map_err(ConfigErrors)?;
    Ok(Arc::clone(built.pairwise().expect("the kind was looked at")))
}

impl Suite {
    /// Builds a judge that compares two answers, for an audit.
    ///
    /// # Errors
    /// As [`load_pairwise_judge`].
    pub fn audited_pairwise_judge(
        &self,
        name_or_path: &str,
        options: &BuildOptions,
    ) -> Result<AuditedPairwiseJudge, ConfigErrors> {
        let judge = load_pairwise_judge(name_or_path, Some(self), &self.environment, options)?;
        let definition = read(name_or_path)?;
        let restylers = restylers(self, model_of(&definition, Some(self))?, options)?;
        Ok(AuditedPairwiseJudge { judge, restylers })
    }
}

/// Reads a judge's file and refuses those of another kind.
pub(super) fn read(name_or_path: &str) -> Result<Judge, ConfigErrors> {
    let judge = load_judge(name_or_path, Path::new(""))?;
    let kind = judge.file.judge.get_ref().kind();
    if kind == JudgeConfig::PAIRWISE {
        return Ok(judge);
    }
    let message = format!("judge `{}` is of the kind `{kind}`", judge.name);
    let error = judge.sources.error(message, &judge.file.judge.span(), "");
    Err(error.help("to compare answers it takes one with `[judge.pairwise]`").into())
}

/// Returns the model that a judge asks, with the file that names it: its own, else the suite's.
pub(super) fn model_of<'a>(
    judge: &'a Judge,
    suite: Option<&'a Suite>,
) -> Result<(&'a Spanned<ModelConfig>, &'a Sources), ConfigErrors> {
    if let Some(model) = &judge.file.model {
        return Ok((model, &judge.sources));
    }
    let of_suite =
        suite.and_then(|suite| Some((suite.file.judges.model.as_ref()?, &suite.sources)));
    of_suite.ok_or_else(|| {
        let error = ConfigError::new(format!("judge `{}` has no model", judge.name));
        let help = "name a suite with `[judges.model.openai]` by `--suite FILE`, or add `[model.openai]` to the judge's file";
        error.help(help).into()
    })
}

impl Judge {
    pub(super) fn pairwise(
        &self,
        config: &PairwiseConfig,
        model: JudgeModelOptions,
    ) -> PairwiseOptions {
        let criterion = |(id, question): (&String, &String)| PairwiseCriterion {
            id: id.clone(),
            question: question.trim().to_owned(),
        };
        let criteria = config.criteria.iter().map(criterion).collect();
        let defaults = PairwiseOptions::new(&*self.name, model, criteria);
        PairwiseOptions {
            demonstrations: config.demonstrations.iter().map(|it| shown(it.get_ref())).collect(),
            shown: config.shown.clone().unwrap_or_else(|| defaults.shown.clone()),
            background: self.file.background.clone(),
            system: self.system.clone(),
            prompt: self.prompt.clone(),
            reasoning: config.reasoning,
            ..defaults
        }
    }
}

fn shown(config: &PairDemonstrationConfig) -> PairDemonstration {
    let PairDemonstrationConfig { input, context, reference, first, second, preferred, reasoning } =
        config;
    let material = Material {
        input: input.clone(),
        context: context.clone(),
        reference: reference.clone(),
        answer: first.clone(),
    };
    PairDemonstration {
        pair: PairMaterial { material, second: second.clone() },
        reasoning: reasoning.clone(),
        preferred: *preferred,
    }
}
