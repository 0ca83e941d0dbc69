//! From tests to cases.

use serde_json::{Map, Value};

use super::case::{Case, Test, Var};
use super::vars::resolve;
use crate::ImportError;
use crate::remark::Remarks;

/// The most examples that an import makes.
pub(crate) const LIMIT: usize = 100_000;

/// Makes a case for each combination of the values of each test.
pub(crate) fn expand(tests: &[Test], remarks: &mut Remarks) -> Result<Vec<Case>, ImportError> {
    let mut cases = Vec::new();
    for (number, test) in tests.iter().enumerate() {
        let combinations = combinations(test, LIMIT - cases.len())?;
        let many = combinations.len() > 1;
        for (part, mut vars) in combinations.into_iter().enumerate() {
            resolve(&mut vars, &test.place, remarks);
            let part = if many { format!("-{}", part + 1) } else { String::new() };
            cases.push(Case {
                id: format!("test-{}{part}", number + 1),
                place: test.place.clone(),
                description: test.description.clone(),
                vars,
                assertions: test.assertions.clone(),
                metadata: test.metadata.clone(),
                threshold: test.threshold,
                prefix: test.prefix.clone().unwrap_or_default(),
                suffix: test.suffix.clone().unwrap_or_default(),
                provider_output: test.provider_output.clone(),
            });
        }
    }
    Ok(cases)
}

fn combinations(test: &Test, room: usize) -> Result<Vec<Map<String, Value>>, ImportError> {
    let mut combinations = vec![Map::new()];
    for (name, value) in &test.vars {
        let values = match value {
            Var::One(value) => std::slice::from_ref(value),
            Var::Each(values) => values.as_slice(),
        };
        if combinations.len().saturating_mul(values.len()) > room {
            return Err(ImportError::TooMany { place: test.place.clone(), limit: LIMIT });
        }
        let with = |combination: &Map<String, Value>, value: &Value| {
            let mut combination = combination.clone();
            combination.insert(name.clone(), value.clone());
            combination
        };
        combinations = combinations
            .iter()
            .flat_map(|combination| values.iter().map(move |value| with(combination, value)))
            .collect();
    }
    if combinations.len() > room {
        return Err(ImportError::TooMany { place: test.place.clone(), limit: LIMIT });
    }
    Ok(combinations)
}
