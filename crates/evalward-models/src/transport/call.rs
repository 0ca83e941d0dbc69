//! What is sent, and what comes back.

use std::fmt;
use std::str::FromStr;

use reqwest::Method;
use serde_json::Value;

use crate::headers::blank_one;
use crate::{Address, Headers};

/// A request, without what the transport adds.
#[derive(Clone, Copy, Debug)]
pub struct HttpCall<'a> {
    /// The method.
    pub method: HttpMethod,
    /// Where it goes.
    pub address: &'a Address,
    /// The headers; `content-type` is set by itself where there is a body.
    pub headers: &'a Headers,
    /// The body, sent as JSON.
    pub body: Option<&'a Value>,
    /// What people must check when the server refuses the credentials, such as "`api_key`".
    pub credential: &'a str,
}

impl HttpCall<'_> {
    /// Replaces every secret of the call that occurs in a text: values of headers, the address's password and query.
    pub fn blank(&self, text: &str) -> String {
        let mut blanked = self.headers.blank(text);
        for secret in self.address.secrets() {
            blank_one(&mut blanked, &secret);
        }
        blanked
    }
}

/// A successful answer.
#[derive(Clone, Debug)]
pub struct HttpAnswer {
    /// The body.
    pub body: Vec<u8>,
    /// Whether the server says that the body is JSON.
    pub is_json: bool,
    /// The wall time of the successful attempt in milliseconds; of two requests beside each other, since the first one was sent.
    pub latency_millis: u64,
    /// The number of requests that were sent, the successful one included.
    pub attempts: u32,
}

/// The method of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HttpMethod {
    /// `GET`.
    Get,
    /// `POST`.
    #[default]
    Post,
    /// `PUT`.
    Put,
    /// `PATCH`.
    Patch,
}

/// The error for a text that names no method.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not one of GET, POST, PUT, PATCH")]
pub struct ParseMethodError(String);

impl HttpMethod {
    /// Returns the name, in capitals.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
        }
    }
}

impl fmt::Display for HttpMethod {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for HttpMethod {
    type Err = ParseMethodError;

    fn from_str(text: &str) -> Result<Self, ParseMethodError> {
        [Self::Get, Self::Post, Self::Put, Self::Patch]
            .into_iter()
            .find(|method| text.eq_ignore_ascii_case(method.name()))
            .ok_or_else(|| ParseMethodError(text.to_owned()))
    }
}

impl From<HttpMethod> for Method {
    fn from(method: HttpMethod) -> Self {
        match method {
            HttpMethod::Get => Self::GET,
            HttpMethod::Post => Self::POST,
            HttpMethod::Put => Self::PUT,
            HttpMethod::Patch => Self::PATCH,
        }
    }
}
