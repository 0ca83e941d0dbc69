//! The local model server, as a process of its own.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::suite::LATENCY_MILLIS;
use crate::monitor::Client;

/// A running server, which ends with the value.
#[derive(Debug)]
pub(super) struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    /// Starts the program with further arguments, and waits until it listens.
    pub(super) fn start(program: &Path, arguments: &[&str]) -> Result<Self> {
        let mut command = Command::new(program);
        command.args(["--latency-millis", &LATENCY_MILLIS.to_string()]).args(arguments);
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
        let mut child = child.context("failed to start the model server")?;
        let stdout = child.stdout.take().context("a server without an output")?;
        // From here on the process ends with the value, whatever it says.
        let mut server = Self { child, address: SocketAddr::from(([127, 0, 0, 1], 0)) };
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let address = line.trim().strip_prefix("http://").and_then(|it| it.parse().ok());
        server.address = address.with_context(|| format!("the model server said `{line}`"))?;
        Ok(server)
    }

    /// Returns the address that clients take, with the version of the API.
    pub(super) fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Returns how many requests it has seen.
    pub(super) fn requests(&self) -> Result<u64> {
        let answer = Client::new(self.address).get("/counters")?;
        ensure!(answer.is_success(), "the model server does not tell what it has seen");
        answer.json()["requests"].as_u64().context("the model server counts no requests")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself, which is as good.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
