//! What interactions add to windows, and take back from them.

use std::collections::BTreeMap;

use evalward_core::{Outcome, Rate, Timestamp};

use crate::codec::indexed;
use crate::database::Connection;
use crate::metric_share::MetricShare;
use crate::sql;
use crate::sums::{Sign, Sums};
use crate::value::{Value, values};
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

/// An evaluation as windows count it.
#[derive(Clone, Debug)]
pub(crate) struct Counted {
    pub(crate) evaluation: StoredEvaluation,
    /// Whether windows have the verdicts and values of its scores too, which they did not always.
    pub(crate) is_detailed: bool,
}

/// The part of a window that some interactions make up.
#[derive(Clone, Debug, Default, PartialEq)]
struct Share {
    /// Seen, sampled, passed, failed, errored and skipped.
    counts: [i64; 6],
    pass: Sums,
    metrics: BTreeMap<String, MetricShare>,
}

impl Share {
    fn of(place: &Place, counted: Option<&Counted>) -> Result<Self, StoreError> {
        let mut share = Self::default();
        share.counts[0] = 1;
        share.counts[1] = i64::from(place.is_sampled);
        let Some(Counted { evaluation, is_detailed }) = counted else { return Ok(share) };
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
            let of_metric = MetricShare::of(measurement, place.probability, *is_detailed)?;
            share.metrics.entry(indexed(metric)).or_default().add(&of_metric, Sign::Plus);
        }
        Ok(share)
    }

    fn add(&mut self, other: &Self, sign: Sign) {
        for (count, other) in self.counts.iter_mut().zip(other.counts) {
            *count += sign.of(other);
        }
        self.pass.add(&other.pass, sign);
        for (metric, share) in &other.metrics {
            self.metrics.entry(metric.clone()).or_default().add(share, sign);
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
        evaluation: Option<&Counted>,
    ) -> Result<(), StoreError> {
        self.change(place, evaluation, Sign::Plus)
    }

    /// Counts an interaction with its evaluation no longer.
    pub(crate) fn take(
        &mut self,
        place: &Place,
        evaluation: Option<&Counted>,
    ) -> Result<(), StoreError> {
        self.change(place, evaluation, Sign::Minus)
    }

    fn change(
        &mut self,
        place: &Place,
        evaluation: Option<&Counted>,
        sign: Sign,
    ) -> Result<(), StoreError> {
        let share = Share::of(place, evaluation)?;
        for resolution in Resolution::ALL {
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
        let (mut windows, mut scores, mut kept) = (Vec::new(), Vec::new(), Vec::new());
        for (key, share) in self.0 {
            let prefix =
                values![&key.project, key.resolution.name(), key.start, &key.segment, &key.stratum];
            for (metric, share) in &share.metrics {
                let prefix: Vec<Value> = prefix.iter().cloned().chain(values![metric]).collect();
                let row = |columns: Vec<Value>| prefix.iter().cloned().chain(columns).collect();
                scores.extend(share.row().map(row));
                kept.extend(share.values().map(row));
            }
            if share.counts != [0; 6] || share.pass != Sums::default() {
                let counts = share.counts.map(Value::from);
                let row = prefix.into_iter().chain(counts).chain(share.pass.values());
                windows.push(row.collect::<Vec<_>>());
            }
        }
        transaction.insert(&sql::window::ADD, windows).await?;
        transaction.insert(&sql::window::ADD_SCORES, scores).await?;
        transaction.insert(&sql::window::ADD_VALUES, kept).await
    }
}
