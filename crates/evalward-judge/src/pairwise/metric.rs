//! The judge.

use std::collections::BTreeSet;

use evalward_core::{ChatMessage, Digest};
use futures::future::join;
use serde_json::{Value, json};

use super::prompts::Prompts;
use super::{OrderJudgement, PairJudgement, PairMaterial, PairMeasurement, PairwiseOptions};
use crate::absolute::Reasoning;
use crate::answer::{Malformed, ToldPreference, read_preference};
use crate::ask::{Asker, Request};
use crate::meter::Meter;
use crate::model::{JudgeModel, Judgement};
use crate::nonce::Nonce;
use crate::prompt::{AGAIN, Material, PAIRWISE_SYSTEM, PAIRWISE_USER, Part, text_of};
use crate::sway::swaying_spans;
use crate::{JudgeError, Shown};

/// Raised with every change of how answers are read, since each can move a preference.
const PROTOCOL: u32 = 2;

/// A judge that says which of two answers is better.
///
/// Each pair is asked for in both orders. What is preferred in both is better; a judge that changes its mind with the order has
/// no preference. Zheng et al. (2023), "Judging LLM-as-a-Judge with MT-Bench and Chatbot Arena", section 3.4.
#[derive(Debug)]
pub struct PairwiseJudge {
    options: PairwiseOptions,
    model: JudgeModel,
    prompts: Prompts,
}

impl PairwiseJudge {
    /// Checks the options; nothing is called yet.
    ///
    /// # Errors
    /// [`JudgeError`] where criteria, demonstrations or templates cannot be used.
    pub fn new(options: PairwiseOptions) -> Result<Self, JudgeError> {
        if options.criteria.is_empty() {
            return Err(JudgeError::NoCriteria);
        }
        if let Some(empty) = options.criteria.iter().find(|it| it.question.trim().is_empty()) {
            return Err(JudgeError::NoQuestion(empty.id.clone()));
        }
        for (index, demonstration) in options.demonstrations.iter().enumerate() {
            if let Err(missing) = demonstration.pair.parts(&options.shown) {
                let reason = format!("`{missing}` is missing, which the judge sees");
                return Err(JudgeError::Demonstration { number: index + 1, reason });
            }
        }
        let prompts = Prompts::new(&options)?;
        let model = JudgeModel::new(options.model.clone());
        let judge = Self { options, model, prompts };
        // An undefined variable of a template shows here, and not in the middle of a comparison.
        let material = Material {
            input: Some(String::new()),
            context: Some(String::new()),
            reference: Some(String::new()),
            answer: String::new(),
        };
        judge.render(&PairMaterial { material, second: String::new() })?;
        Ok(judge)
    }

    /// Returns the judge's name.
    pub fn name(&self) -> &str {
        &self.options.name
    }

    /// Returns the model's name.
    pub fn model(&self) -> &str {
        &self.options.model.name
    }

    /// Returns what the judge sees beside the answers.
    pub fn shown(&self) -> &[Shown] {
        &self.options.shown
    }

    /// Returns the hash of all that can move a preference.
    pub fn version(&self) -> Digest {
        let options = &self.options;
        Digest::of_json(&json!({
            "protocol": PROTOCOL,
            "kind": "pairwise",
            "model": self.model.identity(),
            "criteria": options.criteria,
            "demonstrations": options.demonstrations,
            // The prompt has them in an order of its own.
            "shown": options.shown.iter().collect::<BTreeSet<_>>(),
            "background": options.background.as_deref().map(str::trim).filter(|text| !text.is_empty()),
            "system": text_of(options.system.as_ref(), PAIRWISE_SYSTEM),
            "prompt": text_of(options.prompt.as_ref(), PAIRWISE_USER),
            "again": text_of(None, AGAIN),
            "reasoning": options.reasoning,
        }))
    }

    /// Returns the conversation that would ask for a preference, with a code that anybody may know.
    ///
    /// # Errors
    /// [`JudgeError::Template`] where a template cannot be rendered.
    pub fn render(&self, pair: &PairMaterial) -> Result<Vec<ChatMessage>, JudgeError> {
        let parts = pair.parts(&self.options.shown).unwrap_or_default();
        self.prompts.conversation(&parts, &Nonce::of_demonstration(0))
    }

    /// Judges two answers in both orders; answers that are the same, but for space around them, are a tie, and nobody is asked.
    ///
    /// `label` says what the calls are for; another `sample` makes fresh ones.
    pub async fn compare(&self, pair: &PairMaterial, label: &str, sample: u32) -> PairMeasurement {
        let shown = &self.options.shown;
        let (given, swapped) = match (pair.parts(shown), pair.swapped().parts(shown)) {
            (Ok(given), Ok(swapped)) => (given, swapped),
            (Err(missing), _) | (_, Err(missing)) => {
                let reason = format!("has no {missing}, which the judge needs");
                return PairMeasurement::Skipped(reason);
            }
        };
        if pair.material.answer.trim() == pair.second.trim() {
            return PairMeasurement::Judged(PairJudgement::same());
        }
        // Both are asked to the end, whatever becomes of the other, so that a recording holds the same each time.
        let both = join(self.ask(&given, label, sample), self.ask(&swapped, label, sample));
        match Box::pin(both).await {
            (Ok(first), Ok(second)) => {
                let sways = [&pair.material.answer, &pair.second].map(|answer| {
                    let spans = swaying_spans(answer).into_iter();
                    spans.filter_map(|span| answer.get(span)).map(str::to_owned).collect()
                });
                PairMeasurement::Judged(PairJudgement::of([first, second], sways))
            }
            (Err(reason), _) | (_, Err(reason)) => PairMeasurement::Errored(reason),
        }
    }

    async fn ask(
        &self,
        parts: &[Part],
        label: &str,
        sample: u32,
    ) -> Result<OrderJudgement, String> {
        let (judge, model) = (self.options.name.as_str(), &self.model);
        let meter = Meter::new(judge, "");
        let asker = Asker { judge, model, label, sample, wants_choices: false, meter: &meter };
        let needs_reasoning = self.options.reasoning != Reasoning::None;
        let asked = asker.ask(&Pair { prompts: &self.prompts, parts, needs_reasoning }).await?;
        let ToldPreference { preferred, reasoning } = asked.read;
        let (model, fingerprint) = asked.model;
        Ok(OrderJudgement {
            preferred,
            reasoning,
            asked_again: asked.is_second,
            model,
            fingerprint,
        })
    }
}

/// Two answers in one order.
struct Pair<'a> {
    prompts: &'a Prompts,
    parts: &'a [Part],
    needs_reasoning: bool,
}

impl Request for Pair<'_> {
    type Read = ToldPreference;

    fn conversation(&self, nonce: &Nonce) -> Result<Vec<ChatMessage>, JudgeError> {
        self.prompts.conversation(self.parts, nonce)
    }

    fn schema(&self, nonce: &Nonce) -> Value {
        self.prompts.schema(nonce)
    }

    fn form(&self) -> String {
        // A schema with reasoning is another one than that without.
        self.needs_reasoning.to_string()
    }

    fn read(&self, judgement: &Judgement) -> Result<Self::Read, Malformed> {
        read_preference(&judgement.answer.text, &judgement.code, self.needs_reasoning)
    }
}
