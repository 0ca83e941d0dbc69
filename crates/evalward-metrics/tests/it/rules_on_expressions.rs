//! Expressions over the example and the response.

use evalward_core::{Document, Example, Partition, Reply, Response, ToolCall, Usage};
use evalward_metrics::{Constraints, ExampleChecks};
use serde_json::json;

use crate::support::{by_rules, measure_reply, rules, written, written_error};

fn example() -> Example {
    let mut example = Example::new("e-1", Partition::Golden)
        .with_input("question", "How long?")
        .with_expected_output("30 days");
    example.metadata.insert("plan".to_owned(), json!("pro"));
    example.metadata.insert("seats".to_owned(), json!({"max": 5, "none": null}));
    example.tags = vec!["billing".to_owned()];
    example.context = vec![Document::from_text("Refunds take 30 days.")];
    example
}

fn reply() -> Reply {
    let call = ToolCall { id: None, name: "refund".to_owned(), arguments: json!({"amount": 4.5}) };
    let usage = Usage { output_tokens: Some(12), ..Usage::default() };
    let response = Response {
        tool_calls: vec![call],
        usage: Some(usage),
        ..Response::from_text("You have 30 days.")
    };
    Reply { response, latency_millis: 800, attempts: 1, cached: false }
}

#[track_caller]
fn check(expression: &str, expected: &str) {
    let rules = rules(json!({ "expression": expression }));
    let constraints = Constraints::new(&[("c".to_owned(), rules)]).unwrap();
    assert_eq!(written(&measure_reply(&constraints, &example(), &reply())), expected);
}

#[track_caller]
fn check_refused(expression: &str, expected: &str) {
    let rules = rules(json!({ "expression": expression }));
    let error = Constraints::new(&[("c".to_owned(), rules)]).unwrap_err();
    let error = written_error(&error);
    assert!(error.starts_with(expected), "{error}");
}

#[test]
fn an_expression_reads_the_example_and_the_response() {
    for expression in [
        "output|length < 40 and expected_output in output",
        "output|lower is startingwith('you')",
        "input.question|length == 9",
        "metadata.plan in ['pro', 'team'] and metadata.seats.max >= 5",
        "'trial' not in metadata or metadata.trial == true",
        "tool_calls|length == 1 and tool_calls[0].name == 'refund' and tool_calls[0].arguments.amount < 5",
        "usage.output_tokens <= 12 and latency_millis < 1000 and attempts == 1",
        "'billing' in tags and partition == 'golden' and id == 'e-1'",
        "context[0].text == 'Refunds take 30 days.' and retrieved|length == 0",
        "output is matching('^You .* \\\\d+ days\\\\.$')",
        "acceptable_outputs|length == 0 and steps|length == 0 and model is none",
        "output.split(' ')|length == 4 if false else true",
    ] {
        check(expression, "passed 1");
    }
    check("output|length > 100", "failed 0\nc: `output|length > 100` is not true");
}

#[test]
fn what_is_not_there_is_errored_and_never_compared() {
    for (expression, message) in [
        ("metadata.price != 3", "undefined value: there is no `price`"),
        ("usage.cost_usd < 1", "undefined value: there is no `cost_usd`"),
        ("tool_calls[3].name != 'x'", "undefined value: there is no item 3 in a list of 1"),
        ("output|length", "it is no yes or no, but of the kind number"),
        ("true and output", "it is no yes or no, but of the kind string"),
        ("output + 1 == 2", "invalid operation: "),
        ("output is matching('(')", "invalid operation: regex parse error"),
    ] {
        let rules = rules(json!({ "expression": expression }));
        let constraints = Constraints::new(&[("c".to_owned(), rules)]).unwrap();
        let measured = written(&measure_reply(&constraints, &example(), &reply()));
        let expected = format!("errored: c: `expression`: {message}");
        assert!(measured.starts_with(&expected), "{expression}: {measured}");
    }
}

#[test]
fn what_is_wrong_in_itself_is_refused_before_the_run() {
    check_refused(
        "outptu == 'x'",
        "compile `expression` of constraint `c`: `outptu` is no name here; there are `output`, `input`, ",
    );
    check_refused(
        "output ==",
        "compile `expression` of constraint `c`: syntax error: unexpected end of input",
    );
    check_refused(
        "output|lenght > 3",
        "compile `expression` of constraint `c`: unknown filter: filter lenght is unknown, at `lenght` (byte 7)",
    );
    check_refused(
        "range(9)|length > output|length",
        "compile `expression` of constraint `c`: `range` is no name here; ",
    );
    check_refused("output is shiny", "compile `expression` of constraint `c`: unknown test: ");
    check_refused("", "compile `expression` of constraint `c`: syntax error: ");
    check_refused(
        "1 < 2",
        "compile `expression` of constraint `c`, which could never fail: it reads nothing of the example or the response",
    );
    check_refused("false", "compile `expression` of constraint `c`, which could never hold: ");
}

#[test]
fn an_expression_that_does_too_much_is_stopped() {
    let expression = "(output * 1000000000)|length > 1";
    let measured = written(&by_rules(json!({ "expression": expression }), "some words"));
    assert!(measured.starts_with("errored: c: `expression`: "), "{measured}");
}

#[test]
fn an_expression_too_long_to_be_compiled_is_refused() {
    // Each part nests the tree of what stands before it, which a compiler that calls itself follows to the end of its stack.
    let chain = |parts: usize| format!("output == 'a'{}", " or 1".repeat(parts));
    let refused = "compile `expression` of constraint `c`: it has 500013 bytes; at most 2000 are compiled, so split it into several rules";
    check_refused(&chain(100_000), refused);
    // The deepest tree in so few bytes.
    let deep = format!("output|length{} == 0", "-1".repeat(990));
    let constraints = Constraints::new(&[("c".to_owned(), rules(json!({"expression": deep})))]);
    let measured = written(&measure_reply(&constraints.unwrap(), &example(), &reply()));
    assert!(measured.starts_with("failed 0\n"), "{measured}");
}

#[test]
fn checks_of_an_example_read_it_too() {
    let mut example = example();
    example.checks = Some(rules(json!({"expression": "metadata.seats.max|string in output"})));
    let measured = written(&measure_reply(&ExampleChecks, &example, &reply()));
    assert_eq!(measured, "failed 0\n`metadata.seats.max|string in output` is not true");
}
