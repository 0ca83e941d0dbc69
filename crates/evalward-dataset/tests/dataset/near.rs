//! Near-duplicate inputs.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use evalward_core::{Example, Partition};
use evalward_dataset::{
    NearDuplicates, NearOptions, Similarity, check_near_duplicates, similarity,
};
use insta::assert_snapshot;
use proptest::prelude::*;
use serde_json::json;

use crate::support::Sandbox;

fn search(sandbox: &Sandbox, options: &NearOptions) -> NearDuplicates {
    check_near_duplicates(&sandbox.open(), options, &mut |_, _, _| {}).unwrap()
}

/// Looks for near-duplicates among these files.
fn found(files: &[(&str, &str)]) -> String {
    let sandbox = Sandbox::new(files);
    sandbox.show_report(&search(&sandbox, &NearOptions::default()).report)
}

fn lines(inputs: &[(&str, &str)]) -> String {
    let line =
        |(id, text): &(&str, &str)| json!({"id": id, "input": {"q": text}}).to_string() + "\n";
    inputs.iter().map(line).collect()
}

#[test]
fn both_places_and_the_similarity_are_named() {
    let golden = lines(&[
        ("g-1", "How do I reset my password on the web?"),
        ("g-2", "Which plans include API access?"),
    ]);
    let distribution = lines(&[
        ("d-1", "how do i RESET my pass\u{200b}word, on the web"),
        ("d-2", "Which plans include API access?"),
        ("d-3", "How do I reset my password on the web app?"),
        ("d-4", "Is there a refund after a year?"),
    ]);
    assert_snapshot!(found(&[("golden.jsonl", &golden), ("distribution.jsonl", &distribution)]), @r"
    distribution.jsonl:1:1: warning[near-duplicate]: the input of `d-1` is that of `g-1` at golden.jsonl:1 but for case, punctuation or spaces
      hint: keep it in one partition; `golden` and `distribution` would measure the same
    distribution.jsonl:2:1: warning[near-duplicate]: the input of `d-2` is that of `g-2` at golden.jsonl:2
      hint: keep it in one partition; `golden` and `distribution` would measure the same
    distribution.jsonl:3:1: warning[near-duplicate]: the input of `d-3` is nearly that of `g-1` at golden.jsonl:1 (similarity 0.89)
      hint: keep it in one partition; `golden` and `distribution` would measure the same
    ");
}

#[test]
fn a_cluster_may_hold_variants_but_no_copies() {
    let clustered = |id: &str, text: &str, cluster: &str| {
        json!({"id": id, "input": {"q": text}, "cluster": cluster}).to_string() + "\n"
    };
    let lines = [
        clustered("a", "Where can I see my invoices?", "t1"),
        clustered("b", "where can i see my invoices", "t1"),
        clustered("c", "Where can I see my invoices?", "t1"),
        clustered("d", "Where could I see my invoices?", "t1"),
        clustered("e", "WHERE can I see my invoices?", "t2"),
    ];
    assert_snapshot!(found(&[("adversarial.jsonl", &lines.concat())]), @r"
    adversarial.jsonl:3:1: warning[near-duplicate]: the input of `c` is that of `a` at adversarial.jsonl:1
      hint: remove one; within a cluster too, a copy adds nothing
    adversarial.jsonl:5:1: warning[near-duplicate]: the input of `e` is that of `a` at adversarial.jsonl:1 but for case, punctuation or spaces
      hint: remove one, or give both the same `cluster`, so that they do not count as independent
    ");
}

#[test]
fn short_empty_and_odd_inputs_are_like_themselves_only() {
    let odd = lines(&[
        ("empty", ""),
        ("marks", "?!"),
        ("other-marks", "…"),
        ("short", "SSO"),
        ("other-short", "SSL"),
        ("mark", "\u{301}\u{301}"),
        ("right-to-left", "\u{202e}مرحبا بالعالم"),
        ("nul", "\u{0}"),
        ("empty-again", ""),
    ]);
    let numbers =
        "{\"id\":\"one\",\"input\":{\"n\":10001}}\n{\"id\":\"two\",\"input\":{\"n\":10002}}\n";
    assert_snapshot!(found(&[("adversarial.jsonl", &odd), ("distribution.jsonl", numbers)]), @r"
    adversarial.jsonl:9:1: warning[near-duplicate]: the input of `empty-again` is that of `empty` at adversarial.jsonl:1
      hint: remove one, or give both the same `cluster`, so that they do not count as independent
    ");
}

/// Words of a language of our own, so that texts differ as much as real ones.
struct Words(u64);

impl Words {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn text(&mut self) -> Vec<String> {
        let length = 6 + self.below(10);
        (0..length).map(|_| self.word()).collect()
    }

    fn word(&mut self) -> String {
        const SYLLABLES: [&str; 16] = [
            "ba", "ke", "li", "mo", "nu", "pra", "sto", "ven", "tri", "gal", "dor", "fi", "hu",
            "wei", "zan", "chi",
        ];
        // Few words make up most of a text, as in any language.
        let number = self.below(60) * self.below(60);
        let syllable = |number: u64| SYLLABLES[usize::try_from(number % 16).unwrap()];
        [syllable(number), syllable(number / 16), syllable(number / 256)].concat()
    }

    /// Changes a text as people do: case, punctuation, two words swapped, a word replaced.
    fn vary(&mut self, words: &[String]) -> String {
        let mut words = words.to_vec();
        let last = u64::try_from(words.len() - 1).unwrap();
        match self.below(4) {
            0 => words.iter_mut().for_each(|word| *word = word.to_uppercase()),
            1 => words.iter_mut().for_each(|word| word.push('!')),
            2 => {
                let at = usize::try_from(self.below(last)).unwrap();
                words.swap(at, at + 1);
            }
            _ => words[usize::try_from(self.below(last)).unwrap()] = self.word(),
        }
        words.join(" ")
    }
}

fn asks(text: &str) -> Example {
    Example::new("x", Partition::Golden).with_input("q", text)
}

#[test]
fn planted_duplicates_among_five_thousand_inputs_are_found() {
    let mut words = Words(7);
    let texts: Vec<Vec<String>> = (0..4_500).map(|_| words.text()).collect();
    let mut file = String::new();
    for (number, text) in texts.iter().enumerate() {
        writeln!(file, "{}", json!({"id": format!("t-{number}"), "input": {"q": text.join(" ")}}))
            .unwrap();
    }
    let mut planted = BTreeMap::new();
    for number in 0..500 {
        let original = &texts[number * 9];
        let variant = words.vary(original);
        let likeness = similarity(&asks(&original.join(" ")), &asks(&variant));
        planted.insert(format!("v-{number}"), likeness);
        writeln!(file, "{}", json!({"id": format!("v-{number}"), "input": {"q": variant}}))
            .unwrap();
    }
    let sandbox = Sandbox::new(&[("distribution.jsonl", &file)]);
    let options = NearOptions { max_findings: 10_000, ..NearOptions::default() };
    let result = search(&sandbox, &options);
    let found: Vec<&str> = result
        .report
        .findings
        .iter()
        .filter_map(|finding| finding.example.as_ref().map(evalward_core::ExampleId::as_str))
        .collect();
    let near: Vec<&String> =
        planted.iter().filter(|(_, likeness)| **likeness >= 0.7).map(|(id, _)| id).collect();
    let hits = near.iter().filter(|id| found.contains(&id.as_str())).count();
    assert!(near.len() > 400, "{} pairs were planted", near.len());
    assert!(hits * 100 >= near.len() * 99, "{hits} of {}", near.len());
    let is_false = |id: &&&str| planted.get(**id).is_none_or(|likeness| *likeness < 0.7);
    assert_eq!(found.iter().filter(is_false).collect::<Vec<_>>(), Vec::<&&str>::new());
    assert_eq!(search(&sandbox, &options), result);
}

#[test]
fn a_crowd_of_like_inputs_takes_linear_work_and_is_told_of() {
    let mut file = String::new();
    for number in 0..1_500 {
        writeln!(
            file,
            "{}",
            json!({"id": format!("e-{number}"), "input": {"q": "Where is my invoice?"}})
        )
        .unwrap();
        let text = format!(
            "Please tell me where I can find the invoice of order {number}, which I cannot see"
        );
        writeln!(file, "{}", json!({"id": format!("t-{number}"), "input": {"q": text}})).unwrap();
    }
    let sandbox = Sandbox::new(&[("distribution.jsonl", &file)]);
    let result = search(&sandbox, &NearOptions { max_findings: 5, ..NearOptions::default() });
    assert_eq!((result.report.warnings, result.report.findings.len()), (2_998, 5));
    assert_eq!(result.report.unlisted(), 2_993);
    assert!(result.crowded > 1_000, "{}", result.crowded);
}

#[test]
fn a_huge_input_is_compared_by_its_beginning() {
    let huge = "lorem ipsum ".repeat(200_000);
    let files =
        lines(&[("one", &huge), ("two", &format!("{huge}.")), ("three", &"x".repeat(3_000_000))]);
    assert_snapshot!(found(&[("adversarial.jsonl", &files)]), @r"
    adversarial.jsonl:2:1: warning[near-duplicate]: the input of `two` is that of `one` at adversarial.jsonl:1 but for case, punctuation or spaces
      hint: remove one, or give both the same `cluster`, so that they do not count as independent
    ");
}

#[test]
fn a_similarity_is_a_number_from_one_half_to_one() {
    let parse = |text: &str| text.parse::<Similarity>().map(Similarity::get);
    assert_eq!(parse("0.8"), Ok(0.8));
    for text in ["0.4", "1.1", "NaN", "high", ""] {
        assert_eq!(
            parse(text).unwrap_err().to_string(),
            format!("`{text}` is not a number from 0.5 to 1")
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn similarity_is_symmetric_and_full_for_equal_inputs(left in ".{0,40}", right in ".{0,40}") {
        let (left, right) = (asks(&left), asks(&right));
        prop_assert!((similarity(&left, &right) - similarity(&right, &left)).abs() < 1e-12);
        prop_assert!((similarity(&left, &left) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn every_reported_pair_is_as_near_as_asked(texts in prop::collection::vec("[ab ]{0,12}", 2..30)) {
        let file: String = texts
            .iter()
            .enumerate()
            .map(|(number, text)| json!({"id": format!("e-{number}"), "input": {"q": text}}).to_string() + "\n")
            .collect();
        let sandbox = Sandbox::new(&[("distribution.jsonl", &file)]);
        let result = search(&sandbox, &NearOptions::default());
        let near = |at: usize| (0..at).any(|other| similarity(&asks(&texts[other]), &asks(&texts[at])) >= 0.7);
        for finding in &result.report.findings {
            let at = usize::try_from(finding.place.line - 1).unwrap();
            prop_assert!(near(at), "{finding}");
        }
    }
}
