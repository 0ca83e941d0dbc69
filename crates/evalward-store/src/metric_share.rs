//! What one metric's results add to windows.

use std::collections::BTreeMap;

use evalward_core::{Finite, Measurement, Rate, Score};

use crate::StoreError;
use crate::sums::{Sign, Sums};
use crate::value::Value;

/// The part of a window that some samples make up by one metric.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct MetricShare {
    scores: Sums,
    /// Passed, skipped and errored samples, and scores whose verdict and value are counted too.
    counts: [i64; 4],
    pass: Sums,
    values: BTreeMap<Finite, Sums>,
}

impl MetricShare {
    /// Returns the share of one measurement; one of an evaluation without details has the sums of its score alone.
    pub(crate) fn of(
        measurement: &Measurement,
        probability: Rate,
        is_detailed: bool,
    ) -> Result<Self, StoreError> {
        let mut share = Self::default();
        match measurement {
            Measurement::Score(score) => {
                share.scores = Sums::of(score.value.get(), probability)?;
                if is_detailed {
                    share.detail(score, probability)?;
                }
            }
            Measurement::Skipped(_) => share.counts[1] = i64::from(is_detailed),
            Measurement::Errored(_) => share.counts[2] = i64::from(is_detailed),
        }
        Ok(share)
    }

    fn detail(&mut self, score: &Score, probability: Rate) -> Result<(), StoreError> {
        self.counts[3] = 1;
        self.values.insert(kept(score.value), Sums::of(0.0, probability)?);
        if let Some(passed) = score.passed {
            self.counts[0] = i64::from(passed);
            self.pass = Sums::of(f64::from(u8::from(passed)), probability)?;
        }
        Ok(())
    }

    pub(crate) fn add(&mut self, other: &Self, sign: Sign) {
        self.scores.add(&other.scores, sign);
        for (count, other) in self.counts.iter_mut().zip(other.counts) {
            *count += sign.of(other);
        }
        self.pass.add(&other.pass, sign);
        for (value, sums) in &other.values {
            self.values.entry(*value).or_default().add(sums, sign);
        }
    }

    /// Returns the columns of `window_scores`; `None` where nothing changes.
    pub(crate) fn row(&self) -> Option<Vec<Value>> {
        let Self { scores, counts, pass, .. } = self;
        let is_nothing =
            *scores == Sums::default() && *counts == [0; 4] && *pass == Sums::default();
        let columns = scores.values().chain(counts.map(Value::from)).chain(pass.values());
        (!is_nothing).then(|| columns.collect())
    }

    /// Returns the columns of `window_values` for each value whose sums change.
    pub(crate) fn values(&self) -> impl Iterator<Item = Vec<Value>> {
        let changed = self.values.iter().filter(|(_, sums)| **sums != Sums::default());
        changed.map(|(value, sums)| {
            [Value::from(value.get())].into_iter().chain(sums.weights()).collect()
        })
    }
}

/// Returns a score as windows keep it: with three significant digits, so that scores of any scale fall into few places, and whole
/// numbers up to 999 are kept as they are.
fn kept(value: Finite) -> Finite {
    let rounded: f64 = format!("{:.2e}", value.get()).parse().unwrap_or(value.get());
    // A zero must not have two signs, and the largest numbers must not round up to infinity.
    Finite::new(rounded + 0.0).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_three_digits_whatever_their_scale() {
        let finite = |value| Finite::new(value).unwrap();
        let check = |value, expected| assert_eq!(kept(finite(value)), finite(expected), "{value}");
        for whole in 0..=999 {
            let whole = f64::from(whole);
            check(whole, whole);
            check(-whole, 0.0 - whole);
        }
        check(2.0 / 3.0, 0.667);
        check(10.0 / 3.0, 3.33);
        check(1234.5, 1230.0);
        check(f64::MAX, f64::MAX);
        check(f64::MIN, f64::MIN);
        check(f64::from_bits(1), f64::from_bits(1));
        assert!(kept(finite(-0.0)).get().is_sign_positive());
    }

    #[test]
    fn what_is_taken_away_leaves_nothing() {
        let score = |value, passed| {
            let score = Score::fraction(Finite::new(value).unwrap());
            Measurement::Score(Score { passed, ..score })
        };
        let measurements = [
            score(0.3, Some(true)),
            score(2.0 / 3.0, Some(false)),
            score(0.1, None),
            Measurement::Skipped("no claim".to_owned()),
            Measurement::Errored("down".to_owned()),
        ];
        for is_detailed in [true, false] {
            for probability in [1.0, 0.25] {
                let probability = Rate::new(probability).unwrap();
                let mut all = MetricShare::default();
                for measurement in &measurements {
                    let share = MetricShare::of(measurement, probability, is_detailed).unwrap();
                    all.add(&share, Sign::Plus);
                    let mut none = share.clone();
                    none.add(&share, Sign::Minus);
                    assert_eq!((none.row().is_none(), none.values().count()), (true, 0));
                }
                let counts = if is_detailed { [1, 1, 1, 3] } else { [0; 4] };
                assert_eq!(
                    (all.counts, all.values().count()),
                    (counts, if is_detailed { 3 } else { 0 })
                );
            }
        }
    }
}
