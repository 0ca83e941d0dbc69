//! The program `evalward-monitor`: reads arguments, environment and signals, and calls the library.

mod program;

use std::process::ExitCode;

fn main() -> ExitCode {
    program::main()
}
