//! The subject kind `command`.

use evalward_testkit::Scratch;
use insta::assert_snapshot;

use crate::support::{evalward, suite};

/// A program that knows the capitals; `LIMIT` requests and it is gone.
const PROGRAM: &str = r#"import json, os, sys
cities = {"France": "Paris", "Japan": "Tokyo", "Peru": "Lima"}
left = int(os.environ.get("LIMIT", "1000"))
for line in sys.stdin:
    if left == 0:
        print("out of luck", file=sys.stderr)
        sys.exit(7)
    left -= 1
    request = json.loads(line)
    question = request["input"]["question"]
    city = next((city for country, city in cities.items() if country in question), "?")
    print(json.dumps({"id": request["id"], "output": f"It is {city}."}), flush=True)
"#;

fn program(text: &str, more: &str) -> Scratch {
    let scratch = suite(&format!("[subject.command]\ncommand = [\"python3\", \"app.py\"]\n{more}"));
    scratch.file("app.py", text);
    scratch
}

/// Returns each row's outcome as its first letter.
fn letters(scratch: &Scratch) -> String {
    let first = |row: &serde_json::Value| row["outcome"].as_str().unwrap().chars().next();
    scratch.rows().iter().filter_map(first).collect()
}

#[test]
fn a_program_is_evaluated() {
    let scratch = program(PROGRAM, "");
    drop(evalward(&scratch, "run --quiet").run().expect_code(0));
    let scratch = program(PROGRAM, "one_shot = true\n");
    drop(evalward(&scratch, "run --quiet").run().expect_code(0));
}

#[test]
fn a_program_that_dies_midway_is_started_again() {
    let scratch = program(PROGRAM, "env = { LIMIT = \"1\" }\n");
    drop(evalward(&scratch, "run --quiet -j 1").run().expect_code(0));
    assert_eq!(letters(&scratch), "ppp");
    let attempts: Vec<_> = scratch.rows().iter().map(|row| row["attempts"].clone()).collect();
    assert_eq!(attempts, [1, 2, 2]);
}

#[test]
fn a_program_that_always_dies_is_errored_with_its_last_words() {
    let scratch = program(PROGRAM, "env = { LIMIT = \"0\" }\n");
    let run = evalward(&scratch, "run --quiet").run().expect_code(3);
    assert_eq!(letters(&scratch), "eee");
    assert!(run.stdout.contains("out of luck"), "{}", run.stdout);
}

#[test]
fn a_program_that_is_killed_never_passes_what_it_did_not_answer() {
    // The third request kills the program itself, as the kernel does when memory runs out.
    let suicidal = PROGRAM.replace(
        "    left -= 1\n",
        "    left -= 1\n    if \"Peru\" in line: os.kill(os.getpid(), 9)\n",
    );
    let scratch = program(&suicidal, "");
    drop(evalward(&scratch, "run --quiet -j 1").run().expect_code(3));
    assert_eq!(letters(&scratch), "ppe");
}

#[test]
fn garbage_is_errored_and_shown_with_the_programs_stderr() {
    let garbage = "import sys\nfor line in sys.stdin:\n    print('loading weights', file=sys.stderr, flush=True)\n    print('Paris', flush=True)\n";
    let scratch = program(garbage, "");
    let run = evalward(&scratch, "run --quiet -j 1").run().expect_code(3);
    assert_eq!(letters(&scratch), "eee");
    assert!(run.stdout.contains("loading weights"), "{}", run.stdout);
    assert_snapshot!(scratch.rows()[0]["cause"].as_str().unwrap(), @"
    program `python3 app.py` answered a line that is not JSON (expected value at line 1 column 1): `Paris`; only answers may go to stdout, logs belong on stderr; its output ends:
    loading weights
    ");
}

#[test]
fn the_answer_to_another_request_is_no_answer() {
    let confused = PROGRAM.replace("\"id\": request[\"id\"]", "\"id\": \"france\"");
    let scratch = program(&confused, "");
    drop(evalward(&scratch, "run --quiet -j 1").run().expect_code(3));
    assert_eq!(letters(&scratch), "pee");
}

#[test]
fn a_program_that_does_not_exist_is_told_at_once() {
    let scratch = suite("[subject.command]\ncommand = [\"no-such-program\"]\n");
    drop(evalward(&scratch, "run --quiet -j 1").run().expect_code(3));
    assert_snapshot!(scratch.rows()[0]["cause"].as_str().unwrap(), @"program `no-such-program` cannot be started: No such file or directory (os error 2); check that it is installed and on the PATH, and that the folder it runs in exists");
    let passed_over = scratch.rows()[1]["cause"].as_str().unwrap().to_owned();
    assert!(passed_over.starts_with("not evaluated: "), "{passed_over}");
}
