//! Asking for the samples of one answer.

use std::collections::BTreeMap;

use evalward_core::{ChatMessage, Finite};
use futures::future::join_all;
use serde_json::Value;

use super::prompts::Prompts;
use super::weighted::weighted_score;
use super::{AbsoluteOptions, CriteriaCalls, Reasoning, Scoring};
use crate::JudgeError;
use crate::answer::{Malformed, Verdict, read_absolute};
use crate::ask::{Asker, Request};
use crate::criterion::Criterion;
use crate::meter::Meter;
use crate::model::{JudgeModel, Judgement};
use crate::nonce::Nonce;
use crate::prompt::Part;

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

/// Who is asked, for what and in which words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asking<'a> {
    pub(super) options: &'a AbsoluteOptions,
    pub(super) model: &'a JudgeModel,
    pub(super) prompts: &'a Prompts,
}

/// Judges an answer as often as the options say, or says as a sentence why that failed.
pub(super) async fn take_samples(
    asking: Asking<'_>,
    parts: &[Part],
    label: &str,
    meter: &Meter,
) -> Result<Samples, String> {
    let Asking { options, model, prompts } = asking;
    let groups: Vec<Vec<&Criterion>> = match options.calls {
        CriteriaCalls::Together => vec![options.criteria.iter().collect()],
        CriteriaCalls::Separately => {
            options.criteria.iter().map(|criterion| vec![criterion]).collect()
        }
    };
    let calls = (0..options.samples.get())
        .flat_map(|sample| groups.iter().map(move |group| (sample, group)))
        .map(|(sample, group)| async move {
            let wants_choices = options.scoring == Scoring::Weighted;
            let judge = options.name.as_str();
            let asker = Asker { judge, model, label, sample, wants_choices, meter };
            asker.ask(&Group { options, prompts, parts, criteria: group }).await
        });
    // Of a known number, which are waited for without an allocation each.
    let calls: Vec<_> = calls.collect();
    let mut samples = Samples::default();
    // All are waited for, so that a recording holds each and the first that failed is told, whichever came back first.
    for group in join_all(calls).await {
        let group = group?;
        for (criterion, sample) in group.read {
            samples.criteria.entry(criterion).or_default().push(sample);
        }
        if !samples.models.contains(&group.model) {
            samples.models.push(group.model);
        }
        samples.asked_again += u32::from(group.is_second);
    }
    Ok(samples)
}

/// The criteria that are asked for in one call.
struct Group<'a> {
    options: &'a AbsoluteOptions,
    prompts: &'a Prompts,
    parts: &'a [Part],
    criteria: &'a [&'a Criterion],
}

impl Request for Group<'_> {
    type Read = BTreeMap<String, Sample>;

    fn conversation(&self, nonce: &Nonce) -> Result<Vec<ChatMessage>, JudgeError> {
        self.prompts.conversation(self.criteria, self.parts, nonce)
    }

    fn schema(&self, nonce: &Nonce) -> Value {
        self.prompts.schema(self.criteria, nonce)
    }

    fn form(&self) -> String {
        self.prompts.form_with_scores(self.criteria)
    }

    fn read(&self, judgement: &Judgement) -> Result<Self::Read, Malformed> {
        let Judgement { code, answer, .. } = judgement;
        let needs_reasoning = self.options.reasoning != Reasoning::None;
        let verdicts = read_absolute(&answer.text, code, self.criteria, needs_reasoning)?;
        let sample = |criterion: &&Criterion| {
            let verdict = verdicts[&criterion.id].clone();
            let weighted = match self.options.scoring {
                Scoring::Weighted => weighted_score(answer, criterion),
                Scoring::Said => None,
            };
            (criterion.id.clone(), Sample { verdict, weighted })
        };
        Ok(self.criteria.iter().map(sample).collect())
    }
}
