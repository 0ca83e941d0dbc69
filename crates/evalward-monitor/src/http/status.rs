//! Errors as OTLP asks for them: a `google.rpc.Status` in the encoding of the request.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use prost::Message as _;

/// The two encodings of OTLP over HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Binary protobuf.
    Protobuf,
    /// Protobuf as JSON.
    Json,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Status {
    #[prost(int32, tag = "1")]
    code: i32,
    #[prost(string, tag = "2")]
    message: String,
}

impl Encoding {
    /// Returns the encoding that an answer on an OTLP path has; `None` on other paths.
    ///
    /// A request in neither encoding is answered in JSON, which people can read.
    pub(super) fn of_request(path: &str, headers: &HeaderMap) -> Option<Self> {
        path.starts_with("/v1/").then(|| Self::of_content(headers).unwrap_or(Self::Json))
    }

    /// Returns the encoding that the content type names.
    pub(super) fn of_content(headers: &HeaderMap) -> Option<Self> {
        match super::body::media_type(headers).as_deref() {
            Some("application/x-protobuf") => Some(Self::Protobuf),
            Some("application/json") => Some(Self::Json),
            _ => None,
        }
    }

    /// Returns the content type.
    pub(super) const fn content_type(self) -> HeaderValue {
        match self {
            Self::Protobuf => HeaderValue::from_static("application/x-protobuf"),
            Self::Json => HeaderValue::from_static("application/json"),
        }
    }

    /// Says the same error in this encoding.
    pub(super) fn restate(self, response: Response, detail: &str) -> Response {
        let (mut parts, _) = response.into_parts();
        if parts.status == StatusCode::REQUEST_TIMEOUT {
            // Senders of OTLP drop what is refused with it, and send again after this one.
            parts.status = StatusCode::SERVICE_UNAVAILABLE;
            parts.headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        let status = Status { code: code(parts.status), message: detail.to_owned() };
        let body = match self {
            Self::Protobuf => status.encode_to_vec(),
            Self::Json => serde_json::json!({"code": status.code, "message": status.message})
                .to_string()
                .into_bytes(),
        };
        parts.headers.insert(header::CONTENT_TYPE, self.content_type());
        parts.headers.remove(header::CONTENT_LENGTH);
        Response::from_parts(parts, Body::from(body))
    }
}

/// Returns the code of `google.rpc.Code` that stands for a status.
fn code(status: StatusCode) -> i32 {
    match status.as_u16() {
        401 => 16,
        403 => 7,
        404 => 5,
        405 => 12,
        429 => 8,
        503 => 14,
        500..=599 => 13,
        _ => 3,
    }
}
