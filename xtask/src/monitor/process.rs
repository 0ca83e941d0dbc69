//! A monitor as a process of its own.

use std::fs::{self, File, OpenOptions};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};

use super::Client;
use crate::console::Stopwatch;
use crate::program::watch;

/// How long a start or a drain may take.
const LIMIT: Duration = Duration::from_secs(30);

/// How often a starting monitor is looked at.
const POLL: Duration = Duration::from_millis(1);

/// The last lines of the log that a failure shows.
const LOG_LINES: usize = 20;

/// A running monitor; it is killed when this is dropped.
#[derive(Debug)]
pub(crate) struct MonitorProcess {
    child: Child,
    address: SocketAddr,
    log: PathBuf,
    start: Duration,
}

impl MonitorProcess {
    /// Starts a monitor with a configuration file and waits until it is ready. Its log goes to `monitor.log` beside the file.
    pub(crate) fn start(
        program: &Path,
        config: &Path,
        environment: &[(&str, &str)],
    ) -> Result<Self> {
        let folder = config.parent().unwrap_or(config);
        let (announcement, log) = (folder.join("monitor.out"), folder.join("monitor.log"));
        let mut command = Command::new(program);
        command.arg("--config").arg(config).envs(environment.iter().copied());
        command.stdin(Stdio::null()).stdout(File::create(&announcement)?);
        command.stderr(OpenOptions::new().create(true).append(true).open(&log)?);
        let stopwatch = Stopwatch::start();
        let mut child = command.spawn().context("failed to start the monitor")?;
        let address = match wait_until_ready(&mut child, &announcement, stopwatch) {
            Ok(address) => address,
            Err(error) => {
                drop(child.kill());
                drop(child.wait());
                return Err(error.context(format!("failed to start the monitor:\n{}", tail(&log))));
            }
        };
        Ok(Self { child, address, log, start: stopwatch.elapsed() })
    }

    /// Returns where the monitor listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns a client of the monitor.
    pub(crate) fn client(&self) -> Client {
        Client::new(self.address)
    }

    /// Returns the time from the process's start until it was ready.
    pub(crate) fn start_time(&self) -> Duration {
        self.start
    }

    /// Returns the process's id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Returns the last lines of the log.
    pub(crate) fn log(&self) -> String {
        tail(&self.log)
    }

    /// Kills the process as `kill -9` does.
    pub(crate) fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks the process to end as `kill` does, and makes sure that it drains and ends with 0.
    pub(crate) fn terminate(&mut self) -> Result<()> {
        let status = self.end()?;
        ensure!(status.success(), "the drained monitor ended with {status}:\n{}", self.log());
        Ok(())
    }

    fn end(&mut self) -> Result<ExitStatus> {
        let id = i32::try_from(self.child.id())?;
        let id = Pid::from_raw(id).context("a process has an id above 0")?;
        kill_process(id, Signal::TERM)?;
        watch(&mut self.child, LIMIT, || {}).context("the monitor does not drain")
    }
}

impl Drop for MonitorProcess {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Returns a port that is free now, and that the system gives to no outgoing connection while a monitor is down: with such a
/// port a client that finds nobody could even connect to itself.
pub(crate) fn free_port() -> Result<u16> {
    let start = u16::try_from(std::process::id() % 10_000)?;
    let candidates = (0..10_000).map(|step| 20_000 + (start + step) % 10_000);
    let free = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok();
    candidates.into_iter().find(free).context("no port between 20000 and 29999 is free")
}

fn wait_until_ready(
    child: &mut Child,
    announcement: &Path,
    stopwatch: Stopwatch,
) -> Result<SocketAddr> {
    let mut address = None;
    while stopwatch.elapsed() < LIMIT {
        if let Some(status) = child.try_wait()? {
            bail!("it ended with {status}");
        }
        if address.is_none() {
            address = announced(&fs::read_to_string(announcement)?);
        }
        if let Some(address) = address
            && Client::new(address).get("/readyz").is_ok_and(|answer| answer.status == 200)
        {
            return Ok(address);
        }
        thread::sleep(POLL);
    }
    bail!("it was not ready within {} s", LIMIT.as_secs())
}

fn announced(text: &str) -> Option<SocketAddr> {
    let (line, _) = text.split_once('\n')?;
    line.strip_prefix("listening on http://")?.parse().ok()
}

fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines.iter().skip(lines.len().saturating_sub(LOG_LINES)).copied().collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_read_from_a_whole_line_only() {
        let address = announced("listening on http://127.0.0.1:4318\n");
        assert_eq!(address, Some(([127, 0, 0, 1], 4318).into()));
        assert_eq!(announced("listening on http://127.0.0.1:43"), None);
    }
}
