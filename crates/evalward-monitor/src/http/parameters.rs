//! The parameters of a request's address, taken one by one, so that each mistake names its parameter.

use std::collections::BTreeMap;
use std::str::FromStr;

use axum::extract::{FromRequestParts, Query};
use axum::http::StatusCode;
use axum::http::request::Parts;

use super::ApiError;

/// The parameters that were not taken yet.
#[derive(Debug)]
pub(super) struct Parameters(BTreeMap<String, String>);

impl<S: Send + Sync> FromRequestParts<S> for Parameters {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let pairs = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri)
            .map_err(|error| ApiError::new(StatusCode::BAD_REQUEST, error.body_text()))?;
        let mut parameters = BTreeMap::new();
        for (name, value) in pairs.0 {
            if parameters.contains_key(&name) {
                let detail = format!("`{name}` is given twice");
                return Err(ApiError::invalid(name, detail));
            }
            parameters.insert(name, value);
        }
        Ok(Self(parameters))
    }
}

impl Parameters {
    /// Takes a parameter as it is.
    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    /// Takes a parameter that reads as a value; `expected` completes "write".
    pub(super) fn read<T: FromStr>(
        &mut self,
        name: &str,
        expected: &str,
    ) -> Result<Option<T>, ApiError> {
        let Some(text) = self.take(name) else { return Ok(None) };
        let parsed = text.parse();
        parsed.map(Some).map_err(|_| refused(name, &text, expected))
    }

    /// Takes a parameter that is the name of a choice.
    pub(super) fn choose<T: Copy>(
        &mut self,
        name: &str,
        choices: &[(&str, T)],
    ) -> Result<Option<T>, ApiError> {
        let Some(text) = self.take(name) else { return Ok(None) };
        if let Some((_, choice)) = choices.iter().find(|(choice, _)| *choice == text) {
            return Ok(Some(*choice));
        }
        let names: Vec<_> = choices.iter().map(|(choice, _)| format!("`{choice}`")).collect();
        Err(refused(name, &text, &names.join(" or ")))
    }

    /// Refuses what was not taken.
    pub(super) fn finish(self, known: &str) -> Result<(), ApiError> {
        let Some(name) = self.0.into_keys().next() else { return Ok(()) };
        let detail = format!("the parameter `{name}` is unknown; the parameters are {known}");
        Err(ApiError::invalid(name, detail))
    }
}

/// Makes the error for a value that cannot be read.
pub(super) fn refused(name: &str, value: &str, expected: &str) -> ApiError {
    ApiError::invalid(name, format!("`{name}` cannot be `{value}`; write {expected}"))
}
