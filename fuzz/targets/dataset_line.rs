//! A line of a partition file: what is read is written in the canonical form, which reads as the same.

#![no_main]

use evalward_core::Example;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|line: &str| {
    let Ok(example) = serde_json::from_str::<Example>(line) else { return };
    let written = example.to_line();
    let again: Example = serde_json::from_str(&written).expect("the canonical line is readable");
    assert_eq!(again, example);
    assert_eq!(again.to_line(), written);
    let _ = example.content_hash();
});
