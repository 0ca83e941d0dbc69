//! Running a program that must end in time.

use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::console::Stopwatch;

/// What a program did.
#[derive(Debug)]
pub(crate) struct Finished {
    /// The exit code; absent where a signal ended it.
    pub(crate) code: Option<i32>,
    /// Everything it wrote, stdout before stderr.
    pub(crate) output: String,
}

/// How often a running program is looked at.
const POLL: Duration = Duration::from_millis(5);

/// Runs a command without stdin until it ends, and kills it where it takes longer than the limit.
pub(crate) fn run_within(command: &mut Command, limit: Duration) -> Result<Finished> {
    // Files instead of pipes: a program that a killed child left behind cannot keep them from ending.
    let mut stdout = tempfile::tempfile()?;
    let mut stderr = tempfile::tempfile()?;
    command.stdin(Stdio::null()).stdout(stdout.try_clone()?).stderr(stderr.try_clone()?);
    let mut child =
        command.spawn().with_context(|| format!("failed to start {}", name_of(command)))?;
    let status = watch(&mut child, limit, || {})?;
    let mut output = Vec::new();
    for file in [&mut stdout, &mut stderr] {
        file.seek(SeekFrom::Start(0))?;
        file.read_to_end(&mut output)?;
    }
    Ok(Finished { code: status.code(), output: String::from_utf8_lossy(&output).into_owned() })
}

/// Waits for a child, calling `look` every few milliseconds, and kills it where it takes longer than the limit.
pub(crate) fn watch(
    child: &mut Child,
    limit: Duration,
    mut look: impl FnMut(),
) -> Result<ExitStatus> {
    let stopwatch = Stopwatch::start();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if stopwatch.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            bail!("the program did not end within {} s", limit.as_secs());
        }
        look();
        thread::sleep(POLL);
    }
}

fn name_of(command: &Command) -> String {
    format!("`{}`", Path::new(command.get_program()).display())
}
