//! Two samples in order: how many observations of each share a value.

/// How many observations of each sample have the same value, by ascending value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TieGroup {
    pub(super) in_a: u64,
    pub(super) in_b: u64,
}

/// Returns integers that are ordered and tied as the sample is, in ascending order.
///
/// Sorting integers takes half of the time of sorting floats.
fn sorted_keys(sample: &[f64]) -> Vec<u64> {
    let mut keys: Vec<u64> = sample.iter().copied().map(key).collect();
    keys.sort_unstable();
    keys
}

/// Maps a finite float to an integer of the same order; both zeros are the same.
fn key(value: f64) -> u64 {
    // Adding 0 turns -0 into 0.
    let bits = (value + 0.0).to_bits();
    if bits >> 63 == 0 { bits | (1 << 63) } else { !bits }
}

/// Calls `visit` for each distinct value of two samples, in ascending order.
pub(super) fn for_each_group(a: &[f64], b: &[f64], mut visit: impl FnMut(TieGroup)) {
    let (a, b) = (sorted_keys(a), sorted_keys(b));
    let (mut at_a, mut at_b) = (0, 0);
    while at_a < a.len() || at_b < b.len() {
        let value = match (a.get(at_a), b.get(at_b)) {
            (Some(a), Some(b)) => *a.min(b),
            (Some(one), None) | (None, Some(one)) => *one,
            (None, None) => break,
        };
        let in_a = run_length(&a[at_a..], value);
        let in_b = run_length(&b[at_b..], value);
        at_a += in_a;
        at_b += in_b;
        visit(TieGroup { in_a: count(in_a), in_b: count(in_b) });
    }
}

/// Returns how many of the first keys equal `value`; quick for short runs and for long ones.
fn run_length(keys: &[u64], value: u64) -> usize {
    let short = keys.iter().take(16).take_while(|key| **key == value).count();
    if short < 16 { short } else { keys.partition_point(|key| *key <= value) }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).expect("a length fits into 64 bits")
}
