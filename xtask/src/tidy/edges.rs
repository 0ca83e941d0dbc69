//! Which crate may depend on which: an arrow may only point to a smaller level.

use anyhow::{Context, Result};
use serde::Deserialize;
use xshell::cmd;

use super::finding::Finding;
use crate::repository::Repository;

/// The crates by level, as in `ARCHITECTURE.md`.
const LEVELS: &[(u8, &[&str])] = &[
    (0, &["evalward-core", "evalward-stats", "evalward-privacy"]),
    (
        1,
        &[
            "evalward-dataset",
            "evalward-embedder",
            "evalward-metrics",
            "evalward-models",
            "evalward-runs",
            "evalward-stats-json",
            "evalward-store",
        ],
    ),
    (2, &["evalward-subject", "evalward-judge", "evalward-gate", "evalward-feedback"]),
    (3, &["evalward-report", "evalward-config"]),
    (4, &["evalward-pipeline", "evalward-import"]),
    (5, &["evalward-monitor", "evalward-loadserver", TESTKIT]),
    (6, &["evalward-cli", "evalward", XTASK]),
    (7, &[EXAMPLE]),
];

/// The crate that only tests may use; every crate's tests may.
const TESTKIT: &str = "evalward-testkit";

/// The automation, which may use the testkit too: it starts for all tests what a single test would start for itself.
const XTASK: &str = "xtask";

/// The application that the example suites evaluate; like any user's, it knows nothing of evalward outside its tests.
const EXAMPLE: &str = "support-assistant";

/// What `cargo metadata` says, as far as it matters here.
#[derive(Debug, Deserialize)]
pub(super) struct Metadata {
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    name: String,
    /// `dev` or `build`; absent for an ordinary dependency.
    kind: Option<String>,
    /// Where a member of the workspace is.
    path: Option<String>,
}

/// Asks cargo for the members of the workspace and what they depend on.
pub(super) fn read_metadata(repository: &Repository) -> Result<Metadata> {
    let shell = repository.shell()?;
    let text = cmd!(shell, "cargo metadata --format-version 1 --no-deps").quiet().read()?;
    serde_json::from_str(&text).context("failed to read `cargo metadata`")
}

/// Finds arrows that do not point down.
pub(super) fn check_edges(metadata: &Metadata) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in &metadata.packages {
        let Some(level) = level_of(&package.name) else {
            findings.push(finding(
                &package.name,
                "the crate has no level; give it one in `xtask/src/tidy/edges.rs`",
            ));
            continue;
        };
        let members = package.dependencies.iter().filter(|dependency| dependency.path.is_some());
        findings
            .extend(members.filter_map(|dependency| check_edge(&package.name, level, dependency)));
    }
    findings
}

fn check_edge(from: &str, level: u8, dependency: &Dependency) -> Option<Finding> {
    let to = &dependency.name;
    if (to == TESTKIT && from != XTASK) || from == EXAMPLE {
        let is_for_tests = dependency.kind.as_deref() == Some("dev");
        let message = || format!("`{to}` may only be a dev-dependency here");
        return (!is_for_tests).then(|| finding(from, &message()));
    }
    let target = level_of(to)?;
    (target >= level).then(|| {
        let message = format!(
            "`{from}` (level {level}) depends on `{to}` (level {target}); an arrow may only point to a smaller level"
        );
        finding(from, &message)
    })
}

fn level_of(name: &str) -> Option<u8> {
    LEVELS.iter().find(|(_, names)| names.contains(&name)).map(|(level, _)| *level)
}

fn finding(package: &str, message: &str) -> Finding {
    let folder = match package {
        XTASK => XTASK.to_owned(),
        EXAMPLE => "examples/support/assistant".to_owned(),
        name => format!("crates/{name}"),
    };
    Finding::new(&format!("{folder}/Cargo.toml"), 1, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::finding::check;

    fn metadata(from: &str, to: &str, kind: Option<&str>) -> Metadata {
        let (name, kind) = (to.to_owned(), kind.map(str::to_owned));
        let dependency = Dependency { name, kind, path: Some(String::new()) };
        Metadata {
            packages: vec![Package { name: from.to_owned(), dependencies: vec![dependency] }],
        }
    }

    #[test]
    fn arrows_point_down() {
        check(&check_edges(&metadata("evalward-gate", "evalward-core", None)), &[]);
        check(
            &check_edges(&metadata("evalward-core", "evalward-stats", None)),
            &[
                "crates/evalward-core/Cargo.toml:1: `evalward-core` (level 0) depends on `evalward-stats` (level 0); an arrow may \
               only point to a smaller level",
            ],
        );
        assert_eq!(
            check_edges(&metadata("evalward-core", "evalward-dataset", Some("dev"))).len(),
            1
        );
    }

    #[test]
    fn only_tests_and_the_automation_use_the_testkit() {
        check(&check_edges(&metadata(XTASK, TESTKIT, None)), &[]);
        check(&check_edges(&metadata("evalward-core", TESTKIT, Some("dev"))), &[]);
        check(
            &check_edges(&metadata("evalward-cli", TESTKIT, None)),
            &[
                "crates/evalward-cli/Cargo.toml:1: `evalward-testkit` may only be a dev-dependency here",
            ],
        );
    }

    #[test]
    fn the_example_knows_evalward_only_in_its_tests() {
        check(&check_edges(&metadata(EXAMPLE, "evalward", Some("dev"))), &[]);
        assert_eq!(check_edges(&metadata(EXAMPLE, "evalward", None)).len(), 1);
    }

    #[test]
    fn a_new_crate_needs_a_level() {
        assert_eq!(check_edges(&metadata("evalward-new", "evalward-core", None)).len(), 1);
    }
}
