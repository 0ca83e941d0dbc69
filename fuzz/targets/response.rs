//! A response as a program or an endpoint answers it.

#![no_main]

use evalward_core::Response;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|answer: &str| {
    let Ok(response) = serde_json::from_str::<Response>(answer) else { return };
    let written = serde_json::to_string(&response).expect("a response has only string keys");
    let again: Response = serde_json::from_str(&written).expect("what was written is readable");
    assert_eq!(again, response);
});
