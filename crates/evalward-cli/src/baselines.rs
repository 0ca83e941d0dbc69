//! The files of baselines: found before a run, copied into its folder, read back from there.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use evalward_config::Suite;
use evalward_core::{BaselineStamp, Digest, ExampleId, Partition, RunManifest};
use evalward_dataset::Dataset;
use evalward_gate::{Baseline, BaselineError};
use evalward_pipeline::{Filter, selected_examples};
use evalward_runs::{StoredRun, write_atomically};

use crate::error::CliError;

/// The baselines that a run is going to be judged by.
#[derive(Debug, Default)]
pub(crate) struct FoundBaselines {
    pub(crate) stamps: BTreeMap<String, BaselineStamp>,
    pub(crate) copies: BTreeMap<Digest, String>,
    pub(crate) warnings: Vec<String>,
}

/// Finds the baselines that the gates of a run name, and refuses those that it cannot be compared with.
pub(crate) fn find(
    suite: &Suite,
    manifest: &RunManifest,
    dataset: &Dataset,
    filter: &Filter,
) -> Result<FoundBaselines, CliError> {
    let mut found = FoundBaselines::default();
    if filter.selection.is_hand_picked() {
        return Ok(found);
    }
    let mut hashes: Option<BTreeMap<Partition, BTreeMap<ExampleId, Digest>>> = None;
    for (partition, policy) in &manifest.gates {
        let Some(bar) = &policy.no_worse_than else { continue };
        let Some(path) = suite.baselines.get(&bar.baseline) else { continue };
        let Some(text) = read(path)? else {
            found.warnings.push(format!(
                "there is no baseline `{}` yet, so the gate of `{partition}` cannot compare with one and is skipped; set the first one after this run: `evalward baseline set latest --initial`",
                path.display()
            ));
            continue;
        };
        let baseline = parse(&text, path)?;
        let hashes = match &mut hashes {
            Some(hashes) => &*hashes,
            none => none.insert(content_hashes(dataset, filter)?),
        };
        let of_partition = hashes.get(partition).cloned().unwrap_or_default();
        if let Some(mismatch) = baseline.mismatch(manifest, *partition, policy, &of_partition) {
            let path = path.display();
            let hint = mismatch.hint();
            let text = format!("baseline `{path}` cannot be compared with: {mismatch}");
            return Err(CliError::input(text).with_hint(hint));
        }
        let hash = Digest::of(text.as_bytes());
        let stamp = BaselineStamp { run_id: baseline.run_id, hash };
        found.stamps.insert(bar.baseline.clone(), stamp);
        found.copies.insert(hash, text);
    }
    Ok(found)
}

fn content_hashes(
    dataset: &Dataset,
    filter: &Filter,
) -> Result<BTreeMap<Partition, BTreeMap<ExampleId, Digest>>, CliError> {
    let mut hashes: BTreeMap<Partition, BTreeMap<ExampleId, Digest>> = BTreeMap::new();
    for example in selected_examples(dataset, filter) {
        let example = example.map_err(CliError::input)?;
        let hash = example.content_hash();
        hashes.entry(example.partition).or_default().insert(example.id, hash);
    }
    Ok(hashes)
}

/// Reads the text of a baseline; `None` where there is no such file.
pub(crate) fn read(path: &Path) -> Result<Option<String>, CliError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => {
            let text = format!("failed to read baseline `{}`: {error}", path.display());
            Err(CliError::input(text))
        }
    }
}

/// Reads a baseline from its text.
pub(crate) fn parse(text: &str, path: &Path) -> Result<Baseline, CliError> {
    Baseline::from_text(text).map_err(|error| {
        let cause = match &error {
            BaselineError::Malformed(cause) => format!(": {cause}"),
            _ => String::new(),
        };
        CliError::input(format!("baseline `{}`: {error}{cause}", path.display()))
            .with_hint("`evalward baseline set` writes such files; restore it from version control")
    })
}

/// Copies baselines into the folder of a run, so that its verdict stays what it is when the files change.
pub(crate) fn keep(folder: &Path, copies: &BTreeMap<Digest, String>) -> Result<(), CliError> {
    for (hash, text) in copies {
        let path = copy_path(folder, *hash);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        write_atomically(&path, text.as_bytes()).map_err(CliError::incomplete)?;
    }
    Ok(())
}

/// Copies the baselines of one run into the folder of another.
pub(crate) fn copy(
    from: &Path,
    to: &Path,
    stamps: &BTreeMap<String, BaselineStamp>,
) -> Result<(), CliError> {
    let mut copies = BTreeMap::new();
    for stamp in stamps.values() {
        if let Some(text) = read(&copy_path(from, stamp.hash))? {
            copies.insert(stamp.hash, text);
        }
    }
    keep(to, &copies)
}

/// Reads the baselines that a run was started with.
pub(crate) fn copies(stored: &StoredRun) -> Result<BTreeMap<String, Baseline>, CliError> {
    let mut baselines = BTreeMap::new();
    for (name, stamp) in &stored.manifest().baselines {
        let path = copy_path(stored.folder(), stamp.hash);
        let text = read(&path)?.filter(|text| Digest::of(text.as_bytes()) == stamp.hash);
        let text = text.ok_or_else(|| {
            CliError::input(format!(
                "`{}` is not the baseline that run `{}` was started with",
                path.display(),
                stored.manifest().run_id
            ))
            .with_hint("run the suite again")
        })?;
        baselines.insert(name.clone(), parse(&text, &path)?);
    }
    Ok(baselines)
}

fn copy_path(folder: &Path, hash: Digest) -> PathBuf {
    folder.join("baselines").join(format!("{}.json", hash.short()))
}
