//! A browser without a window, for pages that people open.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::Tab;
use crate::devtools::DevTools;

/// The variable that names the browser.
pub const BROWSER: &str = "EVALWARD_TEST_BROWSER";

/// The names by which systems know it.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// A browser without a window and with a profile of its own: what a page keeps is there when the next one is opened.
#[derive(Debug)]
pub struct Browser {
    program: PathBuf,
    profile: TempDir,
}

impl Default for Browser {
    fn default() -> Self {
        Self::new()
    }
}

impl Browser {
    /// Finds the browser of this machine.
    ///
    /// # Panics
    /// Where there is none; the message says how to get one.
    pub fn new() -> Self {
        let named = std::env::var_os(BROWSER).map(PathBuf::from);
        let program = named.or_else(Self::installed).unwrap_or_else(|| {
            panic!(
                "there is no Chromium: run `cargo xtask test`, which installs it, or set {BROWSER}"
            )
        });
        Self { program, profile: tempfile::tempdir().expect("the temporary folder can be written") }
    }

    /// Returns the browser of this machine, where it has one.
    pub fn installed() -> Option<PathBuf> {
        let path = std::env::var_os("PATH")?;
        let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
        let candidates = NAMES.iter().flat_map(|name| folders.iter().map(move |it| it.join(name)));
        candidates.into_iter().find(|candidate| candidate.is_file())
    }

    /// Opens a file, lets its scripts run, and returns the page as it then is.
    ///
    /// # Panics
    /// Where the browser fails.
    pub fn page_of(&self, file: &Path) -> String {
        self.run(file, &["--dump-dom"])
    }

    /// Opens a file and keeps a picture of it.
    ///
    /// # Panics
    /// Where the browser fails.
    pub fn picture_of(&self, file: &Path, picture: &Path, is_dark: bool) {
        let target = format!("--screenshot={}", picture.display());
        let scheme = u8::from(!is_dark);
        let scheme = format!("--blink-settings=preferredColorScheme={scheme}");
        drop(self.run(file, &[&target, &scheme, "--window-size=1280,1000", "--hide-scrollbars"]));
    }

    /// Opens a file to drive it by keys and scripts.
    ///
    /// # Panics
    /// Where the browser fails.
    pub fn open(&self, file: &Path) -> Tab {
        let mut arguments = self.arguments();
        arguments.push("--hide-scrollbars".to_owned());
        let tools = DevTools::start(&self.program, &arguments);
        Tab::open(tools, &format!("file://{}", file.display()))
    }

    fn arguments(&self) -> Vec<String> {
        let fixed = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"];
        // Whatever a page would load from elsewhere ends nowhere.
        let offline = ["--host-resolver-rules=MAP * ~NOTFOUND", "--disable-background-networking"];
        let profile = format!("--user-data-dir={}", self.profile.path().display());
        fixed.iter().chain(&offline).map(|it| (*it).to_owned()).chain([profile]).collect()
    }

    fn run(&self, file: &Path, what: &[&str]) -> String {
        let output = Command::new(&self.program)
            .args(self.arguments())
            .arg("--virtual-time-budget=3000")
            .args(what)
            .arg(format!("file://{}", file.display()))
            .output()
            .expect("the browser can be started");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "the browser failed: {errors}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}
