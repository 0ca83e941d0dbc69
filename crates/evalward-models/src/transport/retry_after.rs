//! The `Retry-After` header (RFC 9110, section 10.2.3).

use std::time::Duration;

use evalward_core::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

/// Returns how long a `Retry-After` header asks to wait: its seconds, or the time until its date; `None` where it is neither.
pub fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if value.starts_with(|first: char| first.is_ascii_digit()) {
        // Servers also send fractions, which the standard does not know.
        let seconds: f64 = value.parse().ok()?;
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let date = DateTimeParser::new().parse_timestamp(value).ok()?;
    let millis = date.as_millisecond().saturating_sub(now.as_millis());
    Some(Duration::from_millis(u64::try_from(millis).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn now() -> Timestamp {
        "2026-11-03T10:00:00Z".parse().unwrap()
    }

    #[track_caller]
    fn check(value: &str, expected_millis: Option<u64>) {
        assert_eq!(retry_after(value, now()), expected_millis.map(Duration::from_millis));
    }

    #[test]
    fn reads_seconds_and_dates() {
        check("7", Some(7_000));
        check(" 0 ", Some(0));
        check("1.5", Some(1_500));
        check("Tue, 03 Nov 2026 10:00:30 GMT", Some(30_000));
        check("Tue, 03 Nov 2026 09:00:00 GMT", Some(0));
        check("soon", None);
        check("-3", None);
        check("", None);
        check("1e999", None);
    }

    proptest! {
        #[test]
        fn never_panics(value in "\\PC*", seconds in any::<u64>(), millis in any::<i64>()) {
            let now = Timestamp::from_millis(millis);
            retry_after(&value, now);
            retry_after(&seconds.to_string(), now);
            retry_after(&format!("Tue, 03 Nov {seconds} 10:00:30 GMT"), now);
        }
    }
}
