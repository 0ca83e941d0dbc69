//! Asking for the samples of one answer.

use std::collections::BTreeMap;

use evalward_core::{ChatMessage, Finite};
use futures::future::try_join_all;

use super::prompts::Prompts;
use super::weighted::weighted_score;
use super::{AbsoluteOptions, CriteriaCalls, Reasoning, Scoring};
use crate::answer::{Malformed, Verdict, read_absolute};
use crate::criterion::Criterion;
use crate::model::{JudgeModel, Judgement, Question};
use crate::nonce::Nonce;
use crate::prompt::Part;

/// How much of an answer that could not be used is kept, in characters.
const RAW: usize = 2000;

/// How much of it the model is shown again, in characters.
const SHOWN_AGAIN: usize = 4000;

/// What one sample says of one criterion.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    pub(super) verdict: Verdict,
    /// The weighted score, where the server told the probabilities.
    pub(super) weighted: Option<Finite>,
}

/// What all samples say.
#[derive(Debug, Default)]
pub(super) struct Samples {
    /// The samples of each criterion.
    pub(super) criteria: BTreeMap<String, Vec<Sample>>,
    /// The models that answered, as the server names them, with their fingerprints.
    pub(super) models: Vec<(Option<String>, Option<String>)>,
    /// How many answers could be used only when they were asked for again.
    pub(super) asked_again: u32,
}

struct Group {
    verdicts: BTreeMap<String, Sample>,
    model: (Option<String>, Option<String>),
    asked_again: bool,
}

/// Judges an answer as often as the options say, or says as a sentence why that failed.
pub(super) async fn take_samples(
    options: &AbsoluteOptions,
    model: &JudgeModel,
    prompts: &Prompts,
    parts: &[Part],
    label: &str,
) -> Result<Samples, String> {
    let groups: Vec<Vec<&Criterion>> = match options.calls {
        CriteriaCalls::Together => vec![options.criteria.iter().collect()],
        CriteriaCalls::Separately => {
            options.criteria.iter().map(|criterion| vec![criterion]).collect()
        }
    };
    let asker = Asker { options, model, prompts, parts, label };
    let calls = (0..options.samples.get())
        .flat_map(|sample| groups.iter().map(move |group| (sample, group)))
        .map(|(sample, group)| asker.ask(group, sample));
    let mut samples = Samples::default();
    for group in try_join_all(calls).await? {
        for (criterion, sample) in group.verdicts {
            samples.criteria.entry(criterion).or_default().push(sample);
        }
        if !samples.models.contains(&group.model) {
            samples.models.push(group.model);
        }
        samples.asked_again += u32::from(group.asked_again);
    }
    Ok(samples)
}

#[derive(Clone, Copy)]
struct Asker<'a> {
    options: &'a AbsoluteOptions,
    model: &'a JudgeModel,
    prompts: &'a Prompts,
    parts: &'a [Part],
    label: &'a str,
}

impl Asker<'_> {
    async fn ask(self, criteria: &[&Criterion], sample: u32) -> Result<Group, String> {
        let nonce = Nonce::random().map_err(|error| error.to_string())?;
        let failed =
            |error: crate::JudgeError| format!("failed to write the judge's prompt: {error}");
        let conversation =
            self.prompts.conversation(criteria, self.parts, &nonce).map_err(failed)?;
        let first = self.call(conversation, nonce, criteria, sample).await?;
        let reason = match self.read(&first, criteria) {
            Ok(group) => return Ok(group),
            Err(reason) => reason,
        };
        // The conversation goes on under the code that the first answer was asked with, which a replay takes from the recording.
        let mut conversation =
            self.prompts.conversation(criteria, self.parts, &first.code).map_err(failed)?;
        let said: String = first.answer.text.chars().take(SHOWN_AGAIN).collect();
        conversation.push(ChatMessage::text("assistant", said));
        conversation.push(self.prompts.again(&reason.to_string(), &first.code).map_err(failed)?);
        let second = self.call(conversation, first.code, criteria, sample).await?;
        match self.read(&second, criteria) {
            Ok(group) => Ok(Group { asked_again: true, ..group }),
            Err(reason) => {
                let raw: String = second.answer.text.chars().take(RAW).collect();
                Err(format!("the judge's answer could not be used, twice: {reason}; it was: {raw}"))
            }
        }
    }

    async fn call(
        self,
        messages: Vec<ChatMessage>,
        nonce: Nonce,
        criteria: &[&Criterion],
        sample: u32,
    ) -> Result<Judgement, String> {
        let schema = self.prompts.schema(criteria, &nonce);
        let wants_choices = self.options.scoring == Scoring::Weighted;
        let label = self.label;
        let question = Question { messages, nonce, schema, wants_choices, sample, label };
        self.model
            .ask(&question)
            .await
            .map_err(|error| format!("failed to ask judge `{}`: {error}", self.options.name))
    }

    fn read(self, judgement: &Judgement, criteria: &[&Criterion]) -> Result<Group, Malformed> {
        let Judgement { code, answer } = judgement;
        let needs_reasoning = self.options.reasoning != Reasoning::None;
        let verdicts = read_absolute(&answer.text, code, criteria, needs_reasoning)?;
        let sample = |criterion: &&Criterion| {
            let verdict = verdicts[&criterion.id].clone();
            let weighted = match self.options.scoring {
                Scoring::Weighted => weighted_score(answer, criterion),
                Scoring::Said => None,
            };
            (criterion.id.clone(), Sample { verdict, weighted })
        };
        Ok(Group {
            verdicts: criteria.iter().map(sample).collect(),
            model: (answer.model.clone(), answer.fingerprint.clone()),
            asked_again: false,
        })
    }
}
