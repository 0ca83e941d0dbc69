//! A few scores by metric, kept small.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Index;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::MetricScores;

/// The scores of one example by metric.
///
/// A sorted list rather than a tree, whose nodes would take ten times what they hold: a comparison keeps one for each example of
/// either run. Names are shared between examples where they are pushed one after another.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ByMetric {
    entries: Vec<(Arc<str>, MetricScores)>,
}

impl ByMetric {
    /// Returns the scores of a metric.
    pub fn get(&self, id: &str) -> Option<&MetricScores> {
        let place = self.place(id).ok()?;
        self.entries.get(place).map(|(_, scores)| scores)
    }

    /// Returns the scores of a metric, to change them.
    pub fn get_mut(&mut self, id: &str) -> Option<&mut MetricScores> {
        let place = self.place(id).ok()?;
        self.entries.get_mut(place).map(|(_, scores)| scores)
    }

    /// Returns whether the metric was scored or errored.
    pub fn contains_key(&self, id: &str) -> bool {
        self.place(id).is_ok()
    }

    /// Iterates over the metrics in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &MetricScores)> {
        self.entries.iter().map(|(id, scores)| (&**id, scores))
    }

    /// Sets the scores of a metric.
    pub fn insert(&mut self, id: impl Into<Arc<str>>, scores: MetricScores) {
        let id = id.into();
        match self.place(&id) {
            Ok(place) => self.entries[place].1 = scores,
            Err(place) => {
                self.entries.reserve_exact(1);
                self.entries.insert(place, (id, scores));
            }
        }
    }

    /// Removes a metric.
    pub fn remove(&mut self, id: &str) {
        if let Ok(place) = self.place(id) {
            self.entries.remove(place);
        }
    }

    /// Returns the scores of a metric, none at first; `name` gives the shared name.
    pub(crate) fn entry(&mut self, id: &str, name: impl FnOnce() -> Arc<str>) -> &mut MetricScores {
        let place = match self.place(id) {
            Ok(place) => place,
            Err(place) => {
                self.entries.reserve_exact(1);
                self.entries.insert(place, (name(), MetricScores::default()));
                place
            }
        };
        &mut self.entries[place].1
    }

    fn place(&self, id: &str) -> Result<usize, usize> {
        self.entries.binary_search_by(|(known, _)| (**known).cmp(id))
    }
}

impl Index<&str> for ByMetric {
    type Output = MetricScores;

    fn index(&self, id: &str) -> &MetricScores {
        self.get(id).expect("the caller knows that the metric is there")
    }
}

impl Serialize for ByMetric {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for ByMetric {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let by_name = BTreeMap::<String, MetricScores>::deserialize(deserializer)?;
        let entries = by_name.into_iter().map(|(id, scores)| (id.into(), scores)).collect();
        Ok(Self { entries })
    }
}

impl JsonSchema for ByMetric {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        BTreeMap::<String, MetricScores>::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        BTreeMap::<String, MetricScores>::json_schema(generator)
    }
}
