//! Drawing a part of the examples.

use std::collections::{BTreeMap, BTreeSet};

use evalward_core::{ExampleId, Partition, SampleSize, Seed};
use evalward_dataset::Dataset;

use crate::{ExampleError, Filter};

/// Draws examples at random from each partition in proportion to its size, at least one from each as far as they go.
///
/// An example is drawn by the hash of its id and the seed: the same seed draws the same examples, a larger sample holds a smaller
/// one of the same partition, and adding an example to the dataset changes at most one other.
///
/// # Errors
/// [`ExampleError`] if the dataset cannot be read.
pub fn draw_sample(
    dataset: &Dataset,
    filter: &Filter,
    size: SampleSize,
) -> Result<BTreeSet<ExampleId>, ExampleError> {
    let seed = Seed::from_number(size.seed).derive("sample");
    let mut strata: BTreeMap<Partition, Vec<([u8; 32], ExampleId)>> = BTreeMap::new();
    for example in dataset.all_examples() {
        let example = example?.value;
        if filter.asks_for(&example) {
            let ticket = seed.derive(example.id.as_str()).bytes();
            strata.entry(example.partition).or_default().push((ticket, example.id));
        }
    }
    let sizes: Vec<usize> = strata.values().map(Vec::len).collect();
    let wanted = usize::try_from(size.n.get()).unwrap_or(usize::MAX);
    let mut drawn = BTreeSet::new();
    for (mut stratum, count) in strata.into_values().zip(shares(&sizes, wanted)) {
        stratum.sort_unstable();
        drawn.extend(stratum.into_iter().take(count).map(|(_, id)| id));
    }
    Ok(drawn)
}

/// Shares a number out in proportion to sizes, by the method of the largest remainder; no stratum is left without one, as far as
/// the number goes, and none gets more than it has.
fn shares(sizes: &[usize], wanted: usize) -> Vec<usize> {
    let total: usize = sizes.iter().sum();
    let wanted = wanted.min(total);
    if total == 0 {
        return vec![0; sizes.len()];
    }
    let exact = |size: usize| (wanted * size / total, wanted * size % total);
    let mut shares: Vec<usize> = sizes.iter().map(|size| exact(*size).0).collect();
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by_key(|stratum| std::cmp::Reverse(sizes.get(*stratum).map(|size| exact(*size).1)));
    let mut left = wanted - shares.iter().sum::<usize>();
    for share in order.iter().cycle().take(left).copied().collect::<Vec<_>>() {
        if let Some(share) = shares.get_mut(share) {
            *share += 1;
            left -= 1;
        }
    }
    debug_assert_eq!(left, 0, "there are fewer remainders than strata");
    lift_the_empty(&mut shares, sizes);
    shares
}

/// Gives each stratum that got nothing one of the largest share.
fn lift_the_empty(shares: &mut [usize], sizes: &[usize]) {
    for stratum in 0..shares.len() {
        let is_empty =
            shares.get(stratum) == Some(&0) && sizes.get(stratum).is_some_and(|it| *it > 0);
        let largest = (0..shares.len()).max_by_key(|it| shares.get(*it).copied());
        if let Some(largest) = largest.filter(|_| is_empty)
            && let Some(share) = shares.get_mut(largest).filter(|share| **share > 1)
        {
            *share -= 1;
            if let Some(share) = shares.get_mut(stratum) {
                *share = 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn shares_follow_the_sizes_and_leave_none_out() {
        assert_eq!(shares(&[10, 20, 70], 10), [1, 2, 7]);
        assert_eq!(shares(&[1, 1, 98], 10), [1, 1, 8]);
        assert_eq!(shares(&[5, 5], 100), [5, 5]);
        assert_eq!(shares(&[3, 0, 3], 2), [1, 0, 1]);
        assert_eq!(shares(&[1, 1, 1], 1).iter().sum::<usize>(), 1);
        assert_eq!(shares(&[], 3), Vec::<usize>::new());
    }

    proptest! {
        #[test]
        fn shares_add_up_and_fit(sizes in proptest::collection::vec(0_usize..1000, 0..5), wanted in 1_usize..2000) {
            let shares = shares(&sizes, wanted);
            prop_assert_eq!(shares.iter().sum::<usize>(), wanted.min(sizes.iter().sum()));
            prop_assert!(shares.iter().zip(&sizes).all(|(share, size)| share <= size));
        }
    }
}
