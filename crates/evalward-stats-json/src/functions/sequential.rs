//! Streams.

mod boundaries;
mod confidence;
mod detectors;

use evalward_stats::StatsError;

use super::Function;

pub(super) const FUNCTIONS: &[(&str, Function)] = &[
    ("confidence_sequences", confidence::confidence_sequences),
    ("e_detector", detectors::e_detector),
    ("stream_detectors", detectors::stream_detectors),
    ("uniform_boundaries", boundaries::uniform_boundaries),
];

/// Returns the values after the observations that `at` numbers from 1.
fn pick<T: Copy>(values: &[T], at: &[u32]) -> Result<Vec<T>, StatsError> {
    at.iter()
        .map(|time| {
            let index = usize::try_from(*time).ok().and_then(|time| time.checked_sub(1));
            index.and_then(|index| values.get(index)).copied().ok_or(StatsError::OutOfDomain {
                argument: "at",
                value: f64::from(*time),
                expected: "from 1 to the number of observations",
            })
        })
        .collect()
}
