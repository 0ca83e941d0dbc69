//! Rules of several assertions, as those of one example.

use evalward_core::Rules;

/// Adds rules to others; `false`, with nothing added, where the language has no words for both together.
pub(super) fn merge(into: &mut Rules, rules: &Rules) -> bool {
    let has_texts = |rules: &Rules| {
        [&rules.includes_all, &rules.includes_any, &rules.excludes_any, &rules.excludes_all]
            .iter()
            .any(|texts| !texts.is_empty())
    };
    if has_texts(into) && has_texts(rules) && into.case_sensitive != rules.case_sensitive {
        return false;
    }
    let mut merged = into.clone();
    merged.case_sensitive |= rules.case_sensitive;
    for (own, more) in [
        (&mut merged.includes_all, &rules.includes_all),
        (&mut merged.excludes_any, &rules.excludes_any),
    ] {
        let new: Vec<_> = more.iter().filter(|text| !own.0.contains(text)).cloned().collect();
        own.0.extend(new);
    }
    for (own, more) in [
        (&mut merged.includes_any, &rules.includes_any),
        (&mut merged.excludes_all, &rules.excludes_all),
    ] {
        if !more.is_empty() && !own.is_empty() && own != more {
            return false;
        }
        if own.is_empty() {
            own.clone_from(more);
        }
    }
    let fits = set(&mut merged.regex, rules.regex.as_ref())
        && set(&mut merged.not_regex, rules.not_regex.as_ref())
        && set(&mut merged.valid_json, rules.valid_json.as_ref())
        && set(&mut merged.json_schema, rules.json_schema.as_ref())
        && set(&mut merged.refusal, rules.refusal.as_ref())
        && set(&mut merged.words, rules.words.as_ref());
    merged.expression = both(into.expression.as_deref(), rules.expression.as_deref());
    if fits {
        *into = merged;
    }
    fits
}

/// Sets what is not set; `false` where it is set to something else.
fn set<T: Clone + PartialEq>(own: &mut Option<T>, new: Option<&T>) -> bool {
    match (own.as_ref(), new) {
        (_, None) => true,
        (Some(own), Some(new)) => own == new,
        (None, Some(new)) => {
            *own = Some(new.clone());
            true
        }
    }
}

/// Joins two expressions, in which every `or` stands in brackets.
fn both(own: Option<&str>, more: Option<&str>) -> Option<String> {
    match (own, more) {
        (Some(own), Some(more)) if own != more => Some(format!("{own} and {more}")),
        (own, more) => own.or(more).map(str::to_owned),
    }
}
