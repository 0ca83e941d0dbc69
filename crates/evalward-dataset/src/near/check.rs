//! The check of a dataset for near-duplicate inputs.

use std::collections::BTreeMap;
use std::io;
use std::str::FromStr;

use evalward_core::ExampleId;

use super::matches::Match;
use super::search::{Input, Progress, Search};
use super::spill::Entry;
use super::text::input_text;
use crate::finding::{Finding, FindingCode, Findings};
use crate::{CheckReport, Dataset, DatasetError, Place};

/// From how much on inputs count as nearly the same: at least 0.5, at most 1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Similarity(f64);

/// The error for a similarity that is none, or below one half.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a number from 0.5 to 1")]
pub struct InvalidSimilarity(String);

impl Similarity {
    /// Makes a similarity; below one half inputs are not nearly the same.
    ///
    /// # Errors
    /// Outside 0.5 to 1.
    pub fn new(similarity: f64) -> Result<Self, InvalidSimilarity> {
        let is_valid = (0.5..=1.0).contains(&similarity);
        if is_valid { Ok(Self(similarity)) } else { Err(InvalidSimilarity(similarity.to_string())) }
    }

    /// Returns the number.
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl Default for Similarity {
    fn default() -> Self {
        Self(0.7)
    }
}

impl FromStr for Similarity {
    type Err = InvalidSimilarity;

    fn from_str(text: &str) -> Result<Self, InvalidSimilarity> {
        let invalid = |_| InvalidSimilarity(text.to_owned());
        Self::new(text.parse().map_err(invalid)?).map_err(|_| InvalidSimilarity(text.to_owned()))
    }
}

/// How to look for near-duplicates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NearOptions {
    /// From how much on two inputs count as nearly the same.
    pub threshold: Similarity,
    /// The most findings that are listed; more are only counted.
    pub max_findings: u64,
}

impl Default for NearOptions {
    fn default() -> Self {
        Self { threshold: Similarity::default(), max_findings: 1000 }
    }
}

/// The near-duplicate inputs of a dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearDuplicates {
    /// One finding for each input that is nearly the same as an earlier one.
    pub report: CheckReport,
    /// The number of inputs that are nearly the same as an earlier one of their own cluster, which is no finding.
    pub clustered: u64,
    /// The number of inputs that resemble so many others that they were compared with some of them only.
    pub crowded: u64,
}

/// Finds inputs that are the same as, or nearly the same as, an earlier one of the dataset, in whatever partition.
///
/// How alike two inputs are is the share of character 5-grams that both have (see [`similarity`](crate::similarity)). Pairs
/// are found by `MinHash` and banding, of those at the threshold 99.5 in 100, and each is verified. Sixteen bytes an example
/// stay in memory; texts and hashes lie in temporary files.
///
/// # Errors
/// [`DatasetError::Io`] if a file cannot be read or a temporary file cannot be written; lines that cannot be read are left to
/// [`check`](crate::check).
pub fn check_near_duplicates(
    dataset: &Dataset,
    options: &NearOptions,
    progress: Progress<'_>,
) -> Result<NearDuplicates, DatasetError> {
    let failed = |source| spill_error(source);
    let mut search = Search::new().map_err(failed)?;
    for example in dataset.all_examples() {
        let example = match example {
            Ok(example) => example,
            Err(DatasetError::Malformed { .. }) => continue,
            Err(error) => return Err(error),
        };
        let input = Input {
            id: example.value.id.as_str(),
            partition: example.value.partition,
            line: example.line,
            text: &input_text(&example.value.input),
            // An example that others were made of has no cluster; theirs has its name.
            cluster: example.value.cluster.as_deref().or(Some(example.value.id.as_str())),
        };
        search.push(&input).map_err(failed)?;
    }
    let limit = usize::try_from(options.max_findings).unwrap_or(usize::MAX);
    let found = search.finish(options.threshold.get(), 0, limit, progress).map_err(failed)?;
    let mut findings = Findings::with_limit(options.max_findings);
    for found in &found.matches {
        findings.push(finding(dataset, found));
    }
    let listed = u64::try_from(found.matches.len()).unwrap_or(u64::MAX);
    findings.count_warnings(found.count.saturating_sub(listed));
    Ok(NearDuplicates {
        report: findings.into_report(BTreeMap::new(), None),
        clustered: found.clustered,
        crowded: found.crowded,
    })
}

/// Says that a temporary file failed.
pub(crate) fn spill_error(source: io::Error) -> DatasetError {
    DatasetError::io("write a temporary file in", std::env::temp_dir())(source)
}

fn finding(dataset: &Dataset, found: &Match) -> Finding {
    let (later, earlier) = (&found.later, &found.earlier);
    let there = place_of(dataset, earlier);
    let there = format!("`{}` at {}:{}", earlier.id, there.path.display(), there.line);
    let message = if found.is_verbatim() {
        format!("the input of `{}` is that of {there}", later.id)
    } else if found.similarity >= 1.0 {
        format!(
            "the input of `{}` is that of {there} but for case, punctuation or spaces",
            later.id
        )
    } else {
        let percent = format!("{:.2}", found.similarity);
        format!("the input of `{}` is nearly that of {there} (similarity {percent})", later.id)
    };
    let hint = if found.is_clustered() {
        "remove one; within a cluster too, a copy adds nothing".to_owned()
    } else if later.partition == earlier.partition {
        "remove one, or give both the same `cluster`, so that they do not count as independent"
            .to_owned()
    } else {
        format!(
            "keep it in one partition; `{}` and `{}` would measure the same",
            earlier.partition, later.partition
        )
    };
    let finding = Finding::warning(FindingCode::NearDuplicate, place_of(dataset, later), message);
    match ExampleId::new(&later.id) {
        Ok(id) => finding.about(&id).with_hint(hint),
        Err(_) => finding.with_hint(hint),
    }
}

/// Returns where an input stands.
pub(crate) fn place_of(dataset: &Dataset, entry: &Entry) -> Place {
    Place::new(dataset.shown(&entry.partition.file_name()), entry.line, 1)
}
