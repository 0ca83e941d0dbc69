//! What raters are told.

use super::{Question, Sheet};
use crate::text::append;

/// Writes what raters are told, as plain text beside the tables.
pub fn guidance(sheet: &Sheet) -> String {
    let mut text = "How to rate these answers\n=========================\n\n\
        Judge each answer by what you see of it and by nothing else. Do not talk to the other raters before all have finished.\n\n"
        .to_owned();
    for question in &sheet.questions {
        write_question(&mut text, sheet, question);
    }
    text.push_str(
        "Whoever cannot tell writes ? into the cell. A comment is welcome and not needed.\n\n\
         Leave the column `answer` as it is. The texts are shown with an apostrophe where a program could take them for a formula;\n\
         very long ones are cut, and the HTML sheet has all of them.\n",
    );
    if !sheet.claim_labels.is_empty() {
        text.push_str(
            "\nClaims\n------\n\nIn the column `claims`, write one claim a line: its label, a colon, and the words of the answer exactly as they stand there:\n\n    SUPPORTED: The plan costs 9 euros a month.\n\n",
        );
        for choice in &sheet.claim_labels {
            append(&mut text, format_args!("{}: {}\n", choice.label, choice.meaning));
        }
    }
    text
}

fn write_question(text: &mut String, sheet: &Sheet, question: &Question) {
    append(text, format_args!("{}\n\n", question.text));
    let column = sheet.column(question);
    if question.scale.is_empty() {
        append(text, format_args!("Write yes or no into the column `{column}`.\n\n"));
        return;
    }
    append(text, format_args!("Write one of these numbers into the column `{column}`:\n\n"));
    for step in &question.scale {
        append(text, format_args!("{:>3}  {}\n", step.score, step.text));
    }
    text.push('\n');
}
