//! How many spans a second the monitor takes in durably, and what that costs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::load::Measured;
use super::spans::SPANS;
use super::{document, machine, processor};
use crate::console::{Stopwatch, say, seconds};
use crate::environment::this_program;
use crate::monitor::{Client, MonitorProcess, recent_windows};
use crate::repository::{Profile, Repository};

/// For how long spans are sent.
const SECONDS: u64 = 20;

/// How many requests are under way at once.
const CONNECTIONS: u32 = 8;

/// How often a start is measured.
const STARTS: usize = 5;

/// How long a monitor is left alone before its memory is read.
const IDLE: Duration = Duration::from_secs(2);

/// How long the samples may take that wait at the end.
const DRAIN: Duration = Duration::from_mins(5);

/// The monitor takes in at least so many spans a second.
const LEAST_SPANS: f64 = 8_000.0;

/// All that is measured.
struct Figures {
    load: Measured,
    start: Duration,
    idle_kib: f64,
    peak_kib: f64,
    cores: f64,
    drain: Duration,
}

/// Measures, compares with the target, and writes the figures down where that is wanted.
pub(crate) fn run(repository: &Repository, write: bool) -> Result<()> {
    say("building the release binary, which takes minutes the first time");
    let program = repository.build("evalward-monitor", "evalward-monitor", Profile::Release)?;
    let folder = tempfile::tempdir()?;
    let config = configure(repository, folder.path())?;
    let figures = measure(&program, &config)?;
    let table = table(&figures);
    say(&format!("\n{table}"));
    if write {
        let section = format!("{}\n\n{table}", machine::describe(&repository.shell()?)?);
        document::rewrite(&repository.root().join(document::PATH), "ingest", &section)?;
        say(&format!("wrote {}", document::PATH));
    }
    let spans = spans_per_second(&figures.load);
    ensure!(spans >= LEAST_SPANS, "{spans:.0} spans/s; at least {LEAST_SPANS:.0} are the target");
    Ok(())
}

/// Writes a configuration with the default store and sampling, and the example's rules as evaluator.
fn configure(repository: &Repository, folder: &Path) -> Result<PathBuf> {
    let suite = repository.root().join("examples/support/evalward.toml");
    let text = format!(
        "[server]\nlisten = \"127.0.0.1:0\"\nauth = \"off\"\n\n[evaluate]\nsuite = '{}'\nmetrics = [\"rules\"]\n\n\
         [alarms.constraints.failed_constraint]\n",
        suite.display()
    );
    let config = folder.join("monitor.toml");
    fs::write(&config, text)?;
    Ok(config)
}

fn measure(program: &Path, config: &Path) -> Result<Figures> {
    let mut starts = Vec::new();
    for _ in 1..STARTS {
        let mut monitor = MonitorProcess::start(program, config, &[])?;
        starts.push(monitor.start_time());
        monitor.terminate()?;
    }
    let mut monitor = MonitorProcess::start(program, config, &[])?;
    starts.push(monitor.start_time());
    starts.sort();
    thread::sleep(IDLE);
    let idle_kib = memory(&monitor, "VmRSS:")?;
    say(&format!("sending batches of {SPANS} spans for {SECONDS} s on {CONNECTIONS} connections"));
    let before = processor::seconds_of(monitor.id())?;
    let load = send(&monitor)?;
    let used = processor::seconds_of(monitor.id())? - before;
    let drain = Stopwatch::start();
    let mut client = monitor.client();
    wait_for_the_queue(&mut client)?;
    let drain = drain.elapsed();
    let stored = stored(&mut client)?;
    ensure!(
        stored == load.acknowledged,
        "{} spans were acknowledged, but {stored} are stored",
        load.acknowledged
    );
    let peak_kib = memory(&monitor, "VmHWM:")?;
    monitor.terminate()?;
    let cores = used / load.seconds;
    Ok(Figures { load, start: starts[STARTS / 2], idle_kib, peak_kib, cores, drain })
}

/// Runs the load generator as a process of its own.
fn send(monitor: &MonitorProcess) -> Result<Measured> {
    let mut command = Command::new(this_program()?);
    command.args(["bench", "ingest-load", "--address", &monitor.address().to_string()]);
    command.args(["--seconds", &SECONDS.to_string(), "--connections", &CONNECTIONS.to_string()]);
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output()?;
    ensure!(
        output.status.success(),
        "the load generator failed; the monitor's log ends:\n{}",
        monitor.log()
    );
    serde_json::from_slice(&output.stdout)
        .context("failed to read what the load generator measured")
}

fn wait_for_the_queue(client: &mut Client) -> Result<()> {
    let stopwatch = Stopwatch::start();
    while client.get("/api/v1/queue")?.json()["waiting"] != 0 {
        ensure!(stopwatch.elapsed() < DRAIN, "the samples are not evaluated in time");
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// Counts the stored interactions, by the windows that were written with them.
fn stored(client: &mut Client) -> Result<u64> {
    let answer = client.get(&recent_windows("hour"))?.json();
    let windows = answer["windows"].as_array().context("the answer has no `windows`")?;
    Ok(windows.iter().filter_map(|window| window["seen"].as_u64()).sum())
}

fn memory(monitor: &MonitorProcess, field: &str) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{}/status", monitor.id()))?;
    let value = status.lines().find_map(|line| line.strip_prefix(field));
    let value = value.and_then(|value| value.trim().strip_suffix(" kB")).map(str::parse);
    value.and_then(Result::ok).context("the memory cannot be read; this measurement needs Linux")
}

fn spans_per_second(load: &Measured) -> f64 {
    f64::from(u32::try_from(load.acknowledged).unwrap_or(u32::MAX)) / load.seconds
}

fn table(figures: &Figures) -> String {
    let Figures { load, start, idle_kib, peak_kib, cores, drain } = figures;
    let megabytes = |kib: f64| format!("{:.1} MB", kib * 1024.0 / 1e6);
    let rows = [
        ("spans acknowledged a second", format!("{:.0}", spans_per_second(load))),
        ("bytes of a span", format!("{:.0}", load.span_bytes)),
        ("latency of a request, p50", format!("{:.0} ms", load.p50_millis)),
        ("latency of a request, p99", format!("{:.0} ms", load.p99_millis)),
        ("requests answered with 429", load.refused.to_string()),
        ("processor time of the monitor", format!("{cores:.2} cores")),
        ("processor time of the load generator", format!("{:.2} cores", load.cores)),
        ("evaluating the samples that waited at the end", seconds(*drain)),
        ("peak memory", megabytes(*peak_kib)),
        ("start until ready", format!("{} ms", start.as_millis())),
        ("idle memory", megabytes(*idle_kib)),
    ];
    let heading = ["| what | figure |\n|---|---:|\n".to_owned()];
    heading
        .into_iter()
        .chain(rows.map(|(what, figure)| format!("| {what} | {figure} |\n")))
        .collect()
}
