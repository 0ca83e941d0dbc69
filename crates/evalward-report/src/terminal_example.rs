//! One failing example on a terminal.

use evalward_core::{Outcome, Trial, visible};

use crate::diff::word_diff;
use crate::input::input_text;
use crate::paint::Paint;
use crate::text::{hang, one_line, shorten};
use crate::words;

const MAX_INPUT: usize = 300;
const MAX_OUTPUT: usize = 1_000;
const MAX_REASON: usize = 500;
/// Where the texts beside their labels start.
const TEXT_COLUMN: usize = 14;

pub(crate) fn failing_example(trial: &Trial, paint: Paint) -> String {
    let mut block = format!("\n  {} {}\n", paint.red("✗"), paint.bold(&words::trial_name(trial)));
    if let Outcome::Failed(reasons) = &trial.outcome {
        for reason in reasons {
            let message = one_line(&reason.message);
            let message = shorten(&message, MAX_REASON);
            push(&mut block, &format!("    {}: {message}", one_line(&reason.metric)));
        }
    }
    let input = one_line(&input_text(&trial.input));
    push(&mut block, &labelled("input", &shorten(&input, MAX_INPUT)));
    push(&mut block, &answer(trial, paint));
    block
}

/// Compares the output with the expected one where there is one, else shows it.
fn answer(trial: &Trial, paint: Paint) -> String {
    let Some(response) = &trial.response else { return labelled("output", "(no response)") };
    let diff = trial
        .expected_output
        .as_deref()
        .and_then(|expected| word_diff(expected, &response.output, paint));
    if let Some(diff) = diff {
        return labelled("diff", &diff);
    }
    let output = visible(&response.output);
    let output = if output.is_empty() { "(empty)".into() } else { shorten(&output, MAX_OUTPUT) };
    match trial.expected_output {
        Some(_) => labelled("output", &format!("{output}\n(equals the expected output)")),
        None => labelled("output", &output),
    }
}

fn labelled(label: &str, text: &str) -> String {
    format!("      {label:6}  {}", hang(text, TEXT_COLUMN))
}

fn push(block: &mut String, line: &str) {
    block.push_str(line.trim_end());
    block.push('\n');
}
