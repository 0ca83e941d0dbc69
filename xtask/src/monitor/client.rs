//! A plain HTTP client that knows what a sender must know: whether the server may have seen the request.
//!
//! One connection, kept alive, blocking. It takes next to no time of its own, which matters where it measures.

use std::fmt;
use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// How long one step of a request may take.
const LIMIT: Duration = Duration::from_secs(20);

/// A client of one server.
#[derive(Debug)]
pub(crate) struct Client {
    address: SocketAddr,
    connection: Option<BufReader<TcpStream>>,
}

/// A response.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The status code.
    pub(crate) status: u16,
    /// The seconds of `Retry-After`, where it says so.
    pub(crate) retry_after_secs: Option<u64>,
    /// The body.
    pub(crate) body: Vec<u8>,
}

/// Why there is no response.
#[derive(Debug)]
pub(crate) enum SendError {
    /// No connection: the server has seen nothing.
    NotSent(io::Error),
    /// The connection broke: the server may have done what was asked, or not.
    Unknown(io::Error),
}

impl fmt::Display for SendError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSent(error) => write!(formatter, "no connection: {error}"),
            Self::Unknown(error) => write!(formatter, "the connection broke: {error}"),
        }
    }
}

impl std::error::Error for SendError {}

impl Answer {
    /// Tells whether the request was taken.
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Returns the body as JSON; `null` where it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Returns the body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Client {
    /// Makes a client; it connects with the first request.
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address, connection: None }
    }

    /// Asks for a page.
    pub(crate) fn get(&mut self, path: &str) -> Result<Answer, SendError> {
        self.send("GET", path, &[], &[])
    }

    /// Posts a body.
    pub(crate) fn post(
        &mut self,
        path: &str,
        content_type: &str,
        body: &[u8],
    ) -> Result<Answer, SendError> {
        self.send("POST", path, &[("content-type", content_type)], body)
    }

    /// Posts a body of JSON as part of a trace.
    pub(crate) fn post_traced(
        &mut self,
        path: &str,
        traceparent: &str,
        body: &Value,
    ) -> Result<Answer, SendError> {
        let headers = [("content-type", "application/json"), ("traceparent", traceparent)];
        self.send("POST", path, &headers, body.to_string().as_bytes())
    }

    fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Answer, SendError> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => connect(self.address).map_err(SendError::NotSent)?,
        };
        let (address, length) = (self.address, body.len());
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {address}\r\n");
        for (name, value) in headers {
            head.extend([name, ": ", value, "\r\n"]);
        }
        head.extend(["content-length: ", &length.to_string(), "\r\n\r\n"]);
        let mut exchange = || {
            let mut stream = connection.get_ref();
            stream.write_all(head.as_bytes())?;
            stream.write_all(body)?;
            read_answer(&mut connection)
        };
        let (answer, is_kept) = exchange().map_err(SendError::Unknown)?;
        if is_kept {
            self.connection = Some(connection);
        }
        Ok(answer)
    }
}

fn connect(address: SocketAddr) -> io::Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect_timeout(&address, LIMIT)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(LIMIT))?;
    stream.set_write_timeout(Some(LIMIT))?;
    Ok(BufReader::new(stream))
}

/// Reads a response, and tells whether the connection stays open.
fn read_answer(reader: &mut impl BufRead) -> io::Result<(Answer, bool)> {
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
    let status = status.ok_or_else(|| broken("the answer has no status"))?;
    let (mut length, mut retry_after_secs, mut is_kept) = (None, None, true);
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Err(broken("the answer ends within its head"));
        }
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().ok(),
            "retry-after" => retry_after_secs = value.parse().ok(),
            "connection" => is_kept = !value.eq_ignore_ascii_case("close"),
            _ => {}
        }
    }
    let length = length.ok_or_else(|| broken("the answer does not tell its length"))?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok((Answer { status, retry_after_secs, body }, is_kept))
}

fn broken(problem: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_with_what_follows_from_it() {
        let text = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 3\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}x";
        let (answer, is_kept) = read_answer(&mut text.as_bytes()).unwrap();
        assert_eq!((answer.status, answer.retry_after_secs, is_kept), (429, Some(3), false));
        assert_eq!(answer.text(), "{}");
    }

    #[test]
    fn half_an_answer_is_none() {
        for text in ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx"] {
            assert!(read_answer(&mut text.as_bytes()).is_err(), "{text}");
        }
    }
}
