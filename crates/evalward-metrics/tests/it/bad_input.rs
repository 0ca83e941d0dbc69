//! What nobody would write on purpose, through every metric: a defined result, never a panic.

use evalward_core::{Example, Measurement, Metric, Reply, Response, Rules};
use evalward_metrics::{
    Bleu, BleuOptions, BleuTokenizer, Chrf, ChrfOptions, Classification, ClassificationOptions,
    Constraints, Contains, ContainsOptions, ExactMatch, ExampleChecks, JsonMatch, JsonMatchOptions,
    Levenshtein, Normalization, Numeric, NumericOptions, RegexMatch, Rouge, RougeOptions,
    RougeVariant, Support, TokenBoundary, TokenF1, TokenF1Options,
};
use serde_json::{Value, json};

use crate::support::{example_with, measure, rules};

/// Every metric of the crate that needs no model, one line each.
fn metrics() -> Vec<Box<dyn Metric>> {
    let mut metrics: Vec<Box<dyn Metric>> = vec![
        Box::new(ExactMatch { normalization: Normalization::Raw }),
        Box::new(ExactMatch { normalization: Normalization::Squad }),
        Box::new(TokenF1::default()),
        Box::new(Contains::new(&ContainsOptions::default()).unwrap()),
        Box::new(
            Contains::new(&ContainsOptions { word_bounded: true, ..ContainsOptions::default() })
                .unwrap(),
        ),
        Box::new(RegexMatch::new(r"(\w+\s?)+x").unwrap()),
        Box::new(ExampleChecks),
        Box::new(TokenF1 {
            options: TokenF1Options {
                normalization: Normalization::Raw,
                tokens: TokenBoundary::Unicode,
            },
        }),
        Box::new(Levenshtein::default()),
        Box::new(JsonMatch::new(&JsonMatchOptions::default()).unwrap()),
        Box::new(Numeric::new(&NumericOptions::default()).unwrap()),
        Box::new(Classification::new(&ClassificationOptions::default()).unwrap()),
        Box::new(Support::default()),
    ];
    for variant in [RougeVariant::Rouge2, RougeVariant::RougeL, RougeVariant::RougeLsum] {
        let options = RougeOptions { variant, stemming: true, ..RougeOptions::default() };
        metrics.push(Box::new(Rouge { options, ..Rouge::default() }));
    }
    for tokenizer in [
        BleuTokenizer::Mteval13a,
        BleuTokenizer::International,
        BleuTokenizer::Characters,
        BleuTokenizer::None,
    ] {
        let options = BleuOptions { tokenizer, ..BleuOptions::default() };
        metrics.push(Box::new(Bleu::new(options).unwrap()));
    }
    for word_order in [0, 2] {
        let options = ChrfOptions { word_order, ..ChrfOptions::default() };
        metrics.push(Box::new(Chrf::new(options).unwrap()));
    }
    metrics.extend(every_rule().into_iter().map(|json| -> Box<dyn Metric> {
        Box::new(Constraints::new(&[("rule".to_owned(), rules(json))]).unwrap())
    }));
    metrics
}

/// Each rule alone, so that one that cannot be told hides no other.
fn every_rule() -> Vec<Value> {
    vec![
        json!({"words": {"min": 2, "max": 5}}),
        json!({"characters": {"min": 2, "max": 5}}),
        json!({"sentences": {"min": 2, "max": 2}}),
        json!({"tokens": {"min": 2, "max": 5}}),
        json!({"includes_any": ["a", "\u{301}"], "word_bounded": true}),
        json!({"includes_all": ["a", "b"]}),
        json!({"excludes_any": ["a", "\u{0}"]}),
        json!({"excludes_all": ["a", "\u{301}"], "case_sensitive": true}),
        json!({"regex": "(a|b)*c$"}),
        json!({"not_regex": r"\s+$"}),
        json!({"starts_with": ["A", "\u{5d0}"]}),
        json!({"ends_with": ".", "word_bounded": true}),
        json!({"valid_json": true}),
        json!({"valid_json": false}),
        json!({"json_schema": {"type": "object", "properties": {"a": {"type": "string"}}}}),
        json!({"language": "en"}),
        json!({"readability": {"flesch": {"min": 60}, "grade": {"max": 8}}}),
        json!({"allowed_links": ["example.com"]}),
        json!({"refusal": true}),
        json!({"refusal": false}),
        json!({"expression": "output|length > 3 and output|lower != expected_output"}),
        json!({"no_personal_data": true}),
        json!({"no_secrets": true}),
    ]
}

fn odd_texts() -> Vec<String> {
    let texts = [
        "",
        " ",
        "\n\r\n\t",
        "...",
        "?!,;—…",
        "\u{301}",
        "\u{301}\u{323}\u{301}",
        "\0",
        "a\0b\0",
        "\u{202e}abc\u{202c}",
        "שלום עולם",
        "مرحبا بالعالم",
        "\u{feff}",
        "\u{200b}",
        "\u{fffd}",
        "🇩",
        "👨‍👩‍👧👨‍👩‍👧",
        "İıŞ",
        "中文没有空格",
        "ก็",
        "1e999",
        "-",
        "{",
        "{\"a\": ",
        "[1, 2",
        "nul",
        "{\"a\": 1}}",
        "\"\\ud800\"",
        "{\"a\": \"\\udc00\"}",
        "{\"\\ud800\": 1}",
        "{\"a\": 1e999}",
        "```json\n{}\n```",
        "https://",
        "http://[",
        "https://\u{301}",
        "[](",
        "[x](<",
        "a@",
        "@b.c",
        "www.",
        "www..com",
        "://",
        "javascript:",
        "%",
        "{{ x }}",
        "\\",
        "'",
        "\"",
    ];
    texts.map(str::to_owned).to_vec()
}

fn example(expected: &str) -> Example {
    let mut example = example_with(&[expected, "x"]);
    example.checks = Some(Rules {
        includes_any: [expected, "x"].into_iter().filter(|text| !text.is_empty()).collect(),
        ..Rules::default()
    });
    example
}

/// Checks that a score lies on its scale and that a failure says why.
fn assert_sound(metric: &dyn Metric, measurement: &Measurement, output: &str) {
    let kind = metric.kind();
    let shown = || output.chars().take(40).collect::<String>();
    match measurement {
        Measurement::Score(score) => {
            let (value, scale) = (score.value, score.scale);
            let is_within = scale.min.is_none_or(|min| value >= min)
                && scale.max.is_none_or(|max| value <= max);
            assert!(is_within, "{kind}: {value} for {:?}", shown());
            let says_why = score.passed != Some(false)
                || metric.kind() == "exact_match"
                || !score.problems.is_empty();
            assert!(says_why, "{kind}: no problem for {:?}", shown());
        }
        Measurement::Skipped(reason) | Measurement::Errored(reason) => {
            assert!(!reason.is_empty(), "{kind}: no reason for {:?}", shown());
        }
    }
}

#[test]
fn odd_texts_have_a_defined_result() {
    let texts = odd_texts();
    for metric in metrics() {
        for output in &texts {
            for expected in ["", "x", output, "\u{301}", "שלום"] {
                let example = example(expected);
                assert_sound(metric.as_ref(), &measure(metric.as_ref(), &example, output), output);
            }
        }
    }
}

#[test]
fn lone_surrogates_in_json_are_refused_and_not_half_read() {
    for text in
        [r#""\ud800""#, r#"{"output": "\udc00x"}"#, r#"{"output": "x", "context": ["\ud800"]}"#]
    {
        assert!(serde_json::from_str::<Response>(text).is_err(), "{text}");
    }
    assert!(serde_json::from_str::<Example>(r#"{"id": "a", "input": {"q": "\ud800"}}"#).is_err());
    let pair: Response = serde_json::from_str(r#""\ud83d\ude00""#).unwrap();
    assert_eq!(Reply::from(pair).response.output, "😀");
}

/// Scores long runs of what makes search and parsing work hard.
fn come_back(units: &[&str]) {
    let (metrics, example) = (metrics(), example("the expected output"));
    for unit in units {
        let output = unit.repeat(100_000 / unit.len());
        for metric in &metrics {
            assert_sound(metric.as_ref(), &measure(metric.as_ref(), &example, &output), &output);
        }
    }
}

#[test]
fn long_runs_of_letters_come_back() {
    come_back(&["a", "a ", "\u{301}", "\0"]);
}

#[test]
fn long_runs_of_words_come_back() {
    come_back(&["word é. ", "1.", "\u{5d0} ", "I can't "]);
}

#[test]
fn long_runs_of_marks_come_back() {
    come_back(&["(", "[", "{\"a\":", "[a]("]);
}

#[test]
fn long_runs_of_links_come_back() {
    come_back(&["https://a.b ", "www.", "a@"]);
}
