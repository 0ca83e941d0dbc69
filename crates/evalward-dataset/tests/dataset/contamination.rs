//! Inputs that also stand in prompts and training files.

use std::fmt::Write as _;

use evalward_dataset::{
    Contamination, ContaminationOptions, TextFile, TextFileKind, check_contamination,
};
use insta::assert_snapshot;
use serde_json::json;

use crate::support::Sandbox;

fn search(sandbox: &Sandbox, files: &[&str]) -> Contamination {
    let files: Vec<TextFile> = files
        .iter()
        .map(|name| {
            let is_prompt = name.starts_with("prompt");
            let kind = if is_prompt { TextFileKind::Prompt } else { TextFileKind::Training };
            TextFile { path: sandbox.file(name), kind }
        })
        .collect();
    let options = ContaminationOptions::default();
    check_contamination(&sandbox.open(), &files, &options, &mut |_, _, _| {}).unwrap()
}

/// Looks for inputs in one file.
fn found(inputs: &[(&str, &str)], name: &str, content: &str) -> String {
    let line =
        |(id, text): &(&str, &str)| json!({"id": id, "input": {"q": text}}).to_string() + "\n";
    let examples: String = inputs.iter().map(line).collect();
    let sandbox = Sandbox::new(&[("adversarial.jsonl", &examples), (name, content)]);
    sandbox.show_report(&search(&sandbox, &[name]).report)
}

const QUESTIONS: [(&str, &str); 4] = [
    ("exact", "Which plans include API access?"),
    ("near", "Where can I find the invoice of last month, please?"),
    ("absent", "Can I pay by bank transfer in the second year?"),
    ("short", "API?"),
];

#[test]
fn a_prompt_gives_questions_away() {
    let prompt = "You answer questions about API? plans.\n\nQ: Where can I find\nan invoice of last month, please?\nA: …\n\
                  \nQ: which plans include\n   API access\nA: Business.\n\n{{ input.q }}\n";
    assert_snapshot!(found(&QUESTIONS, "prompt.md.j2", prompt), @r"
    adversarial.jsonl:1:1: error[contamination]: the input of `exact` stands in the prompt prompt.md.j2:7, word for word
      hint: take it out of one of them; the prompt gives the answer away
    adversarial.jsonl:2:1: warning[contamination]: the input of `near` nearly stands in the prompt prompt.md.j2:3 (0.84 of its 5-grams)
      hint: take it out of one of them; the prompt gives the answer away
    ");
}

#[test]
fn training_files_are_read_by_their_form() {
    let lines = concat!(
        "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}\n",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"Which plans\\ninclude API access?\"}]}\n",
        "no JSON: where can i find the invoice of last month please\n",
    );
    assert_snapshot!(found(&QUESTIONS, "train.jsonl", lines), @r"
    adversarial.jsonl:1:1: error[contamination]: the input of `exact` stands in the training file train.jsonl:2, word for word
      hint: take it out of one of them; the model may know the answer by heart
    adversarial.jsonl:2:1: error[contamination]: the input of `near` stands in the training file train.jsonl:3, word for word
      hint: take it out of one of them; the model may know the answer by heart
    ");
    let table = "question,answer\n\"Which plans include\nAPI access?\",Business\n\"So: where can I find the invoice of last month, please?\",x\n";
    assert_snapshot!(found(&QUESTIONS, "train.csv", table), @r"
    adversarial.jsonl:1:1: error[contamination]: the input of `exact` stands in the training file train.csv:2, word for word
      hint: take it out of one of them; the model may know the answer by heart
    adversarial.jsonl:2:1: error[contamination]: the input of `near` stands in the training file train.csv:4, word for word
      hint: take it out of one of them; the model may know the answer by heart
    ");
}

#[test]
fn parts_of_words_and_of_cells_do_not_make_an_input() {
    let question = [("q", "is my invoice")];
    assert_eq!(found(&question, "train.txt", "this my invoice, is my invoices"), "");
    assert_eq!(found(&question, "train.csv", "is my,invoice of old\n"), "");
}

#[test]
fn what_a_long_file_holds_is_found_wherever_it_stands() {
    let mut text = String::new();
    for number in 0..30_000 {
        writeln!(text, "Sentence {number} talks of something else, {}.", number * 7).unwrap();
        if number == 3_000 || number == 29_990 {
            let at = usize::from(number > 3_000);
            writeln!(text, "{}", QUESTIONS[at].1).unwrap();
        }
    }
    assert_snapshot!(found(&QUESTIONS, "train.txt", &text), @r"
    adversarial.jsonl:1:1: error[contamination]: the input of `exact` stands in the training file train.txt:3002, word for word
      hint: take it out of one of them; the model may know the answer by heart
    adversarial.jsonl:2:1: error[contamination]: the input of `near` stands in the training file train.txt:29993, word for word
      hint: take it out of one of them; the model may know the answer by heart
    ");
}

#[test]
fn odd_files_have_a_defined_result() {
    let huge = "a".repeat(10_000_000);
    assert_eq!(found(&QUESTIONS, "train.txt", &huge), "");
    let marks = "\u{301}".repeat(300_000);
    assert_eq!(found(&[("a", &marks)], "train.txt", "\u{202e}?!\u{300}"), "");
    let almost = format!("{}b ", "a".repeat(8_000)).repeat(200);
    assert_eq!(found(&[("a", &"a".repeat(9_000))], "train.txt", &almost).lines().count(), 2);
    assert_eq!(found(&[("empty", ""), ("marks", "?!?!?!?!?!?!?!?!")], "train.txt", ""), "");
}

#[test]
fn what_is_no_text_is_refused() {
    let line = "{\"id\":\"a\",\"input\":{\"q\":\"Which plans include API access?\"}}\n";
    let sandbox = Sandbox::new(&[("adversarial.jsonl", line), ("train.parquet", "PAR1\0\0")]);
    let refused = |name: &str| {
        let files = [TextFile { path: sandbox.file(name), kind: TextFileKind::Training }];
        let options = ContaminationOptions::default();
        let result = check_contamination(&sandbox.open(), &files, &options, &mut |_, _, _| {});
        sandbox.show_error(&result.unwrap_err())
    };
    assert_snapshot!(refused("train.parquet"), @r"
    failed to read `train.parquet`
      caused by: it is no text: unpack it, or convert it to JSON lines, CSV or text
    ");
    assert_snapshot!(refused("missing.txt"), @r"
    failed to read `missing.txt`
      caused by: No such file or directory (os error 2)
    ");
}

#[test]
fn inputs_that_share_all_their_pieces_are_told_of() {
    let question = "Where is my invoice, please tell me where is it";
    let examples: String = (0..100)
        .map(|number| {
            json!({"id": format!("e-{number}"), "input": {"q": question}}).to_string() + "\n"
        })
        .collect();
    let sandbox = Sandbox::new(&[("adversarial.jsonl", &examples), ("train.txt", question)]);
    let result = search(&sandbox, &["train.txt"]);
    assert_eq!((result.report.errors, result.crowded, result.short), (16, 84, 0));
}
