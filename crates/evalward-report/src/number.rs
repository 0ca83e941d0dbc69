//! The rules by which numbers are written.

use evalward_core::Finite;
use evalward_gate::Estimate;

/// What stands where there is no number.
pub(crate) const NONE: &str = "-";

/// Writes a share as `96.7 %`; only a whole one is `100.0 %`, and only none at all `0.0 %`.
pub(crate) fn percent(share: Finite) -> String {
    let percent = share.get() * 100.0;
    let shown = if percent > 0.0 && percent < 100.0 { percent.clamp(0.1, 99.9) } else { percent };
    format!("{shown:.1} %")
}

/// Writes a rate with its interval as `96.7 % [88.6, 99.1]`.
pub(crate) fn rate(estimate: &Estimate) -> String {
    let (low, high) = (estimate.low.get() * 100.0, estimate.high.get() * 100.0);
    format!("{} [{low:.1}, {high:.1}]", percent(estimate.value))
}

/// Writes milliseconds as `12 ms`, from one second on as `1.3 s`.
pub(crate) fn duration(millis: Finite) -> String {
    let millis = millis.get().round();
    if millis < 1000.0 { format!("{millis} ms") } else { format!("{:.1} s", millis / 1000.0) }
}

/// Writes whole milliseconds as [`duration`] does.
pub(crate) fn latency(millis: u64) -> String {
    if millis < 1000 {
        return format!("{millis} ms");
    }
    let tenths = millis.saturating_add(50) / 100;
    format!("{}.{} s", tenths / 10, tenths % 10)
}

/// Writes US dollars as `$0.0123`, from one dollar on as `$1.23`.
pub(crate) fn dollars(amount: Finite) -> String {
    let amount = amount.get();
    if amount > 0.0 && amount < 0.0001 {
        "<$0.0001".to_owned()
    } else if amount < 1.0 {
        format!("${amount:.4}")
    } else {
        format!("${amount:.2}")
    }
}

/// Writes a score with at most three decimals.
pub(crate) fn score(value: Finite) -> String {
    let text = format!("{:.3}", value.get());
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Writes a score with as many decimals as its size leaves worth reading: three below 10, none from 1000 on.
pub(crate) fn amount(value: Finite) -> String {
    let size = value.get().abs();
    if size >= 1000.0 {
        format!("{:.0}", value.get())
    } else if size >= 10.0 {
        format!("{:.1}", value.get())
    } else {
        format!("{:.3}", value.get())
    }
}

/// Writes a difference as [`amount`] does, with its sign.
pub(crate) fn signed(value: Finite) -> String {
    let text = amount(value);
    let is_zero = text.chars().all(|character| "-0.".contains(character));
    match text.strip_prefix('-') {
        Some(size) if is_zero => size.to_owned(),
        None if !is_zero => format!("+{text}"),
        _ => text,
    }
}

/// Writes a count with its noun: `1 example`, `2 examples`.
pub(crate) fn count(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finite(value: f64) -> Finite {
        Finite::new(value).unwrap()
    }

    #[track_caller]
    fn check(actual: &str, expected: &str) {
        assert_eq!(actual, expected);
    }

    #[test]
    fn each_quantity_has_one_form() {
        check(&percent(finite(0.9666)), "96.7 %");
        check(&percent(finite(0.9998)), "99.9 %");
        check(&percent(finite(0.0002)), "0.1 %");
        check(&percent(finite(1.0)), "100.0 %");
        check(&duration(finite(12.4)), "12 ms");
        check(&duration(finite(999.6)), "1.0 s");
        check(&duration(finite(1337.0)), "1.3 s");
        check(&latency(999), "999 ms");
        check(&latency(1960), "2.0 s");
        check(&dollars(finite(0.012_34)), "$0.0123");
        check(&dollars(finite(0.000_01)), "<$0.0001");
        check(&dollars(finite(12.5)), "$12.50");
        check(&score(finite(4.0)), "4");
        check(&score(finite(0.8751)), "0.875");
        check(&score(finite(100.0)), "100");
        check(&amount(finite(0.0512)), "0.051");
        check(&amount(finite(1234.5)), "1234");
        check(&signed(finite(-0.0001)), "0.000");
        check(&signed(finite(-0.25)), "-0.250");
        check(&signed(finite(12.34)), "+12.3");
    }
}
