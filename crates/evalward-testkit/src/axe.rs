//! The checker of accessibility, from a package of Python's registry.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use serde_json::Value;

use crate::Tab;
use crate::packages::{download, target_folder};

/// The package that holds axe-core 4.12.1 (MPL-2.0, which is why it is fetched and no part of this repository).
const PACKAGE: &str = "axe-playwright-python==0.1.8 --hash=sha256:fdd263c998388f1a8e67cad02677e612d946248bd44d163be5e8650ea31f95f8\n";

/// Its script in the package.
const SCRIPT: &str = "axe_playwright_python/axe.min.js";

/// What of it counts: the rules of WCAG 2.2 up to AA, and what is good practice.
const RUN: &str = "return (await axe.run(document, { resultTypes: ['violations'] })).violations.map((it) => ({ id: it.id, impact: it.impact, help: it.help, places: it.nodes.map((node) => node.html + ' ' + node.failureSummary) }));";

/// Returns axe-core's script, which `axe/axe.min.js` in the target folder keeps.
///
/// # Errors
/// A sentence for people, where the package cannot be had or is not the one that is expected.
pub fn axe_script() -> Result<String, String> {
    let folder = target_folder().join("axe");
    let text = |error: &dyn std::error::Error| format!("`{}`: {error}", folder.display());
    fs::create_dir_all(&folder).map_err(|error| text(&error))?;
    let kept = folder.join("axe.min.js");
    let lock = File::create(folder.join(".fetch-lock")).map_err(|error| text(&error))?;
    lock.lock().map_err(|error| text(&error))?;
    if let Ok(script) = fs::read_to_string(&kept) {
        return Ok(script);
    }
    let scratch = tempfile::tempdir_in(&folder).map_err(|error| text(&error))?;
    let script = unpacked(&download(PACKAGE, scratch.path())?)?;
    let half = scratch.path().join("axe.min.js");
    fs::write(&half, &script).map_err(|error| text(&error))?;
    fs::rename(half, kept).map_err(|error| text(&error))?;
    Ok(script)
}

fn unpacked(wheel: &Path) -> Result<String, String> {
    let failed = |error: &dyn std::error::Error| format!("`{}`: {error}", wheel.display());
    let file = File::open(wheel).map_err(|error| failed(&error))?;
    let mut archive = zip::ZipArchive::new(file).map_err(|error| failed(&error))?;
    let mut script = String::new();
    let mut entry = archive.by_name(SCRIPT).map_err(|error| failed(&error))?;
    entry.read_to_string(&mut script).map_err(|error| failed(&error))?;
    Ok(script)
}

impl Tab {
    /// Returns what axe-core finds wrong with the page as it is: the rule, its impact, and where.
    ///
    /// # Panics
    /// Where axe-core cannot be had or run: a test must not pass because nothing was checked.
    pub fn violations(&mut self) -> Vec<Value> {
        if self.run("return typeof axe") == "undefined" {
            let script =
                axe_script().unwrap_or_else(|error| panic!("this test needs axe-core: {error}"));
            drop(self.run(&format!("{script}\n;window.axe = axe;")));
        }
        let found = self.run(RUN);
        found.as_array().cloned().expect("axe-core returns a list")
    }
}
