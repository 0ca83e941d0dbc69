//! Who may call: API keys with scopes, or everybody on the loopback address.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::ApiError;
use crate::state::AppState;

/// Whether keys are asked for.
#[derive(Debug)]
pub(crate) enum Auth {
    /// Each request needs a key: `Authorization: Bearer KEY` or `X-Api-Key: KEY`.
    Keys,
    /// No request needs one; everything is of the project `default`.
    Off,
}

/// Who calls.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// The project of the key.
    pub(crate) project: String,
    /// What people call the key.
    pub(crate) name: String,
}

/// A caller who may send interactions and feedback.
#[derive(Clone, Debug)]
pub(crate) struct Ingests(pub(crate) Caller);

/// A caller who may read.
#[derive(Clone, Debug)]
pub(crate) struct Reads(pub(crate) Caller);

/// A caller who may review.
#[derive(Clone, Debug)]
pub(crate) struct Reviews(pub(crate) Caller);

macro_rules! extract {
    ($name:ident) => {
        impl FromRequestParts<AppState> for $name {
            type Rejection = ApiError;

            async fn from_request_parts(
                parts: &mut Parts,
                state: &AppState,
            ) -> Result<Self, ApiError> {
                let _ = (parts, state);
                todo!()
            }
        }
    };
}

extract!(Ingests);
extract!(Reads);
extract!(Reviews);
