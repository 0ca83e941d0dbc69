//! The assistant does not know the dataset that evaluates it.

#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// Shorter questions, such as "Starter?", say nothing when they occur in a text.
const SHORTEST_QUESTION: usize = 16;

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

/// Returns a text as lower-case words, so that case and punctuation hide nothing.
fn plain(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    format!(" {} ", words.collect::<Vec<_>>().join(" "))
}

/// Returns what the users of an input say.
fn questions(input: &Value) -> Vec<String> {
    let messages = input["messages"].as_array().into_iter().flatten();
    let said =
        messages.filter(|message| message["role"] == "user").map(|message| &message["content"]);
    said.chain([&input["question"]]).filter_map(Value::as_str).map(plain).collect()
}

#[test]
fn no_question_of_the_dataset_occurs_in_the_sources() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Vec::new();
    for folder in ["src", "data", "tests", "../kb"] {
        for path in files(&root.join(folder)) {
            sources.push((path.clone(), plain(&fs::read_to_string(&path).unwrap())));
        }
    }
    let mut checked = 0;
    for path in files(&root.join("../../../datasets/support")) {
        if path.extension().is_none_or(|extension| extension != "jsonl")
            || path.ends_with("reviews.jsonl")
        {
            continue;
        }
        for line in fs::read_to_string(&path).unwrap().lines() {
            let example: Value = serde_json::from_str(line).unwrap();
            for question in questions(&example["input"]) {
                if question.chars().count() < SHORTEST_QUESTION {
                    continue;
                }
                checked += 1;
                for (source, text) in &sources {
                    assert!(
                        !text.contains(&question),
                        "`{question}` of {} occurs in {}",
                        example["id"],
                        source.display()
                    );
                }
            }
        }
    }
    assert!(checked > 500, "only {checked} questions were checked");
}
