//! `init`, `doctor`, `completions`, `schema`, help and version.

use evalward_testkit::Scratch;
use insta::assert_snapshot;

use crate::support::{RIGHT, evalward, recorded};

#[test]
fn init_makes_a_suite_that_runs_at_once() {
    let scratch = Scratch::new();
    let init = evalward(&scratch, "init").run().expect_code(0);
    assert_snapshot!(init.clean_stdout(), @"
    wrote ./evalward.toml
    wrote ./answers.jsonl
    wrote ./.gitignore
    wrote ./dataset/dataset.toml
    wrote ./dataset/golden.jsonl
    wrote ./dataset/regression.jsonl
    wrote ./dataset/adversarial.jsonl

    Next: evalward run
    ");
    drop(evalward(&scratch, "run --quiet").run().expect_code(0));
}

#[test]
fn init_never_overwrites() {
    let scratch = Scratch::new();
    drop(evalward(&scratch, "init demo").run().expect_code(0));
    let before: Vec<_> = scratch.all_files();
    let again = evalward(&scratch, "init demo").run().expect_code(2);
    assert_snapshot!(again.clean_stderr(), @"
    error: `demo/evalward.toml` is there already; nothing was written
      hint: name another folder: `evalward init DIR`
    ");
    scratch.file("mine/answers.jsonl", "mine\n");
    drop(evalward(&scratch, "init mine").run().expect_code(2));
    assert_eq!(scratch.read("mine/answers.jsonl"), "mine\n");
    assert_eq!(scratch.all_files().len(), before.len() + 1, "nothing half-written");
}

#[test]
fn completions_for_every_shell() {
    let scratch = Scratch::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = evalward(&scratch, &format!("completions {shell}")).run().expect_code(0);
        for word in ["evalward", "only-failed", "promptfoo"] {
            assert!(script.stdout.contains(word), "{shell}: {word}");
        }
    }
    let unknown = evalward(&scratch, "completions tcl").run().expect_code(2);
    assert_eq!(unknown.stdout, "");
}

#[test]
fn the_bash_script_is_one() {
    let scratch = Scratch::new();
    let script = evalward(&scratch, "completions bash").run().expect_code(0);
    scratch.file("completions.bash", &script.stdout);
    let bash =
        std::process::Command::new("bash").arg("-n").arg(scratch.path("completions.bash")).status();
    assert!(bash.is_ok_and(|status| status.success()));
}

#[test]
fn doctor_looks_at_the_machine_and_at_the_suite() {
    let scratch = recorded(&RIGHT);
    let doctor = |scratch| {
        let doctor = evalward(scratch, "doctor").env("OPENAI_API_KEY", "sk-secret-key");
        doctor.env("EVALWARD_MODELS_DIR", "models").run()
    };
    let sound = doctor(&scratch).expect_code(0);
    let without_git: Vec<_> =
        sound.clean_stdout().lines().filter(|line| !line.contains("git")).collect();
    assert_snapshot!(without_git.join("\n"), @"
    ok    evalward [version]
    ok    runs are kept in `.evalward/runs`
    ok    OPENAI_API_KEY is set
    note  ANTHROPIC_API_KEY is not set
    note  embedding model all-minilm-l6-v2 is not here; `semantic_similarity` needs it: `evalward models pull`
    ok    suite `capitals` is well-formed
    ok    dataset `capitals` is there
    ");
    scratch.file("evalward.toml", "[suite]\nname = \"x\"\n");
    let wrong = doctor(&scratch).expect_code(2);
    assert!(wrong.stdout.contains("wrong missing field"), "{}", wrong.stdout);
    assert!(!format!("{}{}", sound.stdout, wrong.stdout).contains("sk-secret"));
}

#[test]
fn help_names_the_commands_and_the_exit_codes() {
    let scratch = Scratch::new();
    let help = evalward(&scratch, "--help").run().expect_code(0);
    for text in ["Exit codes:", "  4  inconclusive", "run ", "doctor "] {
        assert!(help.stdout.contains(text), "{text} is missing in\n{}", help.stdout);
    }
    assert_snapshot!(evalward(&scratch, "--version").run().expect_code(0).clean_stdout(), @"evalward [version]");
}

#[test]
fn wrong_usage_is_2_with_a_suggestion() {
    let scratch = Scratch::new();
    let run = evalward(&scratch, "reprot").run().expect_code(2);
    assert_snapshot!(run.clean_stderr(), @"
    error: unrecognized subcommand 'reprot'

      tip: a similar subcommand exists: 'report'

    Usage: evalward [OPTIONS] <COMMAND>

    For more information, try '--help'.
    ");
    drop(evalward(&scratch, "").run().expect_code(2));
    drop(evalward(&scratch, "run --record a --replay b").run().expect_code(2));
}
