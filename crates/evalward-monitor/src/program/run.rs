//! From the arguments to an exit code.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use evalward_config::{
    ConfigErrors, LoadOptions, MonitorConfig, environment, load_monitor, lookup,
};

use super::args::{Cli, Command};
use super::error::ProgramError;
use super::{check_config, key, serve};

/// Runs the program.
pub(crate) fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are printed on stdout with 0, wrong usage on stderr with 2.
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            return if error.print().is_ok() { ExitCode::from(code) } else { ExitCode::from(2) };
        }
    };
    let variables = match environment(Path::new(".env"), std::env::vars_os()) {
        Ok(variables) => Arc::new(variables),
        Err(error) => return fail(&ConfigErrors::from(error).into(), false),
    };
    let set = |name: &str| variables.get(name).is_some_and(|value| !value.is_empty());
    let color = !set("NO_COLOR") && !set("CI");
    match run(cli, &variables) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error, color),
    }
}

fn run(cli: Cli, variables: &Arc<BTreeMap<String, String>>) -> Result<(), ProgramError> {
    let config = read(&cli.config, variables)?;
    match cli.command {
        None => serve::run(config, variables.get("EVALWARD_LOG").map(String::as_str)),
        Some(Command::CheckConfig) => check_config::run(&config),
        Some(Command::Key(command)) => key::run(command, &config),
    }
}

fn read(
    path: &Path,
    variables: &Arc<BTreeMap<String, String>>,
) -> Result<MonitorConfig, ConfigErrors> {
    let environment = lookup(Arc::clone(variables));
    load_monitor(path, &LoadOptions { environment, ..LoadOptions::default() })
}

fn fail(error: &ProgramError, color: bool) -> ExitCode {
    error.print(color);
    error.code()
}
