//! Why an attempt failed, and whether another is worth it.

use std::time::Duration;

use evalward_core::{CallError, CallErrorKind, Timestamp};
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, LOCATION, RETRY_AFTER};
use serde_json::Value;

use super::limits::Sign;
use super::retry_after::retry_after;
use crate::excerpt::excerpt;

/// One failed attempt.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) kind: CallErrorKind,
    pub(super) message: String,
    pub(super) hint: Option<String>,
    pub(super) retry: Retry,
    /// What it says of the host.
    pub(super) sign: Sign,
}

/// Whether another attempt is worth it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Retry {
    /// It would fail alike.
    Never,
    /// One more at most: nobody answered, and a run must not wait long for a dead endpoint.
    Once,
    /// As often as the settings allow.
    Paced,
    /// No sooner than the server said.
    After(Duration),
}

impl Failure {
    fn new(kind: CallErrorKind, message: String, retry: Retry, sign: Sign) -> Self {
        Self { kind, message, hint: None, retry, sign }
    }

    /// Makes the failure of a call that was not sent, because its host was given up.
    pub(super) fn from_outage(reason: String) -> Self {
        let mut failure = Self::new(CallErrorKind::Unreachable, reason, Retry::Never, Sign::Unsent);
        failure.hint = Some("check that the server runs".to_owned());
        failure
    }

    /// Reads the error of a request that got no whole answer.
    pub(super) fn from_request(error: reqwest::Error) -> Self {
        let error = error.without_url();
        let cause = innermost(&error);
        if error.is_connect() {
            let cause = if error.is_timeout() { "the connection timed out".into() } else { cause };
            let mut failure = Self::new(
                CallErrorKind::Unreachable,
                format!("cannot be reached: {cause}"),
                Retry::Once,
                Sign::Nobody,
            );
            failure.hint = Some("check the address, and that the server runs".to_owned());
            return failure;
        }
        if error.is_timeout() {
            let message = "gave no answer in time".to_owned();
            return Self::new(CallErrorKind::TimedOut, message, Retry::Paced, Sign::Unwell);
        }
        if error.is_builder() {
            let message = format!("cannot be asked: {cause}");
            return Self::new(CallErrorKind::Refused, message, Retry::Never, Sign::Unsent);
        }
        let message = format!("broke the connection: {cause}");
        Self::new(CallErrorKind::Failed, message, Retry::Paced, Sign::Unwell)
    }

    /// Makes the failure of an answer that is larger than allowed.
    pub(super) fn too_large(max_bytes: usize) -> Self {
        let message = format!("answered with more than {max_bytes} bytes");
        Self::new(CallErrorKind::Malformed, message, Retry::Never, Sign::Refused)
    }

    /// Reads an answer whose status is no success.
    pub(super) fn from_status(
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
        credential: &str,
        now: Timestamp,
    ) -> Self {
        let text = String::from_utf8_lossy(body);
        let said = ServerError::read(&text);
        let pause = headers
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| retry_after(value, now));
        let (kind, transient) = classify(status, said.code.as_deref());
        let retry = match (transient, pause) {
            (false, _) => Retry::Never,
            (true, None) => Retry::Paced,
            (true, Some(pause)) => Retry::After(pause),
        };
        let separator = if said.message.is_empty() { "" } else { ": " };
        Self {
            kind,
            message: format!("answered {status}{separator}{}", said.message),
            hint: hint(status, said.code.as_deref(), headers, credential),
            retry,
            sign: sign(status, transient),
        }
    }

    /// Makes the error that the caller sees.
    pub(super) fn into_error(self, place: &str, attempts: u32) -> CallError {
        let tries = if attempts > 1 { format!(" ({attempts} attempts)") } else { String::new() };
        let hint = self.hint.map(|hint| format!("; {hint}")).unwrap_or_default();
        let message = format!("`{place}` {}{tries}{hint}", self.message);
        CallError { kind: self.kind, message, attempts }
    }
}

/// Returns the kind of failure that a status means, and whether the server may answer later.
fn classify(status: StatusCode, code: Option<&str>) -> (CallErrorKind, bool) {
    match (status.as_u16(), code) {
        (429, Some("insufficient_quota")) => (CallErrorKind::Refused, false),
        (429 | 529, _) => (CallErrorKind::RateLimited, true),
        (408, _) => (CallErrorKind::TimedOut, true),
        (409 | 500 | 502 | 503 | 504, _) => (CallErrorKind::Failed, true),
        // Not a fault of the settings: this one request is too long or was filtered, the next may well be answered.
        (413, _) | (400, Some("context_length_exceeded" | "content_filter")) => {
            (CallErrorKind::Failed, false)
        }
        (400 | 422, _) => (CallErrorKind::BadRequest, false),
        (300..=499, _) => (CallErrorKind::Refused, false),
        _ => (CallErrorKind::Failed, false),
    }
}

/// Returns what an error status says of the host.
fn sign(status: StatusCode, transient: bool) -> Sign {
    match status.as_u16() {
        429 | 529 if transient => Sign::Busy,
        408 | 500..=504 if transient => Sign::Unwell,
        _ => Sign::Refused,
    }
}

fn hint(
    status: StatusCode,
    code: Option<&str>,
    headers: &HeaderMap,
    credential: &str,
) -> Option<String> {
    let location = || headers.get(LOCATION)?.to_str().ok()?.split(['?', '#']).next();
    match status.as_u16() {
        300..=399 => location().map(|to| {
            format!("redirects are not followed; if you trust it, use `{to}` as the address")
        }),
        400 | 422 => Some("check the model's parameters".to_owned()),
        401 => Some(format!("check {credential}")),
        403 => Some(format!("check what {credential} is allowed to do")),
        404 => Some("check the model's name and the address's path".to_owned()),
        429 if code == Some("insufficient_quota") => Some("the account's quota is used up".into()),
        429 => Some("lower the concurrency, or ask the provider for a higher limit".to_owned()),
        _ => None,
    }
}

/// What a server said about its error.
struct ServerError {
    message: String,
    code: Option<String>,
}

impl ServerError {
    /// Reads the forms of `OpenAI`, Anthropic, Ollama, `FastAPI` and RFC 9457; else the start of the text.
    fn read(text: &str) -> Self {
        let body: Value = serde_json::from_str(text).unwrap_or_default();
        let error = &body["error"];
        let message = [&error["message"], error, &body["message"], &body["detail"], &body["title"]]
            .into_iter()
            .find_map(Value::as_str)
            .unwrap_or(text);
        let code = [&error["code"], &error["type"]].into_iter().find_map(Value::as_str);
        Self { message: excerpt(message), code: code.map(str::to_owned) }
    }
}

/// Returns the text of the innermost cause, which is the one that tells people something.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
