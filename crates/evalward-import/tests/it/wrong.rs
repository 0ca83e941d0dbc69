//! What cannot be read, and how that is told.

use std::error::Error;

use evalward_import::{Format, TranslateOptions, WriteOptions, translate, write};

use crate::support::{fixture, translated};

/// Returns the error for a configuration, its causes on one line.
fn refused(text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("promptfooconfig.yaml");
    std::fs::write(&path, text).unwrap();
    let error = translate(Format::Promptfoo, &path, &TranslateOptions::default()).unwrap_err();
    let mut told = format!("failed to {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        told.push_str(": ");
        told.push_str(&error.to_string());
        cause = error.source();
    }
    told
}

#[test]
fn places_are_told() {
    insta::assert_snapshot!(refused("a: [1, 2\nb: 3\n"), @"failed to read promptfooconfig.yaml:2, column 2: illegal placement of ':' indicator");
    insta::assert_snapshot!(refused("just text"), @"failed to read promptfooconfig.yaml:1: a configuration is a text, expected a map");
    insta::assert_snapshot!(refused("prompts: [a]\nprompts: [b]\n"), @"failed to read promptfooconfig.yaml:2, column 1: duplicate mapping key: prompts");
    insta::assert_snapshot!(refused("prompts: [a]\n"), @"failed to read promptfooconfig.yaml:1: the configuration names no `providers`");
    insta::assert_snapshot!(refused("providers: [echo]\nprompts: [a]\ntests:\n  - file://gone.yaml\n"), @"failed to read `gone.yaml`, which promptfooconfig.yaml:4 names: there is no such file");
    insta::assert_snapshot!(refused("providers: [echo]\nprompts: [a]\ntests:\n  - vars: {}\n    assert:\n      - value: x\n"), @"failed to read promptfooconfig.yaml:6: an assertion needs a `type`");
    insta::assert_snapshot!(refused("providers: [echo]\nx: {$ref: '#/y'}\ny: {$ref: '#/x'}\n"), @"failed to follow `#/y` at promptfooconfig.yaml:2: it leads to itself");
    insta::assert_snapshot!(refused("providers: [echo]\nx: {$ref: '#/gone'}\n"), @"failed to read promptfooconfig.yaml:2: `$ref: #/gone` leads to nothing");
    let values = (0..100).map(|number| format!("v{number}")).collect::<Vec<_>>().join(", ");
    let huge = format!(
        "providers: [echo]\ntests:\n  - vars: {{a: [{values}], b: [{values}], c: [{values}]}}\n"
    );
    insta::assert_snapshot!(refused(&huge), @"failed to expand the variables at promptfooconfig.yaml:3: they make more than 100000 examples");
}

/// Translates one pattern and returns the rule's.
fn pattern(pattern: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("promptfooconfig.yaml");
    let text = format!(
        "providers: [echo]\nprompts: ['{{{{q}}}}']\ntests:\n  - vars: {{q: x}}\n    assert: [{{type: regex, value: '{pattern}'}}]\n  - vars: {{q: y}}\n"
    );
    std::fs::write(&path, text).unwrap();
    let files = translated(&path).files;
    let lines = files.values().find(|text| text.contains("\"regex\"")).unwrap();
    let example: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    example["checks"]["regex"].as_str().unwrap().to_owned()
}

#[test]
fn braces_are_counts_or_themselves() {
    assert_eq!(pattern("a{2}b{2,}c{2,30}"), "a{2}b{2,}c{2,30}");
    assert_eq!(pattern("a{}b{,2}c{2,3,4}d{2"), r"a\{\}b\{,2\}c\{2,3,4\}d\{2");
    assert_eq!(pattern("a{2x}3}"), r"a\{2x\}3\}");
    // Many of them are read in one pass.
    assert_eq!(pattern(&"x{".repeat(50_000)), r"x\{".repeat(50_000));
    assert_eq!(pattern(&"x}".repeat(50_000)), r"x\}".repeat(50_000));
}

/// Translates a configuration with these prompts and tests.
fn with_tests(prompt: &str, tests: impl Iterator<Item = String>) -> evalward_import::Translation {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("promptfooconfig.yaml");
    let tests: String = tests.collect();
    let text = format!("providers: [echo]\nprompts: ['{prompt}']\ntests:\n{tests}");
    std::fs::write(&path, text).unwrap();
    translated(&path)
}

/// A look at all others for each rule, each remark or each name of a metric would take minutes.
#[test]
fn thousands_of_tests_with_rules_of_their_own_are_translated() {
    let tests = (0..2_000).map(|number| {
        let both = format!("{{type: regex, value: a{number}}}, {{type: regex, value: b{number}}}");
        format!("  - vars: {{q: x}}\n    assert: [{both}, {{type: llm-rubric, value: c}}]\n")
    });
    let translation = with_tests("{{q}}", tests);
    assert_eq!(translation.examples, 2_000);
    assert_eq!(translation.remarks.len(), 2_000);
    assert_eq!(translation.metrics.len(), 2_000);
    assert_eq!(translation.metrics.last().map(String::as_str), Some("rules_2000"));
}

#[test]
fn a_template_of_many_parts_is_rendered() {
    let prompt = "{{q}}{# #}".repeat(20_000);
    let translation = with_tests(&prompt, std::iter::once("  - vars: {q: x}\n".to_owned()));
    let answers = translation.files.values().find(|text| text.contains("output")).unwrap();
    assert_eq!(answers.matches('x').count(), 20_000);
    let blocks = "{% raw %}a".repeat(5_000);
    assert_eq!(with_tests(&blocks, std::iter::once("  - vars: {q: x}\n".to_owned())).examples, 1);
}

#[test]
fn a_folder_with_files_is_left_alone() {
    let translation = translated(&fixture("01-first-steps").join("promptfooconfig.yaml"));
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("notes.txt");
    std::fs::write(&kept, "mine").unwrap();
    let error = write(&translation, folder.path(), WriteOptions::default()).unwrap_err();
    assert!(error.to_string().ends_with("it is there already"), "{error}");
    write(&translation, folder.path(), WriteOptions { overwrite: true }).unwrap();
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), "mine");
    assert!(folder.path().join("evalward.toml").is_file());
}
