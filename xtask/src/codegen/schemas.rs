//! The JSON Schemas of all file formats.

use anyhow::{Result, ensure};

use super::evalward::Evalward;

/// The folder of the schemas.
pub(super) const FOLDER: &str = "docs/schemas";

/// How the files end.
pub(super) const SUFFIX: &str = ".schema.json";

/// Returns each format and its schema.
pub(super) fn read_all(evalward: &Evalward) -> Result<Vec<(String, String)>> {
    let help = evalward.print(&["schema", "--help"])?;
    let formats = formats_of(&help);
    ensure!(!formats.is_empty(), "`evalward schema --help` lists no formats");
    formats
        .into_iter()
        .map(|format| Ok((format.to_owned(), evalward.print(&["schema", format])?)))
        .collect()
}

/// Returns the possible values, which help texts list as `- name: description`.
fn formats_of(help: &str) -> Vec<&str> {
    let section = help.lines().skip_while(|line| line.trim() != "Possible values:").skip(1);
    let entries = section.map_while(|line| line.trim_start().strip_prefix("- "));
    entries.filter_map(|entry| entry.split(':').next()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_read_from_the_possible_values() {
        let help = "Arguments:\n  <F>\n    Possible values:\n    - suite:   A suite\n    - example: A line\n\nOptions:\n";
        assert_eq!(formats_of(help), ["suite", "example"]);
    }
}
