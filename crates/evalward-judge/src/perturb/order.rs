//! The same parts in another order.

use evalward_core::Seed;
use rand::SeedableRng as _;
use rand::rngs::Xoshiro256PlusPlus;
use rand::seq::SliceRandom as _;

/// Returns the parts in another order; `None` where there is none, as with one part or with equal ones.
pub fn reorder<T: Clone + PartialEq>(parts: &[T], seed: Seed) -> Option<Vec<T>> {
    let mut shuffled = parts.to_vec();
    shuffled.shuffle(&mut Xoshiro256PlusPlus::from_seed(seed.derive("order").bytes()));
    if shuffled == parts {
        // By chance nothing moved; moving every part by one place does, unless all are equal.
        shuffled.rotate_left(usize::from(parts.len() > 1));
    }
    (shuffled != parts).then_some(shuffled)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_part_has_no_other_order() {
        let seed = Seed::from_number(1);
        assert_eq!(reorder::<u8>(&[], seed), None);
        assert_eq!(reorder(&["a"], seed), None);
        assert_eq!(reorder(&["a", "a"], seed), None);
        assert_eq!(reorder(&["a", "b"], seed), Some(vec!["b", "a"]));
    }

    proptest! {
        #[test]
        fn another_order_has_the_same_parts(mut parts in prop::collection::vec(0_u8..4, 0..6), seed: u64) {
            if let Some(mut other) = reorder(&parts, Seed::from_number(seed)) {
                prop_assert_ne!(&other, &parts);
                other.sort_unstable();
                parts.sort_unstable();
                prop_assert_eq!(other, parts);
            } else {
                prop_assert!(parts.windows(2).all(|pair| pair[0] == pair[1]));
            }
        }
    }
}
