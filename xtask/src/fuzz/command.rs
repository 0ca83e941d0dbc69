//! Builds the fuzz targets with coverage instrumentation and runs them.

use std::fs;

use anyhow::{Result, bail};
use clap::Args;
use xshell::cmd;

use crate::console::say;
use crate::repository::Repository;

/// The passes of the stable compiler that tell the fuzzer which code it reached.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing";

/// Naming the target keeps build scripts and macros free of the instrumentation, which they could not link.
const TARGET: &str = "x86_64-unknown-linux-gnu";

/// What to fuzz, and for how long.
#[derive(Debug, Args)]
pub(crate) struct FuzzArgs {
    /// The target, a file of `fuzz/targets`; all by default.
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
        Some(target) if known.contains(target) => vec![target.clone()],
        Some(target) => bail!("no target `{target}`; there are {}", known.join(", ")),
    };
    let root = repository.target()?.join("fuzz");
    let shell = repository.shell()?;
    shell.change_dir("fuzz");
    for target in &chosen {
        let features = if target == "suite" { &["--features", "suite"][..] } else { &[] };
        let build =
            cmd!(shell, "cargo build --release --target {TARGET} --bin {target} {features...}");
        build.env("RUSTFLAGS", FLAGS).env("CARGO_TARGET_DIR", &root).run()?;
        let corpus = root.join("corpus").join(target);
        fs::create_dir_all(&corpus)?;
        let program = root.join(TARGET).join("release").join(target);
        let seconds = format!("-max_total_time={}", args.seconds);
        let found = format!("-artifact_prefix={}/", root.display());
        let options =
            [seconds.as_str(), &found, "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1"];
        cmd!(shell, "{program} {options...} {corpus} seeds/{target}").run()?;
        say(&format!("fuzz {target}: nothing found in {} s", args.seconds));
    }
    Ok(())
}

/// Returns the names of the targets, in order.
fn targets(repository: &Repository) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(repository.root().join("fuzz/targets"))? {
        let path = entry?.path();
        names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
    }
    names.sort_unstable();
    Ok(names)
}
