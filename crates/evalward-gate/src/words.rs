//! How numbers are written in messages.

pub(crate) fn percent(share: f64) -> String {
    let text = format!("{:.1}", share * 100.0);
    format!("{} %", text.strip_suffix(".0").unwrap_or(&text))
}

/// Writes an end of an interval, rounded outwards, with as many decimals as it takes to see on which side of the bound it lies.
pub(crate) fn percent_beside(share: f64, bound: f64, round: fn(f64) -> f64) -> String {
    let shown = |scale: f64| round(share * 100.0 * scale) / scale;
    let tells = |scale: f64| (shown(scale) >= bound * 100.0) == (share >= bound);
    let scales = [(1, 10.0), (2, 100.0), (3, 1e3), (4, 1e4), (6, 1e6)];
    let (decimals, scale) = scales.into_iter().find(|(_, scale)| tells(*scale)).unwrap_or((8, 1e8));
    let text = format!("{:.decimals$}", shown(scale));
    format!("{} %", text.strip_suffix(".0").unwrap_or(&text))
}

pub(crate) fn count_of(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// Writes a mean with at most three decimals.
pub(crate) fn number(value: f64) -> String {
    let text = format!("{value:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Writes a difference with its sign.
pub(crate) fn signed(value: f64) -> String {
    let text = number(value);
    if text == "0" || text.starts_with('-') { text } else { format!("+{text}") }
}

/// Writes a number of examples that need not be whole.
pub(crate) fn shown_n(n: f64) -> String {
    let text = format!("{n:.1}");
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}
