//! A dataset in a temporary folder, and how its messages are shown.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use evalward_core::{FixedClock, Timestamp};
use evalward_dataset::{CheckOptions, CheckReport, Dataset, DatasetError, check};
use tempfile::TempDir;

pub(crate) const MANIFEST: &str =
    "name = \"support\"\ntask_type = \"support\"\nowners = [\"ann\", \"ben\", \"cem\"]\n";

pub(crate) fn clock() -> FixedClock {
    FixedClock(Timestamp::from_millis(1_793_700_000_000))
}

pub(crate) struct Sandbox {
    folder: TempDir,
}

impl Sandbox {
    /// Makes a dataset from files; without `dataset.toml` among them it gets the usual one.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let sandbox = Self { folder: tempfile::tempdir().unwrap() };
        sandbox.write("dataset.toml", MANIFEST);
        for (name, content) in files {
            sandbox.write(name, content);
        }
        sandbox
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.file(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.file(name)).unwrap()
    }

    pub(crate) fn open(&self) -> Dataset {
        Dataset::open(self.path()).unwrap()
    }

    pub(crate) fn check(&self) -> CheckReport {
        check(&self.open(), &CheckOptions::default(), &mut |_| {}).unwrap()
    }

    /// Returns the findings as people read them, without the folder's name and without partition sizes.
    pub(crate) fn findings(&self) -> String {
        self.show_report(&self.check())
    }

    pub(crate) fn show_report(&self, report: &CheckReport) -> String {
        let listed =
            report.findings.iter().filter(|finding| finding.code.name() != "partition-size");
        let shown: Vec<_> = listed.map(ToString::to_string).collect();
        self.without_folder(&shown.join("\n"))
    }

    /// Returns an error with its causes and its hint, without the folder's name.
    pub(crate) fn show_error(&self, error: &DatasetError) -> String {
        let mut shown = error.to_string();
        let mut cause = std::error::Error::source(error);
        while let Some(error) = cause {
            write!(shown, "\n  caused by: {error}").unwrap();
            cause = error.source();
        }
        if let Some(hint) = error.hint() {
            write!(shown, "\n  hint: {hint}").unwrap();
        }
        self.without_folder(&shown)
    }

    pub(crate) fn without_folder(&self, text: &str) -> String {
        let folder = self.path().to_str().unwrap();
        let real = self.path().canonicalize().unwrap();
        text.replace(&format!("{}/", real.display()), "")
            .replace(&format!("{folder}/"), "")
            .replace(folder, "DIR")
    }

    pub(crate) fn git(&self, arguments: &[&str]) {
        let output = Command::new("git")
            .arg("-C")
            .arg(self.path())
            .args(["-c", "user.name=Test", "-c", "user.email=test@example.org"])
            .args(["-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main"])
            .args(arguments)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}
