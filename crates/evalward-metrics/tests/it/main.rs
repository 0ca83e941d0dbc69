//! Behaviour of the metrics, through the `Metric` trait.

#![expect(
    clippy::unwrap_used,
    reason = "a panic is how a test fails; clippy sees no helper as one"
)]

mod bad_input;
mod checks;
mod classification;
mod conformance;
mod constraints;
mod errors;
mod facts;
mod grounding;
mod json_match;
mod large;
mod laws_of_overlap;
mod laws_of_values;
mod numeric;
mod properties;
mod references;
mod retrieval;
mod rules_counts_and_texts;
mod rules_on_expressions;
mod rules_on_form;
mod rules_on_links;
mod rules_on_reading;
mod rules_on_refusals;
mod spans;
mod squad;
mod support;
mod texts;
mod trace;
