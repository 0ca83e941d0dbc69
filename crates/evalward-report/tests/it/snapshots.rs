//! Every format of a run with every outcome.

use crate::support::{FakeRun, mixed_run, row};
use evalward_core::{Document, Finite, Measurement, Partition, ToolCall};
use evalward_report::{Format, Options, example_detail};

#[test]
fn terminal() {
    insta::assert_snapshot!(mixed_run().render(Format::Terminal, &Options::default()));
}

#[test]
fn narrow_terminal_with_colour() {
    let options = Options { color: true, width: Some(80), ..Options::default() };
    let page = mixed_run().render(Format::Terminal, &options);
    insta::assert_snapshot!(page.replace('\u{1b}', "ESC"));
}

#[test]
fn json() {
    insta::assert_snapshot!(mixed_run().render(Format::Json, &Options::default()));
}

#[test]
fn junit() {
    insta::assert_snapshot!(mixed_run().render(Format::Junit, &Options::default()));
}

#[test]
fn markdown() {
    insta::assert_snapshot!(mixed_run().render(Format::Markdown, &Options::default()));
}

#[test]
fn detail_of_one_example() {
    let mut trial = mixed_run().rows.swap_remove(1);
    let response = trial.response.as_mut().unwrap();
    response.model = Some("gpt-4o-mini-2024-07-18".to_owned());
    response.context.push(Document {
        id: Some("kb/pricing.md".to_owned()),
        score: Some(Finite::new(0.8125).unwrap()),
        ..Document::from_text("Pro: 49 € a month.\nAPI access is included.")
    });
    response.tool_calls.push(ToolCall {
        id: None,
        name: "search".to_owned(),
        arguments: serde_json::json!({"query": "Pro plan"}),
    });
    trial
        .scores
        .insert("grounded".to_owned(), Measurement::Errored("the judge timed out".to_owned()));
    let mut out = Vec::new();
    example_detail(&trial, Some("user:\nWhat does it cost?"), &Options::default(), &mut out)
        .unwrap();
    insta::assert_snapshot!(String::from_utf8(out).unwrap());
}

#[test]
fn a_run_that_holds_is_short() {
    let run = FakeRun::new(vec![row("a-1", Partition::Golden).output("Fine.").passed()]);
    insta::assert_snapshot!(run.render(Format::Terminal, &Options::default()));
}
