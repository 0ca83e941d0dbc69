//! Streams.

mod boundaries;
mod confidence;
mod detectors;

use evalward_stats::StatsError;

use super::Function;
use crate::failure::Failure;
use crate::input::{Numbers, whole};

pub(super) const FUNCTIONS: &[(&str, Function)] = &[
    ("confidence_sequences", confidence::confidence_sequences),
    ("e_detector", detectors::e_detector),
    ("stream_detectors", detectors::stream_detectors),
    ("uniform_boundaries", boundaries::uniform_boundaries),
];

/// Returns the values after the observations that `at` numbers from 1.
fn pick<T: Copy>(values: &[T], at: &Numbers) -> Result<Vec<T>, Failure> {
    let after = |time: &f64| {
        let place = usize::try_from(whole("at", *time)?).unwrap_or(usize::MAX);
        let value = place.checked_sub(1).and_then(|index| values.get(index));
        value.copied().ok_or_else(|| {
            let expected = "from 1 to the number of observations";
            StatsError::OutOfDomain { argument: "at", value: *time, expected }.into()
        })
    };
    at.0.iter().map(after).collect()
}
