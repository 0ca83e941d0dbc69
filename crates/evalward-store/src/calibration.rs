//! What judges were worth, over time.

use evalward_core::Timestamp;

use crate::database::in_transaction;
use crate::value::{Row, values};
use crate::{Store, StoreError, sql};

/// A calibration of a judge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalibrationRecord {
    /// The hash of the document, by which it is known.
    pub id: String,
    /// The suite's name.
    pub suite: String,
    /// The metric's id in the suite.
    pub metric: String,
    /// The version of the metric, its judge included.
    pub metric_version: String,
    /// `calibrated` or `weak`.
    pub verdict: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// The calibration as its file has it.
    pub document: String,
}

impl Store {
    /// Records a calibration; one that is known already stays as it is.
    pub async fn record_calibration(&self, record: &CalibrationRecord) -> Result<(), StoreError> {
        in_transaction!(self.database(), "record a calibration", transaction => {
            let values = values![
                &record.id,
                &record.suite,
                &record.metric,
                &record.metric_version,
                &record.verdict,
                record.created_at,
                &record.document,
            ];
            transaction.execute(sql::calibration::RECORD, values).await.map(drop)
        })
    }

    /// Lists the newest `limit` calibrations of a metric, the oldest first.
    pub async fn calibrations(
        &self,
        suite: &str,
        metric: &str,
        limit: u32,
    ) -> Result<Vec<CalibrationRecord>, StoreError> {
        let mut connection = self.database().read("list calibrations").await?;
        let rows = connection.rows(sql::calibration::LIST, values![suite, metric, limit]).await?;
        rows.iter().rev().map(read).collect()
    }
}

fn read(row: &Row) -> Result<CalibrationRecord, StoreError> {
    Ok(CalibrationRecord {
        id: row.text("id")?,
        suite: row.text("suite")?,
        metric: row.text("metric")?,
        metric_version: row.text("metric_version")?,
        verdict: row.text("verdict")?,
        created_at: row.moment("created_at")?,
        document: row.text("document")?,
    })
}
