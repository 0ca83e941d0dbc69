//! Laws of the metrics that compare texts, for texts of any kind.

use evalward_core::{Metric, Score};
use evalward_metrics::{
    Bleu, BleuOptions, BleuTokenizer, Chrf, ChrfOptions, Levenshtein, LevenshteinMeasure, Rouge,
    RougeOptions, RougeTokenizer, RougeVariant,
};
use proptest::prelude::*;

use crate::properties::texts;
use crate::support::{example_with, measure};

fn rouge(variant: RougeVariant, tokenizer: RougeTokenizer) -> Rouge {
    let options = RougeOptions { variant, tokenizer, ..RougeOptions::default() };
    Rouge { options, ..Rouge::default() }
}

fn bleu(tokenizer: BleuTokenizer) -> Bleu {
    Bleu::new(BleuOptions { tokenizer, ..BleuOptions::default() }).unwrap()
}

fn chrf(word_order: usize) -> Chrf {
    let word_order = word_order.try_into().unwrap();
    Chrf::new(ChrfOptions { word_order, ..ChrfOptions::default() }).unwrap()
}

fn edits() -> Levenshtein {
    Levenshtein { measure: LevenshteinMeasure::Distance, ..Levenshtein::default() }
}

fn all() -> Vec<Box<dyn Metric>> {
    let mut metrics: Vec<Box<dyn Metric>> = vec![
        Box::new(Levenshtein::default()),
        Box::new(edits()),
        Box::new(chrf(0)),
        Box::new(chrf(2)),
    ];
    for variant in
        [RougeVariant::Rouge1, RougeVariant::Rouge2, RougeVariant::RougeL, RougeVariant::RougeLsum]
    {
        metrics.push(Box::new(rouge(variant, RougeTokenizer::Ascii)));
        metrics.push(Box::new(rouge(variant, RougeTokenizer::Unicode)));
    }
    for tokenizer in [
        BleuTokenizer::Mteval13a,
        BleuTokenizer::International,
        BleuTokenizer::Characters,
        BleuTokenizer::None,
    ] {
        metrics.push(Box::new(bleu(tokenizer)));
    }
    metrics
}

fn score(metric: &dyn Metric, references: &[&str], output: &str) -> Score {
    measure(metric, &example_with(references), output).score().unwrap().clone()
}

fn value(metric: &dyn Metric, references: &[&str], output: &str) -> f64 {
    score(metric, references, output).value.get()
}

proptest! {
    #[test]
    fn a_score_lies_on_its_scale_and_comes_again(output in texts(), other in texts(), third in texts()) {
        for metric in all() {
            let first = score(metric.as_ref(), &[&other, &third], &output);
            prop_assert!(first.scale.min.is_none_or(|min| first.value >= min), "{} {}", metric.kind(), first.value);
            prop_assert!(first.scale.max.is_none_or(|max| first.value <= max), "{} {}", metric.kind(), first.value);
            prop_assert_eq!(first, score(metric.as_ref(), &[&other, &third], &output));
        }
    }

    #[test]
    fn a_text_beside_itself_has_the_best_score(text in texts()) {
        prop_assert!(value(&edits(), &[&text], &text).abs() < f64::EPSILON);
        prop_assert!((value(&Levenshtein::default(), &[&text], &text) - 1.0).abs() < f64::EPSILON);
        // Without anything to count there is nothing in common.
        let has_letters = text.chars().any(|letter| letter.is_ascii_alphanumeric());
        let best = |metric: &dyn Metric, best: f64| {
            let value = value(metric, &[&text], &text);
            (value - best).abs() < 1e-9 || (!has_letters && value.abs() < 1e-9)
        };
        for tokenizer in [RougeTokenizer::Ascii, RougeTokenizer::Unicode] {
            for variant in [RougeVariant::Rouge1, RougeVariant::RougeL] {
                prop_assert!(best(&rouge(variant, tokenizer), 1.0));
            }
        }
        for word_order in [0, 2] {
            prop_assert!(best(&chrf(word_order), 100.0));
        }
        for tokenizer in [BleuTokenizer::Mteval13a, BleuTokenizer::International, BleuTokenizer::Characters, BleuTokenizer::None] {
            prop_assert!(best(&bleu(tokenizer), 100.0));
        }
    }

    #[test]
    fn which_text_is_the_right_one_does_not_matter(left in texts(), right in texts()) {
        for variant in [RougeVariant::Rouge1, RougeVariant::Rouge2, RougeVariant::RougeL] {
            let metric = rouge(variant, RougeTokenizer::Unicode);
            let difference = value(&metric, &[&left], &right) - value(&metric, &[&right], &left);
            prop_assert!(difference.abs() < 1e-12);
        }
        for metric in [edits(), Levenshtein::default()] {
            let difference = value(&metric, &[&left], &right) - value(&metric, &[&right], &left);
            prop_assert!(difference.abs() < 1e-12);
        }
    }

    #[test]
    fn a_detour_takes_no_fewer_edits(from in texts(), over in texts(), to in texts()) {
        let distance = |left: &str, right: &str| value(&edits(), &[right], left);
        prop_assert!(distance(&from, &to) <= distance(&from, &over) + distance(&over, &to));
    }

    #[test]
    fn of_several_right_answers_the_nearest_counts(output in texts(), first in texts(), second in texts()) {
        let metrics: [&dyn Metric; 4] = [
            &Levenshtein::default(),
            &rouge(RougeVariant::Rouge1, RougeTokenizer::Unicode),
            &rouge(RougeVariant::RougeL, RougeTokenizer::Unicode),
            &chrf(2),
        ];
        for metric in metrics {
            let apart = value(metric, &[&first], &output).max(value(metric, &[&second], &output));
            let together = value(metric, &[&first, &second], &output);
            prop_assert!((together - apart).abs() < 1e-9, "{} {together} {apart}", metric.kind());
        }
    }
}
