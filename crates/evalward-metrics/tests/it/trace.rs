//! Tools, steps, time, tokens and money of an answer.

use evalward_core::{
    Example, Finite, Measurement, Metric, Reply, Response, Scale, ToolCall, Usage,
};
use evalward_metrics::{
    ArgumentMatch, Cost, CountedSteps, CountedTokens, Latency, StepCount, Tokens, ToolCallMatch,
    ToolCalls, ToolCallsOptions,
};
use serde_json::{Value, json};

use crate::support::{detail, example, measure_reply, written};

fn call(name: &str, arguments: Value) -> ToolCall {
    ToolCall { id: None, name: name.to_owned(), arguments }
}

/// Makes calls without arguments, one for each letter.
fn letters(names: &str) -> Vec<ToolCall> {
    names.chars().map(|name| call(&name.to_string(), json!({}))).collect()
}

fn expecting(calls: Value) -> Example {
    let mut example = example();
    example.metadata.insert("tool_calls".to_owned(), calls);
    example
}

fn measured(options: &ToolCallsOptions, example: &Example, calls: Vec<ToolCall>) -> Measurement {
    let reply = Reply::from(Response { tool_calls: calls, ..Response::default() });
    measure_reply(&ToolCalls::new(options).unwrap(), example, &reply)
}

fn matching(matching: ToolCallMatch) -> ToolCallsOptions {
    ToolCallsOptions { matching, ..ToolCallsOptions::default() }
}

/// Writes which kinds of match hold between expected and made calls, both one letter each.
fn holding(expected: &str, made: &str) -> String {
    let calls: Vec<Value> = expected.chars().map(|name| json!({"name": name})).collect();
    let example = expecting(json!(calls));
    [ToolCallMatch::Strict, ToolCallMatch::AnyOrder, ToolCallMatch::Subset, ToolCallMatch::Superset]
        .into_iter()
        .filter(|kind| measured(&matching(*kind), &example, letters(made)).passed() == Some(true))
        .map(|kind| format!("{kind:?}"))
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn each_kind_of_match_has_its_direction() {
    assert_eq!(holding("ab", "ab"), "Strict AnyOrder Subset Superset");
    assert_eq!(holding("ab", "ba"), "AnyOrder Subset Superset");
    assert_eq!(holding("ab", "a"), "Subset");
    assert_eq!(holding("ab", "abc"), "Superset");
    assert_eq!(holding("aab", "ab"), "Subset");
    assert_eq!(holding("ab", "aab"), "Superset");
    assert_eq!(holding("ab", "ac"), "");
    assert_eq!(holding("", ""), "Strict AnyOrder Subset Superset");
    assert_eq!(holding("", "a"), "Superset");
    assert_eq!(holding("a", ""), "Subset");
}

#[test]
fn what_is_wrong_is_told_call_by_call() {
    let expected = json!([
        {"name": "search", "arguments": {"query": "Pro plan", "limit": 5}},
        {"name": "refund", "arguments": {"order": {"id": "A-1"}, "amount": 49.0}},
        {"name": "notify"},
    ]);
    let made = vec![
        call("refund", json!({"amount": 59, "order": {"id": "A-1"}})),
        call("search", json!({"limit": 5, "query": "Pro plan"})),
        call("delete", json!({"all": true})),
    ];
    let measurement = measured(&ToolCallsOptions::default(), &expecting(expected), made);
    assert_eq!(
        written(&measurement),
        "failed 0\n`refund`: /amount is 59, expected 49.0\n`notify` was not called\n`delete` was called, which is not expected"
    );
    insta::assert_snapshot!(detail(&measurement), @r#"{"differing":[{"expected":"49.0","expected_call":1,"got":"59","made_call":0,"name":"refund","path":"/amount"}],"expected_calls":3,"in_order":false,"made_calls":3,"matched":1,"missing":[{"call":2,"name":"notify"}],"unexpected":[{"arguments":"{\"all\":true}","call":2,"name":"delete"}]}"#);
}

#[test]
fn a_wrong_order_is_told_as_such() {
    let example = expecting(json!([{"name": "a"}, {"name": "b"}]));
    let measurement = measured(&ToolCallsOptions::default(), &example, letters("ba"));
    assert_eq!(
        written(&measurement),
        "failed 0\nthe calls are right, their order is not: `b`, `a`; expected `a`, `b`"
    );
}

#[test]
fn arguments_are_compared_as_asked() {
    let example =
        expecting(json!([{"name": "pay", "arguments": {"to": {"iban": "X"}, "amount": 10}}]));
    let passes = |arguments, tolerance: f64, made: Value| {
        let tolerance = Finite::new(tolerance).unwrap();
        let options = ToolCallsOptions { arguments, tolerance, ..ToolCallsOptions::default() };
        measured(&options, &example, vec![call("pay", made)]).passed().unwrap()
    };
    let more = json!({"amount": 10, "to": {"iban": "X", "name": "Ann"}, "memo": ""});
    assert!(!passes(ArgumentMatch::Exact, 0.0, more.clone()));
    assert!(passes(ArgumentMatch::Subset, 0.0, more));
    assert!(!passes(ArgumentMatch::Subset, 0.0, json!({"amount": 10})));
    assert!(passes(ArgumentMatch::Ignore, 0.0, json!(null)));
    assert!(passes(ArgumentMatch::Exact, 0.5, json!({"amount": 10.5, "to": {"iban": "X"}})));
    assert!(!passes(ArgumentMatch::Exact, 0.4, json!({"amount": 10.5, "to": {"iban": "X"}})));
    assert!(passes(ArgumentMatch::Exact, 0.0, json!(r#"{"amount": 10, "to": {"iban": "X"}}"#)));
}

#[test]
fn calls_that_fit_several_are_assigned_so_that_all_fit() {
    let expected = json!([
        {"name": "f", "arguments": {"a": 1}},
        {"name": "f", "arguments": {"a": 1, "b": 2}},
    ]);
    let options = ToolCallsOptions {
        matching: ToolCallMatch::AnyOrder,
        arguments: ArgumentMatch::Subset,
        ..ToolCallsOptions::default()
    };
    let made = vec![call("f", json!({"a": 1, "b": 2})), call("f", json!({"a": 1, "c": 3}))];
    assert_eq!(written(&measured(&options, &expecting(expected), made)), "passed 1");
}

#[test]
fn without_expected_calls_there_is_nothing_to_compare_with() {
    let options = ToolCallsOptions::default();
    assert_eq!(
        written(&measured(&options, &example(), letters("a"))),
        "skipped: has no expected tool calls (`/metadata/tool_calls`)"
    );
    let wrong = expecting(json!({"name": "a"}));
    assert_eq!(
        written(&measured(&options, &wrong, letters("a"))),
        "errored: `/metadata/tool_calls` of the example is no list of {name, arguments}: invalid type: map, expected a sequence"
    );
}

#[test]
fn many_calls_end_in_a_score_or_at_the_limit() {
    let calls = |count: usize| json!(vec![json!({"name": "a"}); count]);
    let any = matching(ToolCallMatch::AnyOrder);
    assert_eq!(
        written(&measured(&any, &expecting(calls(500)), letters(&"a".repeat(500)))),
        "passed 1"
    );
    let measurement = measured(&any, &expecting(calls(2000)), letters(&"a".repeat(2000)));
    assert!(matches!(measurement, Measurement::Errored(_)));
}

fn told(usage: Option<Usage>) -> Reply {
    Reply {
        latency_millis: 120,
        attempts: 1,
        response: Response { usage, ..Response::default() },
        cached: false,
    }
}

#[track_caller]
fn check(metric: &dyn Metric, reply: &Reply, expected: &str) {
    assert_eq!(written(&measure_reply(metric, &example(), reply)), expected);
}

#[test]
fn amounts_are_read_from_the_reply() {
    let cost_usd = Finite::new(0.002).ok();
    let mut reply = told(Some(Usage { input_tokens: Some(30), output_tokens: Some(12), cost_usd }));
    reply.response.tool_calls = letters("ab");
    reply.response.steps = vec![json!({"thought": "x"}).as_object().unwrap().clone()];
    check(&Latency, &reply, "reported 120");
    check(&Tokens::default(), &reply, "reported 42");
    check(&Tokens { counted: CountedTokens::Input }, &reply, "reported 30");
    check(&Tokens { counted: CountedTokens::Output }, &reply, "reported 12");
    check(&Cost, &reply, "reported 0.002");
    check(&StepCount::default(), &reply, "reported 1");
    check(&StepCount { counted: CountedSteps::ToolCalls }, &reply, "reported 2");
    assert_eq!(Cost.scale(), Scale::AMOUNT);
}

#[test]
fn what_the_reply_does_not_tell_is_errored() {
    let silent = told(None);
    check(
        &Tokens::default(),
        &silent,
        "errored: the response does not say how many tokens its request took",
    );
    let half = told(Some(Usage { input_tokens: Some(1), ..Usage::default() }));
    check(
        &Tokens::default(),
        &half,
        "errored: the response does not say how many tokens its answer took",
    );
    check(
        &Cost,
        &half,
        "errored: the price of the answer is not known: neither the response nor the subject's `price` tells",
    );
    check(
        &StepCount::default(),
        &silent,
        "errored: the response tells no steps, so their number is not known",
    );
    check(&StepCount { counted: CountedSteps::ToolCalls }, &silent, "reported 0");
    let refund = told(Some(Usage { cost_usd: Finite::new(-0.5).ok(), ..Usage::default() }));
    check(
        &Cost,
        &refund,
        "errored: the response says that the answer cost -0.5 dollars, which is below 0",
    );
    let recorded = Reply::from(Response::from_text("x"));
    check(
        &Latency,
        &recorded,
        "errored: nothing was called, so the time of the answer is not known",
    );
    let replayed = Reply { latency_millis: 70, ..recorded };
    check(&Latency, &replayed, "reported 70");
}
