//! Retrieved documents beside the relevant ones.

use std::collections::BTreeSet;
use std::num::{NonZeroU32, NonZeroUsize};

use evalward_core::{BoxFuture, Document, Example, Measurement, Metric, Reply, Score};
use serde_json::{Map, Value, json};

use super::measures::{NdcgGain, Ranking, RetrievalMeasure};
use super::relevant::{Grades, RelevantSource, document_id};
use crate::MetricError;
use crate::wording::quoted_list;

/// How many documents a detail lists; the counts say when there are more.
const LISTED: usize = 100;
/// How many missed documents a problem names.
const NAMED: usize = 5;

/// What a [`Retrieval`] measures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetrievalOptions {
    /// The measure that is the score.
    pub measure: RetrievalMeasure,
    /// The number of ranks that count; all by default.
    pub k: Option<NonZeroU32>,
    /// Where the example says which documents are relevant: a JSON Pointer to a list of ids or an object from id to grade, or
    /// `context` for the ids of its own context.
    pub relevant: String,
    /// What a grade is worth in nDCG.
    pub gain: NdcgGain,
}

impl RetrievalOptions {
    /// Makes options with a measure over all ranks and the relevant documents at `/metadata/relevant`.
    pub fn new(measure: RetrievalMeasure) -> Self {
        Self { measure, k: None, relevant: "/metadata/relevant".to_owned(), gain: NdcgGain::Linear }
    }
}

/// How well the documents that the subject retrieved fit the relevant ones, by their ids and in their order.
///
/// A document that is retrieved twice counts once, at its better rank.
#[derive(Clone, Debug)]
pub struct Retrieval {
    measure: RetrievalMeasure,
    k: Option<NonZeroUsize>,
    relevant: RelevantSource,
    gain: NdcgGain,
}

impl Retrieval {
    /// Makes the metric.
    ///
    /// # Errors
    /// [`MetricError::Setting`] if `relevant` is neither a JSON Pointer nor `context`.
    pub fn new(options: &RetrievalOptions) -> Result<Self, MetricError> {
        Ok(Self {
            measure: options.measure,
            k: options.k.and_then(|k| NonZeroUsize::try_from(k).ok()),
            relevant: RelevantSource::new(&options.relevant)?,
            gain: options.gain,
        })
    }

    fn measure(&self, example: &Example, retrieved: &[Document]) -> Measurement {
        let grades = match self.relevant.grades(example) {
            Ok(grades) if grades.is_empty() => {
                let place = self.relevant.shown();
                return Measurement::Skipped(format!("has no relevant documents ({place})"));
            }
            Ok(grades) => grades,
            Err(wrong) => return Measurement::Errored(wrong),
        };
        match distinct_ids(retrieved) {
            Ok(ids) => self.scored(&grades, &ids).into(),
            Err(wrong) => Measurement::Errored(wrong),
        }
    }

    fn scored(&self, grades: &Grades, ids: &[&str]) -> Score {
        let ranking = Ranking {
            grades: ids.iter().map(|id| grades.get(*id).copied().unwrap_or(0.0)).collect(),
            relevant: grades.values().copied().collect(),
            k: self.k,
            gain: self.gain,
        };
        let measures: Map<String, Value> = RetrievalMeasure::ALL
            .into_iter()
            .map(|measure| (measure.name().to_owned(), json!(ranking.measure(measure))))
            .collect();
        let top = &ids[..ids.len().min(self.k.map_or(usize::MAX, NonZeroUsize::get))];
        let seen: BTreeSet<&str> = top.iter().copied().collect();
        let missed: Vec<&str> =
            grades.keys().map(String::as_str).filter(|id| !seen.contains(id)).collect();
        let found = top.iter().enumerate().filter(|(_, id)| grades.contains_key(**id));
        let found: Vec<Value> = found
            .take(LISTED)
            .map(|(index, id)| json!({"rank": index + 1, "id": id, "grade": grades.get(*id)}))
            .collect();
        let score = Score::fraction(ranking.measure(self.measure)).with_detail(json!({
            "measures": measures,
            "k": self.k,
            "retrieved": ids.len(),
            "relevant": grades.len(),
            "found": found,
            "missed": missed.iter().take(LISTED).collect::<Vec<_>>(),
            "missed_documents": missed.len(),
        }));
        match self.problem(&score, grades.len(), ids.is_empty(), &missed) {
            Some(problem) => score.with_problem(problem),
            None => score,
        }
    }

    /// Says which relevant documents are missing, where some are.
    fn problem(
        &self,
        score: &Score,
        relevant: usize,
        is_empty: bool,
        missed: &[&str],
    ) -> Option<String> {
        let at = self.k.map_or_else(String::new, |k| format!("@{k}"));
        let value = score.value.get();
        let measure = format!("{}{at} is {value:.3}", self.measure.name());
        if is_empty {
            return Some(format!("{measure}: no document was retrieved"));
        }
        if missed.is_empty() {
            return None;
        }
        let named = quoted_list(missed.iter().copied().take(NAMED), "and");
        let more = match missed.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        Some(format!("{measure}: {named}{more} of {relevant} relevant documents not retrieved"))
    }
}

/// Returns the ids of documents in order, each once.
fn distinct_ids(documents: &[Document]) -> Result<Vec<&str>, String> {
    let mut seen = BTreeSet::new();
    let mut ids = Vec::new();
    for (index, document) in documents.iter().enumerate() {
        let Some(id) = document_id(document) else {
            return Err(format!("document {} of the response has no id", index + 1));
        };
        if seen.insert(id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

impl Metric for Retrieval {
    fn kind(&self) -> &'static str {
        "retrieval"
    }

    fn score<'a>(&'a self, example: &'a Example, reply: &'a Reply) -> BoxFuture<'a, Measurement> {
        Box::pin(async move { self.measure(example, &reply.response.context) })
    }
}
