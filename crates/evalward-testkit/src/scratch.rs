//! A folder that lasts as long as its test.

use std::fs;
use std::path::{Path, PathBuf};

use evalward_core::{Example, FixedClock, Partition, Timestamp};
use evalward_dataset::{Approval, ApprovalSubject, Dataset, approve};
use serde_json::Value;
use tempfile::TempDir;

/// The owners of every dataset that a [`Scratch`] writes.
pub const OWNERS: [&str; 2] = ["ann", "bob"];

/// A temporary folder with the files of a test.
#[derive(Debug)]
pub struct Scratch {
    folder: TempDir,
}

impl Default for Scratch {
    fn default() -> Self {
        Self::new()
    }
}

impl Scratch {
    /// Makes an empty folder.
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("the temporary folder can be written") }
    }

    /// Returns the folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Returns the full path of a file.
    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder().join(name)
    }

    /// Writes a file, and the folders that lead to it.
    pub fn file(&self, name: impl AsRef<Path>, text: &str) -> &Self {
        let path = self.path(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).expect("a scratch folder can be made");
        }
        fs::write(&path, text).expect("a scratch file can be written");
        self
    }

    /// Reads a file.
    pub fn read(&self, name: impl AsRef<Path>) -> String {
        let path = self.path(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Writes examples as the dataset in `dataset/`, approved by as many [`OWNERS`] as their partitions ask for.
    pub fn dataset(&self, examples: &[Example]) -> &Self {
        let owners = OWNERS.map(|owner| format!("\"{owner}\"")).join(", ");
        self.file(
            "dataset/dataset.toml",
            &format!("name = \"capitals\"\ntask_type = \"test\"\nowners = [{owners}]\n"),
        );
        for partition in Partition::ALL {
            let lines: String = examples
                .iter()
                .filter(|example| example.partition == partition)
                .map(|example| example.to_line() + "\n")
                .collect();
            if !lines.is_empty() {
                self.file(Path::new("dataset").join(partition.file_name()), &lines);
                self.approve(partition);
            }
        }
        self
    }

    fn approve(&self, partition: Partition) {
        let owners = match partition {
            Partition::Golden => &OWNERS[..],
            Partition::Regression => &OWNERS[..1],
            Partition::Adversarial | Partition::Distribution => &[],
        };
        let dataset = Dataset::open(self.path("dataset")).expect("the dataset was just written");
        for owner in owners {
            let approval = Approval {
                subject: ApprovalSubject::Partition(partition),
                reviewer: (*owner).to_owned(),
                note: String::new(),
            };
            approve(&dataset, &approval, &FixedClock(Timestamp::from_millis(1_793_700_000_000)))
                .expect("an owner approves well-formed examples");
        }
    }

    /// Writes `{"id", "output"}` lines, the form of recorded answers.
    pub fn answers(&self, name: &str, answers: &[(&str, &str)]) -> &Self {
        let line = |(id, output): &(&str, &str)| {
            format!("{}\n", serde_json::json!({"id": id, "output": output}))
        };
        self.file(name, &answers.iter().map(line).collect::<String>())
    }

    /// Returns the folders of all runs under `.evalward/runs`, the earliest first.
    pub fn runs(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(self.path(".evalward/runs")) else { return Vec::new() };
        let mut runs: Vec<_> =
            entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
        runs.sort();
        runs
    }

    /// Returns the folder of the only run.
    pub fn only_run(&self) -> PathBuf {
        let mut runs = self.runs();
        assert_eq!(runs.len(), 1, "{runs:?}");
        runs.remove(0)
    }

    /// Returns the rows of the only run.
    pub fn rows(&self) -> Vec<Value> {
        let parse = |line: &str| serde_json::from_str(line).expect("a row is JSON");
        self.read(self.only_run().join("results.jsonl")).lines().map(parse).collect()
    }

    /// Returns every file in the folder, at every depth.
    pub fn all_files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let mut folders = vec![self.folder().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).expect("a scratch folder can be read").flatten() {
                let path = entry.path();
                if path.is_dir() { folders.push(path) } else { files.push(path) }
            }
        }
        files.sort();
        files
    }
}
