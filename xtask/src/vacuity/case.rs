//! The format of the files in `xtask/src/vacuity/cases`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

/// A file of cases on one topic.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    /// The suite that works, from which every case starts.
    base: Layer,
    /// The cases.
    #[serde(rename = "case")]
    cases: Vec<Case>,
}

/// A suite that must be refused, and its twin that must pass.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    /// What is wrong, in a few words; unique.
    pub(super) name: String,
    /// The exit code that evalward must end with.
    pub(super) code: i32,
    /// A text that its output must contain.
    pub(super) says: String,
    /// What both have over the suite that works.
    #[serde(default)]
    both: Layer,
    /// What breaks the suite.
    #[serde(default)]
    broken: Layer,
    /// What the twin has instead; usually nothing.
    #[serde(default)]
    twin: Layer,
    /// The suite that works, once the file is read.
    #[serde(skip)]
    base: Layer,
}

/// What one layer of a case adds to the layers below; its fields are applied in this order.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Layer {
    /// Files to write, by path.
    pub(super) files: BTreeMap<String, String>,
    /// Files to delete.
    pub(super) delete: Vec<String>,
    /// Texts to replace.
    pub(super) edits: Vec<Edit>,
    /// Owners of the dataset in `dataset` who approve all its golden examples.
    pub(super) approve: Vec<String>,
    /// Commands to run first; each must exit 0.
    pub(super) before: Vec<Vec<String>>,
    /// Lines to cut out afterwards.
    pub(super) cuts: Vec<Cut>,
    /// The command to run instead of `run evalward.toml`.
    pub(super) command: Vec<String>,
    /// Further arguments.
    pub(super) args: Vec<String>,
    /// Environment variables.
    pub(super) env: BTreeMap<String, String>,
}

/// A text to replace; it must occur in the file exactly once.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Edit {
    /// The file; a part `*` of its path stands for the only entry there.
    pub(super) file: String,
    /// The text.
    pub(super) from: String,
    /// What takes its place.
    pub(super) to: String,
}

/// A line to cut out; exactly one line of the file must contain the text.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cut {
    /// The file; a part `*` of its path stands for the only entry there.
    pub(super) file: String,
    /// The text.
    pub(super) line_with: String,
}

impl Case {
    /// Returns the layers of the broken suite.
    pub(super) const fn broken_layers(&self) -> [&Layer; 3] {
        [&self.base, &self.both, &self.broken]
    }

    /// Returns the layers of the twin.
    pub(super) const fn twin_layers(&self) -> [&Layer; 3] {
        [&self.base, &self.both, &self.twin]
    }
}

/// Reads all files of cases in a folder, in the order of their names.
pub(super) fn read_cases(folder: &Path) -> Result<Vec<Case>> {
    let mut paths = Vec::new();
    for entry in
        fs::read_dir(folder).with_context(|| format!("failed to read `{}`", folder.display()))?
    {
        paths.push(entry?.path());
    }
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    let mut cases: Vec<Case> = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path)?;
        for case in parse(&text).with_context(|| format!("failed to read `{}`", path.display()))? {
            ensure!(
                cases.iter().all(|other| other.name != case.name),
                "two cases are named `{}`",
                case.name
            );
            cases.push(case);
        }
    }
    Ok(cases)
}

fn parse(text: &str) -> Result<Vec<Case>> {
    let CaseFile { base, cases } = toml::from_str(text)?;
    for case in &cases {
        ensure!(case.code != 0, "case `{}` expects 0; a broken suite never passes", case.name);
        ensure!(!case.says.is_empty(), "case `{}` expects no message", case.name);
    }
    Ok(cases.into_iter().map(|case| Case { base: base.clone(), ..case }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_that_expects_nothing_is_refused() {
        let case = |code, says| {
            format!("[base]\n[[case]]\nname = \"a\"\ncode = {code}\nsays = \"{says}\"\n")
        };
        assert_eq!(parse(&case(2, "no")).unwrap().len(), 1);
        assert!(parse(&case(0, "no")).is_err());
        assert!(parse(&case(2, "")).is_err());
    }

    #[test]
    fn the_files_can_be_read() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/vacuity/cases");
        assert!(read_cases(&folder).unwrap().len() >= crate::vacuity::command::FEWEST);
    }
}
