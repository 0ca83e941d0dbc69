//! The nearest known word to one that is not known.

/// Returns the candidate that a typing mistake most probably meant.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Returns the words between backticks.
pub(crate) fn backticked(message: &str) -> Vec<&str> {
    message.split('`').skip(1).step_by(2).collect()
}

/// Rewrites a message of serde or the TOML library in the words of a suite file.
pub(crate) fn humanize(message: &str) -> String {
    if let Some(found) = message.strip_prefix("wanted exactly 1 element, ") {
        let what = if found.starts_with("more") { "several kinds" } else { "no kind" };
        return format!("this table names {what}; it must name exactly one");
    }
    if let Some((found, _)) = message.split_once(", expected struct ") {
        return format!("{found}, expected a table");
    }
    let words = [
        ("expected a string", "expected a text"),
        ("expected f64", "expected a number"),
        ("expected u64", "expected a whole number from 0"),
        ("expected u32", "expected a whole number from 0"),
        ("expected u8", "expected a whole number from 0 to 255"),
        ("expected a nonzero u32", "expected a whole number from 1"),
        ("expected a sequence", "expected a list"),
        ("expected a map", "expected a table"),
        ("expected a boolean", "expected `true` or `false`"),
    ];
    let rewrite = |(from, to): &(&str, &str)| Some(format!("{}{to}", message.strip_suffix(from)?));
    words.iter().find_map(rewrite).unwrap_or_else(|| message.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_another_word_is_not() {
        assert_eq!(nearest("treshold", ["threshold", "where"]), Some("threshold"));
        assert_eq!(nearest("modle", ["model", "prompt"]), Some("model"));
        assert_eq!(nearest("zebra", ["threshold", "where"]), None);
    }
}
