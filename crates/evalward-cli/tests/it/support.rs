//! The suite that most tests start from.

use evalward_core::{Example, Partition};
use evalward_testkit::{Invocation, Scratch};

/// The tables of the suite but for its subject.
const TABLES: &str = r#"[suite]
name = "capitals"
dataset = "dataset"

[metrics.right.contains]
threshold = 1.0

[metrics.short.constraints]
length = { words = { max = 8 } }
"#;

/// The subject that answers from a file.
const RECORDED: &str = "\n[subject.recorded]\nfile = \"answers.jsonl\"\n";

/// The answers that all pass.
pub(crate) const RIGHT: [(&str, &str); 3] =
    [("france", "It is Paris."), ("japan", "It is Tokyo."), ("peru", "It is Lima.")];

/// Prepares the built binary.
pub(crate) fn evalward<'a>(scratch: &'a Scratch, arguments: &str) -> Invocation<'a> {
    Invocation::new(env!("CARGO_BIN_EXE_evalward"), scratch, arguments)
}

/// Makes an example with one question and one right answer.
pub(crate) fn example(id: &str, partition: Partition, question: &str, answer: &str) -> Example {
    Example::new(id, partition).with_input("question", question).with_expected_output(answer)
}

/// The three golden examples.
pub(crate) fn golden() -> Vec<Example> {
    let tagged = |tag: &str, example| Example { tags: vec![tag.to_owned()], ..example };
    let golden = |id, question, answer| example(id, Partition::Golden, question, answer);
    vec![
        tagged("europe", golden("france", "Which city is the capital of France?", "Paris")),
        tagged("asia", golden("japan", "Name the seat of Japan's government.", "Tokyo")),
        tagged("america", golden("peru", "From where is Peru governed?", "Lima")),
    ]
}

/// A folder with three golden examples and a suite with this subject.
pub(crate) fn suite(subject: &str) -> Scratch {
    let scratch = Scratch::new();
    scratch.dataset(&golden());
    scratch.file("evalward.toml", &format!("{TABLES}\n{subject}"));
    scratch.file("prompt.j2", "{{ input.question }}");
    scratch
}

/// A folder whose suite is answered from a file.
pub(crate) fn recorded(answers: &[(&str, &str)]) -> Scratch {
    let scratch = suite(RECORDED);
    scratch.answers("answers.jsonl", answers);
    scratch
}

/// A recorded suite with examples and further tables of a test's own.
pub(crate) fn recorded_with(
    examples: &[Example],
    answers: &[(&str, &str)],
    tables: &str,
) -> Scratch {
    let scratch = recorded(answers);
    scratch.dataset(examples);
    scratch.file("evalward.toml", &format!("{TABLES}{RECORDED}\n{tables}"));
    scratch
}

/// The table of a chat model at an address, without retries.
pub(crate) fn openai(address: &str) -> String {
    format!(
        "[subject.openai]\nmodel = \"gpt-test\"\nbase_url = \"{address}/v1\"\nprompt = \"prompt.j2\"\ncalls = {{ attempts = 1 }}\n"
    )
}

/// A program that knows the capitals but forgets that of Peru at the third time of asking.
const FORGETFUL: &str = r#"import json, sys
cities = {"France": "Paris", "Japan": "Tokyo", "Peru": "Lima"}
asked = 0
for line in sys.stdin:
    request = json.loads(line)
    country = next(it for it in cities if it in request["input"]["question"])
    asked += country == "Peru"
    city = "gone" if country == "Peru" and asked == 3 else cities[country]
    print(json.dumps({"id": request["id"], "output": f"It is {city}."}), flush=True)
"#;

/// A folder with one run of three trials an example, of which one of Peru fails.
pub(crate) fn repeated() -> Scratch {
    let scratch = suite("[subject.command]\ncommand = [\"python3\", \"app.py\"]\n");
    scratch.file("app.py", FORGETFUL);
    drop(evalward(&scratch, "run --repeats 3 -j 1 --quiet").run().expect_code(1));
    scratch
}
