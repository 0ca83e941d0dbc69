//! A dataset as it was at a git revision.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use evalward_core::Partition;
use tempfile::TempDir;

use crate::manifest::FILE_NAME;
use crate::{Dataset, DatasetError, DatasetManifest};

/// A git revision to compare with: a commit, a branch, a tag, `HEAD~1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseRevision {
    revision: String,
}

/// A dataset's files at a revision, in a temporary folder that goes with this value.
#[derive(Debug)]
pub(crate) struct Checkout {
    pub(crate) dataset: Dataset,
    _folder: TempDir,
}

impl BaseRevision {
    /// Names a revision; git is asked only when it is used.
    pub fn new(revision: impl Into<String>) -> Self {
        Self { revision: revision.into() }
    }

    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.revision
    }

    /// Reads the same folder's dataset at the revision; none if it was not there.
    ///
    /// If its `dataset.toml` cannot be read, the present one stands in.
    pub(crate) fn checkout(&self, dataset: &Dataset) -> Result<Option<Checkout>, DatasetError> {
        let folder = dataset.folder();
        let prefix = prefix_of(folder)?;
        let commit = self.resolve(folder)?;
        let names = self.list(folder, &commit, &prefix)?;
        if names.is_empty() {
            return Ok(None);
        }
        let copy = tempfile::Builder::new()
            .prefix("evalward-base-")
            .tempdir()
            .map_err(DatasetError::io("create a folder in", std::env::temp_dir()))?;
        for name in names {
            let object = format!("{commit}:{prefix}{name}");
            copy_blob(folder, &object, &copy.path().join(name))?;
        }
        let shown = PathBuf::from(format!("{}:{}", self.revision, folder.display()));
        let manifest = DatasetManifest::read(copy.path(), &shown.join(FILE_NAME))
            .unwrap_or_else(|_| dataset.manifest().clone());
        let dataset = Dataset::from_parts(copy.path(), &shown, manifest);
        Ok(Some(Checkout { dataset, _folder: copy }))
    }

    /// Reads a file as it was at the revision; none if it was not there.
    ///
    /// # Errors
    /// [`DatasetError::Git`] without git, outside a repository, or for an unknown revision.
    pub fn read(&self, file: &Path) -> Result<Option<String>, DatasetError> {
        let folder = match file.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let prefix = prefix_of(folder)?;
        let commit = self.resolve(folder)?;
        let path = format!("{prefix}{name}");
        let listing =
            git(folder, &["ls-tree", "--full-tree", "--name-only", &commit, "--", &path])?;
        require_success(&listing, || format!("list `{}` at `{}`", file.display(), self.revision))?;
        if listing.stdout.is_empty() {
            return Ok(None);
        }
        let blob = git(folder, &["cat-file", "blob", &format!("{commit}:{path}")])?;
        require_success(&blob, || format!("read `{}` at `{}`", file.display(), self.revision))?;
        Ok(Some(String::from_utf8_lossy(&blob.stdout).into_owned()))
    }

    fn resolve(&self, folder: &Path) -> Result<String, DatasetError> {
        let commit = format!("{}^{{commit}}", self.revision);
        let output =
            git(folder, &["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])?;
        if output.status.success() {
            return Ok(text_of(&output.stdout));
        }
        Err(DatasetError::Git {
            action: format!("find the revision `{}`", self.revision),
            problem: "git does not know it".to_owned(),
            hint: Some(
                "a shallow clone lacks older commits: fetch the branch, or set `fetch-depth: 0`",
            ),
        })
    }

    /// Returns which of the dataset's files the revision has.
    fn list(&self, folder: &Path, commit: &str, prefix: &str) -> Result<Vec<String>, DatasetError> {
        let mut arguments = vec!["ls-tree", "--full-tree", "--name-only", "-z", commit];
        if !prefix.is_empty() {
            arguments.extend(["--", prefix]);
        }
        let output = git(folder, &arguments)?;
        let action = || format!("list `{}` at `{}`", folder.display(), self.revision);
        require_success(&output, action)?;
        let known: Vec<String> = Partition::ALL
            .into_iter()
            .map(Partition::file_name)
            .chain([FILE_NAME.to_owned()])
            .collect();
        let listed = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok(listed
            .split('\0')
            .filter_map(|path| path.strip_prefix(prefix))
            .filter(|name| known.iter().any(|known| known == name))
            .map(str::to_owned)
            .collect())
    }
}

/// Returns the folder's path inside its repository, with a slash at its end unless it is the top.
fn prefix_of(folder: &Path) -> Result<String, DatasetError> {
    let output = git(folder, &["rev-parse", "--show-prefix"])?;
    if output.status.success() {
        return Ok(text_of(&output.stdout));
    }
    Err(DatasetError::Git {
        action: format!("find the git repository of `{}`", folder.display()),
        problem: text_of(&output.stderr),
        hint: Some("comparing with a revision needs a dataset in a git repository"),
    })
}

fn copy_blob(folder: &Path, object: &str, target: &Path) -> Result<(), DatasetError> {
    let file = File::create(target).map_err(DatasetError::io("create", target))?;
    let output = run(command(folder, &["cat-file", "blob", object]).stdout(file))?;
    require_success(&output, || format!("read `{object}`"))
}

fn require_success(output: &Output, action: impl Fn() -> String) -> Result<(), DatasetError> {
    if output.status.success() {
        return Ok(());
    }
    let problem = text_of(&output.stderr);
    Err(DatasetError::Git { action: action(), problem, hint: None })
}

fn git(folder: &Path, arguments: &[&str]) -> Result<Output, DatasetError> {
    run(&mut command(folder, arguments))
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // Only people read the messages, but in the language of all others.
    command.env("LC_ALL", "C").env("GIT_LITERAL_PATHSPECS", "1");
    // Inside a hook these name the repository, and git would then take the folder for its top.
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(variable);
    }
    command
}

fn run(command: &mut Command) -> Result<Output, DatasetError> {
    command.spawn().and_then(std::process::Child::wait_with_output).map_err(|error| {
        let is_missing = error.kind() == io::ErrorKind::NotFound;
        DatasetError::Git {
            action: "start git".to_owned(),
            problem: error.to_string(),
            hint: is_missing.then_some("install git, or leave out the revision"),
        }
    })
}

fn text_of(output: &[u8]) -> String {
    String::from_utf8_lossy(output).trim_end_matches(['\n', '\r']).to_owned()
}
