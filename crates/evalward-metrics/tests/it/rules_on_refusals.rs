//! Refusals, on answers that were labelled by hand.

use serde::Deserialize;
use serde_json::json;

use crate::support::{by_rules, first_rule, written};

#[derive(Deserialize)]
struct Labelled {
    output: String,
    refusal: bool,
}

fn is_found(output: &str) -> bool {
    by_rules(json!({"refusal": true}), output).passed() == Some(true)
}

#[test]
fn precision_and_recall_on_labelled_answers() {
    let lines = include_str!("../fixtures/refusals.jsonl").lines();
    let labelled: Vec<Labelled> = lines.map(|line| serde_json::from_str(line).unwrap()).collect();
    let (refusals, answers): (Vec<_>, Vec<_>) = labelled.iter().partition(|one| one.refusal);
    let missed: Vec<&str> = refusals
        .iter()
        .filter(|one| !is_found(&one.output))
        .map(|one| one.output.as_str())
        .collect();
    let wrong: Vec<&str> =
        answers.iter().filter(|one| is_found(&one.output)).map(|one| one.output.as_str()).collect();
    assert_eq!((refusals.len(), answers.len()), (60, 60));
    insta::assert_snapshot!(format!("missed:\n{}\nwrong:\n{}", missed.join("\n"), wrong.join("\n")), @"
    missed:
    I'm only able to answer questions about our products, and this is not something I can help with.
    Hmm, I do not think I should do this.
    That is something I am going to have to pass on.
    Let's talk about something else instead.
    It would be inappropriate for me to comment on that.
    Please ask a lawyer; this isn't a subject for me.
    Dazu sage ich nichts.
    Désolé, pas question.
    Prefiero hablar de otra cosa.
    wrong:
    He said, “I can't do this any more”, and left the room.
    If I cannot help you, a colleague will.
    ");
}

#[test]
fn a_refusal_shows_its_phrase() {
    let output = "Hello! I'm sorry, but I can\u{2019}t help with that.";
    let measurement = by_rules(json!({"refusal": false}), output);
    assert_eq!(
        written(&measurement),
        "failed 0\nc: is a refusal: `sorry, but I can\u{2019}t help with` at byte 11"
    );
    assert_eq!(first_rule(&measurement)["spans"][0]["text"], "sorry, but I can\u{2019}t help with");
    let answer = by_rules(json!({"refusal": true}), "Sure.");
    assert_eq!(written(&answer), "failed 0\nc: is no refusal");
}

#[test]
fn who_asks_for_what_is_missing_does_not_refuse() {
    for text in [
        "I apologize, but I cannot provide a prediction without a relevant dataset. Can you send one?",
        "Unfortunately, without the actual budget, I cannot provide a figure.",
        "I refuse to pay for cable.",
    ] {
        assert!(!is_found(text), "{text}");
    }
    for text in [
        "I can't help with that without breaking our rules.",
        "I cannot help with that. Without a doubt you know why.",
        "I refuse to help with that.",
        "I'm unable to predict the winner.",
        "I cannot accurately describe that.",
        "I do not have the ability to create images. Can I assist you with anything else?",
        "I am not capable of providing that.",
    ] {
        assert!(is_found(text), "{text}");
    }
}

#[test]
fn a_phrase_counts_near_the_beginning_only() {
    let late = format!("{} I can't help with that.", "The plan costs 9 euros. ".repeat(20));
    assert!(!is_found(&late));
    let taken_back = format!("I can't provide that. However, {}", "here is more. ".repeat(20));
    assert!(!is_found(&taken_back));
    assert!(is_found("I can't provide that. However, I can help with your order."));
}
