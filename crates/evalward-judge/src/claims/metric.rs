//! The metric.

use std::ops::Range;

use evalward_core::{
    BoxFuture, ChatMessage, Digest, Example, Finite, Measured, Measurement, Metric, ReasonKind,
    Reply, Scale, Score,
};
use evalward_metrics::facts::Fact;
use futures::future::join_all;
use serde_json::{Value, json};

use super::check::{CheckedClaim, Tally, check_claims, coverage};
use super::facts::unfounded_facts;
use super::find::Searchable;
use super::prompts::Prompts;
use super::{ClaimLabel, ClaimPolicy, FactPolicy, HallucinationOptions};
use crate::JudgeError;
use crate::answer::{Malformed, read_claims};
use crate::ask::{Asked, Asker, Request};
use crate::error::check_samples;
use crate::meter::Meter;
use crate::model::{JudgeModel, Judgement};
use crate::nonce::Nonce;
use crate::prompt::{AGAIN, CLAIMS_SYSTEM, CLAIMS_USER, Material, Part, Shown, text_of};
use crate::sway::{ask_beside, sway_problem};

/// Raised with every change of how answers are read or facts are found, since each can move a score.
const PROTOCOL: u32 = 2;

/// Below this share of the answer's letters, what the claims leave out is told.
const LEAST_COVERAGE: f64 = 0.5;

/// The most claims and facts that the problems name.
const NAMED: usize = 5;

/// The most characters of a claim that a problem repeats.
const WORDS: usize = 200;

/// A judge that looks for what an answer states and its context does not bear out.
///
/// The model lists the claims with their labels and evidence; whether both stand where it says is looked up, and the score is the
/// share of the checkable claims that are borne out, computed here. Beside it, facts of the answer that stand neither in the context
/// nor in the input are found without any model. Min et al. (2023), "`FActScore`", equation 1, for the share.
#[derive(Debug)]
pub struct HallucinationJudge {
    options: HallucinationOptions,
    model: JudgeModel,
    prompts: Prompts,
    /// The hash of all that can move a score; every row tells it.
    version: Digest,
}

/// One sample of the judge.
struct Sample {
    claims: Vec<CheckedClaim>,
    tally: Tally,
}

impl HallucinationJudge {
    /// Checks the options; nothing is called yet.
    ///
    /// # Errors
    /// [`JudgeError`] where a demonstration or a template cannot be used.
    pub fn new(options: HallucinationOptions) -> Result<Self, JudgeError> {
        check_samples(options.samples)?;
        for (index, demonstration) in options.demonstrations.iter().enumerate() {
            check_demonstration(index + 1, demonstration)?;
        }
        let prompts = Prompts::new(&options)?;
        let model = JudgeModel::new(options.model.clone());
        let version = version(&options, &model);
        let judge = Self { options, model, prompts, version };
        judge.render(&Material {
            input: Some(String::new()),
            context: Some(String::new()),
            ..Material::default()
        })?;
        Ok(judge)
    }

    /// Returns the hash of all that can move a score.
    pub const fn version(&self) -> Digest {
        self.version
    }

    /// Returns the conversation that would ask for the claims of an answer, with a code that anybody may know.
    ///
    /// # Errors
    /// [`JudgeError::Template`] where a template cannot be rendered.
    pub fn render(&self, material: &Material) -> Result<Vec<ChatMessage>, JudgeError> {
        let parts = material.parts(&SHOWN).unwrap_or_default();
        self.prompts.conversation(&parts, &Nonce::of_demonstration(0))
    }

    async fn measure(&self, example: &Example, reply: &Reply, meter: &Meter) -> Measurement {
        let material = Material::of(example, reply);
        let Ok(parts) = material.parts(&SHOWN) else {
            return Measurement::Skipped("has no context, which the judge needs".to_owned());
        };
        if material.answer.trim().is_empty() {
            return Measurement::Skipped(
                "the output is empty, so that it claims nothing".to_owned(),
            );
        }
        let (context, input) =
            (material.context.unwrap_or_default(), material.input.unwrap_or_default());
        let facts = match self.options.policies.facts {
            FactPolicy::Off => Vec::new(),
            FactPolicy::Fail | FactPolicy::Report => {
                unfounded_facts(&material.answer, &[&context, &input])
            }
        };
        let claims = Claims {
            prompts: &self.prompts,
            parts: &parts,
            answer: Searchable::new(&material.answer),
            context: Searchable::new(&context),
        };
        let calls = (0..self.options.samples.get()).map(|sample| {
            let (judge, label) = (self.options.name.as_str(), example.id.as_str());
            let model = &self.model;
            let asker = Asker { judge, model, label, sample, wants_choices: false, meter };
            let claims = &claims;
            async move { asker.ask(claims).await }
        });
        // All are waited for, so that a recording holds each and the first that failed is told, whichever came back first.
        let (asked, swaying) = ask_beside(join_all(calls), &material.answer).await;
        match asked.into_iter().collect() {
            Ok(asked) => self.scored(asked, &facts, &material.answer, &swaying),
            Err(reason) => Measurement::Errored(reason),
        }
    }

    fn scored(
        &self,
        asked: Vec<Asked<Vec<CheckedClaim>>>,
        facts: &[Fact],
        answer: &str,
        swaying: &[Range<usize>],
    ) -> Measurement {
        let mut models = Vec::new();
        let asked_again = asked.iter().filter(|asked| asked.is_second).count();
        let mut samples = Vec::new();
        for Asked { read: claims, model: (model, fingerprint), .. } in asked {
            let model = json!({"model": model, "fingerprint": fingerprint});
            if !models.contains(&model) {
                models.push(model);
            }
            samples.push(Sample { tally: Tally::of(&claims, self.options.policies), claims });
        }
        let shares: Vec<f64> = samples.iter().filter_map(|sample| sample.tally.share()).collect();
        let facts_fail = self.options.policies.facts == FactPolicy::Fail && !facts.is_empty();
        let count = f64::from(u32::try_from(shares.len()).unwrap_or(u32::MAX));
        let value = match (shares.is_empty(), facts_fail) {
            (true, false) => {
                return Measurement::Skipped(
                    "the answer makes no claim that could be checked".to_owned(),
                );
            }
            (true, true) => 0.0,
            (false, _) => shares.iter().sum::<f64>() / count,
        };
        let failing = samples.iter().filter(|sample| sample.tally.failing > 0).count();
        // A sample that found nothing to check has no vote.
        let passed = !facts_fail && failing * 2 < shares.len();
        let spans = |span: &Range<usize>| json!([span.start, span.end]);
        let value = Finite::new(value).unwrap_or_default();
        let mut score = Score { passed: Some(passed), ..Score::fraction(value) }.with_detail(json!({
            "judge": self.options.name,
            "version": self.version().short(),
            "models": models,
            "asked_again": asked_again,
            "samples": samples.iter().map(|sample| sample.detail(answer)).collect::<Vec<_>>(),
            "facts": facts.iter().map(|fact| json!({"kind": fact.kind, "value": fact.value, "span": spans(&fact.span)})).collect::<Vec<_>>(),
            "sways": swaying.iter().map(spans).collect::<Vec<_>>(),
        }));
        for problem in self.problems(&samples, facts, answer) {
            score = score.with_problem(problem);
        }
        for span in swaying {
            score = score.with_problem(sway_problem(answer, span));
        }
        score.into()
    }

    /// Says what is not borne out; the first sample speaks for all.
    fn problems(&self, samples: &[Sample], facts: &[Fact], answer: &str) -> Vec<String> {
        let policies = self.options.policies;
        let mut problems = Vec::new();
        for fact in facts.iter().take(NAMED) {
            let words = answer.get(fact.span.clone()).unwrap_or_default();
            let kind = fact.kind;
            problems.push(format!(
                "the {kind} “{words}” stands neither in the context nor in the input"
            ));
        }
        let Some(sample) = samples.first() else { return problems };
        let is_bad = |claim: &&CheckedClaim| {
            claim.counts() && policies.of(claim.label).is_some_and(|it| it != ClaimPolicy::Accept)
        };
        for claim in sample.claims.iter().filter(is_bad).take(NAMED) {
            let words = claim.words();
            problems.push(match (claim.label, claim.evidence()) {
                (ClaimLabel::Contradicted, Some(evidence)) => {
                    format!("contradicted: “{words}”; the context says “{evidence}”")
                }
                (ClaimLabel::ReasonableInference, _) => format!("only inferred: “{words}”"),
                _ => format!("not supported: “{words}”"),
            });
        }
        let strange: Vec<&CheckedClaim> =
            sample.claims.iter().filter(|claim| claim.places.is_empty()).collect();
        if let Some(first) = strange.first() {
            let (count, all) = (strange.len(), sample.claims.len());
            let words: String = first.words().chars().take(WORDS).collect();
            problems.push(format!(
                "{count} of {all} claims of the judge do not stand in the answer and do not count, such as “{words}”"
            ));
        }
        if coverage(answer, &sample.claims) < LEAST_COVERAGE {
            problems.push("the judge's claims leave out most of the answer".to_owned());
        }
        problems
    }
}

impl Sample {
    fn detail(&self, answer: &str) -> Value {
        let Tally { checkable, accepted, failing } = self.tally;
        json!({
            "checkable": checkable,
            "accepted": accepted,
            "failing": failing,
            "coverage": coverage(answer, &self.claims),
            "claims": self.claims.iter().map(CheckedClaim::detail).collect::<Vec<_>>(),
        })
    }
}

/// What the judge sees.
pub(super) const SHOWN: [Shown; 2] = [Shown::Input, Shown::Context];

fn check_demonstration(
    number: usize,
    demonstration: &super::ClaimDemonstration,
) -> Result<(), JudgeError> {
    let refuse = |reason: String| Err(JudgeError::Demonstration { number, reason });
    let material = &demonstration.material;
    if let Err(missing) = material.parts(&SHOWN) {
        return refuse(format!("`{missing}` is missing, which the judge sees"));
    }
    if demonstration.claims.is_empty() {
        return refuse("it has no claim".to_owned());
    }
    let answer = Searchable::new(&material.answer);
    let context = Searchable::new(material.context.as_deref().unwrap_or_default());
    for claim in &demonstration.claims {
        if answer.find(&claim.claim).is_none() {
            return refuse(format!("the claim “{}” does not stand in its answer", claim.claim));
        }
        if let Some(evidence) = claim.evidence.as_ref().filter(|it| context.find(it).is_none()) {
            return refuse(format!("the evidence “{evidence}” does not stand in its context"));
        }
    }
    Ok(())
}

/// A request for the claims of an answer.
struct Claims<'a> {
    prompts: &'a Prompts,
    parts: &'a [Part],
    answer: Searchable,
    context: Searchable,
}

impl Request for Claims<'_> {
    type Read = Vec<CheckedClaim>;

    fn conversation(&self, nonce: &Nonce) -> Result<Vec<ChatMessage>, JudgeError> {
        self.prompts.conversation(self.parts, nonce)
    }

    fn schema(&self, nonce: &Nonce) -> Value {
        super::prompts::schema(nonce)
    }

    fn form(&self) -> String {
        // There is one.
        String::new()
    }

    fn read(&self, judgement: &Judgement) -> Result<Self::Read, Malformed> {
        let told = read_claims(&judgement.answer.text, &judgement.code)?;
        let claims = check_claims(told, &self.answer, &self.context);
        if claims.iter().any(CheckedClaim::counts) { Ok(claims) } else { Err(Malformed::NotQuoted) }
    }
}

/// Returns the hash of all that can move a score.
fn version(options: &HallucinationOptions, model: &JudgeModel) -> Digest {
    Digest::of_json(&json!({
        "protocol": PROTOCOL,
        "model": model.identity(),
        "demonstrations": options.demonstrations,
        "background": options.background.as_deref().map(str::trim).filter(|text| !text.is_empty()),
        "system": text_of(options.system.as_ref(), CLAIMS_SYSTEM),
        "prompt": text_of(options.prompt.as_ref(), CLAIMS_USER),
        "again": text_of(None, AGAIN),
        "samples": options.samples,
        "policies": options.policies,
    }))
}

impl Metric for HallucinationJudge {
    fn kind(&self) -> &'static str {
        "hallucination"
    }

    fn scale(&self) -> Scale {
        Scale::FRACTION
    }

    fn decides(&self) -> bool {
        true
    }

    fn has_veto(&self) -> bool {
        true
    }

    fn reason_kind(&self) -> ReasonKind {
        ReasonKind::Hallucination
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
