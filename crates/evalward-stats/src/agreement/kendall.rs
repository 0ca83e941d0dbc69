//! Kendall's tau-b in O(n log n).

use crate::convert::{count_to_f64, wide_to_f64};
use crate::sample::finite;
use crate::special::normal_tails;

/// The exact distribution is computed while it takes at most this many additions.
const EXACT_LIMIT: u64 = 200_000_000;

/// Kendall's tau-b and its two probabilities.
pub(super) struct Kendall {
    pub(super) tau_b: Option<f64>,
    /// Two-sided, of the normal approximation with ties.
    pub(super) p_asymptotic: Option<f64>,
    /// Two-sided, of the distribution without ties; nothing where there are ties.
    pub(super) p_exact: Option<f64>,
}

/// Ties of one kind: the sums of `t(t-1)/2`, `t(t-1)(t-2)` and `t(t-1)(2t+5)` over the groups of equal values.
#[derive(Default)]
struct Ties {
    pairs: u64,
    triples: f64,
    variance: f64,
}

impl Ties {
    fn push(&mut self, group: usize) {
        let group = u64::try_from(group).unwrap_or(u64::MAX);
        self.pairs += group * (group - 1) / 2;
        let t = count_to_f64(group);
        self.triples += t * (t - 1.0) * (t - 2.0);
        self.variance += t * (t - 1.0) * (2.0 * t + 5.0);
    }

    fn of<T: PartialEq>(sorted: &[T]) -> Self {
        let mut ties = Self::default();
        for group in sorted.chunk_by(|left, right| left == right) {
            ties.push(group.len());
        }
        ties
    }
}

/// Returns tau-b of two series of ranks (equal ranks for equal values).
///
/// Knight (1966), "A computer method for calculating Kendall's tau with ungrouped data": sorted by the one and then the other,
/// the discordant pairs are the exchanges of a merge sort. The variance is that of Kendall (1970), equation (4.14).
pub(super) fn kendall(x: &[usize], y: &[usize]) -> Kendall {
    let mut pairs: Vec<(usize, usize)> = x.iter().copied().zip(y.iter().copied()).collect();
    pairs.sort_unstable();
    let joint = Ties::of(&pairs);
    let first: Vec<usize> = pairs.iter().map(|(x, _)| *x).collect();
    let mut second: Vec<usize> = pairs.into_iter().map(|(_, y)| y).collect();
    let in_x = Ties::of(&first);
    let discordant = exchanges(&mut second);
    let in_y = Ties::of(&second);
    let n = u64::try_from(x.len()).unwrap_or(u64::MAX);
    let all = n * (n - 1) / 2;
    if in_x.pairs == all || in_y.pairs == all {
        return Kendall { tau_b: None, p_asymptotic: None, p_exact: None };
    }
    let excess = i128::from(all) - i128::from(in_x.pairs) - i128::from(in_y.pairs)
        + i128::from(joint.pairs)
        - 2 * i128::from(discordant);
    let excess = wide_to_f64(excess);
    let untied = |ties: &Ties| count_to_f64(all - ties.pairs).sqrt();
    let tau = (excess / untied(&in_x) / untied(&in_y)).clamp(-1.0, 1.0);
    Kendall {
        tau_b: Some(tau),
        p_asymptotic: asymptotic(excess, count_to_f64(n), &in_x, &in_y),
        p_exact: (in_x.pairs == 0 && in_y.pairs == 0)
            .then(|| exact(n, discordant.min(all - discordant)))
            .flatten(),
    }
}

fn asymptotic(excess: f64, n: f64, in_x: &Ties, in_y: &Ties) -> Option<f64> {
    let m = n * (n - 1.0);
    let variance = (m * (2.0 * n + 5.0) - in_x.variance - in_y.variance) / 18.0
        + 2.0 * count_to_f64(in_x.pairs) * count_to_f64(in_y.pairs) / m
        + in_x.triples * in_y.triples / (9.0 * m * (n - 2.0));
    let z = finite(excess / variance.sqrt())?;
    Some((2.0 * normal_tails(z.abs()).upper).min(1.0))
}

/// Returns the two-sided probability that `n` items in random order have at most `inversions` or as few concordant pairs.
///
/// The number of inversions is a sum of independent uniform numbers from 0 to `j - 1`; Kendall (1970), section 5.2.
fn exact(n: u64, inversions: u64) -> Option<f64> {
    if n * (n - 1) / 2 == 2 * inversions {
        return Some(1.0);
    }
    if n.checked_mul(inversions)? > EXACT_LIMIT {
        return None;
    }
    let most = usize::try_from(inversions).ok()?;
    let mut probabilities = vec![0.0; most + 1];
    let mut next = probabilities.clone();
    probabilities[0] = 1.0;
    let mut reached = 0;
    for j in 2..=usize::try_from(n).ok()? {
        let share = 1.0 / count_to_f64(u64::try_from(j).ok()?);
        reached = (reached + j - 1).min(most);
        let mut sum = 0.0;
        for inversion in 0..=reached {
            sum += probabilities[inversion];
            if inversion >= j {
                sum -= probabilities[inversion - j];
            }
            next[inversion] = f64::max(sum, 0.0) * share;
        }
        std::mem::swap(&mut probabilities, &mut next);
    }
    Some((2.0 * probabilities.iter().sum::<f64>()).min(1.0))
}

/// Sorts and returns the number of pairs that stood the wrong way round.
fn exchanges(values: &mut [usize]) -> u64 {
    let mut from = values.to_vec();
    let mut into = vec![0; values.len()];
    let mut exchanged = 0_u64;
    let mut width = 1;
    while width < values.len() {
        for start in (0..values.len()).step_by(2 * width) {
            let middle = (start + width).min(values.len());
            let end = (middle + width).min(values.len());
            let (mut left, mut right) = (start, middle);
            for slot in &mut into[start..end] {
                if right == end || (left < middle && from[left] <= from[right]) {
                    *slot = from[left];
                    left += 1;
                } else {
                    *slot = from[right];
                    right += 1;
                    exchanged += u64::try_from(middle - left).unwrap_or(u64::MAX);
                }
            }
        }
        std::mem::swap(&mut from, &mut into);
        width *= 2;
    }
    values.copy_from_slice(&from);
    exchanged
}
