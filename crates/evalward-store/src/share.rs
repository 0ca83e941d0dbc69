//! What interactions add to windows, and take back from them.

use std::collections::BTreeMap;

use evalward_core::{Measurement, Outcome, Rate, Timestamp};
use evalward_stats::{StatsError, WeightedSums};

use crate::codec::indexed;
use crate::database::Connection;
use crate::sql;
use crate::value::{Value, corrupt, values};
use crate::{Resolution, StoreError, StoredEvaluation, WindowKey};

/// Where an interaction is counted, and with which weight.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) project: String,
    pub(crate) received_at: Timestamp,
    pub(crate) segment: String,
    pub(crate) stratum: String,
    pub(crate) probability: Rate,
    pub(crate) is_sampled: bool,
}

/// Sums that may be taken away.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Sums {
    n: i64,
    /// `w`, `w²`, `w y`, `v`, `v y` and `v y²`.
    sums: [f64; 6],
}

impl Sums {
    fn of(value: f64, probability: Rate) -> Result<Self, StoreError> {
        let mut one = WeightedSums::default();
        let weighted: Result<(), StatsError> = one.push(value, probability.get());
        weighted.map_err(|error| corrupt("probability", &error))?;
        Ok(Self { n: 1, sums: [one.w, one.ww, one.wy, one.v, one.vy, one.vyy] })
    }

    fn add(&mut self, other: &Self, sign: Sign) {
        self.n += sign.of(other.n);
        for (sum, other) in self.sums.iter_mut().zip(other.sums) {
            *sum += match sign {
                Sign::Plus => other,
                Sign::Minus => -other,
            };
        }
    }

    fn values(&self) -> impl Iterator<Item = Value> {
        [Value::from(self.n)].into_iter().chain(self.sums.map(Value::from))
    }
}

#[derive(Clone, Copy, Debug)]
enum Sign {
    Plus,
    Minus,
}

impl Sign {
    const fn of(self, number: i64) -> i64 {
        match self {
            Self::Plus => number,
            Self::Minus => -number,
        }
    }
}

/// The part of a window that some interactions make up.
#[derive(Clone, Debug, Default, PartialEq)]
struct Share {
    /// Seen, sampled, passed, failed, errored and skipped.
    counts: [i64; 6],
    pass: Sums,
    scores: BTreeMap<String, Sums>,
}

impl Share {
    fn of(place: &Place, evaluation: Option<&StoredEvaluation>) -> Result<Self, StoreError> {
        let mut share = Self::default();
        share.counts[0] = 1;
        share.counts[1] = i64::from(place.is_sampled);
        let Some(evaluation) = evaluation else { return Ok(share) };
        match evaluation.outcome {
            Outcome::Passed => {
                share.counts[2] = 1;
                share.pass = Sums::of(1.0, place.probability)?;
            }
            Outcome::Failed(_) => {
                share.counts[3] = 1;
                share.pass = Sums::of(0.0, place.probability)?;
            }
            Outcome::Errored(_) => share.counts[4] = 1,
            Outcome::Skipped(_) => share.counts[5] = 1,
        }
        for (metric, measurement) in &evaluation.scores {
            if let Measurement::Score(score) = measurement {
                let sums = Sums::of(score.value.get(), place.probability)?;
                share.scores.insert(indexed(metric), sums);
            }
        }
        Ok(share)
    }

    fn add(&mut self, other: &Self, sign: Sign) {
        for (count, other) in self.counts.iter_mut().zip(other.counts) {
            *count += sign.of(other);
        }
        self.pass.add(&other.pass, sign);
        for (metric, sums) in &other.scores {
            self.scores.entry(metric.clone()).or_default().add(sums, sign);
        }
    }
}

/// What a transaction changes in windows; it is written at its end, so that windows are locked for a moment only.
#[derive(Debug, Default)]
pub(crate) struct Shares(BTreeMap<WindowKey, Share>);

impl Shares {
    /// Counts an interaction with its evaluation.
    pub(crate) fn add(
        &mut self,
        place: &Place,
        evaluation: Option<&StoredEvaluation>,
    ) -> Result<(), StoreError> {
        self.change(place, evaluation, Sign::Plus)
    }

    /// Counts an interaction with its evaluation no longer.
    pub(crate) fn take(
        &mut self,
        place: &Place,
        evaluation: Option<&StoredEvaluation>,
    ) -> Result<(), StoreError> {
        self.change(place, evaluation, Sign::Minus)
    }

    fn change(
        &mut self,
        place: &Place,
        evaluation: Option<&StoredEvaluation>,
        sign: Sign,
    ) -> Result<(), StoreError> {
        let share = Share::of(place, evaluation)?;
        for resolution in [Resolution::Minute, Resolution::Hour] {
            let key = WindowKey {
                project: place.project.clone(),
                resolution,
                start: resolution.start_of(place.received_at),
                segment: place.segment.clone(),
                stratum: place.stratum.clone(),
            };
            self.0.entry(key).or_default().add(&share, sign);
        }
        Ok(())
    }

    /// Writes all changes.
    pub(crate) async fn write(self, transaction: &mut Connection) -> Result<(), StoreError> {
        let mut windows = Vec::new();
        let mut scores = Vec::new();
        for (key, share) in self.0 {
            let prefix =
                values![&key.project, key.resolution.name(), key.start, &key.segment, &key.stratum];
            for (metric, sums) in &share.scores {
                if *sums != Sums::default() {
                    let row = prefix.iter().cloned().chain(values![metric]).chain(sums.values());
                    scores.push(row.collect::<Vec<_>>());
                }
            }
            if share.counts != [0; 6] || share.pass != Sums::default() {
                let counts = share.counts.map(Value::from);
                let row = prefix.into_iter().chain(counts).chain(share.pass.values());
                windows.push(row.collect::<Vec<_>>());
            }
        }
        transaction.insert(&sql::window::ADD, windows).await?;
        transaction.insert(&sql::window::ADD_SCORES, scores).await
    }
}
