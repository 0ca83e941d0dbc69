//! The metric.

use std::collections::BTreeSet;
use std::ops::Range;

use evalward_core::{
    BoxFuture, ChatMessage, Digest, Example, Measured, Measurement, Metric, ReasonKind, Reply,
    Scale, Score,
};
use serde_json::{Value, json};

use super::prompts::Prompts;
use super::samples::{Asking, Samples, take_samples};
use super::score::{details, fold, overall, problems};
use super::{AbsoluteOptions, CriteriaCalls, Overall};
use crate::JudgeError;
use crate::criterion::Criterion;
use crate::error::check_samples;
use crate::meter::Meter;
use crate::model::JudgeModel;
use crate::nonce::Nonce;
use crate::prompt::{AGAIN, Material, SYSTEM, USER, text_of};
use crate::sway::{ask_beside, sway_problem};

/// Raised with every change of how answers are read, since each can move a score.
const PROTOCOL: u32 = 2;

/// A judge that scores answers on a scale with a text for every score.
///
/// Each answer is judged several times; the score is the mean. What cannot be read as exactly one JSON object of the agreed form is
/// asked for once more and is then an error, never a score. Zheng et al. (2023), "Judging LLM-as-a-Judge with MT-Bench and Chatbot
/// Arena", section 3.1 (single answer grading).
#[derive(Debug)]
pub struct AbsoluteJudge {
    options: AbsoluteOptions,
    model: JudgeModel,
    prompts: Prompts,
    scale: Scale,
    /// The hash of all that can move a score; every row tells it.
    version: Digest,
}

impl AbsoluteJudge {
    /// Checks the options; nothing is called yet.
    ///
    /// # Errors
    /// [`JudgeError`] where criteria, demonstrations or templates cannot be used.
    pub fn new(options: AbsoluteOptions) -> Result<Self, JudgeError> {
        check_samples(options.samples)?;
        if let Some(empty) = options.criteria.iter().find(|it| it.question.trim().is_empty()) {
            return Err(JudgeError::NoQuestion(empty.id.clone()));
        }
        let scale = scale(&options)?;
        for (index, demonstration) in options.demonstrations.iter().enumerate() {
            demonstration.check(index + 1, &options.criteria, &options.shown)?;
        }
        let prompts = Prompts::new(&options)?;
        let model = JudgeModel::new(options.model.clone());
        let version = version(&options, &model);
        let judge = Self { options, model, prompts, scale, version };
        // An undefined variable of a template shows here, and not in the middle of a run.
        judge.render(&Material {
            input: Some(String::new()),
            context: Some(String::new()),
            reference: Some(String::new()),
            answer: String::new(),
        })?;
        Ok(judge)
    }

    /// Returns the judge with its criteria in the reverse order; `None` where it is asked for one criterion at a time.
    pub fn reversed(&self) -> Option<Self> {
        let mut options = self.options.clone();
        if options.criteria.len() < 2 || options.calls == CriteriaCalls::Separately {
            return None;
        }
        options.criteria.reverse();
        Self::new(options).ok()
    }

    /// Returns the hash of all that can move a score.
    pub const fn version(&self) -> Digest {
        self.version
    }

    /// Returns the conversation that would ask for the scores of an answer, with a code that anybody may know.
    ///
    /// # Errors
    /// [`JudgeError::Template`] where a template cannot be rendered.
    pub fn render(&self, material: &Material) -> Result<Vec<ChatMessage>, JudgeError> {
        let criteria: Vec<&Criterion> = self.options.criteria.iter().collect();
        let parts = material.parts(&self.options.shown).unwrap_or_default();
        self.prompts.conversation(&criteria, &parts, &Nonce::of_demonstration(0))
    }

    async fn measure(&self, example: &Example, reply: &Reply, meter: &Meter) -> Measurement {
        let material = Material::of(example, reply);
        let parts = match material.parts(&self.options.shown) {
            Ok(parts) => parts,
            Err(missing) => {
                return Measurement::Skipped(format!("has no {missing}, which the judge needs"));
            }
        };
        let label = example.id.as_str();
        let asking = Asking { options: &self.options, model: &self.model, prompts: &self.prompts };
        let taken = take_samples(asking, &parts, label, meter);
        match ask_beside(taken, &material.answer).await {
            (Ok(samples), swaying) => self.scored(&samples, &material.answer, &swaying),
            (Err(reason), _) => Measurement::Errored(reason),
        }
    }

    fn scored(&self, samples: &Samples, answer: &str, swaying: &[Range<usize>]) -> Measurement {
        let judged = fold(samples, &self.options.criteria);
        let Some(value) = overall(&self.options, &judged) else {
            return Measurement::Errored("the judge gave no score".to_owned());
        };
        let models = samples
            .models
            .iter()
            .map(|(model, fingerprint)| json!({"model": model, "fingerprint": fingerprint}));
        let mut score = Score { scale: self.scale, ..Score::fraction(value) }.with_detail(json!({
            "judge": self.options.name,
            "version": self.version().short(),
            "models": models.collect::<Vec<Value>>(),
            "asked_again": samples.asked_again,
            "criteria": details(samples, &judged),
            "sways": swaying.iter().map(|span| json!([span.start, span.end])).collect::<Vec<_>>(),
        }));
        for criterion in &self.options.criteria {
            if let (Some(judged), Some(samples)) =
                (judged.get(&criterion.id), samples.criteria.get(&criterion.id))
            {
                let has_demonstrations = !self.options.demonstrations.is_empty();
                for problem in problems(criterion, judged, samples, has_demonstrations) {
                    score = score.with_problem(problem);
                }
            }
        }
        for span in swaying {
            score = score.with_problem(sway_problem(answer, span));
        }
        score.into()
    }
}

/// Returns the hash of all that can move a score.
fn version(options: &AbsoluteOptions, model: &JudgeModel) -> Digest {
    Digest::of_json(&json!({
        "protocol": PROTOCOL,
        "model": model.identity(),
        "criteria": options.criteria,
        "demonstrations": options.demonstrations,
        // The prompt has them in an order of its own.
        "shown": options.shown.iter().collect::<BTreeSet<_>>(),
        "background": options.background.as_deref().map(str::trim).filter(|text| !text.is_empty()),
        "system": text_of(options.system.as_ref(), SYSTEM),
        "prompt": text_of(options.prompt.as_ref(), USER),
        "again": text_of(None, AGAIN),
        "samples": options.samples,
        "calls": options.calls,
        "scoring": options.scoring,
        "reasoning": options.reasoning,
        "overall": options.overall,
    }))
}

/// Returns the scale of the score of all criteria together.
fn scale(options: &AbsoluteOptions) -> Result<Scale, JudgeError> {
    let first = options.criteria.first().ok_or(JudgeError::NoCriteria)?;
    if let Overall::Of(id) = &options.overall {
        let named = options.criteria.iter().find(|criterion| criterion.id == *id);
        return named.map(Criterion::scale).ok_or_else(|| JudgeError::NoSuchCriterion(id.clone()));
    }
    match options.criteria.iter().find(|criterion| criterion.ends() != first.ends()) {
        None => Ok(first.scale()),
        Some(other) => {
            Err(JudgeError::Scales { first: first.id.clone(), second: other.id.clone() })
        }
    }
}

impl Metric for AbsoluteJudge {
    fn kind(&self) -> &'static str {
        "judge"
    }

    fn scale(&self) -> Scale {
        self.scale
    }

    fn reason_kind(&self) -> ReasonKind {
        ReasonKind::Judge
    }

    fn score<'a>(&'a self, example: &'a Example, reply: &'a Reply) -> BoxFuture<'a, Measurement> {
        Box::pin(async move { self.score_and_count(example, reply).await.measurement })
    }

    fn score_and_count<'a>(
        &'a self,
        example: &'a Example,
        reply: &'a Reply,
    ) -> BoxFuture<'a, Measured> {
        Box::pin(async move {
            let meter = Meter::new(&self.options.name, &self.version().short());
            let measurement = self.measure(example, reply, &meter).await;
            meter.beside(measurement)
        })
    }
}
