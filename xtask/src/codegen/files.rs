//! Files that are generated, and how they compare with those on disk.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::schemas;

/// The generated files by their paths in the repository.
#[derive(Debug, Default)]
pub(super) struct GeneratedFiles(BTreeMap<String, String>);

impl GeneratedFiles {
    /// Adds a file.
    pub(super) fn add(&mut self, path: &str, text: String) {
        self.0.insert(path.to_owned(), text);
    }

    /// Returns the number of files.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Writes the files that differ, removes schemas of formats that are gone, and returns how many files changed.
    pub(super) fn write(&self, root: &Path) -> Result<usize> {
        let mut changed = 0;
        for (path, text) in &self.0 {
            let place = root.join(path);
            if fs::read_to_string(&place).is_ok_and(|present| present == *text) {
                continue;
            }
            if let Some(folder) = place.parent() {
                fs::create_dir_all(folder)
                    .with_context(|| format!("failed to make the folder of `{path}`"))?;
            }
            fs::write(&place, text).with_context(|| format!("failed to write `{path}`"))?;
            changed += 1;
        }
        for path in self.orphans(root)? {
            fs::remove_file(root.join(&path))
                .with_context(|| format!("failed to remove `{path}`"))?;
            changed += 1;
        }
        Ok(changed)
    }

    /// Says which file is the first that is not as it would be written.
    pub(super) fn first_difference(&self, root: &Path) -> Result<Option<String>> {
        for (path, text) in &self.0 {
            let Ok(present) = fs::read_to_string(root.join(path)) else {
                return Ok(Some(format!("`{path}` is missing")));
            };
            if present != *text {
                let line = first_different_line(&present, text);
                return Ok(Some(format!("`{path}` is out of date from line {line} on")));
            }
        }
        Ok(self.orphans(root)?.first().map(|path| format!("`{path}` is of a format that is gone")))
    }

    /// Returns the schemas on disk that nothing generates.
    fn orphans(&self, root: &Path) -> Result<Vec<String>> {
        let mut orphans = Vec::new();
        let folder = root.join(schemas::FOLDER);
        if folder.is_dir() {
            for entry in fs::read_dir(folder)? {
                let name = entry?.file_name().to_string_lossy().into_owned();
                let path = format!("{}/{name}", schemas::FOLDER);
                if name.ends_with(schemas::SUFFIX) && !self.0.contains_key(&path) {
                    orphans.push(path);
                }
            }
        }
        orphans.sort();
        Ok(orphans)
    }
}

fn first_different_line(present: &str, expected: &str) -> usize {
    present
        .lines()
        .zip(expected.lines())
        .take_while(|(present, expected)| present == expected)
        .count()
        + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_found_and_mended() {
        let root = tempfile::tempdir().unwrap();
        let mut files = GeneratedFiles::default();
        files.add("docs/a.md", "one\ntwo\n".to_owned());
        let difference = || files.first_difference(root.path()).unwrap();
        assert_eq!(difference().as_deref(), Some("`docs/a.md` is missing"));
        assert_eq!(files.write(root.path()).unwrap(), 1);
        assert_eq!(difference(), None);
        fs::write(root.path().join("docs/a.md"), "one\nthree\n").unwrap();
        assert_eq!(difference().as_deref(), Some("`docs/a.md` is out of date from line 2 on"));
    }

    #[test]
    fn schemas_of_formats_that_are_gone_are_found() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join(schemas::FOLDER)).unwrap();
        fs::write(root.path().join("docs/schemas/old.schema.json"), "{}").unwrap();
        let files = GeneratedFiles::default();
        assert!(files.first_difference(root.path()).unwrap().is_some());
        assert_eq!(files.write(root.path()).unwrap(), 1);
        assert_eq!(files.first_difference(root.path()).unwrap(), None);
    }
}
