//! promptfoo of npm, installed into the target folder, and asked for its verdicts.
//!
//! The tests of `evalward-import` compare its translations with the verdicts that are kept, so that they need no npm.

use std::fs;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use xshell::cmd;

use crate::console::say;
use crate::repository::Repository;

/// The last version for Node 20.
const VERSION: &str = "0.121.20";

/// The folder of the cases and of the verdicts on them.
const FOLDER: &str = "crates/evalward-import/tests/fixtures/promptfoo/verdicts";

/// Installs promptfoo where it is missing, asks it, and compares or writes.
pub(super) fn run(repository: &Repository, write: bool) -> Result<()> {
    let shell = repository.shell()?;
    let home = repository.target()?.join("promptfoo");
    let package = home.join("node_modules/promptfoo");
    fs::create_dir_all(&home)?;
    if installed_version(&package.join("package.json")).as_deref() != Some(VERSION) {
        fs::write(home.join("package.json"), "{\"private\": true}\n")?;
        let name = format!("promptfoo@{VERSION}");
        let _folder = shell.push_dir(&home);
        cmd!(shell, "npm install {name} --no-audit --no-fund --omit=optional --ignore-scripts")
            .quiet()
            .run()
            .context("failed to install promptfoo: it needs npm and Node 20")?;
    }
    let folder = repository.root().join(FOLDER);
    let (script, cases) = (folder.join("verdicts.mjs"), folder.join("cases.json"));
    let entry = package.join("dist/src/index.js");
    let output = cmd!(shell, "node {script} {cases} {VERSION} {entry}")
        .env("PROMPTFOO_DISABLE_TELEMETRY", "1")
        .env("PROMPTFOO_DISABLE_UPDATE", "1")
        .env("PROMPTFOO_CACHE_ENABLED", "false")
        .env("PROMPTFOO_CONFIG_DIR", home.join("config"))
        .quiet()
        .read()?;
    let kept = folder.join("verdicts.json");
    if write {
        fs::write(&kept, format!("{output}\n"))?;
        say(&format!("wrote {}", kept.display()));
        return Ok(());
    }
    compare(&serde_json::from_str(&output)?, &serde_json::from_str(&fs::read_to_string(&kept)?)?)
}

fn installed_version(manifest: &std::path::Path) -> Option<String> {
    let manifest: Value = serde_json::from_str(&fs::read_to_string(manifest).ok()?).ok()?;
    manifest["version"].as_str().map(str::to_owned)
}

fn compare(now: &Value, kept: &Value) -> Result<()> {
    let list = |value: &Value| value["verdicts"].as_array().cloned().unwrap_or_default();
    let (now, kept) = (list(now), list(kept));
    let different = now.iter().zip(&kept).filter(|(now, kept)| now != kept).count();
    if now.len() != kept.len() || different > 0 {
        bail!(
            "promptfoo {VERSION} judges {different} of {} assertions and tests otherwise than is kept; write them with --write",
            now.len()
        );
    }
    let verdicts: usize = now.iter().filter_map(Value::as_str).map(str::len).sum();
    say(&format!(
        "promptfoo {VERSION}: {verdicts} verdicts on {} assertions and tests are those that are kept",
        now.len()
    ));
    Ok(())
}
