//! The pipe by which a browser is driven: the Chrome `DevTools` Protocol, messages of JSON that end in a NUL.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::{Value, json};

/// How long an answer may take before the browser counts as hung.
const PATIENCE: Duration = Duration::from_mins(1);

/// How many messages may wait to be read.
const WAITING: usize = 10_000;

/// A browser that waits for commands.
#[derive(Debug)]
pub(crate) struct DevTools {
    child: Child,
    commands: Option<ChildStdin>,
    messages: Receiver<Value>,
    reader: Option<JoinHandle<()>>,
    last: u64,
    /// What happened, in order.
    pub(crate) events: Vec<Value>,
}

impl DevTools {
    /// Starts the browser; it reads commands from its descriptor 3 and writes to 4, so the shell turns the pipes there.
    pub(crate) fn start(program: &Path, arguments: &[String]) -> Self {
        let mut child = Command::new("/bin/sh")
            .args(["-c", "exec \"$@\" 3<&0 4>&1 0</dev/null 1>/dev/null 2>&1", "sh"])
            .arg(program)
            .args(arguments)
            .arg("--remote-debugging-pipe")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the browser can be started");
        let commands = child.stdin.take();
        let answers = child.stdout.take().expect("the output is a pipe");
        let (sender, messages) = sync_channel(WAITING);
        let reader = thread::spawn(move || {
            for message in BufReader::new(answers).split(0).map_while(Result::ok) {
                let Ok(message) = serde_json::from_slice(&message) else { return };
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        Self { child, commands, messages, reader: Some(reader), last: 0, events: Vec::new() }
    }

    /// Sends a command and returns its result; what happens meanwhile is kept.
    pub(crate) fn call(&mut self, session: Option<&str>, method: &str, params: &Value) -> Value {
        self.last += 1;
        let mut command = json!({"id": self.last, "method": method, "params": params});
        if let Some(session) = session {
            command["sessionId"] = json!(session);
        }
        let pipe = self.commands.as_mut().expect("the browser takes commands until it is closed");
        pipe.write_all(format!("{command}\0").as_bytes()).expect("the browser reads commands");
        loop {
            let message = self.next(method);
            if message["id"] == json!(self.last) {
                assert!(message["error"].is_null(), "{method} failed: {}", message["error"]);
                return message["result"].clone();
            }
        }
    }

    /// Waits until something happened in a page.
    pub(crate) fn wait_for(&mut self, session: &str, event: &str) {
        while !self.events.iter().any(|it| it["method"] == event && it["sessionId"] == session) {
            drop(self.next(event));
        }
    }

    fn next(&mut self, what: &str) -> Value {
        let message = self.messages.recv_timeout(PATIENCE);
        let message = message.unwrap_or_else(|error| panic!("no answer to {what}: {error}"));
        if message["id"].is_null() {
            self.events.push(message.clone());
        }
        message
    }
}

impl Drop for DevTools {
    fn drop(&mut self) {
        // A browser without its pipe ends by itself; the kill is for one that hangs.
        drop(self.commands.take());
        drop(self.child.kill());
        drop(self.child.wait());
        if let Some(reader) = self.reader.take() {
            drop(reader.join());
        }
    }
}
