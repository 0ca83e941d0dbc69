//! Reading bodies: never more than the limits allow, as sent and after decompression.

use std::io::{self, Write};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use flate2::write::MultiGzDecoder;
use futures::StreamExt as _;

use super::ApiError;
use crate::state::Limits;

/// How long a sender may pause.
const NEXT_CHUNK_WITHIN: Duration = Duration::from_secs(10);

/// Returns the media type of a request in lower case, without parameters.
pub(super) fn media_type(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let media_type = text.split(';').next().unwrap_or_default().trim();
    Some(media_type.to_ascii_lowercase())
}

/// Makes the error for a content type that is not taken.
pub(super) fn unsupported(headers: &HeaderMap, accepted: &str) -> ApiError {
    let detail = match media_type(headers) {
        Some(sent) => format!("the content type `{sent}` is not taken; send {accepted}"),
        None => format!("the request has no content type; send {accepted}"),
    };
    ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail)
}

/// Reads a body and undoes its content encoding.
pub(super) async fn read(
    headers: &HeaderMap,
    body: Body,
    limits: Limits,
) -> Result<Vec<u8>, ApiError> {
    let mut sink = Sink::of(headers, limits)?;
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let announced: usize = announced.and_then(|text| text.parse().ok()).unwrap_or(0);
    if announced > limits.body_bytes {
        return Err(too_large("the body", limits.body_bytes));
    }
    let mut read = 0;
    let mut chunks = body.into_data_stream();
    loop {
        let chunk = tokio::time::timeout(NEXT_CHUNK_WITHIN, chunks.next()).await;
        let chunk = match chunk {
            Ok(None) => return sink.finish(limits),
            Ok(Some(Ok(chunk))) => chunk,
            Ok(Some(Err(_))) => {
                return Err(ApiError::new(StatusCode::BAD_REQUEST, "the body broke off"));
            }
            Err(_) => {
                let detail = "the body did not go on within 10 seconds";
                return Err(ApiError::new(StatusCode::REQUEST_TIMEOUT, detail));
            }
        };
        read += chunk.len();
        if read > limits.body_bytes {
            return Err(too_large("the body", limits.body_bytes));
        }
        sink.push(&chunk, limits)?;
    }
}

/// Where the bytes of a body go.
enum Sink {
    Plain(Bounded),
    Gzip(Box<MultiGzDecoder<Bounded>>),
}

impl Sink {
    fn of(headers: &HeaderMap, limits: Limits) -> Result<Self, ApiError> {
        let room = Bounded { bytes: Vec::new(), limit: limits.decompressed_bytes, is_full: false };
        let mut encodings = headers.get_all(header::CONTENT_ENCODING).iter();
        let encoding = encodings.next().map(|value| value.to_str().unwrap_or("?").trim());
        match encoding.map(str::to_ascii_lowercase).as_deref() {
            None | Some("" | "identity") if encodings.next().is_none() => Ok(Self::Plain(room)),
            Some("gzip" | "x-gzip") if encodings.next().is_none() => {
                Ok(Self::Gzip(Box::new(MultiGzDecoder::new(room))))
            }
            other => {
                let sent = other.unwrap_or("several");
                let detail =
                    format!("the content encoding `{sent}` is not taken; send `gzip` or none");
                Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail))
            }
        }
    }

    fn push(&mut self, chunk: &[u8], limits: Limits) -> Result<(), ApiError> {
        match self {
            Self::Plain(room) => {
                room.write_all(chunk).map_err(|_| too_large("the body", limits.decompressed_bytes))
            }
            Self::Gzip(decoder) => decoder
                .write_all(chunk)
                .map_err(|_| broken_or_full(decoder.get_ref().is_full, limits)),
        }
    }

    fn finish(self, limits: Limits) -> Result<Vec<u8>, ApiError> {
        match self {
            Self::Plain(room) => Ok(room.bytes),
            Self::Gzip(mut decoder) => {
                let finished = decoder.try_finish();
                let room = decoder.get_mut();
                match finished {
                    Ok(()) => Ok(std::mem::take(&mut room.bytes)),
                    Err(_) => Err(broken_or_full(room.is_full, limits)),
                }
            }
        }
    }
}

/// Takes bytes up to a limit, and fails at the first beyond it.
struct Bounded {
    bytes: Vec<u8>,
    limit: usize,
    is_full: bool,
}

impl Write for Bounded {
    fn write(&mut self, chunk: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + chunk.len() > self.limit {
            self.is_full = true;
            return Err(io::Error::other("the limit is reached"));
        }
        self.bytes.extend_from_slice(chunk);
        Ok(chunk.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn broken_or_full(is_full: bool, limits: Limits) -> ApiError {
    if is_full {
        too_large("the decompressed body", limits.decompressed_bytes)
    } else {
        ApiError::new(StatusCode::BAD_REQUEST, "the body is not whole gzip data")
    }
}

fn too_large(what: &str, limit: usize) -> ApiError {
    let detail = format!("{what} has more than {limit} bytes; send less at once");
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
}

/// Runs work that takes long for a large body where it holds up no other request.
pub(super) async fn blocking<T, F>(work: F) -> T
where
    T: Send + 'static,
    F: FnOnce() -> T + Send + 'static,
{
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        // Only a panic ends such a task, and it is answered where all panics are.
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
