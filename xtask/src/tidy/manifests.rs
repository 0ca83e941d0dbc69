//! Rules on `Cargo.toml` files: versions and lints stand in the root manifest only.

use toml::de::{DeTable, DeValue};

use super::finding::Finding;

/// The tables that name dependencies.
const KINDS: &[&str] = &["dependencies", "dev-dependencies", "build-dependencies"];

/// Crates for whose jobs others were chosen; that third parties use some of them is another matter.
const REPLACED: &[(&str, &str)] = &[
    ("chrono", "jiff"),
    ("lazy_static", "std::sync::LazyLock"),
    ("native-tls", "rustls"),
    ("once_cell", "std::sync::OnceLock"),
    ("openssl-sys", "rustls"),
    ("aws-lc-sys", "ring"),
];

/// Finds what a member's manifest says itself, but should take from the workspace.
pub(super) fn check_manifest(path: &str, text: &str) -> Vec<Finding> {
    let place = |offset: usize| text.split_at(offset.min(text.len())).0.lines().count().max(1);
    let table = match DeTable::parse(text) {
        Ok(table) => table,
        Err(error) => {
            let line = place(error.span().map_or(0, |span| span.start));
            return vec![Finding::new(path, line, error.message())];
        }
    };
    let manifest = table.get_ref();
    if manifest.contains_key("workspace") {
        return Vec::new();
    }
    let mut findings = Vec::new();
    if !manifest.get("lints").is_some_and(|lints| takes_from_workspace(lints.get_ref())) {
        findings.push(Finding::new(
            path,
            1,
            "the lints are not the workspace's: write `[lints]` and `workspace = true`",
        ));
    }
    for dependencies in dependency_tables(manifest) {
        for (name, value) in dependencies {
            let line = place(name.span().end);
            let name: &str = name.get_ref();
            if !takes_from_workspace(value.get_ref()) {
                let message = format!("`{name}` does not take its version from the workspace");
                findings.push(Finding::new(path, line, message));
            }
            if let Some((_, chosen)) = REPLACED.iter().find(|(replaced, _)| *replaced == name) {
                findings.push(Finding::new(
                    path,
                    line,
                    format!("`{name}` is not used here: take `{chosen}`"),
                ));
            }
        }
    }
    findings
}

fn takes_from_workspace(value: &DeValue<'_>) -> bool {
    value.get("workspace").is_some_and(|value| value.get_ref().as_bool() == Some(true))
}

/// Returns the tables of dependencies, those of single platforms too.
fn dependency_tables<'a, 'i>(manifest: &'a DeTable<'i>) -> Vec<&'a DeTable<'i>> {
    let targets = manifest.get("target").and_then(|targets| targets.get_ref().as_table());
    let targets = targets.into_iter().flat_map(|targets| targets.values());
    let tables = targets.filter_map(|target| target.get_ref().as_table());
    tables
        .chain([manifest])
        .flat_map(|table| KINDS.iter().filter_map(|kind| table.get(*kind)))
        .filter_map(|dependencies| dependencies.get_ref().as_table())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::finding::check;

    #[test]
    fn a_manifest_that_takes_all_from_the_workspace_is_in_order() {
        let text = "[lints]\nworkspace = true\n[dependencies]\na.workspace = true\nb = { workspace = true }\n";
        check(&check_manifest("Cargo.toml", text), &[]);
        check(&check_manifest("Cargo.toml", "[workspace]\nmembers = []\n"), &[]);
    }

    #[test]
    fn own_versions_and_lints_are_found() {
        let text = "[dependencies]\na = \"1\"\nchrono.workspace = true\n[target.'cfg(unix)'.dev-dependencies]\nb = { path = \"../b\" }\n";
        check(
            &check_manifest("Cargo.toml", text),
            &[
                "Cargo.toml:1: the lints are not the workspace's: write `[lints]` and `workspace = true`",
                "Cargo.toml:5: `b` does not take its version from the workspace",
                "Cargo.toml:2: `a` does not take its version from the workspace",
                "Cargo.toml:3: `chrono` is not used here: take `jiff`",
            ],
        );
    }
}
