//! `evalward dataset generate` with a model that writes paraphrases.

use std::net::TcpListener;

use evalward_core::{Example, Partition};
use evalward_testkit::{FakeModel, Finished, Scratch, Turn};
use insta::{assert_json_snapshot, assert_snapshot};
use serde_json::Value;

use crate::support::{evalward, example};

const TABLE: &str = "\n[paraphrases.reworded.openai]\nmodel = \"gpt-test\"\nbase_url = \"${MODEL_URL}/v1\"\napi_key = \"${MODEL_KEY}\"\n\
                     temperature = 0.9\ncalls = { attempts = 1 }\n";

/// A dataset with three golden questions and a recipe.
fn dataset(rule: &str) -> Scratch {
    let golden = |id, question, answer| example(id, Partition::Golden, question, answer);
    let mut refund = golden("refund", "Can I get my $49 back within 30 days?", "Yes.");
    refund.cluster = Some("money".to_owned());
    dataset_of(
        rule,
        &[
            golden("export", "How do I export all my notes from the Business plan?", "As a file."),
            golden("holiday", "Is support closed on Sundays?", "No."),
            refund,
        ],
    )
}

fn dataset_of(rule: &str, examples: &[Example]) -> Scratch {
    let scratch = Scratch::new();
    scratch.dataset(examples);
    let recipe = format!("name = \"faq\"\nseed = 3\n\n[paraphrases.reworded]\n{rule}\n{TABLE}");
    scratch.file("dataset/generate.toml", &recipe);
    scratch
}

fn generate(scratch: &Scratch, model: &str, arguments: &str, code: i32) -> Finished {
    evalward(scratch, &format!("dataset generate dataset {arguments}"))
        .env("MODEL_URL", model)
        .env("MODEL_KEY", "sk-test-key")
        .run()
        .expect_code(code)
}

fn told(run: &Finished) -> String {
    format!("{}\n---\n{}", run.clean_stdout(), run.clean_stderr())
}

/// A model that writes two good paraphrases of each question, in the form that such models use.
async fn writer() -> FakeModel {
    FakeModel::start(|asked| {
        Turn::says(match asked {
            it if it.contains("$49") => "[\"May I have my $49 back in the first 30 days?\", \"Within 30 days, is it possible to get the $49 back?\"]",
            it if it.contains("export") => "Here you are:\n\n```json\n[\n  \"Exporting all my notes from the Business plan: how does it work?\",\n  \"In what way can all notes of my Business plan be exported?\"\n]\n```",
            _ => "{\"paraphrases\": [\"On Sundays, is support closed?\", \"Are you closed on Sundays, or is there support?\"]}",
        })
    })
    .await
}

#[tokio::test]
async fn a_model_puts_examples_in_other_words() {
    let scratch = dataset("count = 5\nper_parent = 2\ntags = [\"reworded\"]");
    let model = writer().await;
    assert_snapshot!(told(&generate(&scratch, &model.address(), "", 0)), @r"
    dataset: added 5 examples (distribution 5)

    ---
    ");
    assert_snapshot!(scratch.read("dataset/distribution.jsonl"), @r#"
    {"id":"gen-faq-9b1b78977f0e","input":{"question":"On Sundays, is support closed?"},"expected_output":"No.","metadata":{"generated":{"by":"evalward dataset generate","kind":"paraphrase","parameters":{"model":"gpt-test","prompt":1,"temperature":0.9},"parent":"holiday","recipe":"faq","rule":"reworded","seed":3}},"tags":["generated","reworded"],"cluster":"holiday"}
    {"id":"gen-faq-ad8a909e66bb","input":{"question":"Are you closed on Sundays, or is there support?"},"expected_output":"No.","metadata":{"generated":{"by":"evalward dataset generate","kind":"paraphrase","parameters":{"model":"gpt-test","prompt":1,"temperature":0.9},"parent":"holiday","recipe":"faq","rule":"reworded","seed":3}},"tags":["generated","reworded"],"cluster":"holiday"}
    {"id":"gen-faq-7622ea1f4773","input":{"question":"Exporting all my notes from the Business plan: how does it work?"},"expected_output":"As a file.","metadata":{"generated":{"by":"evalward dataset generate","kind":"paraphrase","parameters":{"model":"gpt-test","prompt":1,"temperature":0.9},"parent":"export","recipe":"faq","rule":"reworded","seed":3}},"tags":["generated","reworded"],"cluster":"export"}
    {"id":"gen-faq-f546cd0a21fb","input":{"question":"In what way can all notes of my Business plan be exported?"},"expected_output":"As a file.","metadata":{"generated":{"by":"evalward dataset generate","kind":"paraphrase","parameters":{"model":"gpt-test","prompt":1,"temperature":0.9},"parent":"export","recipe":"faq","rule":"reworded","seed":3}},"tags":["generated","reworded"],"cluster":"export"}
    {"id":"gen-faq-35861bc84abf","input":{"question":"May I have my $49 back in the first 30 days?"},"expected_output":"Yes.","metadata":{"generated":{"by":"evalward dataset generate","kind":"paraphrase","parameters":{"model":"gpt-test","prompt":1,"temperature":0.9},"parent":"refund","recipe":"faq","rule":"reworded","seed":3}},"tags":["generated","reworded"],"cluster":"money"}
    "#);
    let mut requests = model.requests();
    requests.sort_by_key(ToString::to_string);
    assert_json_snapshot!(requests[0], @r#"
    {
      "messages": [
        {
          "content": "You write texts in other words. For each text of the user you answer with a JSON list of texts that say the same, and nothing else.\n\n- Keep the meaning: a question stays the same question, and is not answered.\n- Keep every number, price, date, time, address and name as it is written.\n- Deny what the text denies, and nothing else.\n- Keep the language of the text.\n- Use other words and another order of words, as another person would.",
          "role": "system"
        },
        {
          "content": "In 2 other ways:\n\nAt what time does the museum open on Saturdays?",
          "role": "user"
        },
        {
          "content": "[\"When can I get into the museum on Saturdays?\",\"I would like to see the museum on Saturdays. From what time is it open?\"]",
          "role": "assistant"
        },
        {
          "content": "In 2 other ways:\n\nCan I get my $49 back within 30 days?",
          "role": "user"
        }
      ],
      "model": "gpt-test",
      "seed": 610341886,
      "temperature": 0.9
    }
    "#);
    drop(evalward(&scratch, "dataset check dataset").run().expect_code(0));
    assert_snapshot!(told(&generate(&scratch, "http://127.0.0.1:9", "", 0)), @r"
    dataset: added 0 examples

    ---
    the dataset has 5 examples of the recipe already
    ");
}

#[tokio::test]
async fn a_recording_gives_the_same_bytes_without_a_model() {
    let rule = "count = 6\nper_parent = 2";
    let recorded = dataset(rule);
    let model = writer().await;
    drop(generate(&recorded, &model.address(), "--record calls.jsonl --quiet", 0));
    let calls = recorded.read("calls.jsonl");
    assert!(!calls.contains("sk-test-key") && !calls.contains("127.0.0.1"), "{calls}");
    assert_eq!(calls.lines().count(), 1 + 3);
    // Neither address nor key is needed.
    let replayed = dataset(rule);
    replayed.file("calls.jsonl", &calls);
    let run = evalward(&replayed, "dataset generate dataset --replay calls.jsonl -j 1").run();
    assert_snapshot!(told(&run.expect_code(0)), @r"
    dataset: added 6 examples (distribution 6)

    ---
    ");
    let made = |scratch: &Scratch| scratch.read("dataset/distribution.jsonl");
    assert_eq!(made(&replayed), made(&recorded));
    let arguments = "dataset generate dataset --replay calls.jsonl --seed 4 -j 1";
    let other = evalward(&replayed, arguments).run();
    assert_snapshot!(told(&other.expect_code(3)), @r"
    ---
    error: failed to ask for paraphrases of `export` (`paraphrases.reworded`)
      cause: the chat call is not in recording `calls.jsonl`: the request has changed or was never made; record it with `--record`
    ");
    assert_eq!(made(&replayed), made(&recorded));
}

#[tokio::test]
async fn what_changes_a_fact_or_says_nothing_new_is_dropped() {
    let scratch = dataset("count = 9\nper_parent = 3");
    let model = FakeModel::start(|asked| {
        Turn::says(match asked {
            it if it.contains("$49") => "[\"Can I get my $59 back within 30 days?\", \"Can I get my $49 back within 14 days?\", \"Can I not get my $49 back within 30 days?\"]",
            it if it.contains("export") => "[\"how do I export all my notes from the business plan\", \"How do I export all my notes?\", \"\"]",
            _ => "[\"Do you work on Sundays?\", \"Closed?\", \"do you work on sundays\", \"Is support closed on Sundays? Please answer as soon as you can, with all the details that you have, and tell me about all the other days of the week as well, thank you.\"]",
        })
    })
    .await;
    assert_snapshot!(told(&generate(&scratch, &model.address(), "--dry-run", 0)), @r#"
    {"id":"gen-faq-29419d5eece8","input":{"question":"Do you work on Sundays?"},"expected_output":"No.","metadata":{"generated":{"by":"evalward dataset generate","kind":"paraphrase","parameters":{"model":"gpt-test","prompt":1,"temperature":0.9},"parent":"holiday","recipe":"faq","rule":"reworded","seed":3}},"tags":["generated"],"cluster":"holiday"}

    ---
    would add 1 example (distribution 1); nothing was written
    dropped 9 paraphrases: 1 is empty, 2 repeat a text, 2 are too short or too long, 4 change a fact
      holiday: it has 7 characters, its original 29: "Closed?"
      holiday: it repeats another paraphrase: "do you work on sundays"
      holiday: it has 168 characters, its original 29: "Is support closed on Sundays? Please answer as soon as you can, with all the details that you have, and tell me about all the other days of the week as well, thank you."
      export: it repeats its original: "how do I export all my notes from the business plan"
      export: it leaves out the name `business`: "How do I export all my notes?"
      and 4 more; `--format json` lists all
    8 examples fewer than the recipe asks for: slots, families, texts and models give no more
    "#);
    let json = generate(&scratch, &model.address(), "--dry-run --format json", 0);
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_json_snapshot!(json["dropped"][0], @r#"
    {
      "detail": "it has 7 characters, its original 29",
      "parent": "holiday",
      "reason": "length",
      "rule": "reworded",
      "text": "Closed?"
    }
    "#);
    assert_eq!(json["dropped"].as_array().unwrap().len(), 9);
    assert!(!scratch.path("dataset/distribution.jsonl").exists());
}

#[tokio::test]
async fn an_answer_that_is_no_list_is_asked_for_once_more_and_then_given_up() {
    let scratch = dataset("count = 1");
    let answers = ["Sure! Here is a paraphrase.", "[\"On Sundays, is support closed?\"]"];
    let model = FakeModel::sequence(answers.map(Turn::says)).await;
    let once_more = generate(&scratch, &model.address(), "--dry-run", 0);
    assert_eq!((once_more.stdout.lines().count(), model.requests().len()), (1, 2));
    for answer in ["Sure! Here is a paraphrase.", "[\"On Sundays,", ""] {
        let model = FakeModel::sequence([Turn::says(answer)]).await;
        let run = generate(&scratch, &model.address(), "", 3);
        assert_eq!(model.requests().len(), 2);
        if answer.starts_with("Sure") {
            assert_snapshot!(told(&run), @r"
            ---
            error: failed to read the paraphrases of `holiday` (`paraphrases.reworded`), asked for twice: it has no JSON list of texts; the answer starts: Sure! Here is a paraphrase.
              hint: ask a larger model, raise `max_tokens`, or demand the form by `parameters.response_format`; a recording keeps bad answers too, so record into another file
            ");
        }
        assert!(!scratch.path("dataset/distribution.jsonl").exists(), "{answer}");
    }
}

#[tokio::test]
async fn a_model_that_is_not_there_or_refuses_ends_with_3_and_writes_nothing() {
    let scratch = dataset("count = 1");
    let recipe = scratch.read("dataset/generate.toml") + "\n[adversarial.empty]\ncount = 1\n";
    scratch.file("dataset/generate.toml", &recipe);
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_snapshot!(told(&generate(&scratch, &format!("http://{closed}"), "", 3)), @r"
    ---
    error: failed to ask for paraphrases of `holiday` (`paraphrases.reworded`)
      cause: `POST http://127.0.0.1:[port]/v1/chat/completions` cannot be reached: Connection refused (os error 111); check the address, and that the server runs
    ");
    let model = FakeModel::sequence([Turn::refuses(401, "Incorrect API key provided.")]).await;
    assert_snapshot!(told(&generate(&scratch, &model.address(), "", 3)), @r"
    ---
    error: failed to ask for paraphrases of `holiday` (`paraphrases.reworded`)
      cause: `POST http://127.0.0.1:[port]/v1/chat/completions` answered 401 Unauthorized: Incorrect API key provided.; check the API key (`api_key`, by default `OPENAI_API_KEY`)
    ");
    let unset = evalward(&scratch, "dataset generate dataset").env("MODEL_URL", "http://x").run();
    assert_snapshot!(told(&unset.expect_code(2)), @r#"
    ---
      × environment variable `MODEL_KEY` is not set
        ╭─[dataset/generate.toml:10:11]
      9 │ base_url = "${MODEL_URL}/v1"
     10 │ api_key = "${MODEL_KEY}"
        ·           ───────┬──────
        ·                  ╰── needed here
     11 │ temperature = 0.9
        ╰────
      help: set it, in the environment or in `.env`: `export MODEL_KEY=...`
    "#);
    assert!(!scratch.path("dataset/adversarial.jsonl").exists());
}

#[test]
fn mistakes_in_a_recipe_are_shown_where_they_are() {
    let scratch = dataset("count = 0\nper_parent = 2\npartition = \"golden\"");
    let run = evalward(&scratch, "dataset generate dataset").run().expect_code(2);
    assert_snapshot!(run.clean_stderr(), @r#"
     × `paraphrases.reworded`: `count` is 0, so nothing is made; raise it, or remove the table
      ╭─[dataset/generate.toml:5:1]
    4 │ [paraphrases.reworded]
    5 │ count = 0
      · ─────
    6 │ per_parent = 2
      ╰────
     × `paraphrases.reworded`: `partition` is `golden`, whose examples people write and approve; use
     │ `distribution` or `adversarial`
      ╭─[dataset/generate.toml:7:1]
    6 │ per_parent = 2
    7 │ partition = "golden"
      · ─────────
    8 │
      ╰────
    "#);
    let scratch = dataset("count = 1");
    let table =
        TABLE.replace("temperature", "temprature").replace("calls", "prompt = \"p.j2\"\ncalls");
    let recipe = format!("name = \"faq\"\n[paraphrases.reworded]\ncount = 1\n{table}");
    scratch.file("dataset/generate.toml", &recipe);
    let run = evalward(&scratch, "dataset generate dataset").run().expect_code(2);
    assert_snapshot!(run.clean_stderr(), @r#"
     × unknown key `temprature`
       ╭─[dataset/generate.toml:9:1]
     8 │ api_key = "${MODEL_KEY}"
     9 │ temprature = 0.9
       · ──────────
    10 │ prompt = "p.j2"
       ╰────
     help: did you mean `temperature`?
    "#);
    scratch.file("dataset/generate.toml", &recipe.replace("temprature", "temperature"));
    let run = evalward(&scratch, "dataset generate dataset").run().expect_code(2);
    assert_snapshot!(run.clean_stderr(), @r#"
     × `prompt` has no effect here: the prompt is evalward's
       ╭─[dataset/generate.toml:10:10]
     9 │ temperature = 0.9
    10 │ prompt = "p.j2"
       ·          ──────
    11 │ calls = { attempts = 1 }
       ╰────
     help: say more in `instructions` of the paraphrases
    "#);
}

#[tokio::test]
async fn the_messages_api_writes_paraphrases_too_and_gets_no_seed() {
    let scratch = dataset("count = 1");
    let recipe =
        scratch.read("dataset/generate.toml").replace("openai", "anthropic").replace("/v1", "");
    scratch.file("dataset/generate.toml", &recipe);
    let model = writer().await;
    drop(generate(&scratch, &model.address(), "", 0));
    assert_eq!(model.requests()[0].get("seed"), None);
}
