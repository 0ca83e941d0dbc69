//! The outside world, read once: environment, terminal, clock.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use evalward_config::{ConfigErrors, LocalModels, Lookup};
use evalward_core::{Clock, SystemClock, visible};
use evalward_models::{CacheCounts, CallCache};
use evalward_runs::RunStore;
use tokio::runtime::Runtime;

use crate::args::{ColorChoice, GlobalArgs};
use crate::error::CliError;

/// What commands may know of the outside world.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the terminal")]
pub(crate) struct Context {
    out: Box<dyn Write>,
    err: Box<dyn Write>,
    /// The clock.
    pub(crate) clock: Arc<dyn Clock>,
    /// Whether stdout takes colour.
    pub(crate) color_out: bool,
    /// Whether stderr takes colour.
    pub(crate) color_err: bool,
    /// Whether stderr is a terminal that may be redrawn.
    pub(crate) interactive: bool,
    /// The number of columns of stdout, where it is a terminal.
    pub(crate) width: Option<u16>,
    /// Whether progress and notes are wanted.
    pub(crate) quiet: bool,
    /// Where runs are kept.
    pub(crate) runs: RunStore,
    /// The embedding models that are in memory.
    pub(crate) models: LocalModels,
    /// The runtime of a run that ended; its signal handler lives as long as the process.
    runtime: Option<Runtime>,
    /// The environment, `.env` included.
    environment: Arc<BTreeMap<String, String>>,
}

impl Context {
    /// Reads the process's environment.
    pub(crate) fn from_system(global: &GlobalArgs) -> Result<Self, CliError> {
        let environment = evalward_config::environment(Path::new(".env"), std::env::vars_os())
            .map_err(ConfigErrors::from)?;
        let set = |name: &str| environment.get(name).is_some_and(|value| !value.is_empty());
        let colored = |terminal: bool| match global.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => terminal && !set("NO_COLOR") && !set("CI"),
        };
        let runs = global.runs_dir.clone().or_else(|| {
            environment
                .get("EVALWARD_RUNS_DIR")
                .filter(|folder| !folder.is_empty())
                .map(PathBuf::from)
        });
        Ok(Self {
            out: Box::new(PipeTolerant(io::BufWriter::new(io::stdout()))),
            err: Box::new(io::stderr()),
            clock: Arc::new(SystemClock),
            color_out: colored(io::stdout().is_terminal()),
            color_err: colored(io::stderr().is_terminal()),
            interactive: io::stderr().is_terminal() && !set("CI"),
            width: columns(&environment),
            quiet: global.quiet,
            runs: RunStore::new(runs.unwrap_or_else(|| PathBuf::from(".evalward").join("runs"))),
            models: LocalModels::default(),
            runtime: None,
            environment: Arc::new(environment),
        })
    }

    /// Returns stdout, which carries what was asked for.
    pub(crate) fn out(&mut self) -> &mut dyn Write {
        &mut self.out
    }

    /// Returns stderr, which carries everything else.
    pub(crate) fn err(&mut self) -> &mut dyn Write {
        &mut self.err
    }

    /// Returns the cache of calls, which lies beside the runs; nothing is opened yet.
    pub(crate) fn cache(&self) -> CallCache {
        let beside = self.runs.folder().parent().unwrap_or_else(|| Path::new(""));
        CallCache::at(beside.join("cache").join("calls.db"))
    }

    /// Warns of a cache that could not be used, and tells what it was good for.
    pub(crate) fn tell_of_cache(&mut self, cache: &CallCache, verbose: bool) {
        if let Some(problem) = cache.problem() {
            self.note(&format!("warning: {problem}"));
        }
        let CacheCounts { hits, misses } = cache.counts();
        if verbose && hits + misses > 0 {
            let file = cache.path().display();
            self.note(&format!("cache `{file}`: {hits} of {} answers were there", hits + misses));
        } else if hits > 0 {
            let all = hits + misses;
            let answers = if all == 1 { "answer" } else { "answers" };
            self.note(&format!(
                "{hits} of {all} {answers} came from the cache; `--no-cache` asks again"
            ));
        }
    }

    /// Keeps a runtime, so that signals are heeded until the process ends.
    pub(crate) fn keep_alive(&mut self, runtime: Runtime) {
        self.runtime = Some(runtime);
    }

    /// Ends the runtime that was kept, with its handler of signals.
    pub(crate) fn end_runtime(&mut self) {
        self.runtime = None;
    }

    /// Returns the runtime that was kept.
    pub(crate) const fn runtime(&self) -> Option<&Runtime> {
        self.runtime.as_ref()
    }

    /// Writes a note on stderr, unless the user wants it quiet.
    pub(crate) fn note(&mut self, text: &str) {
        if !self.quiet {
            // Notes come after the results they are about, also where both streams end up in one place.
            drop(self.out.flush());
            // A note that nobody can read is no reason to fail.
            drop(writeln!(self.err, "{}", visible(text)));
        }
    }

    /// Looks up an environment variable; an empty one counts as unset.
    pub(crate) fn variable(&self, name: &str) -> Option<String> {
        self.environment.get(name).filter(|value| !value.is_empty()).cloned()
    }

    /// Returns a function that looks up environment variables.
    pub(crate) fn lookup(&self) -> Lookup {
        evalward_config::lookup(Arc::clone(&self.environment))
    }
}

/// Returns the number of columns that stdout shows: what `COLUMNS` says, else what the terminal says; none where it is no terminal.
fn columns(environment: &BTreeMap<String, String>) -> Option<u16> {
    let told = environment.get("COLUMNS").and_then(|columns| columns.parse().ok());
    let seen = || console::Term::stdout().size_checked().map(|(_, columns)| columns);
    told.or_else(seen).filter(|columns| *columns > 0)
}

/// A writer to which a reader that has gone, as in `evalward report | head`, is no error: the exit code still tells the truth.
struct PipeTolerant<W>(W);

impl<W: Write> Write for PipeTolerant<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        tolerate(self.0.write(bytes), bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        tolerate(self.0.flush(), ())
    }
}

fn tolerate<T>(result: io::Result<T>, done: T) -> io::Result<T> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(done),
        other => other,
    }
}
