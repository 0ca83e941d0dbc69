//! Metrics of texts: what they explain, refuse and cannot compute.

use evalward_core::{BleuSmoothing, Finite, Metric};
use evalward_metrics::{
    Bleu, BleuOptions, Chrf, ChrfOptions, Levenshtein, LevenshteinMeasure, Rouge, RougeOptions,
    RougeTokenizer, RougeVariant, TokenBoundary, TokenF1, TokenF1Options, token_f1,
};

use crate::support::{detail, example, example_with, measure, written, written_error};

const RIGHT: &str = "You can return shoes within 30 days.";
const WRONG: &str = "You can return shoes within 14 days.";

fn all() -> [Box<dyn Metric>; 4] {
    [
        Box::new(Levenshtein::default()),
        Box::new(Rouge::default()),
        Box::new(Bleu::new(BleuOptions::default()).unwrap()),
        Box::new(Chrf::new(ChrfOptions { word_order: 2, ..ChrfOptions::default() }).unwrap()),
    ]
}

#[test]
fn each_explains_its_value() {
    let example = example_with(&["Rome", RIGHT]);
    let told = all().map(|metric| {
        let measurement = measure(metric.as_ref(), &example, WRONG);
        format!("{} {}\n", written(&measurement), detail(&measurement))
    });
    insta::assert_snapshot!(told.concat(), @r#"
    reported 0.9444444444444444 {"distance":2,"longer_characters":36,"reference":1}
    reported 0.8571428571428571 {"f1":0.8571428571428571,"in_output":7,"in_reference":7,"precision":0.8571428571428571,"recall":0.8571428571428571,"reference":1,"shared":6}
    reported 59.4603557501361 {"matches":[7,5,3,2],"output_tokens":8,"reference_tokens":8,"totals":[8,7,6,5]}
    reported 82.25449016181776 {"characters":[[30,30,28],[29,29,26],[28,28,24],[27,27,22],[26,26,20],[25,25,18]],"reference":1,"words":[[8,8,7],[7,7,5]]}
"#);
}

#[test]
fn without_a_right_answer_they_are_skipped() {
    for metric in all() {
        let measurement = measure(metric.as_ref(), &example(), "text");
        assert_eq!(written(&measurement), "skipped: has no expected output");
    }
}

#[test]
fn settings_that_mean_nothing_are_refused() {
    let bleu = |smoothing, value: f64| {
        let smoothing_value = Some(Finite::new(value).unwrap());
        Bleu::new(BleuOptions { smoothing, smoothing_value, ..BleuOptions::default() })
    };
    assert_eq!(
        written_error(&bleu(BleuSmoothing::Exp, 1.0).unwrap_err()),
        "compile `smoothing_value`: only the smoothing `floor` and `add-k` have a value"
    );
    assert_eq!(
        written_error(&bleu(BleuSmoothing::Floor, 0.0).unwrap_err()),
        "compile `smoothing_value`: it must be above 0"
    );
    assert!(bleu(BleuSmoothing::AddK, 1.5).is_ok());
    assert!(bleu(BleuSmoothing::Floor, 1.0).is_ok());
    assert_eq!(
        written_error(&bleu(BleuSmoothing::Floor, 1.5).unwrap_err()),
        "compile `smoothing_value`: for `floor` it must be at most 1: more would be worth more than a match"
    );
    let none = ChrfOptions { character_order: 0, ..ChrfOptions::default() };
    assert_eq!(
        written_error(&Chrf::new(none).unwrap_err()),
        "compile `character_order`, which could never hold: neither characters nor words are counted"
    );
}

#[test]
fn fewer_edits_are_better() {
    let distance = Levenshtein { measure: LevenshteinMeasure::Distance, ..Levenshtein::default() };
    let measurement = measure(&distance, &example_with(&["Rome", RIGHT]), WRONG);
    assert_eq!(written(&measurement), "reported 2");
    assert!(distance.scale().lower_is_better);
}

#[test]
fn unicode_words_make_other_scripts_comparable() {
    let rouge = |tokenizer| Rouge {
        options: RougeOptions {
            variant: RougeVariant::Rouge1,
            tokenizer,
            ..RougeOptions::default()
        },
        ..Rouge::default()
    };
    let token_f1 =
        |tokens| TokenF1 { options: TokenF1Options { tokens, ..TokenF1Options::default() } };
    let example = example_with(&["我喜歡貓。"]);
    let score = |metric: &dyn Metric| written(&measure(metric, &example, "我喜歡狗！"));
    assert_eq!(score(&rouge(RougeTokenizer::Ascii)), "reported 0");
    assert_eq!(score(&rouge(RougeTokenizer::Unicode)), "reported 0.75");
    assert_eq!(score(&token_f1(TokenBoundary::Whitespace)), "reported 0");
    assert_eq!(score(&token_f1(TokenBoundary::Unicode)), "reported 0.75");
}

#[test]
fn an_emoji_is_a_word_and_punctuation_is_none() {
    let options = TokenF1Options { tokens: TokenBoundary::Unicode, ..TokenF1Options::default() };
    let score = |output: &str, reference: &str| {
        let extents = token_f1(output, reference, &options);
        (extents.shared, extents.in_output, extents.in_reference)
    };
    assert_eq!(score("👍", "👎"), (0, 1, 1));
    assert_eq!(score("👍🏽 ok!", "👍🏽… OK"), (2, 2, 2));
    assert_eq!(score("👨\u{200d}👩\u{200d}👧🇩🇪❤\u{fe0f}", "🇩🇪🇫🇷"), (1, 3, 2));
    assert_eq!(score("¿?—。«»", "..."), (0, 0, 0));
}

#[test]
fn what_takes_too_long_is_errored_and_names_the_limit() {
    let [left, right] = ["a ", "b "].map(|unit| unit.repeat(200_000));
    let example = example_with(&[&right]);
    let summary = Rouge {
        options: RougeOptions { variant: RougeVariant::RougeLsum, ..RougeOptions::default() },
        ..Rouge::default()
    };
    let (distance, rouge) = (Levenshtein::default(), Rouge::default());
    let metrics: [&dyn Metric; 3] = [&distance, &rouge, &summary];
    let told = metrics.map(|metric| written(&measure(metric, &example, &left)));
    insta::assert_snapshot!(told.join("\n"), @r#"
    errored: failed to compare 399999 characters with 399999: the product of both may be at most 10000000000, since time grows with it
    errored: failed to compare 200000 words with 200000: the product of both may be at most 10000000000, since time grows with it
    errored: failed to compare 200001 words and lines with 200001: the product of both may be at most 400000000, since time grows with it
"#);
}

/// Scores megabytes with themselves as a right answer.
fn finishes(metric: &dyn Metric) {
    for unit in ["word \u{e9}. ", "\u{301}", "a ", "1.", "\0", "x"] {
        let output = unit.repeat(2_000_000 / unit.len());
        let measurement = measure(metric, &example_with(&["no", &output]), &output);
        if let Some(score) = measurement.score() {
            assert!(score.value >= Finite::ZERO, "{} {unit:?}", metric.kind());
        }
    }
}

#[test]
fn distances_of_megabytes_finish() {
    finishes(&Levenshtein::default());
}

#[test]
fn rouge_of_megabytes_finishes() {
    finishes(&Rouge::default());
}

#[test]
fn bleu_of_megabytes_finishes() {
    finishes(&Bleu::new(BleuOptions::default()).unwrap());
}

#[test]
fn chrf_of_megabytes_finishes() {
    finishes(&Chrf::new(ChrfOptions { word_order: 2, ..ChrfOptions::default() }).unwrap());
}
