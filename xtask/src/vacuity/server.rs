//! A small HTTP server that answers what a path asks for.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result};

/// What the server answers at each path; any other path is not found.
const ANSWERS: &[(&str, Answer)] = &[
    ("/v1/chat/completions", Answer::Json(200, CHAT)),
    ("/refused/chat/completions", Answer::Json(401, r#"{"error":{"message":"the key is wrong"}}"#)),
    ("/failing/chat/completions", Answer::Json(500, r#"{"error":{"message":"out of order"}}"#)),
    ("/empty/chat/completions", Answer::Json(200, r#"{"choices":[]}"#)),
    ("/null/chat/completions", Answer::Json(200, NULL_CHAT)),
    ("/garbage/chat/completions", Answer::Json(200, "<html>Welcome</html>")),
    ("/messages/v1/messages", Answer::Json(200, MESSAGE)),
    (
        "/overloaded/v1/messages",
        Answer::Json(529, r#"{"type":"error","error":{"message":"overloaded"}}"#),
    ),
    ("/answer", Answer::Json(200, r#"{"output":"It takes five days."}"#)),
    ("/answer/null", Answer::Json(200, r#"{"output":null}"#)),
    ("/answer/other", Answer::Json(200, r#"{"text":"It takes five days."}"#)),
    ("/answer/garbage", Answer::Json(200, "It takes five days.")),
    ("/answer/failing", Answer::Json(500, r#"{"output":"It takes five days."}"#)),
    ("/answer/never", Answer::Never),
];

const CHAT: &str = r#"{"model":"fixed","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"It takes five days."}}],"usage":{"prompt_tokens":9,"completion_tokens":5}}"#;
const NULL_CHAT: &str = r#"{"model":"fixed","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":null}}]}"#;
const MESSAGE: &str = r#"{"model":"fixed","role":"assistant","type":"message","stop_reason":"end_turn","content":[{"type":"text","text":"It takes five days."}],"usage":{"input_tokens":9,"output_tokens":5}}"#;

#[derive(Clone, Copy, Debug)]
enum Answer {
    /// A status and a body.
    Json(u16, &'static str),
    /// Nothing, until the client goes away.
    Never,
}

/// A running server; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Server {
    address: SocketAddr,
    is_ending: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts the server on a free port of this machine.
    pub(super) fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").context("failed to open a port")?;
        let address = listener.local_addr()?;
        let is_ending = Arc::new(AtomicBool::new(false));
        let thread = thread::spawn({
            let is_ending = Arc::clone(&is_ending);
            move || serve(&listener, &is_ending)
        });
        Ok(Self { address, is_ending, thread: Some(thread) })
    }

    /// Returns the server's address, without a slash at the end.
    pub(super) fn address(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.is_ending.store(true, Ordering::SeqCst);
        // Wakes the thread, which waits for the next connection.
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn serve(listener: &TcpListener, is_ending: &AtomicBool) {
    thread::scope(|scope| {
        for stream in listener.incoming() {
            if is_ending.load(Ordering::SeqCst) {
                return;
            }
            if let Ok(stream) = stream {
                // A client that goes away early has what it wanted.
                scope.spawn(move || drop(answer(&stream)));
            }
        }
    });
}

fn answer(mut stream: &TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let path = read_request(&mut reader)?;
    let found = ANSWERS.iter().find(|(known, _)| *known == path).map(|(_, answer)| *answer);
    match found.unwrap_or(Answer::Json(404, "{}")) {
        Answer::Json(status, body) => {
            let length = body.len();
            write!(
                stream,
                "HTTP/1.1 {status} Status\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\
                 connection: close\r\n\r\n{body}"
            )?;
            stream.shutdown(Shutdown::Write)
        }
        Answer::Never => reader.read(&mut [0]).map(drop),
    }
}

/// Reads a whole request and returns its path.
fn read_request(reader: &mut impl BufRead) -> std::io::Result<String> {
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    std::io::copy(&mut reader.take(length), &mut std::io::sink())?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(server: &Server, path: &str) -> String {
        let mut stream = TcpStream::connect(server.address).unwrap();
        write!(stream, "POST {path} HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n{{}}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn answers_by_path() {
        let server = Server::start().unwrap();
        assert!(ask(&server, "/answer").ends_with(r#"{"output":"It takes five days."}"#));
        assert!(ask(&server, "/refused/chat/completions").starts_with("HTTP/1.1 401 "));
        assert!(ask(&server, "/nowhere").starts_with("HTTP/1.1 404 "));
    }
}
