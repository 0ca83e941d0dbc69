//! What a promotion's branch, commit and pull request say.

use std::fmt::Write as _;

use evalward_core::Digest;

use super::Promoted;
use super::proof::in_words;

/// Returns a name for the branch, the same for the same examples.
pub(super) fn branch(promoted: &[Promoted]) -> String {
    match promoted {
        [] => String::new(),
        [only] => format!("promote/{}", only.example),
        many => {
            let ids = many.iter().map(|it| Digest::of(it.example.as_str().as_bytes()));
            let hash = Digest::chain(ids).short();
            format!("promote/{}-examples-{hash}", many.len())
        }
    }
}

/// Returns the commit's message.
pub(super) fn commit_message(promoted: &[Promoted]) -> String {
    let subject = title(promoted);
    let mut text = format!("{subject}\n");
    for it in promoted {
        write!(
            text,
            "\n{}: {}\nFails first: {}\nPattern {}, candidate {}, approved by {}.\n",
            it.example,
            it.root_cause,
            in_words(&it.fails_with),
            it.pattern,
            it.candidate,
            it.reviewers.join(", "),
        )
        .expect("a string takes every text");
    }
    text
}

/// Returns the text of the pull request.
pub(super) fn pull_request(promoted: &[Promoted], already: &[Promoted]) -> String {
    if promoted.is_empty() {
        return String::new();
    }
    let mut text = format!(
        "# {}\n\nFailures from production become examples. The suite fails until they are fixed.\n",
        title(promoted)
    );
    for it in promoted {
        let expected = if it.expected_passes {
            "its expected output passes"
        } else {
            "no expected output was given"
        };
        write!(
            text,
            "\n## `{}` ({})\n\n\
             - Root cause: {}\n\
             - Fails first: the recorded bad output fails with {}; {expected}\n\
             - Pattern `{}`, candidate `{}`\n\
             - Approved by {}\n",
            it.example,
            it.partition,
            it.root_cause,
            code(&in_words(&it.fails_with)),
            it.pattern,
            it.candidate,
            it.reviewers.join(", "),
        )
        .expect("a string takes every text");
        for other in already.iter().filter(|other| other.example == it.example) {
            let Promoted { pattern, candidate, .. } = other;
            writeln!(text, "- Guards against pattern `{pattern}` too (candidate `{candidate}`)")
                .expect("a string takes every text");
        }
    }
    text
}

fn title(promoted: &[Promoted]) -> String {
    match promoted {
        [] => "[dataset] promote nothing".to_owned(),
        // A subject of more than 72 characters is cut wherever git lists commits.
        [only] if only.example.as_str().len() <= 54 => {
            format!("[dataset] promote {}", only.example)
        }
        [_] => "[dataset] promote an example".to_owned(),
        many => format!("[dataset] promote {} examples", many.len()),
    }
}

/// Writes a text as code, whatever backticks it has.
fn code(text: &str) -> String {
    format!("`` {text} ``")
}
