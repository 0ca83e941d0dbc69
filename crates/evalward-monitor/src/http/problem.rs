//! Errors as callers see them: problem documents (RFC 9457), which OTLP routes turn into their protocol's own form.

use std::error::Error;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use evalward_store::StoreError;
use serde::Serialize;
use serde_json::Value;

use crate::intake::IntakeError;

/// An error of a request. What is the caller's to mend says how; what is ours says nothing but that, and is logged.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    problem: Box<Problem>,
    retry_after_secs: Option<u32>,
}

/// What a response says of an error, for those around the handler who count it or give it another form.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    /// The sentence about it.
    pub(super) detail: String,
}

#[derive(Debug, Serialize)]
struct Problem {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    detail: String,
    /// The field that is wrong, as a JSON pointer or a parameter's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// What is wrong with each item of a batch.
    #[serde(skip_serializing_if = "Option::is_none")]
    rejected: Option<Value>,
}

impl ApiError {
    /// Makes an error with a status and a sentence about it.
    pub(crate) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        let problem = Problem {
            r#type: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: detail.into(),
            field: None,
            rejected: None,
        };
        Self { status, problem: Box::new(problem), retry_after_secs: None }
    }

    /// Makes the error for a field that cannot be accepted (422).
    pub(crate) fn invalid(field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail).with_field(field)
    }

    /// Names the field that is wrong.
    #[must_use]
    pub(crate) fn with_field(mut self, field: impl Into<String>) -> Self {
        self.problem.field = Some(field.into());
        self
    }

    /// Adds what is wrong with each item.
    #[must_use]
    pub(crate) fn with_rejected(mut self, rejected: Value) -> Self {
        self.problem.rejected = Some(rejected);
        self
    }

    /// Says when to come back.
    #[must_use]
    pub(crate) const fn with_retry_after(mut self, secs: u32) -> Self {
        self.retry_after_secs = Some(secs);
        self
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound { what, id } => {
                Self::new(StatusCode::NOT_FOUND, format!("there is no {what} `{id}`"))
            }
            StoreError::Conflict { problem, .. } => Self::new(StatusCode::CONFLICT, problem),
            StoreError::Busy => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "too many requests wait to be stored")
                    .with_retry_after(1)
            }
            other => {
                let error: &dyn Error = &other;
                tracing::error!(error, "a request failed in the store");
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "the store does not answer; try again")
                    .with_retry_after(5)
            }
        }
    }
}

impl From<IntakeError> for ApiError {
    fn from(error: IntakeError) -> Self {
        match error {
            IntakeError::BacklogFull { .. } => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, error.to_string()).with_retry_after(10)
            }
            IntakeError::Store(error) => error.into(),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = serde_json::to_string(&self.problem).unwrap_or_default();
        let mut response =
            (self.status, [(header::CONTENT_TYPE, "application/problem+json")], body)
                .into_response();
        if let Some(secs) = self.retry_after_secs {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(secs));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
        }
        response.extensions_mut().insert(Refusal { detail: self.problem.detail });
        response
    }
}
