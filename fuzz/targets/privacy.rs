//! Detection and masking of personal data and secrets.

#![no_main]

use evalward_privacy::{find, try_redact};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut end = 0;
    for finding in find(text) {
        assert!(text.get(finding.span.clone()).is_some_and(|found| !found.is_empty()));
        assert!(finding.span.start >= end, "findings overlap");
        end = finding.span.end;
    }
    if let Ok(masked) = try_redact(text) {
        assert!(find(&masked).iter().all(|finding| finding.is_example), "{masked}");
    }
});
