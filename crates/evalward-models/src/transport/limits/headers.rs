//! The headers by which servers tell what is left of their limits.

use std::time::Duration;

use evalward_core::Timestamp;
use reqwest::header::HeaderMap;

/// What is left of one limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Quota {
    pub(super) remaining: u64,
    /// The time until the limit is whole again.
    pub(super) reset: Duration,
}

/// What an answer says of limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Quotas {
    pub(super) calls: Option<Quota>,
    pub(super) tokens: Option<Quota>,
}

/// Pairs of headers for what remains and when it is reset, of calls and of tokens: `OpenAI` and those who follow it, Anthropic,
/// and the drafts of the IETF up to 7.
const CALLS: [(&str, &str); 3] = [
    ("x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
    ("anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset"),
    ("ratelimit-remaining", "ratelimit-reset"),
];
const TOKENS: [(&str, &str); 2] = [
    ("x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"),
    ("anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset"),
];

impl Quotas {
    /// Reads the headers of an answer; what is missing or unreadable is left out.
    pub(in super::super) fn read(headers: &HeaderMap, now: Timestamp) -> Self {
        let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
        let quota = |(remaining, reset): &(&str, &str)| {
            let remaining = text(remaining)?.parse().ok()?;
            Some(Quota { remaining, reset: reset_in(text(reset)?, now)? })
        };
        let calls = CALLS.iter().find_map(quota).or_else(|| structured(text("ratelimit")?));
        Self { calls, tokens: TOKENS.iter().find_map(quota) }
    }
}

/// Reads the form of the draft `draft-ietf-httpapi-ratelimit-headers-10`, section 4: `"default";r=50;t=30`.
fn structured(value: &str) -> Option<Quota> {
    let first = value.split(',').next()?;
    let parameter = |name: &str| {
        first.split(';').find_map(|part| part.trim().strip_prefix(name)?.parse::<u64>().ok())
    };
    Some(Quota { remaining: parameter("r=")?, reset: Duration::from_secs(parameter("t=")?) })
}

/// Reads the time until a reset: seconds, a duration such as `6m0s`, or a date.
fn reset_in(value: &str, now: Timestamp) -> Option<Duration> {
    if let Ok(seconds) = value.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    if let Ok(moment) = value.parse::<jiff::Timestamp>() {
        let millis = moment.as_millisecond().saturating_sub(now.as_millis());
        return Some(Duration::from_millis(u64::try_from(millis).unwrap_or(0)));
    }
    span(value)
}

/// Reads a duration as Go writes it, such as `1h2m3.5s` and `20ms`.
fn span(mut value: &str) -> Option<Duration> {
    const UNITS: [(&str, f64); 7] = [
        ("ms", 1e-3),
        ("us", 1e-6),
        ("µs", 1e-6),
        ("ns", 1e-9),
        ("h", 3_600.0),
        ("m", 60.0),
        ("s", 1.0),
    ];
    let mut seconds = 0.0;
    while !value.is_empty() {
        let digits = value.find(|it: char| !it.is_ascii_digit() && it != '.')?;
        let (number, rest) = value.split_at_checked(digits)?;
        let number: f64 = number.parse().ok()?;
        let (factor, rest) =
            UNITS.iter().find_map(|(unit, factor)| Some((factor, rest.strip_prefix(unit)?)))?;
        seconds += number * factor;
        value = rest;
    }
    Duration::try_from_secs_f64(seconds).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn now() -> Timestamp {
        "2026-11-03T10:00:00Z".parse().unwrap()
    }

    fn read(headers: &[(&'static str, &str)]) -> Quotas {
        let map = headers.iter().map(|(name, value)| {
            (reqwest::header::HeaderName::from_static(name), value.parse().unwrap())
        });
        Quotas::read(&map.collect(), now())
    }

    #[track_caller]
    fn check(value: &str, expected_millis: Option<u64>) {
        assert_eq!(reset_in(value, now()), expected_millis.map(Duration::from_millis), "{value}");
    }

    #[test]
    fn reads_every_form_of_a_reset() {
        check("1s", Some(1_000));
        check("6m0s", Some(360_000));
        check("1h2m3.5s", Some(3_723_500));
        check("20ms", Some(20));
        check("7", Some(7_000));
        check("0.25", Some(250));
        check("2026-11-03T10:00:30Z", Some(30_000));
        check("2026-11-03T09:00:30Z", Some(0));
        for wrong in ["soon", "-3", "1x", "s", "1e999", "inf", "NaN", "1.2.3s"] {
            check(wrong, None);
        }
    }

    #[test]
    fn reads_the_headers_of_each_kind_of_server() {
        let quota = |remaining, secs| Some(Quota { remaining, reset: Duration::from_secs(secs) });
        let openai = read(&[
            ("x-ratelimit-remaining-requests", "59"),
            ("x-ratelimit-reset-requests", "1s"),
            ("x-ratelimit-remaining-tokens", "149984"),
            ("x-ratelimit-reset-tokens", "6m0s"),
        ]);
        assert_eq!(openai, Quotas { calls: quota(59, 1), tokens: quota(149_984, 360) });
        let anthropic = read(&[
            ("anthropic-ratelimit-requests-remaining", "0"),
            ("anthropic-ratelimit-requests-reset", "2026-11-03T10:00:12Z"),
        ]);
        assert_eq!(anthropic, Quotas { calls: quota(0, 12), tokens: None });
        for ietf in [
            read(&[("ratelimit", "\"default\";r=50;t=30")]),
            read(&[("ratelimit-remaining", "50"), ("ratelimit-reset", "30")]),
        ] {
            assert_eq!(ietf, Quotas { calls: quota(50, 30), tokens: None });
        }
        let half = read(&[("x-ratelimit-remaining-requests", "0"), ("ratelimit", "r=;t")]);
        assert_eq!(half, Quotas::default());
    }

    proptest! {
        #[test]
        fn never_panics(value in "\\PC*", span in "[0-9.hmsµun]{0,20}") {
            reset_in(&value, now());
            reset_in(&span, now());
            structured(&value);
        }
    }
}
