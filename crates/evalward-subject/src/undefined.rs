//! Errors of templates as sentences.

use evalward_core::Example;
use minijinja::{Error, ErrorKind};

/// Says where a template failed, why, and, where a variable is undefined, what there is instead.
pub(crate) fn explain(error: &Error, name: &str, example: &Example) -> String {
    let place = match (error.name().unwrap_or(name), error.line()) {
        (name, Some(line)) => format!("{name}:{line}"),
        (name, None) => name.to_owned(),
    };
    let reason = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    if error.kind() != ErrorKind::UndefinedError {
        let source = error.range().and_then(|range| error.template_source()?.get(range));
        let source = source.map(|source| format!(" at `{source}`")).unwrap_or_default();
        return format!("template {place} cannot be rendered{source}: {reason}");
    }
    let reason = if error.detail().is_some() { reason } else { "a variable is undefined".into() };
    let offers = offers(example);
    let nearest = quoted(&reason).and_then(|path| nearest(path, &offers));
    let nearest = nearest.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
    format!(
        "template {place} cannot be rendered: {reason}; example `{}` offers {}{nearest}",
        example.id,
        offers.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    )
}

/// Returns the names that a template may use.
fn offers(example: &Example) -> Vec<String> {
    let inputs = example.input.keys().map(|key| format!("input.{key}"));
    ["id".to_owned(), "context".to_owned()].into_iter().chain(inputs).collect()
}

/// Returns the text between the first pair of backticks, which is the undefined expression.
fn quoted(reason: &str) -> Option<&str> {
    reason.split('`').nth(1)
}

/// Returns the name that was probably meant: a field of the input without `input.`, or a misspelt name.
fn nearest<'a>(path: &str, offers: &'a [String]) -> Option<&'a String> {
    let without_input = format!("input.{path}");
    let distance = |offer: &&String| {
        strsim::damerau_levenshtein(offer, path)
            .min(strsim::damerau_levenshtein(offer, &without_input))
    };
    offers
        .iter()
        .min_by_key(distance)
        .filter(|offer| distance(offer) <= path.chars().count() / 3 + 1)
}
