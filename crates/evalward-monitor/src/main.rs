//! The program `evalward-monitor`.
//!
//! It reads arguments, environment and signals, calls the library, and turns errors into text and an exit code. It must not
//! know what serving takes: that is [`evalward_monitor::serve`].

mod program;

use std::process::ExitCode;

fn main() -> ExitCode {
    program::main()
}
