//! The command: reads the repository and runs every check over it.

use std::path::Path;

use anyhow::{Result, bail};

use super::{edges, files, finding::Finding, fuzz, manifests, migrations, rust, words};
use crate::console::say;
use crate::repository::Repository;

/// Runs every check and shows what it found.
pub(crate) fn run(repository: &Repository) -> Result<()> {
    let metadata = edges::read_metadata(repository)?;
    let mut findings = edges::check_edges(&metadata);
    let paths = files::committable(repository)?;
    findings.extend(migrations::check_migrations(&paths));
    if let Some(manifest) = files::read(repository.root(), fuzz::MANIFEST)? {
        findings.extend(fuzz::check_fuzz(&paths, &String::from_utf8_lossy(&manifest))?);
    }
    for path in &paths {
        findings.extend(check_file(repository.root(), path)?);
    }
    findings.sort();
    findings.dedup();
    for finding in &findings {
        say(&finding.to_string());
    }
    match findings.len() {
        0 => {
            say(&format!("tidy: {} files are in order", paths.len()));
            Ok(())
        }
        1 => bail!("tidy has 1 finding"),
        more => bail!("tidy has {more} findings"),
    }
}

fn check_file(root: &Path, path: &str) -> Result<Vec<Finding>> {
    let Some(content) = files::read(root, path)? else { return Ok(Vec::new()) };
    let mut findings = Vec::from_iter(files::check_size(path, content.len()));
    // What is not UTF-8 is no text, and text is what the other rules are about.
    let Ok(text) = String::from_utf8(content) else { return Ok(findings) };
    if words::extension_of(path) == "rs" {
        findings.extend(rust::check_length(path, &text));
        findings.extend(rust::check_opening(path, &text));
    }
    if path.ends_with("Cargo.toml") {
        findings.extend(manifests::check_manifest(path, &text));
    }
    findings.extend(words::check_words(path, &text));
    Ok(findings)
}
