//! A suite whose judge gives one hostile answer for each example.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use evalward_core::{Document, Example, Partition};
use serde_json::Value;

use super::{HostileAnswer, Verdict};
use crate::{FakeModel, Finished, Invocation, Scratch, Turn};

/// What the context says, and every answer that is judged.
const TRUTH: &str = "Refunds take five days.";

/// A suite in a folder of its own, and the server that judges.
#[derive(Debug)]
pub struct HostileSuite {
    scratch: Scratch,
    model: FakeModel,
    answers: Vec<HostileAnswer>,
    said: Arc<Mutex<BTreeMap<usize, String>>>,
}

/// What became of an example.
#[derive(Clone, Debug)]
pub struct Judged<'a> {
    /// What the judge answered.
    pub answer: &'a HostileAnswer,
    /// The words that it said at last.
    pub said: String,
    /// `passed`, `failed`, `errored` or `skipped`.
    pub outcome: String,
    /// Why it errored or was skipped.
    pub cause: String,
}

impl Judged<'_> {
    /// Says what is wrong with what became of it; nothing where all is well.
    pub fn problem(&self) -> Option<String> {
        let allowed = match self.outcome.as_str() {
            "errored" => true,
            "failed" | "skipped" => self.answer.may_fail,
            _ => false,
        };
        if !allowed {
            return Some(format!("it became {}", self.outcome));
        }
        // What a body that is no chat answer starts with is told on one line.
        let raw: String = match self.answer.turn {
            Turn::Raw(_) => {
                self.said.split(['\n', '\r']).next().unwrap_or_default().chars().take(40).collect()
            }
            _ => self.said.chars().take(1000).collect(),
        };
        let is_kept = self.outcome != "errored" || self.cause.contains(&raw);
        (!is_kept).then(|| "its text is not kept".to_owned())
    }
}

impl HostileSuite {
    /// Sets up a suite with an example for each answer; `max_errored` is the share that its gate tolerates.
    pub async fn new(verdict: Verdict, answers: Vec<HostileAnswer>, max_errored: f64) -> Self {
        let scratch = Scratch::new();
        let ids: Vec<String> =
            (0..answers.len()).map(|number| format!("case-{number:04}")).collect();
        let examples: Vec<Example> = ids
            .iter()
            .map(|id| {
                let mut example = Example::new(id, Partition::Distribution)
                    .with_input("question", format!("How long does a refund take? ({id})"));
                example.context = vec![Document::from_text(TRUTH)];
                example
            })
            .collect();
        let recorded: Vec<(&str, &str)> = ids.iter().map(|id| (id.as_str(), TRUTH)).collect();
        scratch.dataset(&examples).answers("answers.jsonl", &recorded);
        scratch.file("evalward.toml", &suite(verdict, max_errored)).file("own.toml", OWN);
        let said = Arc::new(Mutex::new(BTreeMap::new()));
        let script = (answers.clone(), Arc::clone(&said));
        let model = FakeModel::answering(move |body| answer(&script.0, &script.1, body)).await;
        Self { scratch, model, answers, said }
    }

    /// Runs the suite by the built binary.
    pub fn run(&self, binary: &Path) -> Finished {
        Invocation::new(binary, &self.scratch, "run --quiet --no-cache -j 16 --format json")
            .env("JUDGE_URL", &self.model.address())
            .run()
    }

    /// Returns what became of each example of the run.
    pub fn judged(&self) -> Vec<Judged<'_>> {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let mut judged = Vec::new();
        for row in self.scratch.rows() {
            let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
            let number = number_of(&text("example_id")).expect("the id is ours");
            judged.push(Judged {
                answer: &self.answers[number],
                said: said.get(&number).cloned().unwrap_or_default(),
                outcome: text("outcome"),
                cause: text("cause"),
            });
        }
        judged
    }
}

const OWN: &str = r#"[judge.absolute]
shown = ["input", "context"]
reasoning = "short"

[judge.absolute.criteria.quality]
question = "Is the answer right?"
anchors = { 1 = "It is wrong.", 2 = "Hardly.", 3 = "In part.", 4 = "Mostly.", 5 = "It is right." }
"#;

fn suite(verdict: Verdict, max_errored: f64) -> String {
    let metric = match verdict {
        Verdict::Score => {
            "[metrics.judged.judge]\njudge = \"own.toml\"\nsamples = 1\nthreshold = 4\n"
        }
        Verdict::Claims => "[metrics.judged.hallucination]\njudge = \"faithfulness\"\n",
    };
    format!(
        "[suite]\nname = \"hostile\"\ndataset = \"dataset\"\n\n[subject.recorded]\nfile = \"answers.jsonl\"\n\n\
         [judges.model.openai]\nmodel = \"judge-1\"\nbase_url = \"${{JUDGE_URL}}/v1\"\n\n{metric}\n\
         [gates.distribution]\npass_rate = 0.01\nmax_errored = {max_errored}\n"
    )
}

fn number_of(text: &str) -> Option<usize> {
    let (_, after) = text.split_once("case-")?;
    after.get(..4)?.parse().ok()
}

/// Says what the script has for the example that a request is about, under the code of the request.
fn answer(answers: &[HostileAnswer], said: &Mutex<BTreeMap<usize, String>>, body: &Value) -> Turn {
    let texts = body["messages"].as_array().into_iter().flatten();
    let texts: Vec<&str> = texts.filter_map(|message| message["content"].as_str()).collect();
    let found = texts.iter().find_map(|text| number_of(text));
    let code = texts.iter().rev().find_map(|text| {
        let (_, after) = text.split_once("The code of this request is ")?;
        after.split('.').next()
    });
    let (Some(number), Some(code)) = (found, code) else {
        return Turn::refuses(500, "the request is about no example");
    };
    let (turn, text) = match &answers[number].turn {
        Turn::Says(text) => {
            let text = text.replace("CODE", code);
            (Turn::Says(text.clone()), text)
        }
        Turn::Raw(text) => (Turn::Raw(text.clone()), text.clone()),
        other => (other.clone(), String::new()),
    };
    // Only the start is looked at later.
    let start = text.chars().take(2000).collect();
    said.lock().unwrap_or_else(PoisonError::into_inner).insert(number, start);
    turn
}
