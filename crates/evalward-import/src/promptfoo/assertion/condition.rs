//! Conditions: what rules demand, as one expression over the output; and shares of several conditions.

use evalward_core::{Rules, TextList};

/// Writes a text as an expression has it.
pub(super) fn quoted(text: &str) -> String {
    let mut written = String::from("'");
    for letter in text.chars() {
        match letter {
            '\\' | '\'' => written.extend(['\\', letter]),
            '\n' => written.push_str(r"\n"),
            '\r' => written.push_str(r"\r"),
            '\t' => written.push_str(r"\t"),
            letter if letter.is_control() => {
                written.extend(format!(r"\u{:04x}", u32::from(letter)).chars());
            }
            letter => written.push(letter),
        }
    }
    written.push('\'');
    written
}

/// Returns rules that hold where an expression does.
pub(super) fn expression(expression: String) -> Rules {
    Rules { expression: Some(expression), ..Rules::default() }
}

/// Returns an expression that is true of the same outputs; `None` where the language has no words for it.
pub(crate) fn condition(rules: &Rules) -> Option<String> {
    let written = Rules {
        includes_all: rules.includes_all.clone(),
        includes_any: rules.includes_any.clone(),
        excludes_any: rules.excludes_any.clone(),
        excludes_all: rules.excludes_all.clone(),
        regex: rules.regex.clone(),
        not_regex: rules.not_regex.clone(),
        expression: rules.expression.clone(),
        case_sensitive: rules.case_sensitive,
        ..Rules::default()
    };
    if written != *rules {
        return None;
    }
    let occurs = |text: &String| {
        if rules.case_sensitive {
            format!("{} in output", quoted(text))
        } else {
            format!("{} in output|lower", quoted(&text.to_lowercase()))
        }
    };
    let each = |texts: &TextList| texts.iter().map(occurs).collect::<Vec<_>>();
    let mut parts = each(&rules.includes_all);
    let negated = |text: String| format!("not ({text})");
    parts.extend(joined(each(&rules.includes_any), "or"));
    parts.extend(joined(each(&rules.excludes_any), "or").map(negated));
    parts.extend(joined(each(&rules.excludes_all), "and").map(negated));
    let matches = |pattern: &String| format!("output is matching({})", quoted(pattern));
    parts.extend(rules.regex.as_ref().map(matches));
    parts.extend(rules.not_regex.as_ref().map(matches).map(negated));
    parts.extend(rules.expression.clone());
    joined(parts, "and")
}

/// Joins conditions by a word; what `or` joins stands in brackets, so that `and` may join any.
pub(super) fn joined(mut conditions: Vec<String>, word: &str) -> Option<String> {
    match (conditions.len(), word) {
        (0 | 1, _) => conditions.pop(),
        (_, "or") => Some(format!("({})", conditions.join(" or "))),
        _ => Some(conditions.join(&format!(" {word} "))),
    }
}

/// Returns rules that hold where the weighted share of the conditions that hold reaches a threshold; `None` where all must hold.
///
/// # Errors
/// Says why the share could never fail, or never hold.
pub(crate) fn share(
    conditions: &[(f64, String)],
    threshold: f64,
) -> Result<Option<Rules>, &'static str> {
    let total: f64 = conditions.iter().map(|(weight, _)| weight).sum();
    let reaches = |sum: f64| sum / total >= threshold;
    if threshold <= 0.0 {
        return Err("it can never fail: every share reaches its threshold");
    }
    if total <= 0.0 || !reaches(total) {
        return Err("it can never hold: no share reaches its threshold");
    }
    let without = |left_out: usize| {
        let kept = conditions.iter().enumerate().filter(|(at, _)| *at != left_out);
        kept.map(|(_, (weight, _))| weight).sum::<f64>()
    };
    if (0..conditions.len()).all(|at| !reaches(without(at))) {
        return Ok(None);
    }
    if conditions.iter().all(|(weight, _)| reaches(*weight)) {
        let texts = conditions.iter().map(|(_, condition)| condition.clone()).collect();
        return Ok(joined(texts, "or").map(expression));
    }
    let points = |(weight, condition): &(f64, String)| format!("({weight} if {condition} else 0)");
    let sum = conditions.iter().map(points).collect::<Vec<_>>().join(" + ");
    Ok(Some(expression(format!("({sum}) / {total} >= {threshold}"))))
}
