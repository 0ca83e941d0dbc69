//! The example's assistant as a released service, and the traffic of its customers.

use std::fs::{self, File};
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::console::Stopwatch;
use crate::monitor::Client;
use crate::program::watch;

/// How long the assistant may take to start, or to send its last spans.
const LIMIT: Duration = Duration::from_secs(20);

/// A release of the assistant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Release {
    /// Its version, as its spans tell it.
    pub(super) version: &'static str,
    /// Whether the holiday patch is part of it.
    pub(super) has_holiday_patch: bool,
}

/// The application, as it is installed.
#[derive(Clone, Debug)]
pub(super) struct Application {
    /// The program.
    pub(super) program: PathBuf,
    /// The folder of its knowledge base.
    pub(super) knowledge: PathBuf,
}

impl Application {
    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("--kb").arg(&self.knowledge);
        command
    }
}

/// A running assistant; it is killed when this is dropped.
#[derive(Debug)]
struct Assistant {
    child: Child,
    address: SocketAddr,
}

/// Serves a release to the customers who ask these questions, until all are answered and all spans are sent. Returns how many
/// were answered.
pub(super) fn serve(
    application: &Application,
    release: Release,
    monitor: SocketAddr,
    questions: &[Value],
) -> Result<usize> {
    let mut assistant = Assistant::start(application, release, monitor)?;
    let mut client = Client::new(assistant.address);
    for (number, input) in questions.iter().enumerate() {
        let trace = blake3::hash(format!("{} {number}", release.version).as_bytes()).to_hex();
        let traceparent = format!("00-{:.32}-{:016x}-01", trace.as_str(), number + 1);
        let answer = client.post_traced("/answer", &traceparent, &json!({"input": input}))?;
        ensure!(
            answer.status == 200,
            "the assistant answered {}: {}",
            answer.status,
            answer.text()
        );
    }
    assistant.stop()?;
    Ok(questions.len())
}

/// Asks the assistant as it is released, without exporting anything.
pub(super) fn ask(application: &Application, input: &Value) -> Result<String> {
    let mut command = application.command();
    command.arg("json-lines").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().context("failed to start the assistant")?;
    let mut stdin = child.stdin.take().context("the assistant has an input")?;
    writeln!(stdin, "{}", json!({"id": "question", "input": input}))?;
    drop(stdin);
    let output = child.wait_with_output()?;
    let answer: Value =
        serde_json::from_slice(&output.stdout).context("failed to read the answer")?;
    let answer = answer["output"].as_str().context("the answer has no output")?;
    Ok(answer.to_owned())
}

impl Assistant {
    fn start(application: &Application, release: Release, monitor: SocketAddr) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let announcement = folder.path().join("stdout");
        let mut command = application.command();
        command.args(["serve", "--port", "0", "--release", release.version]);
        if release.has_holiday_patch {
            command.args(["--patch", "holiday"]);
        }
        command.env("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{monitor}"));
        command.env("OTEL_BSP_SCHEDULE_DELAY", "100");
        command.stdin(Stdio::null()).stdout(File::create(&announcement)?);
        let child = command.spawn().context("failed to start the assistant")?;
        let mut assistant = Self { child, address: ([127, 0, 0, 1], 0).into() };
        let stopwatch = Stopwatch::start();
        while stopwatch.elapsed() < LIMIT {
            let text = fs::read_to_string(&announcement)?;
            let address = text.strip_prefix("listening on http://");
            if let Some(address) = address.and_then(|text| text.strip_suffix('\n')) {
                assistant.address = address.parse()?;
                return Ok(assistant);
            }
            if let Some(status) = assistant.child.try_wait()? {
                bail!("the assistant ended with {status}");
            }
            thread::sleep(Duration::from_millis(5));
        }
        bail!("the assistant did not start within {} s", LIMIT.as_secs())
    }

    /// Ends the assistant as an operator does; it sends its last spans first.
    fn stop(&mut self) -> Result<()> {
        let id = Pid::from_raw(i32::try_from(self.child.id())?);
        kill_process(id.context("a process has an id above 0")?, Signal::TERM)?;
        let status = watch(&mut self.child, LIMIT, || {})?;
        ensure!(status.success(), "the assistant ended with {status}");
        Ok(())
    }
}

impl Drop for Assistant {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
