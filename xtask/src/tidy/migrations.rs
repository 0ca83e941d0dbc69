//! Each migration of the store exists for every engine or not at all.

use super::finding::Finding;

/// The folders of the engines.
const ENGINES: [&str; 2] = ["migrations/sqlite/", "migrations/postgres/"];

/// Finds migrations that one engine has and another has not.
pub(super) fn check_migrations(paths: &[String]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (folder, other) in [(ENGINES[0], ENGINES[1]), (ENGINES[1], ENGINES[0])] {
        for name in paths.iter().filter_map(|path| path.strip_prefix(folder)) {
            let twin = format!("{other}{name}");
            if !paths.contains(&twin) {
                let message = format!("the migration exists in one dialect only; write `{twin}`");
                findings.push(Finding::new(&format!("{folder}{name}"), 1, message));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::finding;

    fn check(paths: &[&str], expected: &[&str]) {
        let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
        finding::check(&check_migrations(&paths), expected);
    }

    #[test]
    fn a_migration_in_both_dialects_is_in_order() {
        check(
            &[
                "migrations/README.md",
                "migrations/sqlite/0001_a.sql",
                "migrations/postgres/0001_a.sql",
            ],
            &[],
        );
    }

    #[test]
    fn a_migration_in_one_dialect_is_found() {
        check(
            &[
                "migrations/sqlite/0001_a.sql",
                "migrations/sqlite/0002_b.sql",
                "migrations/postgres/0001_a.sql",
                "migrations/postgres/0002_c.sql",
            ],
            &[
                "migrations/sqlite/0002_b.sql:1: the migration exists in one dialect only; write `migrations/postgres/0002_b.sql`",
                "migrations/postgres/0002_c.sql:1: the migration exists in one dialect only; write `migrations/sqlite/0002_c.sql`",
            ],
        );
    }
}
