//! A test as it is written, and a case that it makes.

use serde_json::{Map, Value};

use crate::Place;
use crate::promptfoo::assertion::Assertion;

/// A test as it is written.
#[derive(Clone, Debug)]
pub(crate) struct Test {
    pub(crate) place: Place,
    pub(crate) description: Option<String>,
    /// The variables in their order, which is the order in which lists are expanded.
    pub(crate) vars: Vec<(String, Var)>,
    pub(crate) assertions: Vec<Assertion>,
    pub(crate) metadata: Map<String, Value>,
    pub(crate) threshold: Option<f64>,
    pub(crate) prefix: Option<String>,
    pub(crate) suffix: Option<String>,
    pub(crate) provider_output: Option<Value>,
    pub(crate) is_expanded: bool,
    pub(crate) has_defaults: bool,
}

/// The value of a variable.
#[derive(Clone, Debug)]
pub(crate) enum Var {
    /// One value.
    One(Value),
    /// A case for each.
    Each(Vec<Value>),
}

impl Test {
    pub(crate) fn new(place: Place) -> Self {
        Self {
            place,
            description: None,
            vars: Vec::new(),
            assertions: Vec::new(),
            metadata: Map::new(),
            threshold: None,
            prefix: None,
            suffix: None,
            provider_output: None,
            is_expanded: true,
            has_defaults: true,
        }
    }

    pub(crate) fn set_var(&mut self, name: &str, value: Var) {
        match self.vars.iter_mut().find(|(other, _)| other == name) {
            Some((_, old)) => *old = value,
            None => self.vars.push((name.to_owned(), value)),
        }
    }

    /// Gives a variable one value.
    pub(crate) fn set_value(&mut self, name: &str, value: Value) {
        self.set_var(name, Var::One(value));
    }

    /// Takes each list as one value.
    pub(crate) fn keep_lists(&mut self) {
        for (_, value) in &mut self.vars {
            if let Var::Each(values) = value {
                *value = Var::One(Value::Array(std::mem::take(values)));
            }
        }
    }

    /// Lays a test over this one, as promptfoo lays a test over `defaultTest`; assertions come after.
    #[must_use]
    pub(crate) fn under(&self, over: &Self) -> Self {
        let mut merged = self.clone();
        merged.place = over.place.clone();
        merged.description = over.description.clone().or(merged.description);
        for (name, value) in &over.vars {
            merged.set_var(name, value.clone());
        }
        if !over.has_defaults {
            merged.assertions.clear();
        }
        merged.assertions.extend(over.assertions.iter().cloned());
        merged.metadata.extend(over.metadata.clone());
        merged.threshold = over.threshold.or(merged.threshold);
        merged.prefix = over.prefix.clone().or(merged.prefix);
        merged.suffix = over.suffix.clone().or(merged.suffix);
        merged.provider_output = over.provider_output.clone().or(merged.provider_output);
        merged.is_expanded &= over.is_expanded;
        merged.has_defaults = over.has_defaults;
        merged
    }
}

/// One case: a test with one value for each variable.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) place: Place,
    pub(crate) description: Option<String>,
    pub(crate) vars: Map<String, Value>,
    pub(crate) assertions: Vec<Assertion>,
    pub(crate) metadata: Map<String, Value>,
    pub(crate) threshold: Option<f64>,
    pub(crate) prefix: String,
    pub(crate) suffix: String,
    pub(crate) provider_output: Option<Value>,
}
