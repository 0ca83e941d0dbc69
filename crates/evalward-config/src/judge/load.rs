//! From a judge's file to its definition.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use evalward_judge::{
    AbsoluteOptions, ClaimDemonstration, Criterion, DemonstratedClaim, DemonstratedVerdict,
    Demonstration, HallucinationOptions, JudgeModelOptions, JudgeTemplate, Material, Shown,
};
use toml::Spanned;

use super::file::{
    AbsoluteConfig, ClaimDemonstrationConfig, CriterionConfig, DemonstrationConfig,
    HallucinationConfig,
};
use super::of_metric::overall;
use super::{JudgeConfig, JudgeFile, LIBRARY};
use crate::merge::Layers;
use crate::source::{Sources, simplified};
use crate::suggest::nearest;
use crate::{ConfigError, ConfigErrors};

/// A judge's file that was read and is free of mistakes; the model comes when it is built.
pub struct Judge {
    /// The judge's name.
    pub name: String,
    /// What the file says.
    pub file: JudgeFile,
    pub(super) sources: Sources,
    pub(super) system: Option<JudgeTemplate>,
    pub(super) prompt: Option<JudgeTemplate>,
}

impl fmt::Debug for Judge {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Judge").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Reads a judge: by its name one that evalward brings along, else by the path of its file.
///
/// # Errors
/// [`ConfigErrors`] with the place of each mistake.
pub fn load_judge(name_or_path: &str, folder: &Path) -> Result<Judge, ConfigErrors> {
    let built_in = LIBRARY.iter().find(|(name, _)| *name == name_or_path);
    let (path, layers) = match built_in {
        Some((name, text)) => {
            let path = PathBuf::from(format!("{name}.toml"));
            let text = (*text).to_owned();
            (path.clone(), Layers::read(&path, &[], &|_: &Path| Ok(text.clone()))?)
        }
        None if is_name(name_or_path) => {
            let (message, help) = unknown(name_or_path);
            return Err(ConfigError::new(message).help(help).into());
        }
        None => {
            let path = simplified(&folder.join(name_or_path));
            let layers = Layers::read(&path, &[], &|path: &Path| std::fs::read_to_string(path))?;
            (path, layers)
        }
    };
    let file: JudgeFile = layers.parse()?;
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let name = file.name.clone().or(stem).unwrap_or_else(|| "judge".to_owned());
    let sources = layers.sources;
    let system = template(file.system.as_ref(), &sources)?;
    let prompt = template(file.prompt.as_ref(), &sources)?;
    Ok(Judge { name, file, sources, system, prompt })
}

/// Whether a judge is named by its name, and not by its file.
fn is_name(name_or_path: &str) -> bool {
    !name_or_path.contains(['/', '\\', '.'])
}

/// Says that there is no judge of a name, and what there is; `None` where there is one, or where a file is named.
pub(crate) fn unknown_judge(name: &str) -> Option<(String, String)> {
    let is_known = LIBRARY.iter().any(|(known, _)| *known == name);
    (is_name(name) && !is_known).then(|| unknown(name))
}

fn unknown(name: &str) -> (String, String) {
    let names: Vec<&str> = LIBRARY.iter().map(|(name, _)| *name).collect();
    let help = match nearest(name, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are {}; a judge of your own is named by its file", names.join(", ")),
    };
    (format!("evalward has no judge `{name}`"), help)
}

fn template(
    file: Option<&Spanned<String>>,
    sources: &Sources,
) -> Result<Option<JudgeTemplate>, ConfigErrors> {
    let Some(file) = file else { return Ok(None) };
    let path = simplified(&sources.folder_of(&file.span()).join(file.get_ref()));
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(Some(JudgeTemplate { name: path.display().to_string(), text })),
        Err(error) => {
            let message = format!("failed to read `{}`: {error}", path.display());
            let error = sources.error(message, &file.span(), "");
            Err(error.help("name a file, relative to the judge's").into())
        }
    }
}

impl Judge {
    /// Returns whether a criterion is about safety.
    pub fn is_about_safety(&self) -> bool {
        match self.file.judge.get_ref() {
            JudgeConfig::Absolute(it) => it.criteria.values().any(|criterion| criterion.safety),
            JudgeConfig::Hallucination(_) | JudgeConfig::Pairwise(_) => false,
        }
    }

    /// Returns whether the judge sees documents.
    pub(crate) fn sees_documents(&self) -> bool {
        let sees = |shown: &Option<Vec<Shown>>| {
            shown.as_ref().is_some_and(|shown| shown.contains(&Shown::Context))
        };
        match self.file.judge.get_ref() {
            JudgeConfig::Absolute(it) => sees(&it.shown),
            JudgeConfig::Pairwise(it) => sees(&it.shown),
            JudgeConfig::Hallucination(_) => true,
        }
    }

    /// Returns whether the judge sees a right answer beside the one that it judges.
    pub(crate) fn sees_a_reference(&self) -> bool {
        match self.file.judge.get_ref() {
            JudgeConfig::Absolute(it) => {
                it.shown.as_ref().is_some_and(|shown| shown.contains(&Shown::Reference))
            }
            JudgeConfig::Pairwise(it) => {
                it.shown.as_ref().is_some_and(|shown| shown.contains(&Shown::Reference))
            }
            JudgeConfig::Hallucination(_) => false,
        }
    }

    pub(super) fn absolute(
        &self,
        config: &AbsoluteConfig,
        model: JudgeModelOptions,
    ) -> Result<AbsoluteOptions, ConfigErrors> {
        let mut errors = Vec::new();
        let mut criteria = Vec::new();
        for (id, criterion) in &config.criteria {
            match self.criterion(id, criterion) {
                Ok(criterion) => criteria.push(criterion),
                Err(error) => errors.push(error),
            }
        }
        if !errors.is_empty() {
            return Err(ConfigErrors(errors));
        }
        let defaults = AbsoluteOptions::new(&*self.name, model, criteria);
        Ok(AbsoluteOptions {
            demonstrations: config
                .demonstrations
                .iter()
                .map(|it| demonstration(it.get_ref()))
                .collect(),
            shown: config.shown.clone().unwrap_or_else(|| vec![Shown::Input]),
            background: self.file.background.clone(),
            system: self.system.clone(),
            prompt: self.prompt.clone(),
            samples: config.samples.unwrap_or(defaults.samples),
            calls: config.calls,
            scoring: config.scoring,
            reasoning: config.reasoning,
            overall: overall(config),
            ..defaults
        })
    }

    pub(super) fn criterion(
        &self,
        id: &str,
        config: &CriterionConfig,
    ) -> Result<Criterion, ConfigError> {
        let span = config.anchors.span();
        let mut anchors = BTreeMap::new();
        for (score, text) in config.anchors.get_ref() {
            let Ok(score) = score.parse() else {
                let message = format!("criterion `{id}`: `{score}` is no score");
                let error = self.sources.error(message, &span, "");
                return Err(error.help("scores are whole numbers, such as `1 = \"…\"`"));
            };
            anchors.insert(score, text.trim().to_owned());
        }
        Criterion::new(id, config.question.trim(), anchors)
            .map_err(|error| self.sources.error(error.to_string(), &span, ""))
    }

    pub(super) fn hallucination(
        &self,
        config: &HallucinationConfig,
        model: JudgeModelOptions,
    ) -> HallucinationOptions {
        let defaults = HallucinationOptions::new(&*self.name, model);
        let demonstrations = config.demonstrations.iter();
        HallucinationOptions {
            demonstrations: demonstrations.map(|it| claims(it.get_ref())).collect(),
            background: self.file.background.clone(),
            system: self.system.clone(),
            prompt: self.prompt.clone(),
            samples: config.samples.unwrap_or(defaults.samples),
            policies: config.policies,
            ..defaults
        }
    }
}

fn demonstration(config: &DemonstrationConfig) -> Demonstration {
    let DemonstrationConfig { input, context, reference, answer, verdicts } = config;
    let verdict = |(id, verdict): (&String, &super::VerdictConfig)| {
        let verdict = DemonstratedVerdict {
            reasoning: verdict.reasoning.clone(),
            strengths: verdict.strengths.clone(),
            weaknesses: verdict.weaknesses.clone(),
            score: verdict.score,
        };
        (id.clone(), verdict)
    };
    Demonstration {
        material: Material {
            input: input.clone(),
            context: context.clone(),
            reference: reference.clone(),
            answer: answer.clone(),
        },
        verdicts: verdicts.iter().map(verdict).collect(),
    }
}

fn claims(config: &ClaimDemonstrationConfig) -> ClaimDemonstration {
    let ClaimDemonstrationConfig { input, context, answer, claims } = config;
    let claim = |claim: &super::ClaimConfig| DemonstratedClaim {
        claim: claim.claim.clone(),
        evidence: claim.evidence.clone(),
        label: claim.label,
    };
    ClaimDemonstration {
        material: Material {
            input: Some(input.clone()),
            context: Some(context.clone()),
            reference: None,
            answer: answer.clone(),
        },
        claims: claims.iter().map(claim).collect(),
    }
}
