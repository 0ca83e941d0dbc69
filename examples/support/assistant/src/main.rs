//! The command line of the support assistant: `json-lines` answers one request a line, `serve` answers over HTTP.
//!
//! It must not know what it is evaluated on; everything it says comes from the knowledge base.

use std::io::{stdin, stdout};
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand, ValueEnum};
use support_assistant::{
    Assistant, ExportSettings, Patch, ServeOptions, default_kb, json_lines, serve,
};

/// Answers customers' questions about Cobblenote from its knowledge base.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    face: Face,
    /// The folder of the knowledge base [default: the one beside this package under cargo, else `kb` here].
    #[arg(long, global = true)]
    kb: Option<PathBuf>,
    /// A patch to deploy on top of the released assistant.
    #[arg(long, global = true, value_enum)]
    patch: Option<PatchName>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum PatchName {
    /// The holiday greeting.
    Holiday,
}

#[derive(Debug, Subcommand)]
enum Face {
    /// Answers JSON lines from stdin on stdout.
    JsonLines,
    /// Answers HTTP requests on the loopback address, and exports a span of each answer where
    /// `OTEL_EXPORTER_OTLP_ENDPOINT` names a receiver.
    Serve {
        /// The port; 0 takes a free one.
        #[arg(long, default_value_t = 0)]
        port: u16,
        /// The version that spans tell [default: the one in `OTEL_RESOURCE_ATTRIBUTES`, else this package's].
        #[arg(long)]
        release: Option<String>,
    },
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let patch = match arguments.patch {
        None => Patch::None,
        Some(PatchName::Holiday) => Patch::Holiday,
    };
    let built = match patch {
        Patch::None => env!("CARGO_PKG_VERSION"),
        Patch::Holiday => concat!(env!("CARGO_PKG_VERSION"), "+holiday"),
    };
    let assistant = Assistant::load(&arguments.kb.unwrap_or_else(default_kb), patch)?;
    match arguments.face {
        Face::JsonLines => json_lines(&assistant, stdin().lock(), stdout().lock()),
        Face::Serve { port, release } => {
            let export = ExportSettings::from_variables(variable, built, release.as_deref())?;
            tokio::runtime::Runtime::new()
                .context("failed to start the runtime")?
                .block_on(serve(assistant, ServeOptions { port, export }))
        }
    }
}

/// Returns an environment variable; one that is no text counts as missing.
fn variable(name: &str) -> Option<String> {
    std::env::var_os(name)?.into_string().ok()
}
