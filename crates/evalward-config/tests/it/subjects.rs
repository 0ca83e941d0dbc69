//! Subjects that cannot be built: addresses, secrets, templates, files.

use insta::assert_snapshot;

use crate::support::{Folder, SOUND};

/// Renders what is wrong with a subject's table.
fn broken(subject: &str) -> String {
    let (before, rest) = SOUND.split_once("[subject.openai]").unwrap();
    let (_, after) = rest.split_once("\n[metrics").unwrap();
    Folder::with(&format!("{before}{subject}\n[metrics{after}")).subject_diagnostics()
}

#[test]
fn variables_that_are_not_set_are_all_told() {
    let subject = "[subject.openai]\nmodel = \"m\"\nprompt = \"prompt.j2\"\nbase_url = \"${BASE}\"\napi_key = \"${KEY}\"\n";
    assert_snapshot!(broken(subject), @r#"
     × environment variable `BASE` is not set
      ╭─[suite.toml:8:12]
    7 │ prompt = "prompt.j2"
    8 │ base_url = "${BASE}"
      ·            ────┬────
      ·                ╰── needed here
    9 │ api_key = "${KEY}"
      ╰────
     help: set it, in the environment or in `.env`: `export BASE=...`
     × environment variable `KEY` is not set
       ╭─[suite.toml:9:11]
     8 │ base_url = "${BASE}"
     9 │ api_key = "${KEY}"
       ·           ────┬───
       ·               ╰── needed here
    10 │
       ╰────
     help: set it, in the environment or in `.env`: `export KEY=...`
    "#);
}

#[test]
fn a_second_request_that_would_never_be_sent_is_told() {
    let calls = "calls = { timeout = \"5s\", hedge_after = \"5s\" }";
    let subject = format!("[subject.openai]\nmodel = \"m\"\nprompt = \"prompt.j2\"\n{calls}\n");
    assert_snapshot!(broken(&subject), @r#"
     × failed to use a `hedge_after` of 5s: it is not shorter than `timeout`, which is 5s
      ╭─[suite.toml:8:41]
    7 │ prompt = "prompt.j2"
    8 │ calls = { timeout = "5s", hedge_after = "5s" }
      ·                                         ────
    9 │
      ╰────
     help: take a time that 19 of 20 answers stay below
    "#);
}

#[test]
fn an_address_that_is_none_is_told() {
    assert_snapshot!(broken("[subject.http]\nurl = \"${HOST}:8000\"\n"), @r#"

     × failed to set up the subject: failed to read the address: its scheme is `localhost`, not http or https
      ╭─[suite.toml:6:7]
    5 │ [subject.http]
    6 │ url = "${HOST}:8000"
      ·       ──────────────
    7 │
      ╰────
    "#);
    assert_snapshot!(broken("[subject.http]\nurl = \"http://x\"\nmethod = \"DELETE\"\n"), @r#"
     × `DELETE` is not one of GET, POST, PUT, PATCH
      ╭─[suite.toml:5:2]
    4 │
    5 │ [subject.http]
      ·  ───────
    6 │ url = "http://x"
      ╰────
    "#);
    assert_snapshot!(broken("[subject.http]\nurl = \"http://x\"\noutput = \"answer\"\n"), @r#"
     × failed to read JSON pointer `answer` for `output`: it is neither empty nor starts with `/`
      ╭─[suite.toml:6:7]
    5 │ [subject.http]
    6 │ url = "http://x"
      ·       ──────────
    7 │ output = "answer"
      ╰────
     help: write it as `/choices/0/text`, or `""` for the whole
    "#);
}

#[test]
fn templates_are_told_with_their_place() {
    assert_snapshot!(broken("[subject.openai]\nmodel = \"m\"\nprompt = \"nowhere.j2\"\n"), @r#"
     × failed to read `nowhere.j2`: No such file or directory (os error 2)
      ╭─[suite.toml:7:10]
    6 │ model = "m"
    7 │ prompt = "nowhere.j2"
      ·          ────────────
    8 │
      ╰────
     help: name a file, relative to the suite
    "#);
    let suite = Folder::with(SOUND).file("prompt.j2", "Answer:\n{{ input.question \n");
    assert_snapshot!(suite.subject_diagnostics(), @r#"

     × failed to read template at prompt.j2:2: unexpected end of input, expected end of variable block
      ╭─[suite.toml:7:10]
    6 │ model = "gpt-4o-mini"
    7 │ prompt = "prompt.j2"
      ·          ───────────
    8 │
      ╰────
    "#);
}

#[test]
fn a_command_needs_a_program() {
    assert_snapshot!(broken("[subject.command]\ncommand = []\n"), @"
     × failed to set up the subject: failed to read the command: it is empty
      ╭─[suite.toml:6:11]
    5 │ [subject.command]
    6 │ command = []
      ·           ──
    7 │
      ╰────
    ");
}

#[test]
fn recorded_answers_must_be_there_and_sound() {
    assert_snapshot!(broken("[subject.recorded]\nfile = \"nowhere.jsonl\"\n"), @r#"

     × failed to read responses from `nowhere.jsonl`: No such file or directory (os error 2)
      ╭─[suite.toml:6:8]
    5 │ [subject.recorded]
    6 │ file = "nowhere.jsonl"
      ·        ───────────────
    7 │
      ╰────
    "#);
    let recorded = "[subject.recorded]\nfile = \"answers.jsonl\"\n";
    let (before, rest) = SOUND.split_once("[subject.openai]").unwrap();
    let (_, after) = rest.split_once("\n[metrics").unwrap();
    let suite = format!("{before}{recorded}\n[metrics{after}");
    let with =
        |answers: &str| Folder::with(&suite).file("answers.jsonl", answers).subject_diagnostics();
    assert_snapshot!(with("{\"id\":\"a\",\"output\":\"x\"}\n{\"id\":\"a\",\n"), @r#"

     × failed to read a response at answers.jsonl:2: EOF while parsing a value at line 2 column 0
      ╭─[suite.toml:6:8]
    5 │ [subject.recorded]
    6 │ file = "answers.jsonl"
      ·        ───────────────
    7 │
      ╰────
     help: a line is `{"id": …, "output": …}`, `{"id": …, "response": {…}}`, or a row of
           `results.jsonl`
    "#);
    assert_snapshot!(with("{\"id\":\"a\",\"output\":\"x\"}\n{\"id\":\"a\",\"output\":\"y\"}\n"), @r#"
     × failed to read responses from `answers.jsonl`: lines 1 and 2 both answer `a`
      ╭─[suite.toml:6:8]
    5 │ [subject.recorded]
    6 │ file = "answers.jsonl"
      ·        ───────────────
    7 │
      ╰────
     help: keep one line for each example
    "#);
}
