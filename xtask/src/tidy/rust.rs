//! Rules on Rust files as a whole: their length and how a crate opens.

use super::finding::Finding;

/// The most lines of a Rust file.
const MAX_LINES: usize = 500;

/// The fewest lines that say what a crate is.
const MIN_OPENING: usize = 3;

/// Finds a Rust file that does more than one thing.
pub(super) fn check_length(path: &str, text: &str) -> Option<Finding> {
    let lines = text.lines().count();
    (lines > MAX_LINES).then(|| {
        Finding::new(
            path,
            MAX_LINES + 1,
            format!("the file has {lines} lines; split it, {MAX_LINES} are the limit"),
        )
    })
}

/// Finds a crate that does not say what it is.
pub(super) fn check_opening(path: &str, text: &str) -> Option<Finding> {
    if !(path.ends_with("src/lib.rs") || path.ends_with("src/main.rs")) {
        return None;
    }
    let opening = text.lines().take_while(|line| line.starts_with("//!")).count();
    (opening < MIN_OPENING).then(|| {
        let message =
            format!("the crate opens with {opening} lines of `//!`; write at least {MIN_OPENING}");
        Finding::new(path, 1, message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_files_are_found() {
        assert_eq!(check_length("a.rs", &"x\n".repeat(MAX_LINES)), None);
        assert!(check_length("a.rs", &"x\n".repeat(MAX_LINES + 1)).is_some());
    }

    #[test]
    fn crates_must_say_what_they_are() {
        assert_eq!(check_opening("crates/a/src/lib.rs", "//! A.\n//!\n//! B.\n"), None);
        assert_eq!(check_opening("crates/a/src/part.rs", "\n"), None);
        assert!(check_opening("crates/a/src/main.rs", "//! A.\n\nfn main() {}\n").is_some());
    }
}
