//! A monitor in a scratch folder, and the requests of a client.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use evalward_testkit::{Finished, Invocation, Running, Scratch};
use serde_json::{Value, json};

/// How long something that must happen may take; far beyond what any test needs.
const LIMIT: Duration = Duration::from_secs(40);

/// The time from one look to the next.
const WAIT: Duration = Duration::from_millis(20);

/// A suite whose rules forbid one word.
pub(crate) const SUITE: &str = r#"[suite]
name = "support"
dataset = "dataset"

[subject.recorded]
file = "answers.jsonl"

[metrics.rules.constraints]
tone = { excludes_any = ["stupid"] }
"#;

/// A monitor that samples everything and needs no keys.
pub(crate) const MONITOR: &str = r#"[server]
listen = "127.0.0.1:0"
auth = "off"

[sampling]
base_rate = 1.0

[evaluate]
suite = "suite.toml"
lease = "5s"
"#;

/// Writes the files of a monitor.
pub(crate) fn files(monitor: &str, suite: &str) -> Scratch {
    let scratch = Scratch::new();
    scratch.file("monitor.toml", monitor).file("suite.toml", suite);
    scratch
}

/// Prepares the program.
pub(crate) fn program<'a>(scratch: &'a Scratch, arguments: &str) -> Invocation<'a> {
    Invocation::new(env!("CARGO_BIN_EXE_evalward-monitor"), scratch, arguments)
}

/// A monitor that serves.
pub(crate) struct Monitor<'a> {
    running: Running<'a>,
    address: String,
    key: Option<String>,
}

impl<'a> Monitor<'a> {
    /// Starts the program and waits until it says where it listens.
    #[track_caller]
    pub(crate) fn start(scratch: &'a Scratch) -> Self {
        Self::start_as(program(scratch, ""))
    }

    /// Starts the program on a database that the environment names.
    #[track_caller]
    pub(crate) fn start_on(scratch: &'a Scratch, database: &str) -> Self {
        Self::start_as(program(scratch, "").env("EVALWARD_DATABASE_URL", database))
    }

    #[track_caller]
    fn start_as(invocation: Invocation<'a>) -> Self {
        let mut running = invocation.start();
        let line = running.line();
        let Some(address) = line.strip_prefix("listening on http://") else {
            panic!("{line:?}; {:?}", running.wait());
        };
        Self { running, address: address.to_owned(), key: None }
    }

    pub(crate) fn with_key(mut self, key: &str) -> Self {
        self.key = Some(key.to_owned());
        self
    }

    /// Returns where the monitor listens, for a client that is a program of its own.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Makes a request and returns the status and the body.
    pub(crate) fn request(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        let key = self.key.as_ref().map(|key| format!("X-Api-Key: {key}\r\n")).unwrap_or_default();
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: monitor\r\nConnection: close\r\n{key}\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
        );
        let mut stream = TcpStream::connect(&self.address).expect("the monitor listens");
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        stream.write_all((head + body).as_bytes()).expect("the request can be sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the answer can be read");
        let (head, body) = answer.split_once("\r\n\r\n").expect("the answer has a head");
        let status = head.split_whitespace().nth(1).and_then(|status| status.parse().ok());
        (status.expect("the answer has a status"), unchunked(head, body))
    }

    pub(crate) fn get(&self, path: &str) -> Value {
        let (status, body) = self.request("GET", path, "");
        assert_eq!(status, 200, "{path}: {body}");
        serde_json::from_str(&body).unwrap_or(Value::String(body))
    }

    /// Returns the windows of all hours.
    pub(crate) fn windows(&self) -> Value {
        self.get("/api/v1/windows?resolution=hour")
    }

    /// Sends interactions and returns the answer.
    #[track_caller]
    pub(crate) fn send(&self, interactions: &Value) -> Value {
        let (status, body) =
            self.request("POST", "/api/v1/interactions", &interactions.to_string());
        assert_eq!(status, 202, "{body}");
        serde_json::from_str(&body).unwrap()
    }

    /// Waits until something is as it should be.
    #[track_caller]
    pub(crate) fn wait_until<T>(&self, what: &str, look: impl Fn(&Self) -> Option<T>) -> T {
        for _ in 0..LIMIT.as_millis() / WAIT.as_millis() {
            if let Some(found) = look(self) {
                return found;
            }
            thread::sleep(WAIT);
        }
        panic!("{what} did not happen");
    }

    /// Waits until an interaction is evaluated, and returns its evaluation.
    #[track_caller]
    pub(crate) fn evaluation_of(&self, id: &str) -> Value {
        self.wait_until(&format!("the evaluation of `{id}`"), |monitor| {
            let stored = monitor.get(&format!("/api/v1/interactions/{id}"));
            Some(stored["evaluation"].clone()).filter(|evaluation| !evaluation.is_null())
        })
    }

    /// Asks the monitor to stop, and waits until it has.
    pub(crate) fn stop(self) -> Finished {
        self.running.terminate();
        self.running.wait()
    }

    /// Ends the monitor without a word.
    pub(crate) fn kill(self) -> Finished {
        self.running.kill();
        self.running.wait()
    }
}

fn unchunked(head: &str, body: &str) -> String {
    if !head.to_ascii_lowercase().contains("transfer-encoding: chunked") {
        return body.to_owned();
    }
    let (mut text, mut rest) = (String::new(), body);
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).expect("a chunk has a size");
        text.push_str(after.get(..size).expect("a chunk is whole"));
        rest = after.get(size + 2..).unwrap_or_default();
    }
    text
}

/// Sums a count over windows: a test may begin in one hour and end in the next.
pub(crate) fn total(windows: &Value, name: &str) -> u64 {
    let windows = windows["windows"].as_array().expect("the answer has windows");
    windows.iter().map(|window| window[name].as_u64().expect("a window has the count")).sum()
}

/// An interaction as a client sends it.
pub(crate) fn interaction(id: &str, question: &str, output: &str) -> Value {
    json!({"id": id, "input": question, "output": output, "service": "support"})
}
