//! How many observations a decision takes.

use std::cmp::Ordering;

use crate::convert::count_to_f64;
use crate::intervals::failures;
use crate::special::{Tails, beta_tails};
use crate::{Level, StatsError};

/// The largest number of trials [`needed_n_for_rate`] proposes.
pub const NEEDED_N_CAP: u64 = 10_000_000;

/// Returns the smallest number of trials at which the observed rate, if it
/// stayed as it is today, would decide a rate gate.
///
/// The gate is decided when the Clopper-Pearson interval `[L, U]` lies wholly on
/// one side of it: `L >= gate_rate` or `U < gate_rate`. Assumed are independent
/// trials and an observed rate that equals today's `successes / n`, rounded
/// towards the gate to a whole number of successes. It is a projection of
/// today's rate, not a promise of power: the next trials will move the rate.
///
/// Returns `None` when the observed rate equals the gate, which no number of
/// trials would decide, and when more than [`NEEDED_N_CAP`] trials would be
/// needed.
///
/// The interval's ends are compared through the binomial tails they invert:
/// Clopper and Pearson (1934), "The use of confidence or fiducial limits
/// illustrated in the case of the binomial", Biometrika 26(4).
///
/// # Errors
/// Returns [`StatsError::TooFew`] when `n` is 0 and [`StatsError::OutOfDomain`]
/// when there are more successes than trials or the gate is not in `[0, 1]`.
pub fn needed_n_for_rate(
    successes: u64,
    n: u64,
    gate_rate: f64,
    level: Level,
) -> Result<Option<u64>, StatsError> {
    let failures = failures(successes, n)?;
    if !(0.0..=1.0).contains(&gate_rate) {
        return Err(StatsError::OutOfDomain {
            argument: "gate_rate",
            value: gate_rate,
            expected: "in [0, 1]",
        });
    }
    let observed = count_to_f64(successes) / count_to_f64(n);
    let evidence = match observed.partial_cmp(&gate_rate) {
        // No run can be below a gate of 0.
        Some(Ordering::Greater) if gate_rate <= 0.0 => return Ok(Some(1)),
        Some(Ordering::Greater) => Evidence { side: Side::Above, count: successes, n },
        Some(Ordering::Less) => Evidence { side: Side::Below, count: failures, n },
        Some(Ordering::Equal) | None => return Ok(None),
    };
    Ok(evidence.needed_n(gate_rate, level.tail()))
}

/// The side of the gate on which the observed rate lies.
#[derive(Debug, Clone, Copy)]
enum Side {
    Above,
    Below,
}

/// The trials that speak for the observed side: successes above, failures below.
#[derive(Debug, Clone, Copy)]
struct Evidence {
    side: Side,
    count: u64,
    n: u64,
}

impl Evidence {
    fn needed_n(self, gate_rate: f64, tail: f64) -> Option<u64> {
        // With fractional counts more trials are always better, so the search can
        // bisect. Rounding only weakens the evidence: the answer is not smaller.
        let share = count_to_f64(self.count) / count_to_f64(self.n);
        let fractional = first_true(NEEDED_N_CAP, |n| {
            let n = count_to_f64(n);
            self.decides(share * n, n, gate_rate, tail)
        })?;
        // For a whole count the fewest trials are the best ones, so only the
        // sizes at which the count grows can be the first to decide.
        let whole = product(self.count, fractional) / u128::from(self.n);
        let mut whole = u64::try_from(whole).ok()?.max(1);
        loop {
            let n = product(whole, self.n).div_ceil(u128::from(self.count));
            let n = u64::try_from(n).ok()?;
            if n > NEEDED_N_CAP {
                return None;
            }
            if self.decides(count_to_f64(whole), count_to_f64(n), gate_rate, tail) {
                return Some(n);
            }
            whole += 1;
        }
    }

    /// Tells whether `count` of `n` trials on this side put the interval there:
    /// whether so many would be improbable if the true rate were the gate's.
    fn decides(self, count: f64, n: f64, gate_rate: f64, tail: f64) -> bool {
        let others = n - count;
        match self.side {
            Side::Above => {
                let Tails { lower, .. } =
                    beta_tails(count, others + 1.0, gate_rate, 1.0 - gate_rate);
                lower <= tail
            }
            Side::Below => {
                let Tails { upper, .. } =
                    beta_tails(others + 1.0, count, gate_rate, 1.0 - gate_rate);
                upper < tail
            }
        }
    }
}

/// Returns the smallest number from 1 to `limit` that satisfies a monotone
/// condition.
fn first_true(limit: u64, condition: impl Fn(u64) -> bool) -> Option<u64> {
    let mut high = 1;
    while !condition(high) {
        if high >= limit {
            return None;
        }
        high = (high * 2).min(limit);
    }
    let mut low = high / 2;
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if condition(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Some(high)
}

fn product(a: u64, b: u64) -> u128 {
    u128::from(a) * u128::from(b)
}
