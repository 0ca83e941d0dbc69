//! Turning serde's lists of known fields into one suggestion.

/// Returns the candidate that is most like the word, if one is near enough to be a slip of the pen.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(word, candidate), candidate))
        .filter(|(likeness, _)| *likeness >= 0.8)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, candidate)| candidate)
}

/// Writes names in backticks, separated by commas.
pub(crate) fn quoted_list<S: AsRef<str>>(names: &[S]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    quoted.join(", ")
}

/// Rewrites serde's message for people: a suggestion instead of a list, JSON's words instead of serde's.
pub(crate) fn humanize(message: &str) -> String {
    for kind in ["unknown field", "unknown variant"] {
        if let Some(rest) = message.strip_prefix(kind) {
            let names: Vec<&str> = rest.split('`').skip(1).step_by(2).collect();
            if let Some((unknown, known)) = names.split_first() {
                return unknown_name(kind, unknown, known);
            }
        }
    }
    message
        .replace("invalid type: map", "invalid type: object")
        .replace("invalid type: sequence", "invalid type: array")
        .replace("expected a map", "expected an object")
        .replace("expected a sequence", "expected an array")
        .replace("expected struct ", "expected an object for ")
}

/// Says that a name is not known, and which one was probably meant.
pub(crate) fn unknown_name(kind: &str, unknown: &str, known: &[&str]) -> String {
    match nearest(unknown, known.iter().copied()) {
        Some(candidate) => format!("{kind} `{unknown}`; did you mean `{candidate}`?"),
        None => format!("{kind} `{unknown}`; known are {}", quoted_list(known)),
    }
}
