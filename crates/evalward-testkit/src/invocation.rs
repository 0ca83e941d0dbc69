//! Running the built binary as a user would.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

use crate::{Scratch, redact};

/// How long a process may take before the test fails; far beyond what any test needs.
const LIMIT: Duration = Duration::from_mins(1);

/// A run of the binary in a scratch folder, with no environment but `PATH`, `NO_COLOR=1` and `CI=1`.
#[derive(Debug)]
pub struct Invocation<'a> {
    command: Command,
    scratch: &'a Scratch,
    is_fed: bool,
}

impl<'a> Invocation<'a> {
    /// Prepares the binary with arguments that are separated by spaces.
    pub fn new(binary: impl AsRef<Path>, scratch: &'a Scratch, arguments: &str) -> Self {
        let mut command = Command::new(binary.as_ref());
        command.args(arguments.split_whitespace()).current_dir(scratch.folder()).env_clear();
        for kept in ["PATH", "LLVM_PROFILE_FILE"] {
            command.envs(std::env::var_os(kept).map(|value| (kept, value)));
        }
        command.env("NO_COLOR", "1").env("CI", "1");
        Self { command, scratch, is_fed: false }
    }

    /// Adds an argument, which may have spaces.
    #[must_use]
    pub fn arg(mut self, argument: &str) -> Self {
        self.command.arg(argument);
        self
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Removes an environment variable.
    #[must_use]
    pub fn without_env(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Gives it a text on stdin; without, stdin is empty.
    #[must_use]
    pub fn stdin(mut self, text: &str) -> Self {
        // A file, so that nobody has to write while the process writes too.
        self.scratch.file("stdin", text);
        self.is_fed = true;
        self
    }

    /// Runs it to its end.
    pub fn run(self) -> Finished {
        self.start().wait()
    }

    /// Starts it.
    pub fn start(mut self) -> Running<'a> {
        let stdin = if self.is_fed {
            let path = self.scratch.folder().join("stdin");
            Stdio::from(std::fs::File::open(path).expect("the input was written"))
        } else {
            Stdio::null()
        };
        self.command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = self.command.spawn().expect("the binary under test can be started");
        Running { child, scratch: self.scratch }
    }
}

/// A process that was started.
#[derive(Debug)]
pub struct Running<'a> {
    child: Child,
    scratch: &'a Scratch,
}

impl Running<'_> {
    /// Does what Ctrl-C does: sends SIGINT.
    pub fn interrupt(&self) {
        signal("INT", self.child.id());
    }

    /// Does what a supervisor does: sends SIGTERM.
    pub fn terminate(&self) {
        signal("TERM", self.child.id());
    }

    /// Waits for the next line of stdout, without its end; empty where there is none.
    pub fn line(&mut self) -> String {
        let stdout = self.child.stdout.as_mut().expect("the stream is piped");
        let mut line = Vec::new();
        // Byte by byte, so that nothing of what comes later is taken.
        let mut byte = [0];
        while stdout.read(&mut byte).expect("the stream can be read") == 1 && byte != *b"\n" {
            line.extend(byte);
        }
        String::from_utf8(line).expect("output is UTF-8")
    }

    /// Does what nobody can prepare for: sends SIGKILL.
    pub fn kill(&self) {
        signal("KILL", self.child.id());
    }

    /// Waits for the end.
    pub fn wait(mut self) -> Finished {
        let process_id = self.child.id();
        let stdout = collect(self.child.stdout.take());
        let stderr = collect(self.child.stderr.take());
        let (sender, receiver) = sync_channel(1);
        let waiting = thread::spawn(move || drop(sender.send(self.child.wait())));
        let status = match receiver.recv_timeout(LIMIT) {
            Ok(status) => status.expect("the process can be waited for"),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                signal("KILL", process_id);
                panic!("the process did not end within {} s", LIMIT.as_secs());
            }
        };
        waiting.join().expect("waiting does not panic");
        let text = |reader: thread::JoinHandle<String>| reader.join().expect("output is UTF-8");
        let (stdout, stderr) = (text(stdout), text(stderr));
        let clean = [&stdout, &stderr].map(|text| trimmed(&redact(text, self.scratch)));
        Finished { code: status.code(), stdout, stderr, clean }
    }
}

/// Reads a stream on a thread of its own, so that no pipe ever fills up.
fn collect(stream: Option<impl Read + Send + 'static>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut text = String::new();
        stream.expect("the stream is piped").read_to_string(&mut text).expect("output is UTF-8");
        text
    })
}

/// Removes the white space at the ends of lines, which editors remove from snapshots.
fn trimmed(text: &str) -> String {
    text.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

fn signal(name: &str, process_id: u32) {
    let sent = Command::new("kill").arg(format!("-{name}")).arg(process_id.to_string()).status();
    assert!(sent.is_ok_and(|status| status.success()), "the process is there to be signalled");
}

/// What a process that ended left behind.
#[derive(Clone, Debug)]
pub struct Finished {
    /// The exit code; `None` where a signal ended it.
    pub code: Option<i32>,
    /// All of stdout.
    pub stdout: String,
    /// All of stderr.
    pub stderr: String,
    clean: [String; 2],
}

impl Finished {
    /// Fails the test with everything that was printed, unless the exit code is this one.
    #[track_caller]
    #[must_use = "look at the output as well, or drop it by name"]
    pub fn expect_code(self, code: i32) -> Self {
        assert_eq!(
            self.code,
            Some(code),
            "\n--- stdout\n{}\n--- stderr\n{}",
            self.stdout,
            self.stderr
        );
        self
    }

    /// Returns stdout with what changes from run to run blanked.
    pub fn clean_stdout(&self) -> &str {
        &self.clean[0]
    }

    /// Returns stderr with what changes from run to run blanked.
    pub fn clean_stderr(&self) -> &str {
        &self.clean[1]
    }
}
