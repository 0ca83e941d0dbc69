//! Rules as JSON on the first line, an output below: patterns, schemas, hosts, ranges.

#![no_main]

use evalward_core::Rules;
use evalward_fuzz::{example, measure};
use evalward_metrics::Constraints;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (rules, output) = text.split_once('\n').unwrap_or((text, ""));
    let Ok(rules) = serde_json::from_str::<Rules>(rules) else { return };
    if let Ok(constraints) = Constraints::new(&[("fuzz".to_owned(), rules)]) {
        measure(&constraints, &example("expected"), output);
    }
});
