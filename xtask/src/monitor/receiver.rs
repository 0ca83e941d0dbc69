//! A webhook: takes what the monitor delivers and keeps it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;

/// How long a sender may take.
const LIMIT: Duration = Duration::from_secs(5);

/// A webhook on a free port; it ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Receiver {
    address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    bodies: Mutex<Vec<Value>>,
    is_ending: AtomicBool,
}

impl Receiver {
    /// Starts to listen.
    pub(crate) fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").context("failed to open a port")?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::default());
        let thread = thread::spawn({
            let shared = Arc::clone(&shared);
            move || listen(&listener, &shared)
        });
        Ok(Self { address, shared, thread: Some(thread) })
    }

    /// Returns the webhook's address.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/alerts", self.address)
    }

    /// Returns what came so far, the earliest first.
    pub(crate) fn received(&self) -> Vec<Value> {
        self.shared.bodies.lock().expect("nobody panics while it writes").clone()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.shared.is_ending.store(true, Ordering::SeqCst);
        // Wakes the thread, which waits for the next connection.
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn listen(listener: &TcpListener, shared: &Shared) {
    for stream in listener.incoming() {
        if shared.is_ending.load(Ordering::SeqCst) {
            return;
        }
        // A sender that goes away early sends again.
        if let Ok(stream) = stream {
            drop(take(&stream, shared));
        }
    }
}

/// Takes one request; answers only once it is kept.
fn take(mut stream: &TcpStream, shared: &Shared) -> std::io::Result<()> {
    stream.set_read_timeout(Some(LIMIT))?;
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim_end().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let value = serde_json::from_slice(&body)?;
    shared.bodies.lock().expect("nobody panics while it writes").push(value);
    stream.write_all(b"HTTP/1.1 204 No Content\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::monitor::Client;

    #[test]
    fn what_is_sent_is_kept() {
        let receiver = Receiver::start().unwrap();
        let mut client = Client::new(receiver.address);
        assert_eq!(
            client.post("/alerts", "application/json", b"{\"delivery\": 1}").unwrap().status,
            204
        );
        assert_eq!(receiver.received(), [json!({"delivery": 1})]);
    }
}
