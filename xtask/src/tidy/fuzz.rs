//! Every fuzz target is built and starts from real inputs.

use std::collections::BTreeSet;

use anyhow::Result;

use super::finding::Finding;
use crate::fuzz::{Target, read};

/// The manifest that lists the targets.
pub(super) const MANIFEST: &str = "fuzz/Cargo.toml";

/// Finds targets that the manifest does not list, that have no file, or no seed; and seeds without a target.
pub(super) fn check_fuzz(paths: &[String], manifest: &str) -> Result<Vec<Finding>> {
    let listed: BTreeSet<String> =
        read(manifest)?.into_iter().map(|Target { name, .. }| name).collect();
    let within = |folder: &'static str| {
        paths.iter().filter_map(move |path| path.strip_prefix(folder)).map(str::to_owned)
    };
    let files: BTreeSet<String> = within("fuzz/targets/")
        .filter_map(|file| file.strip_suffix(".rs").map(str::to_owned))
        .collect();
    let seeds: BTreeSet<String> = within("fuzz/seeds/")
        .filter_map(|file| file.split_once('/').map(|(target, _)| target.to_owned()))
        .collect();
    let mut findings = Vec::new();
    for name in &files - &listed {
        let message = format!("the target is never built: `{MANIFEST}` has no `[[bin]]` of it");
        findings.push(Finding::new(&format!("fuzz/targets/{name}.rs"), 1, message));
    }
    for name in &listed - &files {
        findings.push(Finding::new(MANIFEST, 1, format!("target `{name}` has no file")));
    }
    for name in &files - &seeds {
        let message = format!("the target has no seed; write one into `fuzz/seeds/{name}`");
        findings.push(Finding::new(&format!("fuzz/targets/{name}.rs"), 1, message));
    }
    for name in &seeds - &files {
        let message = "there is no target that starts from these seeds";
        findings.push(Finding::new(&format!("fuzz/seeds/{name}"), 1, message));
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::finding;

    const LISTED: &str = "[[bin]]\nname = \"a\"\npath = \"targets/a.rs\"\n";

    #[track_caller]
    fn check(paths: &[&str], expected: &[&str]) {
        let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
        finding::check(&check_fuzz(&paths, LISTED).unwrap(), expected);
    }

    #[test]
    fn a_target_that_is_listed_and_has_a_seed_is_in_order() {
        check(&["fuzz/targets/a.rs", "fuzz/seeds/a/one", "fuzz/src/lib.rs"], &[]);
    }

    #[test]
    fn what_is_missing_is_found() {
        check(
            &["fuzz/targets/b.rs", "fuzz/seeds/c/one"],
            &[
                "fuzz/targets/b.rs:1: the target is never built: `fuzz/Cargo.toml` has no `[[bin]]` of it",
                "fuzz/Cargo.toml:1: target `a` has no file",
                "fuzz/targets/b.rs:1: the target has no seed; write one into `fuzz/seeds/b`",
                "fuzz/seeds/c:1: there is no target that starts from these seeds",
            ],
        );
    }
}
