//! An expression on the first line, an output below.

#![no_main]

use evalward_core::Rules;
use evalward_fuzz::{example, measure};
use evalward_metrics::Constraints;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (expression, output) = text.split_once('\n').unwrap_or((text, ""));
    let rules = Rules { expression: Some(expression.to_owned()), ..Rules::default() };
    if let Ok(constraints) = Constraints::new(&[("fuzz".to_owned(), rules)]) {
        measure(&constraints, &example("expected"), output);
    }
});
