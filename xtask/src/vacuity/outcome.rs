//! What a case came to, and what is wrong with it.

use anyhow::Result;

use super::case::Case;
use super::stage::{Ended, Surroundings, play};

/// The exit code of input that is wrong, after which nothing may have been run.
const INPUT_WRONG: i32 = 2;

/// What a case came to.
#[derive(Debug)]
pub(super) struct Outcome {
    /// The exit code of the broken suite.
    pub(super) code: Option<i32>,
    /// What is not as expected; empty where all is.
    pub(super) problems: Vec<String>,
}

/// Runs the broken suite and its twin.
pub(super) fn judge(case: &Case, surroundings: &Surroundings) -> Outcome {
    let mut outcome = Outcome { code: None, problems: Vec::new() };
    match play(surroundings, case.broken_layers()) {
        Ok(ended) => {
            outcome.code = ended.finished.code;
            outcome.problems.extend(problems_of_broken(case, &ended));
        }
        Err(error) => {
            outcome.problems.push(format!("the broken suite could not be tried: {error:#}"));
        }
    }
    outcome.problems.extend(problem_of_twin(play(surroundings, case.twin_layers())));
    outcome
}

fn problems_of_broken(case: &Case, ended: &Ended) -> Vec<String> {
    let Ended { finished, has_run } = ended;
    let mut problems = Vec::new();
    if finished.code != Some(case.code) {
        problems.push(format!("expected exit code {}, got {}", case.code, show(finished.code)));
    }
    if !squeeze(&finished.output).contains(&squeeze(&case.says)) {
        problems.push(format!("expected the output to say `{}`", case.says));
    }
    if finished.output.contains("panicked at") {
        problems.push("the program panicked".to_owned());
    }
    if case.code == INPUT_WRONG && *has_run {
        problems.push("a run was started, although the input is wrong".to_owned());
    }
    if !problems.is_empty() {
        problems.push(quote(&finished.output));
    }
    problems
}

fn problem_of_twin(ended: Result<Ended>) -> Option<String> {
    match ended {
        Ok(ended) if ended.finished.code == Some(0) => None,
        Ok(Ended { finished, .. }) => {
            let (code, output) = (show(finished.code), quote(&finished.output));
            Some(format!("the repaired twin must exit 0, got {code}\n{output}"))
        }
        Err(error) => Some(format!("the repaired twin could not be tried: {error:#}")),
    }
}

/// Joins all words by one space, since messages are wrapped; the frame that they may stand in goes too.
fn squeeze(text: &str) -> String {
    let words = text.split(|letter: char| letter.is_whitespace() || "│╭╰╮╯".contains(letter));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Writes an exit code for people.
pub(super) fn show(code: Option<i32>) -> String {
    code.map_or_else(|| "none".to_owned(), |code| code.to_string())
}

fn quote(output: &str) -> String {
    output.lines().map(|line| format!("    | {line}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapped_messages_are_joined() {
        assert_eq!(squeeze("  × the suite has no\n  │ metric\n"), "× the suite has no metric");
    }
}
