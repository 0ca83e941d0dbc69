//! Examples in other words, by a model that says what a test wants.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};

use evalward_core::{
    BoxFuture, CallError, CallErrorKind, ChatAnswer, ChatModel, ChatRequest, Example, Finite,
};
use evalward_dataset::{
    DropReason, GenerateOptions, Generated, ParaphraseError, Paraphrases, Recipe, generate,
    keep_paraphrases, plan_paraphrases, similarity,
};
use insta::{assert_json_snapshot, assert_snapshot};
use proptest::prelude::*;

use crate::support::Sandbox;

const EXAMPLES: &str = concat!(
    "{\"id\":\"d-invoice\",\"input\":{\"question\":\"Where can I find the invoice of last month?\"},\"expected_output\":\"Under Billing.\",\"acceptable_outputs\":[\"In Billing.\"],\"context\":[{\"text\":\"Invoices are under Billing.\"}],\"checks\":{\"includes_all\":[\"billing\"]},\"metadata\":{\"category\":\"billing\"},\"tags\":[\"billing\"]}\n",
    "{\"id\":\"d-long\",\"input\":{\"question\":\"???\"}}\n",
    "{\"id\":\"d-plan\",\"input\":{\"question\":\"Which plans include API access for all teams?\"},\"expected_output\":\"Business.\",\"cluster\":\"plans\"}\n",
);

const RECIPE: &str = "name = \"support\"\nseed = 7\n\n[paraphrases.reworded]\ncount = 4\nper_parent = 2\nfrom = [\"distribution\"]\n\
                      tags = [\"reworded\"]\ninstructions = \"Write as a customer.\"\nopenai = { model = \"m\", api_key = \"sk-secret\" }\n";

type Script = dyn Fn(&ChatRequest) -> Result<String, CallError> + Send + Sync;

/// A model that answers at once.
struct Scripted {
    script: Box<Script>,
    requests: Mutex<Vec<ChatRequest>>,
}

impl std::fmt::Debug for Scripted {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Scripted").finish_non_exhaustive()
    }
}

impl Scripted {
    fn new(
        script: impl Fn(&ChatRequest) -> Result<String, CallError> + Send + Sync + 'static,
    ) -> Self {
        Self { script: Box::new(script), requests: Mutex::default() }
    }

    fn saying(text: &str) -> Self {
        let text = text.to_owned();
        Self::new(move |_| Ok(text.clone()))
    }

    fn requests(&self) -> Vec<ChatRequest> {
        self.requests.lock().unwrap().clone()
    }
}

impl ChatModel for Scripted {
    fn complete<'a>(
        &'a self,
        request: &'a ChatRequest,
    ) -> BoxFuture<'a, Result<ChatAnswer, CallError>> {
        Box::pin(async move {
            self.requests.lock().unwrap().push(request.clone());
            let text = (self.script)(request)?;
            Ok(ChatAnswer { text, ..ChatAnswer::default() })
        })
    }
}

/// Returns what a future comes to that waits for nothing.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the model answers at once"),
    }
}

fn no_numbers_change(original: &str, other: &str) -> Option<String> {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    (digits(original) != digits(other)).then(|| "it has other digits".to_owned())
}

fn sandbox() -> Sandbox {
    Sandbox::new(&[("distribution.jsonl", EXAMPLES), ("generate.toml", RECIPE)])
}

fn recipe(sandbox: &Sandbox) -> Recipe {
    Recipe::read(&sandbox.file("generate.toml")).unwrap()
}

fn ask(sandbox: &Sandbox, model: &Scripted) -> Result<Paraphrases, ParaphraseError> {
    let request = ChatRequest {
        model: "m".to_owned(),
        temperature: Some(Finite::new(0.9).unwrap()),
        ..ChatRequest::default()
    };
    let requests = BTreeMap::from([("reworded".to_owned(), request)]);
    let recipe = recipe(sandbox);
    let tasks = plan_paraphrases(&sandbox.open(), &recipe, &requests).unwrap();
    let answers = tasks.into_iter().map(|task| now(task.ask(model)));
    let answers = answers.collect::<Result<Vec<_>, _>>()?;
    Ok(keep_paraphrases(&recipe, &answers, &no_numbers_change).unwrap())
}

fn made(sandbox: &Sandbox, model: &Scripted) -> Generated {
    let options =
        GenerateOptions { paraphrases: ask(sandbox, model).unwrap(), ..GenerateOptions::default() };
    generate(&sandbox.open(), &recipe(sandbox), &options, &mut |_, _, _| {}).unwrap()
}

fn reworder() -> Scripted {
    Scripted::new(|request| {
        let text = request.messages[3].content.as_str().unwrap();
        Ok(if text.contains("invoice") {
            "[\"How do I get to last month's invoice?\", \"I need the invoice of last month, where is it?\"]"
        } else {
            "Here you are:\n```json\n[\"All my teams need API access, which plans have it?\"]\n```"
        }
        .to_owned())
    })
}

#[test]
fn paraphrases_keep_what_is_expected_and_say_how_they_were_made() {
    let sandbox = sandbox();
    let made = made(&sandbox, &reworder());
    let lines: String = made.examples.iter().map(|example| example.to_line() + "\n").collect();
    assert_snapshot!(lines, @r#"
    {"id":"gen-support-ca4ec093f6dd","input":{"question":"All my teams need API access, which plans have it?"},"expected_output":"Business.","metadata":{"generated":{"by":"evalward dataset generate","kind":"paraphrase","parameters":{"instructions":"Write as a customer.","model":"m","prompt":1,"temperature":0.9},"parent":"d-plan","recipe":"support","rule":"reworded","seed":7}},"tags":["generated","reworded"],"cluster":"plans"}
    {"id":"gen-support-f26289760987","input":{"question":"How do I get to last month's invoice?"},"expected_output":"Under Billing.","acceptable_outputs":["In Billing."],"context":[{"text":"Invoices are under Billing."}],"checks":{"includes_all":["billing"]},"metadata":{"generated":{"by":"evalward dataset generate","kind":"paraphrase","parameters":{"instructions":"Write as a customer.","model":"m","prompt":1,"temperature":0.9},"parent":"d-invoice","recipe":"support","rule":"reworded","seed":7}},"tags":["generated","reworded"],"cluster":"d-invoice"}
    {"id":"gen-support-190d0a78493d","input":{"question":"I need the invoice of last month, where is it?"},"expected_output":"Under Billing.","acceptable_outputs":["In Billing."],"context":[{"text":"Invoices are under Billing."}],"checks":{"includes_all":["billing"]},"metadata":{"generated":{"by":"evalward dataset generate","kind":"paraphrase","parameters":{"instructions":"Write as a customer.","model":"m","prompt":1,"temperature":0.9},"parent":"d-invoice","recipe":"support","rule":"reworded","seed":7}},"tags":["generated","reworded"],"cluster":"d-invoice"}
    "#);
    assert_eq!((made.missing, made.present, made.dropped.len()), (1, 0, 0));
    assert_eq!(sandbox.findings(), "");
}

#[test]
fn the_model_is_told_what_to_keep() {
    let model = reworder();
    drop(made(&sandbox(), &model));
    let requests = model.requests();
    assert_eq!(requests.len(), 2, "a text without a word cannot be said otherwise");
    assert_snapshot!(requests[0].messages[0].content.as_str().unwrap(), @r"
    You write texts in other words. For each text of the user you answer with a JSON list of texts that say the same, and nothing else.

    - Keep the meaning: a question stays the same question, and is not answered.
    - Keep every number, price, date, time, address and name as it is written.
    - Deny what the text denies, and nothing else.
    - Keep the language of the text.
    - Use other words and another order of words, as another person would.
    - Write as a customer.
    ");
    let said = requests[0].messages.iter().skip(1).map(|message| message.content.as_str().unwrap());
    assert_snapshot!(said.collect::<Vec<_>>().join("\n---\n"), @r#"
    In 2 other ways:

    At what time does the museum open on Saturdays?
    ---
    ["When can I get into the museum on Saturdays?","I would like to see the museum on Saturdays. From what time is it open?"]
    ---
    In 2 other ways:

    Which plans include API access for all teams?
    "#);
    assert_json_snapshot!(requests[0].parameters, @r#"
    {
      "seed": 293010375
    }
    "#);
    assert_ne!(requests[0].parameters, requests[1].parameters);
}

#[test]
fn what_the_dataset_has_is_not_asked_for_again() {
    let sandbox = sandbox();
    let first = made(&sandbox, &reworder());
    let model = reworder();
    let second = made(&sandbox, &model);
    assert_eq!((second.examples.len(), second.present, second.missing), (0, 3, 1));
    assert_eq!(model.requests().len(), 1, "only the parent with one of two is asked for");
    assert_eq!(first.examples.len(), 3);
    let model = Scripted::saying(
        "[\"All my teams need API access, which plans have it?\", \"Is there API access for all teams in some plans?\"]",
    );
    let third = made(&sandbox, &model);
    assert_eq!((third.examples.len(), third.present, third.missing), (1, 3, 0));
    assert_eq!(third.dropped, []);
}

#[test]
fn what_does_not_hold_is_dropped_with_its_reason() {
    let model = Scripted::saying(
        "[\"\", \" ?! \", \"WHERE can I find the invoice of last month\", \"Invoice?\", \"Where is the invoice of month 7?\", \"The invoice of last month is here.\", \
         \"Where did the invoice of last month go?\", \"where did the invoice of last month go\"]",
    );
    let sandbox = sandbox();
    let recipe = RECIPE.replace("count = 4", "count = 2");
    sandbox.write("generate.toml", recipe);
    let dropped: Vec<String> = (made(&sandbox, &model).dropped)
        .iter()
        .map(|it| format!("{:?} {it}\n", it.reason))
        .collect();
    assert_snapshot!(dropped.concat(), @r#"
    Empty d-plan: it is empty: ""
    Empty d-plan: it is empty: "?!"
    Statement d-plan: it asks nothing: "WHERE can I find the invoice of last month"
    Length d-plan: it has 8 characters, its original 45: "Invoice?"
    Facts d-plan: it has other digits: "Where is the invoice of month 7?"
    Statement d-plan: it asks nothing: "The invoice of last month is here."
    Repeated d-plan: it repeats another paraphrase: "where did the invoice of last month go"
    "#);
    assert_eq!(DropReason::Facts.told(1), "1 changes a fact");
    assert_eq!(DropReason::Repeated.told(2), "2 repeat a text");
}

#[test]
fn a_bad_answer_is_asked_for_once_more() {
    let answers = Mutex::new(vec!["[\"Where is the last invoice, please?\"]", "Certainly!"]);
    let model = Scripted::new(move |_| Ok(answers.lock().unwrap().pop().unwrap().to_owned()));
    let sandbox = sandbox();
    sandbox.write("generate.toml", RECIPE.replace("count = 4", "count = 1"));
    assert_eq!(made(&sandbox, &model).examples.len(), 1);
    let requests = model.requests();
    assert_eq!(requests[1].messages[..4], requests[0].messages[..]);
    assert_json_snapshot!(requests[1].messages[4..], @r#"
    [
      {
        "role": "assistant",
        "content": "Certainly!"
      },
      {
        "role": "user",
        "content": "Your answer cannot be read: it has no JSON list of texts. Answer again, with one JSON list of texts and nothing else."
      }
    ]
    "#);
}

#[test]
fn a_model_that_cannot_be_read_or_asked_is_an_error() {
    let sandbox = sandbox();
    let refused = ["Sure, I can help!", "", "[]", "[1, 2]"]
        .map(|answer| ask(&sandbox, &Scripted::saying(answer)).unwrap_err().to_string());
    assert_snapshot!(refused.join("\n"), @r"
    failed to read the paraphrases of `d-plan` (`paraphrases.reworded`), asked for twice: it has no JSON list of texts; the answer starts: Sure, I can help!
    failed to read the paraphrases of `d-plan` (`paraphrases.reworded`), asked for twice: it has no JSON list of texts; the answer starts: 
    failed to read the paraphrases of `d-plan` (`paraphrases.reworded`), asked for twice: its JSON list is empty; the answer starts: []
    failed to read the paraphrases of `d-plan` (`paraphrases.reworded`), asked for twice: it has no JSON list of texts; the answer starts: [1, 2]
    ");
    let gone = || CallError::new(CallErrorKind::Unreachable, "nobody is there");
    let error = ask(&sandbox, &Scripted::new(move |_| Err(gone()))).unwrap_err();
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(cause, "nobody is there");
    assert_eq!(sandbox.read("distribution.jsonl"), EXAMPLES);
}

#[test]
fn a_recipe_does_not_show_its_secrets() {
    let shown = format!("{:?}", recipe(&sandbox()));
    assert!(!shown.contains("sk-secret"), "{shown}");
}

fn question(example: &Example) -> &str {
    example.input["question"].as_str().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_is_answered_only_what_holds_is_kept(
        texts in proptest::collection::vec("[a-eA-E ?7\u{301}\u{0}]{0,40}|Where is the invoice of (last )?month 7?", 1..6),
    ) {
        let model = Scripted::saying(&serde_json::to_string(&texts).unwrap());
        let sandbox = sandbox();
        let first = made(&sandbox, &model);
        let mut seen = BTreeSet::new();
        for example in &first.examples {
            let text = question(example);
            prop_assert!(!text.trim().is_empty());
            prop_assert!(no_numbers_change("", text).is_none());
            let parent = example.metadata["generated"]["parent"].as_str().unwrap().to_owned();
            let is_parent = |it: &Example| it.id.as_str() == parent;
            let original = sandbox.open().all_examples().map(|it| it.unwrap().value).find(is_parent);
            prop_assert!(similarity(example, &original.unwrap()) < 1.0);
            prop_assert!(seen.insert((parent, text.to_lowercase())));
        }
        let made_count = u64::try_from(first.examples.len()).unwrap();
        prop_assert_eq!(made_count + first.missing + first.near_duplicates, 4);
        // The same answers add nothing, and what was kept is there to the byte.
        let before = sandbox.read("distribution.jsonl");
        let second = made(&sandbox, &model);
        prop_assert_eq!(second.examples.len(), 0);
        prop_assert_eq!(sandbox.read("distribution.jsonl"), before);
    }
}
