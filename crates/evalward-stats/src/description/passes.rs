//! What `k` trials would show, from `n` that were made.

use crate::StatsError;

/// Returns the chance that at least one of `k` trials passes (pass@k), from an example of whose `n` trials `c` passed.
///
/// It is `1 - C(n - c, k) / C(n, k)`: the share of all choices of `k` among the `n` trials with a pass in them, an unbiased
/// estimator where trials are independent. Chen et al. (2021), "Evaluating large language models trained on code", arXiv
/// 2107.03374, section 2.1, equation (1).
///
/// # Errors
/// [`StatsError::OutOfDomain`] where more trials passed than were made, or `k` is 0 or more than `n`.
pub fn pass_at_k(n: u32, c: u32, k: u32) -> Result<f64, StatsError> {
    check(n, c, k)?;
    Ok(1.0 - share_within(n, n - c, k))
}

/// Returns the chance that all of `k` trials pass (pass^k), from an example of whose `n` trials `c` passed.
///
/// It is `C(c, k) / C(n, k)`: the share of all choices of `k` among the `n` trials in which each passed, an unbiased estimator
/// where trials are independent. Yao et al. (2024), "tau-bench: a benchmark for tool-agent-user interaction in real-world
/// domains", arXiv 2406.12045, the definition of pass^k.
///
/// # Errors
/// [`StatsError::OutOfDomain`] where more trials passed than were made, or `k` is 0 or more than `n`.
pub fn pass_hat_k(n: u32, c: u32, k: u32) -> Result<f64, StatsError> {
    check(n, c, k)?;
    Ok(share_within(n, c, k))
}

fn check(n: u32, c: u32, k: u32) -> Result<(), StatsError> {
    let wrong = |argument, value: u32, expected| {
        Err(StatsError::OutOfDomain { argument, value: f64::from(value), expected })
    };
    if c > n {
        return wrong("c", c, "at most `n`");
    }
    if k == 0 || k > n {
        return wrong("k", k, "between 1 and `n`");
    }
    Ok(())
}

/// Returns `C(m, k) / C(n, k)`, the chance that `k` of `n` all lie among certain `m` of them.
///
/// It is the product of `(m - i) / (n - i)` over `i < k`, and of `(n - k - i) / (n - i)` over `i < n - m`; the shorter one is
/// taken. Each is exact where the share is 0 or 1, and vanishes long before it takes long.
fn share_within(n: u32, m: u32, k: u32) -> f64 {
    if k > m {
        return 0.0;
    }
    let (start, factors) = if k <= n - m { (m, k) } else { (n - k, n - m) };
    let mut share = 1.0;
    for i in 0..factors {
        share *= f64::from(start - i) / f64::from(n - i);
        if share <= 0.0 {
            break;
        }
    }
    share
}
