//! The largest set of pairs of which no two share a member.

use std::collections::VecDeque;

/// Returns for each member of the left side its partner on the right, so that as many as possible have one.
///
/// `partners` lists for each left member whom it may be paired with. Augmenting paths, as in Kuhn (1955), "The Hungarian method
/// for the assignment problem", for unweighted pairs; `spend` is called for each step and may end the search.
///
/// # Errors
/// What `spend` returns.
pub(crate) fn assign<E>(
    partners: &[Vec<usize>],
    right_members: usize,
    spend: impl Fn() -> Result<(), E>,
) -> Result<Vec<Option<usize>>, E> {
    let mut pairs =
        Pairs { of_left: vec![None; partners.len()], of_right: vec![None; right_members] };
    for left in 0..partners.len() {
        pairs.augment(left, partners, &spend)?;
    }
    Ok(pairs.of_left)
}

/// The pairs so far, seen from either side.
struct Pairs {
    of_left: Vec<Option<usize>>,
    of_right: Vec<Option<usize>>,
}

impl Pairs {
    /// Looks for a path of alternating pairs that gives `start` a partner; breadth first, so that no call nests.
    fn augment<E>(
        &mut self,
        start: usize,
        partners: &[Vec<usize>],
        spend: &impl Fn() -> Result<(), E>,
    ) -> Result<(), E> {
        let mut came_from: Vec<Option<usize>> = vec![None; self.of_right.len()];
        let mut queue = VecDeque::from([start]);
        while let Some(left) = queue.pop_front() {
            for &right in &partners[left] {
                spend()?;
                if came_from[right].is_some() {
                    continue;
                }
                came_from[right] = Some(left);
                let Some(taken_by) = self.of_right[right] else {
                    self.flip(right, &came_from);
                    return Ok(());
                };
                queue.push_back(taken_by);
            }
        }
        Ok(())
    }

    /// Exchanges the pairs along the path that ends at `right`.
    fn flip(&mut self, mut right: usize, came_from: &[Option<usize>]) {
        while let Some(left) = came_from[right] {
            let before = self.of_left[left].replace(right);
            self.of_right[right] = Some(left);
            match before {
                Some(before) => right = before,
                None => return,
            }
        }
    }
}
