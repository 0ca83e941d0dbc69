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
    made capitals/evalward.toml: 2 examples, 2 with checks of their own, 0 variants
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

/// A set of which one part must hold, a short program, and what can never fail.
const LOOSE: &str = "description: Loose
prompts: ['{{answer}}']
providers: [echo]
tests:
  - vars: {answer: 'Oslo is cold.'}
    assert:
      - {type: assert-set, threshold: 0.5, assert: [{type: contains, value: Oslo}, {type: contains, value: Rome}]}
      - {type: javascript, value: output.length < 20}
  - vars: {answer: Paris}
    assert:
      - {type: assert-set, threshold: 0.5, assert: [{type: contains, value: Oslo}, {type: contains, value: Rome}]}
      - {type: regex, value: '.*'}
";

#[test]
fn shares_and_short_programs_are_told_by_their_expression() {
    let scratch = Scratch::new();
    std::fs::write(scratch.path("loose.yaml"), LOOSE).unwrap();
    let made = evalward(&scratch, "import promptfoo loose.yaml --to loose").run();
    assert_snapshot!(made.expect_code(0).stdout, @"
    made loose/evalward.toml: 2 examples, 2 with checks of their own, 0 variants
    not translated (1)
      loose.yaml:12: assertion `regex`: it can never fail: its pattern matches any output
    ");
    let run = evalward(&scratch, "run loose/evalward.toml").run().expect_code(1);
    let page = run.clean_stdout();
    let (_, failing) = page.split_once("distribution: 1 failed").expect("one example fails");
    let (failing, _) = failing.split_once("\n      input").expect("its input follows");
    assert_snapshot!(failing, @"


    ✗ test-2
      checks: `('Oslo' in output or 'Rome' in output)` is not true
    ");
}

#[test]
fn a_suite_in_which_nothing_can_fail_is_made_but_not_run() {
    let scratch = Scratch::new();
    let vacuous =
        "prompts: [hi]\nproviders: [echo]\ntests: [{assert: [{type: regex, value: '.*'}]}]\n";
    std::fs::write(scratch.path("vacuous.yaml"), vacuous).unwrap();
    drop(evalward(&scratch, "import promptfoo vacuous.yaml --to out").run().expect_code(0));
    let refused = evalward(&scratch, "run out/evalward.toml").run().expect_code(2);
    assert!(
        refused.stderr.contains("no metric can fail an example of partition `distribution`"),
        "{}",
        refused.stderr
    );
}
