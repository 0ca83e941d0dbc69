//! A judge's answer below the first NUL, with `CODE` for the code of its request, about an answer above it: through the readers of
//! every kind of judge.

#![no_main]

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use evalward_core::{
    BoxFuture, CallError, ChatAnswer, ChatModel, ChatRequest, Document, Example, Finite, Metric,
    Partition, Reply, Response, TokenChoice,
};
use evalward_fuzz::{check_measurement, now};
use evalward_judge::{
    AbsoluteJudge, AbsoluteOptions, Criterion, HallucinationJudge, HallucinationOptions,
    JudgeModelOptions, Material, PairMaterial, PairwiseCriterion, PairwiseJudge, PairwiseOptions,
    StructuredOutput,
};
use evalward_models::Tape;
use libfuzzer_sys::fuzz_target;

/// A model that says what it was given last, and was undecided at each digit.
#[derive(Debug, Default)]
struct Saying(Mutex<String>);

impl ChatModel for Saying {
    fn complete<'a>(
        &'a self,
        request: &'a ChatRequest,
    ) -> BoxFuture<'a, Result<ChatAnswer, CallError>> {
        let users = request.messages.iter().rev().filter_map(|message| message.content.as_str());
        let code = users.filter_map(|text| text.split_once("The code of this request is ")).next();
        let code = code.and_then(|(_, after)| after.split('.').next()).unwrap_or_default();
        let said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let text = said.replace("CODE", code);
        let choice = |(start, letter): (usize, char)| TokenChoice {
            start,
            token: letter.to_string(),
            likeliest: [(letter.to_string(), -0.5), ("1".to_owned(), -1.2)]
                .into_iter()
                .filter_map(|(token, logarithm)| Some((token, Finite::new(logarithm).ok()?)))
                .collect(),
        };
        let choices = text.char_indices().filter(|(_, letter)| letter.is_ascii_digit());
        let choices = choices.map(choice).collect();
        Box::pin(async move { Ok(ChatAnswer { text, choices, ..ChatAnswer::default() }) })
    }
}

static SAYING: LazyLock<Arc<Saying>> = LazyLock::new(Arc::default);

struct Judges {
    metrics: [Box<dyn Metric>; 2],
    pairwise: PairwiseJudge,
}

static JUDGES: LazyLock<Judges> = LazyLock::new(|| {
    let known = "the options are constants";
    let model = || JudgeModelOptions {
        chat: SAYING.clone(),
        name: "fuzz".to_owned(),
        temperature: None,
        max_tokens: None,
        parameters: serde_json::Map::new(),
        structured_output: StructuredOutput::Prompt,
        tape: Tape::live(),
        kept: None,
    };
    let anchors = (1..=5).map(|score| (score, format!("meaning {score}"))).collect();
    let tone = Criterion::new("tone", "How is the tone?", anchors).expect(known);
    let absolute = AbsoluteJudge::new(AbsoluteOptions::new("fuzz", model(), vec![tone]));
    let claims = HallucinationJudge::new(HallucinationOptions::new("fuzz", model()));
    let better =
        PairwiseCriterion { id: "better".to_owned(), question: "Which is better?".to_owned() };
    let pairwise = PairwiseJudge::new(PairwiseOptions::new("fuzz", model(), vec![better]));
    Judges {
        metrics: [Box::new(absolute.expect(known)), Box::new(claims.expect(known))],
        pairwise: pairwise.expect(known),
    }
});

fuzz_target!(|text: &str| {
    let (output, said) = text.split_once('\0').unwrap_or(("It has five seats.", text));
    said.clone_into(&mut SAYING.0.lock().unwrap_or_else(PoisonError::into_inner));
    let mut example = Example::new("fuzz", Partition::Golden).with_input("question", "What?");
    example.context = vec![Document::from_text(format!("It has five seats for $49.99. {output}"))];
    let reply = Reply::from(Response::from_text(output));
    for metric in &JUDGES.metrics {
        let measurement = now(metric.score(&example, &reply));
        check_measurement(&measurement, output);
        // A pass rests on an object that repeats the code of its request.
        assert!(measurement.score().is_none() || said.contains("CODE"), "{measurement:?}");
        for sample in samples(&measurement) {
            let claims = sample["claims"].as_array().into_iter().flatten();
            for place in claims.flat_map(|claim| claim["places"].as_array()).flatten() {
                let end = |index: usize| usize::try_from(place[index].as_u64()?).ok();
                let words = end(0).zip(end(1)).and_then(|(start, end)| output.get(start..end));
                assert!(words.is_some(), "{place} in {output:?}");
            }
        }
    }
    let material = Material {
        input: Some("What?".to_owned()),
        answer: output.to_owned(),
        ..Material::default()
    };
    let second = "It has four seats.".to_owned();
    drop(now(JUDGES.pairwise.compare(&PairMaterial { material, second }, "fuzz", 0)));
});

fn samples(measurement: &evalward_core::Measurement) -> Vec<serde_json::Value> {
    let detail = measurement.score().and_then(|score| score.detail.as_ref());
    detail.and_then(|detail| detail["samples"].as_array()).cloned().unwrap_or_default()
}
