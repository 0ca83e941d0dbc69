//! An expected output above the first NUL and an output below it, through every metric that compares texts.

#![no_main]

use std::sync::LazyLock;

use evalward_core::{BleuSmoothing, Metric};
use evalward_fuzz::{example, measure};
use evalward_metrics::facts::{FactDifference, facts};
use evalward_metrics::{
    Bleu, BleuOptions, BleuTokenizer, Chrf, ChrfOptions, Extent, Levenshtein, LevenshteinMeasure,
    Normalization, Rouge, RougeOptions, RougeTokenizer, RougeVariant, SupportScore, TokenBoundary,
    TokenF1, TokenF1Options,
};
use libfuzzer_sys::fuzz_target;

static METRICS: LazyLock<Vec<Box<dyn Metric>>> = LazyLock::new(|| {
    let mut metrics: Vec<Box<dyn Metric>> = vec![
        Box::new(Levenshtein::default()),
        Box::new(Levenshtein {
            measure: LevenshteinMeasure::Distance,
            normalization: Normalization::Squad,
        }),
    ];
    let tokens = TokenBoundary::Unicode;
    let options = TokenF1Options { tokens, ..TokenF1Options::default() };
    metrics.push(Box::new(TokenF1 { options, ..TokenF1::default() }));
    use RougeVariant::{Rouge1, Rouge2, RougeL, RougeLsum};
    for (number, variant) in [Rouge1, Rouge2, RougeL, RougeLsum].into_iter().enumerate() {
        let is_odd = number % 2 == 1;
        let tokenizer = if is_odd { RougeTokenizer::Unicode } else { RougeTokenizer::Ascii };
        let options = RougeOptions { variant, stemming: is_odd, tokenizer };
        metrics.push(Box::new(Rouge { options, measure: Extent::F1 }));
    }
    use BleuSmoothing::{AddK, Exp, Floor};
    use BleuTokenizer::{Characters, International, Mteval13a};
    let kinds = [(Mteval13a, Exp), (International, Floor), (Characters, AddK)];
    for (tokenizer, smoothing) in kinds {
        let options = BleuOptions { tokenizer, smoothing, ..BleuOptions::default() };
        metrics.push(Box::new(Bleu::new(options).expect("the options are constants")));
    }
    for word_order in [0, 2] {
        let options = ChrfOptions { word_order, ..ChrfOptions::default() };
        metrics.push(Box::new(Chrf::new(options).expect("the options are constants")));
    }
    metrics
});

fuzz_target!(|text: &str| {
    let (expected, output) = text.split_once('\0').unwrap_or(("expected", text));
    for metric in &*METRICS {
        measure(metric.as_ref(), &example(expected), output);
    }
    for fact in facts(output) {
        assert!(output.get(fact.span).is_some_and(|found| !found.is_empty()));
    }
    assert!(FactDifference::new(output, output).is_empty(), "a text differs from itself");
    if let Some(support) = SupportScore::new(output, &[expected]) {
        drop(format!("{support:?}"));
    }
});
