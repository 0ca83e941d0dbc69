//! Loading suites from a scratch folder, and rendering what is wrong with them.

use std::sync::Arc;

use evalward_config::{
    BuildOptions, ConfigErrors, LoadOptions, MonitorConfig, Suite, load, load_monitor,
};
use evalward_testkit::Scratch;

/// A suite without a mistake.
pub(crate) const SOUND: &str = r#"[suite]
name = "capitals"
dataset = "dataset"

[subject.openai]
model = "gpt-4o-mini"
prompt = "prompt.j2"

[metrics.rules.constraints]
length = { words = { max = 200 } }

[metrics.overlap.token_f1]
threshold = { golden = 0.5 }

[gates.golden]
pass_rate = 1.0
"#;

/// A folder with files and the environment `HOST=localhost`.
pub(crate) struct Folder {
    pub(crate) scratch: Scratch,
    overrides: Vec<String>,
}

impl Folder {
    /// Writes a suite, and the prompt it names.
    pub(crate) fn with(suite: &str) -> Self {
        let scratch = Scratch::new();
        scratch.file("suite.toml", suite).file("prompt.j2", "{{ input.question }}\n");
        Self { scratch, overrides: Vec::new() }
    }

    pub(crate) fn file(self, name: &str, text: &str) -> Self {
        self.scratch.file(name, text);
        self
    }

    pub(crate) fn set(mut self, entry: &str) -> Self {
        self.overrides.push(entry.to_owned());
        self
    }

    pub(crate) fn load(&self) -> Result<Suite, ConfigErrors> {
        let lookup = |name: &str| (name == "HOST").then(|| "localhost".to_owned());
        let options = LoadOptions {
            overrides: self.overrides.clone(),
            environment: Arc::new(lookup),
            ..LoadOptions::default()
        };
        load(&self.scratch.path("suite.toml"), &options)
    }

    /// Renders everything that is wrong with the suite, as the command line does.
    pub(crate) fn diagnostics(&self) -> String {
        self.render(&self.load().expect_err("the suite has a mistake"))
    }

    /// Renders everything that is wrong with the subject of a sound suite.
    pub(crate) fn subject_diagnostics(&self) -> String {
        let suite = self.load().expect("the suite has no mistake");
        let built = suite.build_subject(&BuildOptions::default());
        self.render(&built.expect_err("the subject has a mistake"))
    }

    /// Loads the monitor file beside the suite.
    pub(crate) fn monitor(&self) -> Result<MonitorConfig, ConfigErrors> {
        let variables = |name: &str| match name {
            "OPS_WEBHOOK" => Some("https://hooks.example/T0/secret".to_owned()),
            "PLAIN" => Some("hooks.example".to_owned()),
            _ => None,
        };
        let options = LoadOptions { environment: Arc::new(variables), ..LoadOptions::default() };
        load_monitor(&self.scratch.path("monitor.toml"), &options)
    }

    /// Renders everything that is wrong with the monitor file.
    pub(crate) fn monitor_diagnostics(&self) -> String {
        self.render(&self.monitor().expect_err("the monitor file has a mistake"))
    }

    fn render(&self, errors: &ConfigErrors) -> String {
        let text = errors.render(false);
        let folder = format!("{}/", self.scratch.folder().display());
        unwrapped(&text.replace(&folder, ""))
    }
}

/// Joins the lines of wrapped messages: where they break depends on the length of the scratch folder's path.
fn unwrapped(text: &str) -> String {
    let mut unwrapped = String::new();
    for line in text.lines().map(str::trim_end) {
        if let Some(rest) = line.trim_start().strip_prefix('│') {
            unwrapped.push_str(rest);
        } else {
            unwrapped.push('\n');
            unwrapped.push_str(line);
        }
    }
    unwrapped.trim_start_matches('\n').to_owned()
}

/// Renders what is wrong with the sound suite once a piece of its text is replaced.
#[track_caller]
pub(crate) fn broken(piece: &str, replacement: &str) -> String {
    assert!(SOUND.contains(piece), "the sound suite has no `{piece}`");
    Folder::with(&SOUND.replace(piece, replacement)).diagnostics()
}
