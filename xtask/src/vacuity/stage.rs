//! A folder in which a suite is set up and run.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use evalward_core::{Partition, SystemClock};
use evalward_dataset::{Approval, ApprovalSubject, Dataset, approve};
use tempfile::TempDir;

use super::case::{Cut, Edit, Layer};
use crate::program::{Finished, run_within};

/// The longest that a suite of a few examples may take.
const LIMIT: Duration = Duration::from_mins(1);

/// Where a run is kept, if one was started.
const RUNS: &str = ".evalward/runs";

/// What all suites are run with.
#[derive(Debug)]
pub(super) struct Surroundings {
    /// The program.
    pub(super) evalward: PathBuf,
    /// The environment; nothing else of ours reaches the program.
    pub(super) env: BTreeMap<String, String>,
}

/// What a suite came to.
#[derive(Debug)]
pub(super) struct Ended {
    /// How the program ended.
    pub(super) finished: Finished,
    /// Whether a run was started.
    pub(super) has_run: bool,
}

/// Sets up the layers in a folder of their own and runs the suite.
pub(super) fn play(surroundings: &Surroundings, layers: [&Layer; 3]) -> Result<Ended> {
    let stage = Stage { folder: tempfile::tempdir()?, surroundings };
    let mut line = vec!["run".to_owned(), "evalward.toml".to_owned()];
    let mut env = surroundings.env.clone();
    for layer in layers {
        env.extend(layer.env.clone());
        if !layer.command.is_empty() {
            line.clone_from(&layer.command);
        }
        stage.set_up(layer, &env)?;
    }
    line.extend(layers.iter().flat_map(|layer| layer.args.clone()));
    let ran_before = stage.count_runs()?;
    let finished = stage.run(&line, &env)?;
    Ok(Ended { finished, has_run: stage.count_runs()? > ran_before })
}

struct Stage<'a> {
    folder: TempDir,
    surroundings: &'a Surroundings,
}

impl Stage<'_> {
    fn set_up(&self, layer: &Layer, env: &BTreeMap<String, String>) -> Result<()> {
        for (name, text) in &layer.files {
            let path = self.path(name);
            fs::create_dir_all(path.parent().unwrap_or(&path))?;
            fs::write(&path, text).with_context(|| format!("failed to write `{name}`"))?;
        }
        for name in &layer.delete {
            let path = resolve(self.folder.path(), name)?;
            fs::remove_file(path).with_context(|| format!("failed to delete `{name}`"))?;
        }
        layer.edits.iter().try_for_each(|edit| self.edit(edit))?;
        layer.approve.iter().try_for_each(|reviewer| self.approve(reviewer))?;
        for line in &layer.before {
            let Finished { code, output } = self.run(line, env)?;
            ensure!(
                code == Some(0),
                "`evalward {}` must exit 0 first, but:\n{output}",
                line.join(" ")
            );
        }
        layer.cuts.iter().try_for_each(|cut| self.cut(cut))
    }

    fn edit(&self, edit: &Edit) -> Result<()> {
        let path = resolve(self.folder.path(), &edit.file)?;
        let text =
            fs::read_to_string(&path).with_context(|| format!("failed to read `{}`", edit.file))?;
        let count = text.matches(&edit.from).count();
        ensure!(
            count == 1,
            "`{}` occurs {count} times in `{}`, expected once",
            edit.from,
            edit.file
        );
        Ok(fs::write(&path, text.replacen(&edit.from, &edit.to, 1))?)
    }

    fn cut(&self, cut: &Cut) -> Result<()> {
        let path = resolve(self.folder.path(), &cut.file)?;
        let text =
            fs::read_to_string(&path).with_context(|| format!("failed to read `{}`", cut.file))?;
        let (gone, kept): (Vec<&str>, Vec<&str>) =
            text.split_inclusive('\n').partition(|line| line.contains(&cut.line_with));
        let count = gone.len();
        ensure!(
            count == 1,
            "{count} lines of `{}` have `{}`, expected one",
            cut.file,
            cut.line_with
        );
        Ok(fs::write(&path, kept.concat())?)
    }

    fn approve(&self, reviewer: &str) -> Result<()> {
        let dataset = Dataset::open(self.path("dataset"))?;
        let subject = ApprovalSubject::Partition(Partition::Golden);
        let approval = Approval { subject, reviewer: reviewer.to_owned(), note: String::new() };
        approve(&dataset, &approval, &SystemClock)?;
        Ok(())
    }

    fn run(&self, line: &[String], env: &BTreeMap<String, String>) -> Result<Finished> {
        let mut command = Command::new(&self.surroundings.evalward);
        command.args(line).current_dir(self.folder.path()).env_clear().envs(env);
        run_within(&mut command, LIMIT)
    }

    fn count_runs(&self) -> Result<usize> {
        let runs = self.path(RUNS);
        if runs.is_dir() { Ok(fs::read_dir(runs)?.count()) } else { Ok(0) }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// Follows a path in which a part `*` stands for the only entry there.
fn resolve(folder: &Path, name: &str) -> Result<PathBuf> {
    let mut path = folder.to_owned();
    for part in name.split('/') {
        if part != "*" {
            path.push(part);
            continue;
        }
        let mut entries = fs::read_dir(&path)?;
        let (Some(entry), None) = (entries.next(), entries.next()) else {
            bail!("`{}` does not have exactly one entry", path.display());
        };
        path = entry?.path();
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(from: &str) -> Edit {
        Edit { file: "a/*/text".to_owned(), from: from.to_owned(), to: "new".to_owned() }
    }

    #[test]
    fn an_edit_that_changes_nothing_is_refused() {
        let surroundings = Surroundings { evalward: PathBuf::new(), env: BTreeMap::new() };
        let stage = Stage { folder: tempfile::tempdir().unwrap(), surroundings: &surroundings };
        let files = BTreeMap::from([("a/b/text".to_owned(), "old, twice twice".to_owned())]);
        stage.set_up(&Layer { files, ..Layer::default() }, &BTreeMap::new()).unwrap();
        assert!(stage.edit(&edit("twice")).is_err());
        assert!(stage.edit(&edit("absent")).is_err());
        stage.edit(&edit("old")).unwrap();
        assert_eq!(fs::read_to_string(stage.path("a/b/text")).unwrap(), "new, twice twice");
    }
}
