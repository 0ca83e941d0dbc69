//! What is known of a peer.

/// A tool, and how it judges the examples.
#[derive(Clone, Copy, Debug)]
pub(in crate::bench::overhead) struct Peer {
    /// What it is called here; up to a hyphen, the model that its suite asks.
    pub(in crate::bench::overhead) name: &'static str,
    /// The package and its version.
    pub(in crate::bench::overhead) package: (&'static str, &'static str),
    /// How it judges.
    pub(in crate::bench::overhead) judge: &'static str,
    pub(super) registry: Registry,
    /// The suite in the tool's own form: names and contents.
    pub(super) files: &'static [(&'static str, &'static str)],
    /// What the model answers.
    pub(super) reply: &'static str,
    /// Runs the suite; `{concurrency}` stands for the calls at once.
    pub(super) cold: &'static [&'static str],
    /// Runs the suite once more with what the first run cached; absent where nothing is.
    pub(super) cached: Option<&'static [&'static str]>,
    /// Tells the version; absent where the tool has no command.
    pub(super) version: Option<&'static [&'static str]>,
    pub(super) results: Results,
    /// Whether a run takes so long that one must do.
    pub(super) is_measured_once: bool,
}

/// Where a tool comes from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Registry {
    /// Python's, with the requirements of every package.
    Python(&'static str),
    /// Node's, npm, with the manifest.
    Node(&'static str),
}

/// Where a tool leaves its results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Results {
    /// In `results.json`, with counts.
    Promptfoo,
    /// In the only file of `logs`, which the tool itself reads.
    Inspect,
    /// In `scores.json`, as a list; 1 passes.
    Scores,
}

impl Peer {
    /// Returns the folder below those of all peers; what is installed once serves all peers of a package.
    pub(super) fn folder(&self) -> &'static str {
        self.package.0
    }

    /// Returns the model that the suite asks.
    pub(super) fn model(&self) -> &'static str {
        self.name.split_once('-').map_or(self.name, |(model, _)| model)
    }
}
