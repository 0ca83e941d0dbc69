//! Configurations of different kinds: what each becomes, and that it loads.

use std::path::Path;
use std::sync::Arc;

use evalward_config::{BuildOptions, LoadOptions, load};
use evalward_dataset::{CheckOptions, Dataset, check};
use evalward_import::Translation;

use crate::support::{fixture, shown, translated, written};

/// Compares a fixture's translation with the one that is kept beside it, and loads what was made.
fn check_fixture(name: &str, file: &str) {
    let translation = translated(&fixture(name).join(file));
    loads(&translation);
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(fixture(name));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("translated", shown(&translation)));
}

/// Loads the suite and each of its variants, builds their subjects, and checks the dataset.
fn loads(translation: &Translation) {
    let folder = written(translation);
    let path = folder.path().join("evalward.toml");
    load_one(&path, None);
    for variant in &translation.variants {
        load_one(&path, Some(variant.clone()));
    }
    let dataset = Dataset::open(folder.path().join("dataset")).unwrap();
    let mut examples = 0;
    let report = check(&dataset, &CheckOptions::default(), &mut |_| examples += 1).unwrap();
    let errors: Vec<_> = report
        .findings
        .iter()
        .filter(|finding| finding.severity == evalward_dataset::Severity::Error)
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(examples, translation.examples);
}

fn load_one(path: &Path, variant: Option<String>) {
    // Every variable is set, so that only what the importer wrote can be wrong.
    let environment = Arc::new(|_: &str| Some("https://example.org".to_owned()));
    let options = LoadOptions { environment, variant, ..LoadOptions::default() };
    let suite = load(path, &options).unwrap_or_else(|errors| panic!("{errors}"));
    let subject = suite.build_subject(&BuildOptions { offline: true, ..BuildOptions::default() });
    subject.unwrap_or_else(|errors| panic!("{errors}"));
}

macro_rules! fixtures {
    ($($test:ident = $name:literal,)*) => {
        $(#[test]
        fn $test() {
            check_fixture($name, "promptfooconfig.yaml");
        })*
    };
}

fixtures! {
    first_steps = "01-first-steps",
    models_and_prompts = "02-models-and-prompts",
    matrix = "03-matrix",
    defaults_and_templates = "04-defaults-and-templates",
    table = "05-table",
    json = "06-json",
    patterns = "07-patterns",
    texts = "08-texts",
    conversations = "09-conversations",
    http = "11-http",
    scenarios = "12-scenarios",
    files = "13-files",
    sets_and_weights = "14-sets-and-weights",
    programs = "15-programs",
    given_answers = "16-given-answers",
    templates = "17-templates",
    measures = "18-measures",
    short_programs = "21-short-programs",
    tools = "22-tools",
    never_fails = "23-never-fails",
}

#[test]
fn turns() {
    check_fixture("10-turns", "promptfooconfig.json");
}

#[test]
fn results() {
    check_fixture("19-results", "results.json");
}

#[test]
fn results_in_a_table() {
    check_fixture("20-results-in-a-table", "results.json");
}
