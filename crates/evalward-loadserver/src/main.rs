//! The server as a program: it prints its address on stdout, on one line, and runs until it is interrupted.
//!
//! `evalward-loadserver --latency-millis 50 --busy 0.05 --broken 0.02` answers each request after 50 ms but for one in twenty,
//! which it sends away, and one in fifty, which it fails; `--reply-for judge=yes` says yes where the model `judge` is asked.
//! `GET /counters` tells what it has seen.

use std::io::{self, Write};
use std::time::Duration;

use clap::Parser;
use evalward_loadserver::{Faults, LoadServer, Options};
use regex::Regex;

/// A local model server for benchmarks; `GET /counters` tells what it has seen.
#[derive(Debug, Parser)]
struct Cli {
    /// The port; any free one by default.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// How long each answer takes, in milliseconds.
    #[arg(long, default_value_t = 50)]
    latency_millis: u64,
    /// What every answer says.
    #[arg(long, default_value = "yes")]
    reply: String,
    /// An expression over the question, whose first group stands for each `$1` of the reply.
    #[arg(long, value_name = "REGEX")]
    repeated: Option<Regex>,
    /// What the answers of one model say instead; may be repeated.
    #[arg(long, value_name = "MODEL=TEXT", value_parser = reply_for)]
    reply_for: Vec<(String, String)>,
    /// The share of requests that are answered with 429.
    #[arg(long, default_value_t = 0.0)]
    busy: f64,
    /// How many seconds those are told to wait.
    #[arg(long, default_value_t = 1)]
    retry_after: u64,
    /// The share of requests that are answered with 500.
    #[arg(long, default_value_t = 0.0)]
    broken: f64,
    /// The share of requests that are never answered.
    #[arg(long, default_value_t = 0.0)]
    hanging: f64,
    /// The share of requests that are answered with something that is no chat answer.
    #[arg(long, default_value_t = 0.0)]
    malformed: f64,
    /// What faults are drawn by.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Takes a model's reply apart; the text may hold anything.
fn reply_for(argument: &str) -> Result<(String, String), String> {
    let parts = argument.split_once('=').ok_or("it takes MODEL=TEXT")?;
    Ok((parts.0.to_owned(), parts.1.to_owned()))
}

fn main() -> io::Result<()> {
    let cli = Cli::parse();
    let options = Options {
        port: cli.port,
        latency: Duration::from_millis(cli.latency_millis),
        reply: cli.reply,
        repeated: cli.repeated,
        replies: cli.reply_for.into_iter().collect(),
        faults: Faults {
            busy: cli.busy,
            retry_after: Duration::from_secs(cli.retry_after),
            broken: cli.broken,
            hanging: cli.hanging,
            malformed: cli.malformed,
        },
        seed: cli.seed,
        life: None,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let server = LoadServer::start(options).await?;
        writeln!(io::stdout(), "{}", server.address())?;
        tokio::signal::ctrl_c().await
    })
}
