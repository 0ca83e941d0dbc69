//! The HTTP face: routes by area, one shape of errors, limits on the router.

mod auth;
mod problem;

pub(crate) use auth::{Auth, Caller, Ingests, Reads, Reviews};
pub(crate) use problem::ApiError;

use axum::Router;

use crate::state::AppState;

/// Returns all routes with their limits.
pub(crate) fn router(state: AppState) -> Router {
    Router::new().with_state(state)
}
