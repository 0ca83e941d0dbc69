//! The attributes of one span, of which the mapping takes what it knows.

use std::collections::BTreeMap;

use serde_json::Value;

/// Attributes by name; one that was taken, or that has no value, is null.
#[derive(Debug)]
pub(super) struct Attributes(Vec<(String, Value)>);

impl Attributes {
    pub(super) fn new(mut attributes: Vec<(String, Value)>) -> Self {
        attributes.sort_by(|left, right| left.0.cmp(&right.0));
        Self(attributes)
    }

    /// Returns the value of a name, unless it is null.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        let index = self.index(name)?;
        Some(&self.0[index].1).filter(|value| !value.is_null())
    }

    /// Takes the value of a name, unless it is null.
    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        let index = self.index(name)?;
        Some(self.0[index].1.take()).filter(|value| !value.is_null())
    }

    /// Returns all attributes whose names start alike, in the order of their names.
    pub(super) fn starting_with(&mut self, prefix: &str) -> &mut [(String, Value)] {
        let first = self.0.partition_point(|(name, _)| name.as_str() < prefix);
        let length = self.0[first..].partition_point(|(name, _)| name.starts_with(prefix));
        &mut self.0[first..first + length]
    }

    /// Returns whether a name that starts so has a value.
    pub(super) fn has(&self, prefix: &str) -> bool {
        let first = self.0.partition_point(|(name, _)| name.as_str() < prefix);
        let mut alike = self.0[first..].iter().take_while(|(name, _)| name.starts_with(prefix));
        alike.any(|(_, value)| !value.is_null())
    }

    /// Returns what was not taken.
    pub(super) fn rest(self) -> BTreeMap<String, Value> {
        self.0.into_iter().filter(|(_, value)| !value.is_null()).collect()
    }

    fn index(&self, name: &str) -> Option<usize> {
        self.0.binary_search_by(|(key, _)| key.as_str().cmp(name)).ok()
    }
}
