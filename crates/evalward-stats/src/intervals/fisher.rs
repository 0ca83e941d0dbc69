//! Fisher's exact test of a two-by-two table.

/// Above this many trials the exact test would take too long.
const LARGEST: f64 = 1e8;

/// Probabilities that differ by less than this share are taken for equal.
const TIE: f64 = 1e-10;

/// The p-values of Fisher's exact test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Fisher {
    /// The probability of all tables that are as likely as the one seen, or less.
    pub(super) two_sided: f64,
    /// The probability of as many successes in the first group, or fewer.
    pub(super) less: f64,
    /// The probability of as many successes in the first group, or more.
    pub(super) greater: f64,
}

/// Returns the p-values of a table with `k1` of `n1` against `k2` of `n2` successes; nothing above a hundred million trials.
///
/// Fisher (1935), "The logic of inductive inference", Journal of the Royal Statistical Society 98(1). The probabilities of all
/// tables with the same margins are summed outwards from the most likely one, by their ratios.
pub(super) fn fisher(k1: f64, n1: f64, k2: f64, n2: f64) -> Option<Fisher> {
    if n1 + n2 > LARGEST {
        return None;
    }
    let passed = k1 + k2;
    let (lowest, highest) = ((passed - n2).max(0.0), passed.min(n1));
    let mode = ((passed + 1.0) * (n1 + 1.0) / (n1 + n2 + 2.0)).floor().clamp(lowest, highest);
    let table = Table { n1, n2, passed };
    let seen = table.relative(k1, mode);
    let (mut sums, mut weight) = (Sums::default(), 1.0);
    let mut x = mode;
    while x <= highest && weight > 0.0 {
        sums.add(x, weight, k1, seen);
        weight *= table.ratio(x);
        x += 1.0;
    }
    (x, weight) = (mode, 1.0);
    while x > lowest && weight > 0.0 {
        x -= 1.0;
        weight /= table.ratio(x);
        sums.add(x, weight, k1, seen);
    }
    Some(Fisher {
        two_sided: (sums.unlikely / sums.all).min(1.0),
        less: (sums.less / sums.all).min(1.0),
        greater: (sums.greater / sums.all).min(1.0),
    })
}

#[derive(Clone, Copy)]
struct Table {
    n1: f64,
    n2: f64,
    passed: f64,
}

impl Table {
    /// Returns the probability of `x + 1` successes in the first group as a multiple of that of `x`.
    fn ratio(self, x: f64) -> f64 {
        (self.n1 - x) / (x + 1.0) * ((self.passed - x) / (self.n2 - self.passed + x + 1.0))
    }

    /// Returns the probability of `x` successes as a multiple of that of `mode`, by the same products that are summed.
    fn relative(self, x: f64, mode: f64) -> f64 {
        let mut weight = 1.0;
        let mut at = mode;
        while at < x && weight > 0.0 {
            weight *= self.ratio(at);
            at += 1.0;
        }
        while at > x && weight > 0.0 {
            at -= 1.0;
            weight /= self.ratio(at);
        }
        weight
    }
}

#[derive(Default)]
struct Sums {
    all: f64,
    unlikely: f64,
    less: f64,
    greater: f64,
}

impl Sums {
    fn add(&mut self, x: f64, weight: f64, k1: f64, seen: f64) {
        self.all += weight;
        if weight <= seen * (1.0 + TIE) {
            self.unlikely += weight;
        }
        if x <= k1 {
            self.less += weight;
        }
        if x >= k1 {
            self.greater += weight;
        }
    }
}
