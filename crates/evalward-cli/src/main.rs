//! The `evalward` command line.
//!
//! It reads arguments, environment and terminal, calls the libraries, and turns what they say into text and an exit code. It
//! must not decide anything about quality: decisions come from `evalward-gate`, texts of runs from `evalward-report`.

mod args;
mod baselines;
mod canaries;
mod commands;
mod context;
mod error;
mod exit;
mod progress;

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;

use crate::args::Cli;
use crate::context::Context;

/// Requests and rows are many small pieces of memory that one thread takes and another gives back.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are printed on stdout with 0, wrong usage on stderr with 2.
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            return if error.print().is_ok() { ExitCode::from(code) } else { ExitCode::from(2) };
        }
    };
    let codes = cli.global.exit_codes;
    let mut context = match Context::from_system(&cli.global) {
        Ok(context) => context,
        Err(error) => {
            error.print(false);
            return error.status().code(codes);
        }
    };
    match commands::run(cli.command, &mut context) {
        Ok(status) => status.code(codes),
        Err(error) => {
            error.print(context.color_err);
            error.status().code(codes)
        }
    }
}
