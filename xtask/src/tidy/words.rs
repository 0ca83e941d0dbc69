//! Words that have no place in a repository: other people's paths, unfinished work, numbers that only an issue tracker knows.

use super::finding::Finding;

/// A text that must not occur, and why.
struct Forbidden {
    text: &'static str,
    whole_word: bool,
    /// Whether it may be a name in code: tracing has a field of this name, and users search for it.
    in_prose_only: bool,
    why: &'static str,
}

// Written in two halves, so that this file does not find itself.
const FORBIDDEN: &[Forbidden] = &[
    Forbidden {
        text: concat!("/wo", "rk/"),
        whole_word: false,
        in_prose_only: false,
        why: "a path of one machine",
    },
    Forbidden {
        text: concat!("../sha", "red"),
        whole_word: false,
        in_prose_only: false,
        why: "a path outside the repository",
    },
    Forbidden {
        text: concat!("ses", "sion"),
        whole_word: true,
        in_prose_only: true,
        why: "say what it is: a run, a login, a conversation",
    },
    Forbidden {
        text: concat!("issue", " #"),
        whole_word: false,
        in_prose_only: false,
        why: "say what the problem was",
    },
    Forbidden {
        text: concat!("TO", "DO"),
        whole_word: true,
        in_prose_only: false,
        why: "finish it or leave it out",
    },
    Forbidden {
        text: concat!("FIX", "ME"),
        whole_word: true,
        in_prose_only: false,
        why: "finish it or leave it out",
    },
    Forbidden {
        text: concat!("to", "do!("),
        whole_word: false,
        in_prose_only: false,
        why: "finish it or leave it out",
    },
    Forbidden {
        text: concat!("unimple", "mented!("),
        whole_word: false,
        in_prose_only: false,
        why: "finish it or leave it out",
    },
];

/// Files that are code or documentation.
const EXTENSIONS: &[&str] =
    &["rs", "toml", "md", "yml", "yaml", "sh", "j2", "html", "css", "js", "sql", "py", "run"];

/// Folders whose texts are what users write, not ours.
const OTHER_VOICES: &[&str] =
    &["datasets/", "examples/support/kb/", "examples/support/assistant/data/"];

/// Finds forbidden words in code and documentation.
pub(super) fn check_words(path: &str, text: &str) -> Vec<Finding> {
    if !is_ours(path) {
        return Vec::new();
    }
    let is_rust = extension_of(path) == "rs";
    let mark = comment_mark(extension_of(path));
    let mut findings = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let prose = mark.map_or(Some(line), |mark| comment_of(line, mark));
        let text_for = |word: &Forbidden| if word.in_prose_only { prose } else { Some(line) };
        let is_found = |word: &&Forbidden| text_for(word).is_some_and(|text| occurs(word, text));
        for word in FORBIDDEN.iter().filter(is_found) {
            findings.push(Finding::new(
                path,
                index + 1,
                format!("`{}` is forbidden: {}", word.text, word.why),
            ));
        }
        if is_rust && comment_of(line, "//").is_some_and(names_a_number) {
            let message = "a comment names a number of an issue tracker; say what the problem was";
            findings.push(Finding::new(path, index + 1, message));
        }
    }
    findings
}

fn is_ours(path: &str) -> bool {
    EXTENSIONS.contains(&extension_of(path))
        && !OTHER_VOICES.iter().any(|folder| path.starts_with(folder))
}

/// Returns what follows the last dot of the name, or the name where it has none.
pub(super) fn extension_of(path: &str) -> &str {
    path.rsplit_once(['.', '/']).map_or(path, |(_, extension)| extension)
}

fn occurs(word: &Forbidden, line: &str) -> bool {
    let is_letter = |letter: Option<char>| {
        letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
    };
    line.match_indices(word.text).any(|(start, found)| {
        let (before, rest) = line.split_at(start);
        let after = rest.strip_prefix(found).unwrap_or_default();
        let is_part = is_letter(before.chars().next_back()) || is_letter(after.chars().next());
        let is_name = word.in_prose_only && before.ends_with(['`', '.', '"', '{', '|']);
        !(word.whole_word && is_part || is_name)
    })
}

/// Returns what starts a comment in files of this kind; `None` where all of a file is prose.
fn comment_mark(extension: &str) -> Option<&'static str> {
    match extension {
        "rs" | "js" => Some("//"),
        "sql" => Some("--"),
        "toml" | "yml" | "yaml" | "sh" | "py" | "run" => Some("#"),
        _ => None,
    }
}

/// Returns the comment of a line; `//` within an address starts none.
fn comment_of<'a>(line: &'a str, mark: &str) -> Option<&'a str> {
    let (start, _) =
        line.match_indices(mark).find(|(start, _)| !line.split_at(*start).0.ends_with(':'))?;
    Some(line.split_at(start).1)
}

fn names_a_number(comment: &str) -> bool {
    comment.split('#').skip(1).any(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::finding::check;

    #[test]
    fn forbidden_words_are_found_with_their_lines() {
        let text = format!("fn main() {{}}\n// {}: more\n", concat!("TO", "DO"));
        let expected = format!(
            "src/a.rs:2: `{}` is forbidden: finish it or leave it out",
            concat!("TO", "DO")
        );
        check(&check_words("src/a.rs", &text), &[&expected]);
    }

    #[test]
    fn parts_of_words_and_other_voices_are_left_alone() {
        let word = concat!("ses", "sion");
        check(&check_words("a.md", &format!("ob{word}s, {word}_id, regression")), &[]);
        check(&check_words("a.md", &format!("the field `{word}`, from `{word}.id`")), &[]);
        check(&check_words("a.rs", &format!("let {word} = interaction.{word};")), &[]);
        assert_eq!(check_words("a.rs", &format!("let a = 1; // a {word}")).len(), 1);
        check(&check_words("datasets/support/README.md", word), &[]);
        check(&check_words("a.bin", word), &[]);
        assert_eq!(check_words("README.md", &format!("a {word}")).len(), 1);
        assert_eq!(check_words(".ci/run", &format!("# a {word}")).len(), 1);
    }

    #[test]
    fn numbers_of_an_issue_tracker_are_found_in_comments_only() {
        let hash = '#';
        assert_eq!(check_words("a.rs", &format!("let a = 1; // see {hash}12")).len(), 1);
        check(&check_words("a.rs", &format!("let color = \"{hash}12\";")), &[]);
        check(&check_words("a.rs", &format!("let page = \"http://a/{hash}12\";")), &[]);
        check(&check_words("a.rs", "//! # Heading"), &[]);
    }
}
