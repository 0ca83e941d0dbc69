//! Judges that compare two answers.

use std::path::Path;
use std::sync::Arc;

use evalward_judge::{
    JudgeModelOptions, Material, PairDemonstration, PairMaterial, PairwiseCriterion, PairwiseJudge,
    PairwiseOptions,
};

use super::build::{SuiteWishes, Surroundings};
use super::{Judge, JudgeConfig, PairDemonstrationConfig, PairwiseConfig, load_judge};
use crate::build_subject::BuildOptions;
use crate::load::{Lookup, Suite};
use crate::{ConfigError, ConfigErrors};

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
    let judge = load_judge(name_or_path, Path::new(""))?;
    let span = judge.file.judge.span();
    let kind = judge.file.judge.get_ref().kind();
    if kind != JudgeConfig::PAIRWISE {
        let message = format!("judge `{}` is of the kind `{kind}`", judge.name);
        let error = judge.sources.error(message, &span, "");
        return Err(error.help("to compare answers it takes one with `[judge.pairwise]`").into());
    }
    let suite_model = suite.and_then(|suite| suite.file.judges.model.as_ref());
    let model = suite_model.filter(|_| judge.file.model.is_none());
    if model.is_none() && judge.file.model.is_none() {
        let error = ConfigError::new(format!("judge `{}` has no model", judge.name));
        let help = "name a suite with `[judges.model.openai]` by `--suite FILE`, or add `[model.openai]` to the judge's file";
        return Err(error.help(help).into());
    }
    let surroundings = match suite {
        Some(suite) => {
            Surroundings { sources: &suite.sources, environment: &suite.environment, span: &span }
        }
        None => Surroundings { sources: &judge.sources, environment, span: &span },
    };
    let wishes = SuiteWishes { model, samples: None };
    let built = judge.build(wishes, surroundings, Some(options)).map_err(ConfigErrors)?;
    Ok(Arc::clone(built.pairwise().expect("the kind was looked at")))
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
