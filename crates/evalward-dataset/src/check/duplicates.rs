//! Naming both places of an id that occurs twice.

use std::collections::BTreeMap;

use crate::finding::{Finding, FindingCode, Findings};
use crate::fingerprint::{Fingerprint, fingerprint};
use crate::{Dataset, DatasetError, Place};

/// Reads the dataset again, if ids are repeated, and reports every occurrence but the first.
pub(super) fn report(
    dataset: &Dataset,
    repeated: &[Fingerprint],
    findings: &mut Findings,
) -> Result<(), DatasetError> {
    if repeated.is_empty() {
        return Ok(());
    }
    let mut first_places: BTreeMap<Fingerprint, Place> = BTreeMap::new();
    for example in dataset.all_examples() {
        let example = match example {
            Ok(example) => example,
            Err(DatasetError::Malformed { .. }) => continue,
            Err(error) => return Err(error),
        };
        let id = fingerprint(example.value.id.as_str());
        if repeated.binary_search(&id).is_err() {
            continue;
        }
        let Some(first) = first_places.get(&id) else {
            first_places.insert(id, example.place());
            continue;
        };
        let message = format!(
            "id `{}` is taken by the example at {}:{}",
            example.value.id,
            first.path.display(),
            first.line
        );
        findings.push(
            Finding::error(FindingCode::DuplicateId, example.place(), message)
                .about(&example.value.id)
                .with_hint("ids are unique across all partitions"),
        );
    }
    Ok(())
}
