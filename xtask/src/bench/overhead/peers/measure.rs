//! Measuring a peer.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::install::Installed;
use super::peer::{Peer, Results};
use super::results;
use crate::bench::overhead::measured::{Measured, Runs};
use crate::bench::overhead::server::Server;
use crate::bench::overhead::suite::{self, Setting};
use crate::bench::overhead::timed::{self, Timed};
use crate::console::say;

/// What keeps the tools from calling home.
const TELEMETRY_OFF: [(&str, &str); 6] = [
    ("PROMPTFOO_DISABLE_TELEMETRY", "1"),
    ("PROMPTFOO_DISABLE_UPDATE", "1"),
    ("PROMPTFOO_DISABLE_REMOTE_GENERATION", "1"),
    ("RAGAS_DO_NOT_TRACK", "true"),
    ("DEEPEVAL_TELEMETRY_OPT_OUT", "1"),
    ("DEEPEVAL_NO_INSPECT_PROMPT", "1"),
];

/// A run without a call is waited for so often: one tool writes its cache too late for its last answers.
const MOST_CACHED_RUNS: usize = 3;

/// A tool in a folder of its own, with a server of its own.
struct Stage<'a> {
    peer: &'a Peer,
    setting: &'a Setting,
    folder: &'a Path,
    server: &'a Server,
    path: OsString,
}

impl Peer {
    /// Measures the installed peer; what it says of the examples must be right, and its calls as many as it needs.
    pub(in crate::bench::overhead) fn measure(
        &self,
        installed: &Installed,
        setting: &Setting,
    ) -> Result<Measured> {
        let path = search_path(&installed.programs)?;
        let rounds = if self.is_measured_once { 1 } else { setting.rounds };
        let cached = self.cached.map(|_| Runs::new());
        let (cold, version_seconds) = (Runs::new(), Vec::new());
        let mut measured = Measured { cold, cached, repeated_calls: 0, version_seconds };
        for round in 1..=rounds {
            let folder = tempfile::tempdir()?;
            let reply = format!("{}={}", self.model(), self.reply);
            let server = Server::start(&setting.load_server, &["--reply-for", &reply])?;
            let folder = folder.path();
            let stage = Stage { peer: self, setting, folder, server: &server, path: path.clone() };
            say(&format!("{}: round {round} of {rounds}", self.name));
            stage.measure(&mut measured)?;
        }
        for _ in 0..setting.rounds {
            measured.version_seconds.extend(self.time_version(&path)?);
        }
        Ok(measured)
    }

    fn time_version(&self, path: &OsString) -> Result<Option<f64>> {
        let Some(arguments) = self.version else { return Ok(None) };
        let folder = tempfile::tempdir()?;
        let mut command = command(arguments, path, folder.path())?;
        Ok(Some(timed::run(&mut command, &folder.path().join("output.txt"))?.wall))
    }
}

impl Stage<'_> {
    /// Makes a cold run, and runs until every answer is cached.
    fn measure(&self, measured: &mut Measured) -> Result<()> {
        fs::write(self.folder.join("examples.csv"), suite::csv(self.setting.examples()))?;
        for (name, text) in self.peer.files {
            fs::write(self.folder.join(name), text)?;
        }
        let (cold, calls) = self.run(self.peer.cold)?;
        say(&format!("  cold: {}, {calls} calls", describe(cold)));
        ensure!(
            calls == u64::from(self.setting.examples),
            "{calls} calls were made for {} examples",
            self.setting.examples
        );
        measured.cold.push(cold);
        let Some(arguments) = self.peer.cached else { return Ok(()) };
        for _ in 0..MOST_CACHED_RUNS {
            let (cached, calls) = self.run(arguments)?;
            say(&format!("  again: {}, {calls} calls", describe(cached)));
            measured.repeated_calls = measured.repeated_calls.max(calls);
            if calls == 0 {
                measured.cached.get_or_insert_default().push(cached);
                return Ok(());
            }
        }
        anyhow::bail!("{MOST_CACHED_RUNS} runs after the first made calls all the same")
    }

    /// Runs the suite, checks the results, and returns how many calls were made.
    fn run(&self, arguments: &[&str]) -> Result<(Timed, u64)> {
        results::clear(self.folder)?;
        let concurrency = self.setting.concurrency.to_string();
        let arguments: Vec<String> =
            arguments.iter().map(|it| it.replace("{concurrency}", &concurrency)).collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let before = self.server.requests()?;
        let mut command = self.command(&arguments)?;
        let timed = timed::run(&mut command, &self.folder.join("output.txt"))?;
        let calls = self.server.requests()? - before;
        let counted = results::count(self.peer.results, self.folder, |log| self.dump(log))?;
        let wanted = usize::try_from(self.setting.examples)?;
        ensure!(
            counted.examples == wanted && counted.passed == wanted,
            "{} of {} examples passed, of {wanted}",
            counted.passed,
            counted.examples
        );
        Ok((timed, calls))
    }

    fn command(&self, arguments: &[&str]) -> Result<Command> {
        let mut command = command(arguments, &self.path, self.folder)?;
        // The clients of most tools read the one pair, Inspect's for other servers the other.
        for name in ["OPENAI", "LOAD"] {
            command.env(format!("{name}_BASE_URL"), self.server.base_url());
            command.env(format!("{name}_API_KEY"), "none");
        }
        Ok(command)
    }

    /// Reads a log with the tool that wrote it.
    fn dump(&self, log: &Path) -> Result<String> {
        debug_assert_eq!(self.peer.results, Results::Inspect);
        let mut command = command(&["inspect", "log", "dump"], &self.path, self.folder)?;
        let output = command.arg(log).output().context("failed to read the log")?;
        ensure!(output.status.success(), "the log cannot be read");
        Ok(String::from_utf8(output.stdout)?)
    }
}

/// Makes a command in a folder, with nothing of the user's but where the machine's programs are.
fn command(arguments: &[&str], path: &OsString, folder: &Path) -> Result<Command> {
    let (program, arguments) = arguments.split_first().context("a command without a program")?;
    let program = std::env::split_paths(path).map(|it| it.join(program)).find(|it| it.is_file());
    let mut command = Command::new(program.context("the program is not installed")?);
    command.args(arguments).current_dir(folder).env_clear();
    command.env("PATH", path).env("HOME", folder).env("LANG", "C.UTF-8").envs(TELEMETRY_OFF);
    Ok(command)
}

/// Puts the folders of the peer's programs before the machine's.
fn search_path(programs: &[PathBuf]) -> Result<OsString> {
    let machine = std::env::var_os("PATH").unwrap_or_default();
    let folders = programs.iter().cloned().chain(std::env::split_paths(&machine));
    std::env::join_paths(folders).context("a folder of programs cannot be named")
}

fn describe(timed: Timed) -> String {
    format!("{:.2} s wall, {:.2} s CPU", timed.wall, timed.processor)
}
