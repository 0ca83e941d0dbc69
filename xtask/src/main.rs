//! Automation of this repository: `cargo xtask --help` lists the commands.
//!
//! Each command is one module. They call cargo and the built `evalward` binary like any user would; nothing here is part of
//! the product, and no crate of the product may depend on this one.

mod bench;
mod chaos;
mod ci;
mod codegen;
mod compat;
mod console;
mod demo;
mod environment;
mod fuzz;
mod judge_fuzz;
mod monitor;
mod program;
mod promote;
mod repository;
mod sim;
mod test;
mod tidy;
mod vacuity;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::repository::Repository;

/// Automation of the evalward repository.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", max_term_width = 100)]
struct Cli {
    /// The command.
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run all tests, installing first what they need
    Test,
    /// Run everything that must hold before a change is merged
    Ci,
    /// Check the rules of this repository that no other tool knows
    Tidy,
    /// Write the generated documentation
    Codegen(codegen::CodegenArgs),
    /// Check that no broken or empty suite passes
    Vacuity(vacuity::VacuityArgs),
    /// Check that no acknowledged work is lost when processes are killed
    Chaos {
        /// What to put under stress.
        #[command(subcommand)]
        what: chaos::Chaos,
    },
    /// Show that a production failure becomes a test, step by step
    DemoLoop,
    /// Move approved candidates into a dataset, on a branch with a commit
    Promote(Box<promote::PromoteArgs>),
    /// Show by simulation how often verdicts are wrong
    Sim {
        /// What to simulate.
        #[command(subcommand)]
        what: sim::Sim,
    },
    /// Compare what is made of other tools' files with those tools
    Compat {
        /// What to compare with.
        #[command(subcommand)]
        what: compat::Compat,
    },
    /// Show that no hostile or malformed answer of a judge becomes a pass
    JudgeFuzz,
    /// Feed parsers and metrics what nobody would write
    Fuzz(fuzz::FuzzArgs),
    /// Measure what the documentation promises
    Bench {
        /// What to measure.
        #[command(subcommand)]
        what: bench::Bench,
    },
}

fn main() -> ExitCode {
    if let Err(error) = environment::shed() {
        console::complain(&format!("error: failed to start anew: {error}"));
        return ExitCode::FAILURE;
    }
    let cli = Cli::parse();
    match run(&cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            console::complain(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command) -> anyhow::Result<()> {
    let repository = Repository::find()?;
    match command {
        Command::Test => test::run(&repository),
        Command::Ci => ci::run(&repository),
        Command::Tidy => tidy::run(&repository),
        Command::Codegen(args) => codegen::run(&repository, args),
        Command::Vacuity(args) => vacuity::run(&repository, args),
        Command::Chaos { what } => chaos::run(&repository, what),
        Command::DemoLoop => demo::run(&repository),
        Command::Promote(args) => promote::run(&repository, args),
        Command::Sim { what } => sim::run(&repository, what),
        Command::Compat { what } => compat::run(&repository, what),
        Command::JudgeFuzz => judge_fuzz::run(&repository),
        Command::Fuzz(args) => fuzz::run(&repository, args),
        Command::Bench { what } => bench::run(&repository, what),
    }
}
