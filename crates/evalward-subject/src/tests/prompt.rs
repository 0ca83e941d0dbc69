//! A prompt with a fake model that repeats what it was asked.

use std::sync::Arc;

use evalward_core::{
    BoxFuture, CallError, ChatAnswer, ChatModel, ChatRequest, Document, Example, Finite, Partition,
};
use evalward_models::Tape;
use insta::assert_snapshot;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::outcome;
use crate::{PromptOptions, PromptSubject, TemplateSource};

/// Answers with the messages that it was sent.
#[derive(Debug)]
struct Parrot;

impl ChatModel for Parrot {
    fn complete<'a>(
        &'a self,
        request: &'a ChatRequest,
    ) -> BoxFuture<'a, Result<ChatAnswer, CallError>> {
        let said =
            |message: &evalward_core::ChatMessage| format!("{}: {}", message.role, message.content);
        let text = request.messages.iter().map(said).collect::<Vec<_>>().join(" | ");
        let model = Some(request.model.clone());
        Box::pin(async {
            Ok(ChatAnswer { text, model, attempts: 1, latency_millis: 5, ..ChatAnswer::default() })
        })
    }
}

fn template(text: &str) -> TemplateSource {
    TemplateSource { name: "prompts/support.md.j2".to_owned(), text: text.to_owned() }
}

fn options(system: Option<TemplateSource>, prompt: Option<TemplateSource>) -> PromptOptions {
    let temperature = Some(Finite::ZERO);
    PromptOptions { temperature, system, prompt, ..PromptOptions::new(Arc::new(Parrot), "m") }
}

fn example() -> Example {
    let mut example = Example::new("a-1", Partition::Golden)
        .with_input("question", "What is <this>?")
        .with_input("missing", Value::Null);
    example.context =
        vec![Document { id: Some("d".to_owned()), ..Document::from_text("Doc text") }];
    example
}

fn conversation(messages: Value) -> Example {
    Example::new("a-2", Partition::Golden).with_input("messages", messages)
}

async fn said(system: Option<&str>, prompt: Option<&str>, example: &Example) -> String {
    let options = options(system.map(template), prompt.map(template));
    let subject = PromptSubject::new(options).unwrap();
    match evalward_core::Subject::preflight(&subject, example) {
        Ok(()) => outcome(&subject, example).await,
        Err(reason) => reason,
    }
}

#[tokio::test]
async fn templates_see_input_context_and_id() {
    let prompt = "{{ id }}: {{ input.question }}\n{% for doc in context %}[{{ doc.id }}] {{ doc.text }}{% endfor %} {{ input | tojson }}\n";
    assert_snapshot!(said(Some("Be {{ 'kind' }}."), Some(prompt), &example()).await, @r#"{"output":"system: \"Be kind.\" | user: \"a-1: What is <this>?\\n[d] Doc text {\\\"missing\\\":null,\\\"question\\\":\\\"What is <this>?\\\"}\"","model":"m"} (1 attempts)"#);
}

#[tokio::test]
async fn conversations_follow_the_system_message() {
    let messages = json!([{"role": "user", "content": "Hi"}, {"role": "assistant", "content": null, "tool_calls": []}]);
    let example = conversation(messages);
    assert_snapshot!(said(None, Some("Be brief."), &example).await, @r#"{"output":"system: \"Be brief.\" | user: \"Hi\" | assistant: null","model":"m"} (1 attempts)"#);
    assert_snapshot!(said(Some("Be kind."), Some("unused"), &example).await, @r#"{"output":"system: \"Be kind.\" | user: \"Hi\" | assistant: null","model":"m"} (1 attempts)"#);
    assert_snapshot!(said(None, None, &example).await, @r#"{"output":"user: \"Hi\" | assistant: null","model":"m"} (1 attempts)"#);
}

#[tokio::test]
async fn what_is_undefined_or_null_is_told_before_any_call() {
    assert_snapshot!(said(None, Some("One\n{{ input.qestion }}"), &example()).await, @"template prompts/support.md.j2:2 cannot be rendered: `input.qestion` is undefined; example `a-1` offers `id`, `context`, `input.missing`, `input.question`; did you mean `input.question`?");
    assert_snapshot!(said(None, Some("{{ question }}"), &example()).await, @"template prompts/support.md.j2:1 cannot be rendered: `question` is undefined; example `a-1` offers `id`, `context`, `input.missing`, `input.question`; did you mean `input.question`?");
    assert_snapshot!(said(None, Some("{{ input.user.name }}"), &example()).await, @"template prompts/support.md.j2:1 cannot be rendered: `input.user` is undefined; example `a-1` offers `id`, `context`, `input.missing`, `input.question`");
    assert_snapshot!(said(None, Some("{{ input.missing }}"), &example()).await, @"template prompts/support.md.j2:1 cannot be rendered at `input.missing`: the value is null; give it a default or leave it out");
    assert_snapshot!(said(None, Some("{{ context[0].ref }}"), &example()).await, @"template prompts/support.md.j2:1 cannot be rendered: `context[0].ref` is undefined; example `a-1` offers `id`, `context`, `input.missing`, `input.question`");
    assert_snapshot!(said(None, Some("{{ input.question | nofilter }}"), &example()).await, @"template prompts/support.md.j2:1 cannot be rendered at `nofilter`: filter nofilter is unknown");
    assert_snapshot!(said(None, None, &example()).await, @"example `a-1` has no `input.messages`, and the subject has no `prompt` to make a message from");
}

#[tokio::test]
async fn messages_are_checked() {
    for (messages, expected) in [
        (json!([]), "`input.messages` must be a list of messages with at least one"),
        (json!("Hi"), "`input.messages` must be a list of messages with at least one"),
        (json!([{"content": "Hi"}]), "`input.messages[0]` needs a `role`"),
        (json!([{"role": "user"}]), "`input.messages[0]` needs a `content`"),
        (
            json!([{"role": "user", "content": "Hi"}, {"role": "usr", "content": "Hi"}]),
            "`input.messages[1]` has role `usr`; known are system, developer, user, assistant, tool, function",
        ),
        (
            json!([{"role": "user", "content": [{"text": "Hi"}]}]),
            "`input.messages[0]` needs a `content` that is a text or a list of parts with a `type`",
        ),
    ] {
        assert_eq!(said(None, None, &conversation(messages)).await, expected);
    }
}

#[test]
fn a_template_that_cannot_be_parsed_names_file_and_line() {
    let error = PromptSubject::new(options(None, Some(template("One\n{% if %}")))).unwrap_err();
    assert_snapshot!(error, @"failed to read template at prompts/support.md.j2:2: unexpected end of block");
}

#[tokio::test]
async fn a_recording_replays_without_the_model() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("calls.jsonl");
    let subject = |tape| {
        PromptSubject::new(PromptOptions {
            tape,
            ..options(None, Some(template("{{ input.question }}")))
        })
        .unwrap()
    };
    let tape = Tape::record(&path).unwrap();
    let live = subject(tape.clone());
    let reply = evalward_core::Subject::respond(&live, &example()).await.unwrap();
    tape.finish().unwrap();
    assert_snapshot!(std::fs::read_to_string(&path).unwrap().lines().last().unwrap(), @r#"{"key":"83a39346e33d3f920e6d6d323a5f4e86ac78d09d3da0d184875f4d9b867c2071","kind":"chat","for":"a-1","request":{"messages":[{"content":"What is <this>?","role":"user"}],"model":"m","temperature":0.0},"sample":0,"answer":{"model":"m","text":"user: \"What is <this>?\""},"latency_millis":5}"#);
    let replay = subject(Tape::replay(&path).unwrap());
    let replayed = evalward_core::Subject::respond(&replay, &example()).await.unwrap();
    assert_eq!(
        (replayed.response, replayed.latency_millis, replayed.attempts),
        (reply.response, 5, 0)
    );
    let other = example().with_input("question", "Another?");
    assert_snapshot!(outcome(&replay, &other).await.replace(&*folder.path().to_string_lossy(), "FOLDER"), @"Unrecorded: the chat call is not in recording `FOLDER/calls.jsonl`: the request has changed or was never made; record it with `--record`");
}
