//! Sums of weighted values that may be taken away again.

use evalward_core::Rate;
use evalward_stats::{StatsError, WeightedSums};

use crate::StoreError;
use crate::value::{Value, corrupt};

/// Sums that may be taken away.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Sums {
    n: i64,
    /// `w`, `w²`, `w y`, `v`, `v y` and `v y²`.
    sums: [f64; 6],
}

/// Whether something is added or taken away.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Sign {
    Plus,
    Minus,
}

impl Sign {
    pub(crate) const fn of(self, number: i64) -> i64 {
        match self {
            Self::Plus => number,
            Self::Minus => -number,
        }
    }
}

impl Sums {
    /// Returns the sums of one value.
    pub(crate) fn of(value: f64, probability: Rate) -> Result<Self, StoreError> {
        let mut one = WeightedSums::default();
        let weighted: Result<(), StatsError> = one.push(value, probability.get());
        weighted.map_err(|error| corrupt("probability", &error))?;
        Ok(Self { n: 1, sums: [one.w, one.ww, one.wy, one.v, one.vy, one.vyy] })
    }

    pub(crate) fn add(&mut self, other: &Self, sign: Sign) {
        self.n += sign.of(other.n);
        for (sum, other) in self.sums.iter_mut().zip(other.sums) {
            *sum += match sign {
                Sign::Plus => other,
                Sign::Minus => -other,
            };
        }
    }

    /// Returns the columns of all sums.
    pub(crate) fn values(&self) -> impl Iterator<Item = Value> {
        [Value::from(self.n)].into_iter().chain(self.sums.map(Value::from))
    }

    /// Returns the columns of the number, of `w` and of `w²`.
    pub(crate) fn weights(&self) -> [Value; 3] {
        let [w, ww, ..] = self.sums;
        [self.n.into(), w.into(), ww.into()]
    }
}
