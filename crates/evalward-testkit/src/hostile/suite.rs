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

/// What it is compared with, where two answers are judged.
const OTHER: &str = "You wait for a while.";

/// The file that keeps a comparison.
const COMPARED: &str = "compared.json";

/// A suite in a folder of its own, and the server that judges.
#[derive(Debug)]
pub struct HostileSuite {
    scratch: Scratch,
    model: FakeModel,
    verdict: Verdict,
    max_errored: f64,
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
    /// Sets up a suite with an example for each answer; `max_errored` is the share that its gate, or the comparison, tolerates.
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
        let others: Vec<(&str, &str)> = ids.iter().map(|id| (id.as_str(), OTHER)).collect();
        scratch.answers("others.jsonl", &others);
        scratch.file("evalward.toml", &suite(verdict, max_errored)).file("own.toml", OWN);
        let said = Arc::new(Mutex::new(BTreeMap::new()));
        let script = (answers.clone(), Arc::clone(&said));
        let model = FakeModel::answering(move |body| answer(&script.0, &script.1, body)).await;
        Self { scratch, model, verdict, max_errored, answers, said }
    }

    /// Judges the answers by the built binary: runs the suite, or compares two runs of it.
    pub fn run(&self, binary: &Path) -> Finished {
        let command = |arguments: &str| {
            let command = Invocation::new(binary, &self.scratch, arguments);
            command.env("JUDGE_URL", &self.model.address()).run()
        };
        if self.verdict != Verdict::Preference {
            return command("run --quiet --no-cache -j 16 --format json");
        }
        drop(command("--runs-dir first run --quiet").expect_code(0));
        drop(
            command("--runs-dir second run --quiet --set subject.recorded.file=others.jsonl")
                .expect_code(0),
        );
        let [first, second] = ["first", "second"].map(|folder| {
            let runs = std::fs::read_dir(self.scratch.path(folder)).expect("the run was kept");
            let run = runs.flatten().find(|it| it.path().join("manifest.json").is_file());
            run.expect("it is a run").path().display().to_string()
        });
        let finished = command(&format!(
            "judge compare {first} {second} --suite evalward.toml --quiet --no-cache -j 16 --format json --max-errored {}",
            self.max_errored
        ));
        self.scratch.file(COMPARED, &finished.stdout);
        finished
    }

    /// Returns what became of each example.
    pub fn judged(&self) -> Vec<Judged<'_>> {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let judged = |(id, outcome, cause): (String, String, String)| {
            let number = number_of(&id).expect("the id is ours");
            let said = said.get(&number).cloned().unwrap_or_default();
            Judged { answer: &self.answers[number], said, outcome, cause }
        };
        let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
        if self.verdict != Verdict::Preference {
            let rows = self.scratch.rows();
            let rows = rows.iter();
            return rows
                .map(|row| {
                    judged((text(row, "example_id"), text(row, "outcome"), text(row, "cause")))
                })
                .collect();
        }
        let compared: Value =
            serde_json::from_str(&self.scratch.read(COMPARED)).expect("a comparison is JSON");
        let pairs = compared["comparisons"].as_array().expect("it has comparisons");
        pairs.iter().map(|pair| judged(outcome_of(pair))).collect()
    }
}

/// Returns the example of a pair, what became of it as that of a run would be called, and why.
fn outcome_of(pair: &Value) -> (String, String, String) {
    let id = pair["example"].as_str().unwrap_or_default().to_owned();
    let result = &pair["result"];
    let outcome = match (&result["judged"]["preferred"], &result["errored"], &result["skipped"]) {
        (Value::String(preferred), ..) if preferred == "tie" => ("failed", ""),
        (Value::String(_), ..) => ("passed", ""),
        (_, Value::String(cause), _) => ("errored", cause.as_str()),
        (_, _, Value::String(cause)) => ("skipped", cause.as_str()),
        _ => ("lost", ""),
    };
    (id, outcome.0.to_owned(), outcome.1.to_owned())
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
        Verdict::Preference => "[metrics.short.constraints]\nlength = { words = { max = 80 } }\n",
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
    // Of two answers, the right one is preferred where it stands second: a hostile answer that were read as the same preference
    // would make it win.
    let places = texts.iter().find_map(|text| text.find(TRUTH).zip(text.find(OTHER)));
    if places.is_some_and(|(truth, other)| other < truth) {
        let answer = r#"{"code":"CODE","reasoning":"It is right.","preferred":"second"}"#;
        return Turn::says(answer.replace("CODE", code));
    }
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
