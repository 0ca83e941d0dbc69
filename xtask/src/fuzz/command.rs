//! Builds the fuzz targets with coverage instrumentation and runs them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use xshell::{Shell, cmd};

use super::stretch::stretched;
use super::targets::{Target, targets};
use crate::console::say;
use crate::repository::Repository;

/// The passes of the stable compiler that tell the fuzzer which code it reached.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing";

/// Naming the target keeps build scripts and macros free of the instrumentation, which they could not link.
const TARGET: &str = "x86_64-unknown-linux-gnu";

/// The feature that links libFuzzer, and the one that has what all targets need.
const RUN: &str = "run";
const ALL: &str = "all";

/// The longest input that the fuzzer makes itself.
const MAX_BYTES: u32 = 1 << 16;

/// What to fuzz, and for how long.
#[derive(Debug, Args)]
pub(crate) struct FuzzArgs {
    /// The target, a program of `fuzz/Cargo.toml`; all by default.
    target: Option<String>,
    /// How long each target runs.
    #[arg(long, default_value_t = 60)]
    seconds: u32,
}

/// Runs the targets one after the other; the first that fails ends it, with the input that broke it beside its corpus.
pub(crate) fn run(repository: &Repository, args: &FuzzArgs) -> Result<()> {
    let known = targets(repository)?;
    let chosen = match &args.target {
        None => known,
        Some(name) => vec![find(known, name)?],
    };
    let shell = repository.shell()?;
    shell.change_dir("fuzz");
    check_compiler(&shell)?;
    let root = repository.target()?.join("fuzz");
    build(&shell, &root, args.target.as_deref(), &chosen)?;
    for target in &chosen {
        Stage { shell: &shell, root: &root, target }.run(args.seconds)?;
    }
    Ok(())
}

/// Checks that the targets still compile; this needs no C++ compiler.
pub(crate) fn check(repository: &Repository) -> Result<()> {
    let root = repository.target()?;
    let shell = repository.shell()?;
    shell.change_dir("fuzz");
    let check = cmd!(shell, "cargo check --quiet --bins --features {ALL}").quiet();
    Ok(check.env("CARGO_TARGET_DIR", root).run()?)
}

fn find(known: Vec<Target>, name: &str) -> Result<Target> {
    let names: Vec<String> = known.iter().map(|target| target.name.clone()).collect();
    let found = known.into_iter().find(|target| target.name == name);
    found.with_context(|| format!("no target `{name}`; there are {}", names.join(", ")))
}

/// Tells before a long build that its end would fail.
fn check_compiler(shell: &Shell) -> Result<()> {
    let compile = cmd!(shell, "c++ -x c++ - -o /dev/null").stdin("#include <mutex>\nint main() {}");
    if compile.quiet().ignore_stdout().ignore_stderr().run().is_ok() {
        return Ok(());
    }
    bail!(
        "libFuzzer is written in C++ and `c++` can build no program here; install the compiler with its library: \
         `apt-get install g++`, `dnf install gcc-c++` or `apk add g++`"
    )
}

/// Builds all targets at once, or one with only what it needs.
fn build(shell: &Shell, root: &Path, name: Option<&str>, chosen: &[Target]) -> Result<()> {
    let (which, features) = match name {
        None => (vec!["--bins"], vec![ALL.to_owned()]),
        Some(name) => {
            (vec!["--bin", name], chosen.iter().flat_map(|it| it.features.clone()).collect())
        }
    };
    let features = [vec![RUN.to_owned()], features].concat().join(",");
    let build =
        cmd!(shell, "cargo build --release --target {TARGET} {which...} --features {features}");
    Ok(build.env("RUSTFLAGS", FLAGS).env("CARGO_TARGET_DIR", root).run()?)
}

/// A target that was built, and where it runs.
struct Stage<'a> {
    shell: &'a Shell,
    root: &'a Path,
    target: &'a Target,
}

impl Stage<'_> {
    fn run(&self, seconds: u32) -> Result<()> {
        let name = &self.target.name;
        let corpus = self.root.join("corpus").join(name);
        fs::create_dir_all(&corpus)?;
        let long = self.long_inputs()?;
        let count = long.len();
        let outcome = self.fuzz(&long);
        fs::remove_dir_all(self.long_folder())?;
        outcome?;
        let time = format!("-max_total_time={seconds}");
        let length = format!("-max_len={MAX_BYTES}");
        let seeds = Path::new("seeds").join(name);
        self.fuzz(&[time.into(), length.into(), "-print_final_stats=1".into(), corpus, seeds])?;
        say(&format!("fuzz {name}: nothing found with {count} long inputs and in {seconds} s"));
        Ok(())
    }

    /// Starts the program with further arguments; files are given to it as they are.
    fn fuzz(&self, arguments: &[PathBuf]) -> Result<()> {
        let program = self.root.join(TARGET).join("release").join(&self.target.name);
        let found = format!("-artifact_prefix={}/", self.root.display());
        let limits = ["-timeout=10", "-rss_limit_mb=2048"];
        Ok(cmd!(self.shell, "{program} {found} {limits...} {arguments...}").quiet().run()?)
    }

    fn long_folder(&self) -> PathBuf {
        self.root.join("long").join(&self.target.name)
    }

    /// Writes the long forms of the seeds.
    fn long_inputs(&self) -> Result<Vec<PathBuf>> {
        let folder = self.long_folder();
        fs::create_dir_all(&folder)?;
        let mut paths = Vec::new();
        for entry in fs::read_dir(self.shell.current_dir().join("seeds").join(&self.target.name))? {
            for input in stretched(&fs::read(entry?.path())?) {
                let path = folder.join(paths.len().to_string());
                fs::write(&path, input)?;
                paths.push(path);
            }
        }
        Ok(paths)
    }
}
