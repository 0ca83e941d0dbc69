//! What figures were measured on.

use std::fs;
use std::thread;

use anyhow::Result;
use xshell::{Shell, cmd};

/// Describes the machine, the day and the compiler, one line each.
pub(super) fn describe(shell: &Shell) -> Result<String> {
    let date = cmd!(shell, "date --utc +%Y-%m-%d").quiet().read()?;
    let system = cmd!(shell, "uname --kernel-name --kernel-release --machine").quiet().read()?;
    let compiler = cmd!(shell, "rustc --version").quiet().read()?;
    let cores = thread::available_parallelism()?;
    let model = fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| processor_of(&text));
    let model = model.unwrap_or_else(|| "unknown processor".to_owned());
    Ok(format!(
        "- measured on {date}\n- {model}, {cores} cores, {system}\n- {compiler}, release profile"
    ))
}

fn processor_of(cpuinfo: &str) -> Option<String> {
    let line = cpuinfo.lines().find(|line| line.starts_with("model name"))?;
    line.split_once(':').map(|(_, name)| name.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_processor_is_named() {
        let name = processor_of("processor\t: 0\nmodel name\t: Fast 9000\n");
        assert_eq!(name.as_deref(), Some("Fast 9000"));
    }
}
