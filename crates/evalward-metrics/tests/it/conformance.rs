//! Every metric of texts, under every setting, against what the reference implementations say.

use std::collections::BTreeMap;

use evalward_core::{BleuSmoothing, Contribution, Finite, Metric};
use evalward_metrics::{
    Bleu, BleuOptions, BleuTokenizer, Chrf, ChrfOptions, ExactMatch, Extent, Levenshtein,
    LevenshteinMeasure, Normalization, Rouge, RougeOptions, RougeVariant, TokenF1, corpus_bleu,
    corpus_chrf, sentence_bleu,
};
use serde::Deserialize;

use crate::support::{example_with, measure};

const PAIRS: &str = include_str!("../fixtures/text/pairs.jsonl");
const VALUES: &str = include_str!("../fixtures/text/values.jsonl");

#[derive(Deserialize)]
struct Pair {
    output: String,
    references: Vec<String>,
}

#[derive(Deserialize)]
struct Heading {
    settings: Vec<String>,
}

#[derive(Deserialize)]
struct Ending {
    corpus: BTreeMap<String, f64>,
}

fn named<T: serde::de::DeserializeOwned>(name: &str) -> T {
    serde_json::from_value(name.into()).unwrap()
}

fn bleu_options(words: &[&str]) -> BleuOptions {
    BleuOptions {
        tokenizer: named::<BleuTokenizer>(words[0]),
        smoothing: named::<BleuSmoothing>(words[1]),
        smoothing_value: words.get(2).and_then(|word| word.parse::<f64>().ok()).map(finite),
        lowercase: words.contains(&"lowercase"),
        effective_order: !words.contains(&"fixed-order"),
    }
}

fn finite(value: f64) -> Finite {
    Finite::new(value).unwrap()
}

/// Makes the metric that a setting of the fixture names.
fn metric(setting: &str) -> Box<dyn Metric> {
    let words: Vec<&str> = setting.split(' ').collect();
    match words.as_slice() {
        ["exact_match", how] => Box::new(ExactMatch { normalization: named::<Normalization>(how) }),
        ["token_f1", "squad"] => Box::new(TokenF1::default()),
        ["levenshtein", what] => Box::new(Levenshtein {
            measure: named::<LevenshteinMeasure>(what),
            ..Levenshtein::default()
        }),
        ["rouge", variant, measure, stemming @ ..] => Box::new(Rouge {
            options: RougeOptions {
                variant: named::<RougeVariant>(variant),
                stemming: !stemming.is_empty(),
                ..RougeOptions::default()
            },
            measure: named::<Extent>(measure),
        }),
        ["bleu", options @ ..] => Box::new(Bleu::new(bleu_options(options)).unwrap()),
        ["chrf", characters, words, beta, flags @ ..] => Box::new(
            Chrf::new(ChrfOptions {
                character_order: characters.parse().unwrap(),
                word_order: words.parse().unwrap(),
                beta: beta.parse().unwrap(),
                lowercase: flags.contains(&"lowercase"),
                whitespace: flags.contains(&"whitespace"),
                eps_smoothing: flags.contains(&"eps"),
            })
            .unwrap(),
        ),
        _ => panic!("no metric is known as {setting}"),
    }
}

fn pairs() -> Vec<Pair> {
    PAIRS.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn settings() -> Vec<String> {
    serde_json::from_str::<Heading>(VALUES.lines().next().unwrap()).unwrap().settings
}

#[track_caller]
fn assert_near(value: f64, expected: f64, what: impl Fn() -> String) {
    let allowed = 1e-9 * expected.abs().max(1.0);
    assert!((value - expected).abs() <= allowed, "{value}, expected {expected}: {}", what());
}

#[test]
fn every_pair_agrees_under_every_setting() {
    let (pairs, settings) = (pairs(), settings());
    assert!(pairs.len() >= 2000 && settings.len() >= 49);
    let metrics: Vec<_> = settings.iter().map(|setting| metric(setting)).collect();
    let values: Vec<Vec<f64>> = VALUES
        .lines()
        .skip(1)
        .take(pairs.len())
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(values.len(), pairs.len());
    for (pair, values) in pairs.iter().zip(&values) {
        let references: Vec<&str> = pair.references.iter().map(String::as_str).collect();
        let example = example_with(&references);
        for ((metric, setting), &expected) in metrics.iter().zip(&settings).zip(values) {
            let measurement = measure(metric.as_ref(), &example, &pair.output);
            let value = measurement.score().unwrap().value.get();
            assert_near(value, expected, || {
                format!("{setting}, {:?} and {:?}", pair.output, pair.references)
            });
        }
    }
}

#[test]
fn the_corpus_agrees_by_the_sums_of_counts() {
    let ending: Ending = serde_json::from_str(VALUES.lines().last().unwrap()).unwrap();
    assert!(ending.corpus.len() >= 20);
    let pairs = pairs();
    for (setting, &expected) in &ending.corpus {
        let metric = metric(setting);
        let mut contributions = pairs.iter().map(|pair| {
            let example = example_with(&[&pair.references[0]]);
            let measurement = measure(metric.as_ref(), &example, &pair.output);
            measurement.score().unwrap().contribution.clone().unwrap()
        });
        let mut sum = contributions.next().unwrap();
        for contribution in contributions {
            match (&mut sum, &contribution) {
                (Contribution::Bleu(sum), Contribution::Bleu(counts)) => sum.add(counts),
                (Contribution::Chrf(sum), Contribution::Chrf(counts)) => sum.add(counts),
                other => panic!("{other:?}"),
            }
        }
        let value = match &sum {
            Contribution::Bleu(counts) if setting.contains("fixed-order") => corpus_bleu(counts),
            Contribution::Bleu(counts) => sentence_bleu(counts, true),
            Contribution::Chrf(counts) => corpus_chrf(counts),
            Contribution::Label { .. } => panic!("no label is expected"),
        };
        assert_near(value.get(), expected, || setting.clone());
    }
}
