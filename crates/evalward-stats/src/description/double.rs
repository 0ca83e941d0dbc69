//! Numbers of twice the precision of f64, for sums whose terms nearly cancel.

/// The unevaluated sum of two floats, the second at most half a unit in the last place of the first.
///
/// Dekker (1971), "A floating-point technique for extending the available precision", Numerische Mathematik 18. Arguments must
/// stay below 1e290, so that splitting them does not overflow.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Double {
    high: f64,
    low: f64,
}

/// The factor that splits a float into two halves of 26 bits: 2^27 + 1.
const SPLITTER: f64 = 134_217_729.0;

impl Double {
    pub(crate) const fn of(value: f64) -> Self {
        Self { high: value, low: 0.0 }
    }

    pub(crate) fn value(self) -> f64 {
        self.high + self.low
    }

    /// Returns the two floats, the larger one first.
    pub(crate) fn parts(self) -> (f64, f64) {
        (self.high, self.low)
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        let sum = two_sum(self.high, other.high);
        let low = two_sum(self.low, other.low);
        let first = quick_sum(sum.high, sum.low + low.high);
        quick_sum(first.high, first.low + low.low)
    }

    pub(crate) fn minus(self, other: Self) -> Self {
        self.plus(Self { high: -other.high, low: -other.low })
    }

    pub(crate) fn times(self, other: Self) -> Self {
        let product = two_product(self.high, other.high);
        let cross = self.high * other.low + self.low * other.high;
        quick_sum(product.high, product.low + cross)
    }

    pub(crate) fn divided(self, divisor: f64) -> Self {
        let first = self.high / divisor;
        let rest = self.minus(two_product(first, divisor));
        quick_sum(first, (rest.high + rest.low) / divisor)
    }
}

fn two_sum(a: f64, b: f64) -> Double {
    let high = a + b;
    let part = high - a;
    Double { high, low: (a - (high - part)) + (b - part) }
}

/// Returns the sum of two floats of which the first is not the smaller.
fn quick_sum(a: f64, b: f64) -> Double {
    let high = a + b;
    Double { high, low: b - (high - a) }
}

fn two_product(a: f64, b: f64) -> Double {
    let high = a * b;
    let (a, a_rest) = split(a);
    let (b, b_rest) = split(b);
    Double { high, low: ((a * b - high) + a * b_rest + a_rest * b) + a_rest * b_rest }
}

fn split(value: f64) -> (f64, f64) {
    let scaled = SPLITTER * value;
    let high = scaled - (scaled - value);
    (high, value - high)
}
