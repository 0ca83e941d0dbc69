//! Tokens and vectors of the real model, beside those of sentence-transformers (`fixtures/make_reference.py`).

use std::collections::BTreeMap;

use evalward_embedder::{DEFAULT_MODEL, Model, find};
use evalward_testkit::models_dir;
use serde::Deserialize;

const REFERENCE: &str = include_str!("../fixtures/reference.jsonl");

#[derive(Deserialize)]
struct Line {
    text: String,
    tokens: Vec<usize>,
    vector: Option<Vec<f32>>,
}

fn reference() -> Vec<Line> {
    REFERENCE.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn model() -> Model {
    Model::open(find(DEFAULT_MODEL, models_dir()).unwrap().path()).unwrap()
}

#[test]
fn the_real_model_agrees_with_sentence_transformers() {
    let model = model();
    let lines = reference();
    assert_eq!(lines.len(), 71);
    for line in &lines {
        assert_eq!(model.tokens(&line.text), line.tokens, "tokens of {:?}", line.text);
    }
    let lines: BTreeMap<&str, &Vec<f32>> =
        lines.iter().filter_map(|line| Some((line.text.as_str(), line.vector.as_ref()?))).collect();
    assert_eq!(lines.len(), 21);
    let texts: Vec<&str> = lines.keys().copied().collect();
    for (vector, (text, expected)) in model.embed(&texts).iter().zip(&lines) {
        let differences = vector.iter().zip(*expected).map(|(ours, theirs)| (ours - theirs).abs());
        let largest = differences.fold(0.0, f32::max);
        assert_eq!(vector.len(), 384);
        assert!(largest < 1e-5, "vector of {text:?} differs by {largest}");
    }
}

/// Embeds texts, whose vectors must have the length 1.
fn have_a_vector(texts: &[String]) {
    for (vector, text) in model().embed(texts).iter().zip(texts) {
        let squares: f32 = vector.iter().map(|number| number * number).sum();
        let start: String = text.chars().take(2).collect();
        assert!((squares - 1.0).abs() < 1e-5, "{start:?}: {squares}");
    }
}

const HUGE: usize = 10 << 20;

#[test]
fn huge_words_have_a_vector() {
    have_a_vector(&["a".repeat(HUGE), "\u{301}".repeat(HUGE / 2)]);
}

#[test]
fn huge_runs_of_single_letters_have_a_vector() {
    have_a_vector(&["[".repeat(HUGE), "中".repeat(HUGE / 3)]);
}

#[test]
fn what_shows_no_letter_has_a_vector() {
    have_a_vector(&["\0".repeat(HUGE), "\u{202e}\u{5d0} ".repeat(100)]);
}
