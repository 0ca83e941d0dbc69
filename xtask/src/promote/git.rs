//! The working copy that a promotion is committed in.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use xshell::{Cmd, Shell, cmd};

/// A working copy.
pub(super) struct WorkingCopy {
    shell: Shell,
}

impl WorkingCopy {
    /// Opens the working copy of this folder.
    pub(super) fn of(folder: &Path) -> Result<Self> {
        let shell = Shell::new().context("failed to start a shell")?;
        shell.change_dir(folder);
        let copy = Self { shell };
        read(cmd!(copy.shell, "git rev-parse --show-toplevel"))
            .with_context(|| format!("`{}` is in no git working copy", folder.display()))?;
        Ok(copy)
    }

    /// Makes sure that nothing below this path waits for a commit, which would get mixed up with the promotion.
    pub(super) fn require_clean(&self, path: &Path) -> Result<()> {
        let changes = read(cmd!(self.shell, "git status --porcelain -- {path}"))?;
        if changes.is_empty() {
            return Ok(());
        }
        bail!("commit or undo your changes in `{}` first:\n{changes}", path.display());
    }

    /// Returns what the working copy is at: a branch, or a commit.
    pub(super) fn place(&self) -> Result<String> {
        let branch = read(cmd!(self.shell, "git branch --show-current"))?;
        if branch.is_empty() { read(cmd!(self.shell, "git rev-parse HEAD")) } else { Ok(branch) }
    }

    /// Returns whether a branch of this name is there.
    pub(super) fn has_branch(&self, branch: &str) -> bool {
        let reference = format!("refs/heads/{branch}");
        let shown = cmd!(self.shell, "git show-ref --verify --quiet {reference}");
        quiet(shown).run().is_ok()
    }

    /// Goes to a branch, which is made where it is not there.
    pub(super) fn switch(&self, branch: &str) -> Result<()> {
        let create = (!self.has_branch(branch)).then_some("--create");
        quiet(cmd!(self.shell, "git switch --quiet {create...} {branch}"))
            .run()
            .with_context(|| format!("failed to go to the branch `{branch}`"))
    }

    /// Goes back to where the working copy was before [`Self::switch`], and removes the branch if that made it.
    pub(super) fn go_back(&self, place: &str, made: Option<&str>) -> Result<()> {
        let detach = (!self.has_branch(place)).then_some("--detach");
        quiet(cmd!(self.shell, "git switch --quiet {detach...} {place}")).run()?;
        if let Some(branch) = made {
            quiet(cmd!(self.shell, "git branch --quiet --delete --force {branch}")).run()?;
        }
        Ok(())
    }

    /// Commits these files and nothing else, and returns the commit.
    pub(super) fn commit(&self, files: &[PathBuf], message: &str) -> Result<String> {
        quiet(cmd!(self.shell, "git add -- {files...}")).run()?;
        quiet(cmd!(self.shell, "git commit --quiet --only --message {message} -- {files...}"))
            .run()
            .context("failed to commit")?;
        self.head()
    }

    /// Returns the commit that the working copy is at.
    pub(super) fn head(&self) -> Result<String> {
        read(cmd!(self.shell, "git rev-parse --short HEAD"))
    }

    /// Takes back changes of these files, which were clean before.
    pub(super) fn undo(&self, files: &[PathBuf]) -> Result<()> {
        quiet(cmd!(self.shell, "git reset --quiet -- {files...}")).run()?;
        for file in files {
            let known = quiet(cmd!(self.shell, "git ls-files --error-unmatch -- {file}"));
            if known.ignore_stderr().read().is_ok() {
                quiet(cmd!(self.shell, "git checkout --quiet -- {file}")).run()?;
            } else {
                std::fs::remove_file(file)?;
            }
        }
        Ok(())
    }
}

/// Inside a hook these variables name another repository.
fn quiet(command: Cmd<'_>) -> Cmd<'_> {
    let command = command.quiet().env("LC_ALL", "C").env("GIT_LITERAL_PATHSPECS", "1");
    ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"]
        .into_iter()
        .fold(command, Cmd::env_remove)
}

fn read(command: Cmd<'_>) -> Result<String> {
    Ok(quiet(command).read()?)
}
