//! A request of `evalward stats`.

#![no_main]

use evalward_stats_json::answer;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|line: &str| {
    let answered = answer(line);
    let value: Value = serde_json::from_str(&answered).expect("an answer is JSON");
    let parts = [value.get("result"), value.get("error")];
    assert_eq!(parts.into_iter().flatten().count(), 1, "{answered}");
    assert_eq!(answer(line), answered);
});
