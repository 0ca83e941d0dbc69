//! Interactions: taking them in, and reading one back.

use std::collections::BTreeMap;

use evalward_core::{Interaction, InteractionId, Measurement, Outcome, Rate, Thumb, Timestamp};

use crate::arrival::Arrival;
use crate::codec::{evaluation, from_json, thumb_from};
use crate::sample::place;
use crate::value::values;
use crate::{Store, StoreError, sql};

/// An interaction that is to be stored, with what sampling decided of it.
#[derive(Clone, Debug)]
pub struct NewInteraction {
    /// The project that the sender's key belongs to.
    pub project: String,
    /// The interaction, redacted.
    pub interaction: Interaction,
    /// When it came in; windows are by this time.
    pub received_at: Timestamp,
    /// The segment, such as `service=support`; empty where nothing segments.
    pub segment: String,
    /// The stratum: `base`, or the name of the rule that always samples.
    pub stratum: String,
    /// The probability with which an interaction of this stratum becomes a sample.
    pub probability: Rate,
    /// Whether this one became a sample; then its job is written with it.
    pub is_sampled: bool,
}

/// What became of an interaction that was handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ingested {
    /// It is stored, and will be evaluated.
    Sampled,
    /// It is stored.
    Counted,
    /// It, or one of its id, was stored before; nothing changed.
    Duplicate,
}

/// An interaction as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredInteraction {
    /// The project.
    pub project: String,
    /// The interaction.
    pub interaction: Interaction,
    /// When it came in.
    pub received_at: Timestamp,
    /// The segment.
    pub segment: String,
    /// The stratum.
    pub stratum: String,
    /// The probability of that stratum.
    pub probability: Rate,
    /// Whether it is a sample.
    pub is_sampled: bool,
    /// What its evaluation came to; absent until then.
    pub evaluation: Option<StoredEvaluation>,
    /// What users thought of it.
    pub thumbs: Vec<Thumb>,
}

/// What the evaluation of a sample came to.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredEvaluation {
    /// The outcome.
    pub outcome: Outcome,
    /// Each metric's result, by its id in the suite.
    pub scores: BTreeMap<String, Measurement>,
    /// The hash of the evaluating metrics' versions.
    pub evaluator: String,
    /// When.
    pub evaluated_at: Timestamp,
}

impl Store {
    /// Stores a batch, with one answer each in its order; returns after the commit.
    ///
    /// Several batches may share one commit. Either the whole batch is stored or none of it. Samples get their job, windows
    /// their counts, and feedback that came before its interaction is joined with it, in the same transaction.
    ///
    /// # Errors
    /// [`StoreError::Busy`] where too many batches wait; [`StoreError::Query`] where the database fails;
    /// [`StoreError::Conflict`] for a sample whose probability is 0, since it has no weight.
    pub async fn ingest(&self, batch: Vec<NewInteraction>) -> Result<Vec<Ingested>, StoreError> {
        if batch.is_empty() {
            return Ok(Vec::new());
        }
        let arrivals = batch.into_iter().map(Arrival::new).collect::<Result<_, _>>()?;
        self.writer().store(arrivals).await
    }

    /// Reads an interaction with its evaluation.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is none of this id.
    pub async fn interaction(
        &self,
        project: &str,
        id: &InteractionId,
    ) -> Result<StoredInteraction, StoreError> {
        let mut connection = self.database().read("read an interaction").await?;
        let key = values![project, id.as_str()];
        let row = connection.row(sql::ingest::READ, key.clone()).await?;
        let row = row.ok_or_else(|| StoreError::NotFound {
            what: "interaction",
            id: id.as_str().to_owned(),
        })?;
        let thumbs = connection.rows(sql::feedback::THUMBS, key).await?;
        let place = place(&row)?;
        Ok(StoredInteraction {
            project: place.project,
            interaction: from_json("interaction", &row.text("document")?)?,
            received_at: place.received_at,
            segment: place.segment,
            stratum: place.stratum,
            probability: place.probability,
            is_sampled: place.is_sampled,
            evaluation: evaluation(&row)?,
            thumbs: thumbs
                .iter()
                .map(|row| thumb_from(&row.text("thumb")?))
                .collect::<Result<_, _>>()?,
        })
    }
}
