//! `evalward import`.

use evalward_testkit::Scratch;
use insta::assert_snapshot;

use crate::support::evalward;

const CONFIGURATION: &str = "description: Capitals
prompts: ['The capital of {{country}} is {{city}}.']
providers: [echo]
tests:
  - vars: {country: France, city: Paris}
    assert:
      - {type: contains, value: Paris}
      - {type: llm-rubric, value: is polite}
  - vars: {country: Japan, city: Kyoto}
    assert: [{type: contains, value: Tokyo}]
";

#[test]
fn a_suite_is_made_and_runs() {
    let scratch = Scratch::new();
    std::fs::write(scratch.path("promptfooconfig.yaml"), CONFIGURATION).unwrap();
    let made = evalward(&scratch, "import promptfoo promptfooconfig.yaml --to capitals").run();
    assert_snapshot!(made.expect_code(0).stdout, @"
    made capitals/evalward.toml: 2 examples, 1 metric, 0 variants
    not translated (1)
      promptfooconfig.yaml:8: assertion `llm-rubric`: a model judges the answer; evalward has no judges yet
    ");
    let run = evalward(&scratch, "run capitals/evalward.toml").run().expect_code(1);
    assert!(run.stdout.contains("1 of 2 examples failed; all must pass"), "{}", run.stdout);
}

#[test]
fn nothing_is_written_by_halves() {
    let scratch = Scratch::new();
    std::fs::write(scratch.path("promptfooconfig.yaml"), CONFIGURATION).unwrap();
    let strict = "import promptfoo promptfooconfig.yaml --to capitals --strict --format json";
    let refused = evalward(&scratch, strict).run().expect_code(2);
    assert!(refused.stdout.contains("\"written\": false"), "{}", refused.stdout);
    assert!(!scratch.path("capitals").exists());
    let again = "import promptfoo promptfooconfig.yaml --to .";
    assert_snapshot!(evalward(&scratch, again).run().expect_code(2).stderr, @"
    error: failed to write `.`: it is there already
      hint: choose another folder, or replace the files with --force
    ");
}
