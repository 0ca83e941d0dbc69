//! Hommel's adjusted p-values.

use crate::convert::length_to_f64;

/// Up to this number of hypotheses the search through all of them is quick enough, and its rounding is that of other programs.
const FEW: usize = 1_000;

/// Returns Hommel's adjusted p-values of p-values in ascending order.
///
/// The largest `i` p-values have the Simes p-value `s(i)`, which falls as `i` grows; the adjusted p-value of `p` is the largest of
/// `min(i p, s(i))`. Wright (1992), "Adjusted p-values for simultaneous inference", Biometrics 48, appendix; in a time of
/// `O(m log m)` as in Meijer, Krebs and Goeman (2019), "Hommel's procedure in linear time", Biometrical Journal 61.
pub(super) fn adjust_sorted(p: &[f64]) -> Vec<f64> {
    let simes = if p.len() <= FEW { simes_by_search(p) } else { simes_by_hull(p) };
    // The largest Simes p-value from each size on: the first one, but for rounding.
    let mut largest = simes.clone();
    for size in (1..largest.len()).rev() {
        largest[size - 1] = largest[size - 1].max(largest[size]);
    }
    let adjusted = |p: &f64| {
        let first = partition(simes.len(), |at| length_to_f64(at + 1) * p < simes[at]);
        let from_simes = largest.get(first).copied().unwrap_or(0.0);
        from_simes.max(length_to_f64(first) * p).max(*p)
    };
    p.iter().map(adjusted).collect()
}

/// Returns the first index below `length` at which `is_before` is false, if it is true up to some index and false from there on.
fn partition(length: usize, is_before: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, length);
    while low < high {
        let middle = usize::midpoint(low, high);
        if is_before(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// Returns the term of Simes's p-value of the `size` largest p-values that belongs to the p-value at `index`.
fn term(p: &[f64], size: usize, index: usize) -> f64 {
    length_to_f64(size) * p[index] / length_to_f64(index + 1 + size - p.len())
}

/// Returns the Simes p-values of the 1, 2, ... largest p-values.
fn simes_by_search(p: &[f64]) -> Vec<f64> {
    let smallest = |size: usize| {
        (p.len() - size..p.len()).map(|index| term(p, size, index)).fold(f64::INFINITY, f64::min)
    };
    (1..=p.len()).map(smallest).collect()
}

/// Does the same by geometry: the term is `size` times the slope from `(m - size, 0)` to `(index + 1, p)`, and the point with the
/// smallest slope lies on the lower convex hull of the points to the right.
fn simes_by_hull(p: &[f64]) -> Vec<f64> {
    // From right to left.
    let mut hull: Vec<usize> = Vec::new();
    let mut simes = Vec::with_capacity(p.len());
    for size in 1..=p.len() {
        let index = p.len() - size;
        while let [.., right, middle] = hull[..]
            && slope(p, index, middle) >= slope(p, middle, right)
        {
            hull.pop();
        }
        hull.push(index);
        // Slopes fall and then rise along the hull.
        let from_right =
            partition(hull.len() - 1, |at| term(p, size, hull[at + 1]) <= term(p, size, hull[at]));
        simes.push(term(p, size, hull[from_right]));
    }
    simes
}

fn slope(p: &[f64], left: usize, right: usize) -> f64 {
    (p[right] - p[left]) / length_to_f64(right - left)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_hull_finds_what_the_search_finds(
            mut p in prop::collection::vec(prop_oneof![0.0..=1.0, 0.0..=0.01, Just(0.5), Just(0.0)], 1..80),
        ) {
            p.sort_by(f64::total_cmp);
            for (search, hull) in simes_by_search(&p).into_iter().zip(simes_by_hull(&p)) {
                prop_assert!((search - hull).abs() <= 1e-12 * search, "{search} and {hull}");
            }
        }
    }
}
