//! The HTTP face: routes by area, one shape of errors, limits on the router.

mod auth;
mod body;
mod feedback;
mod fields;
mod guard;
mod health;
mod interactions;
mod item;
mod problem;
mod router;
mod status;
mod telemetry;
mod traces;

#[cfg(test)]
mod tests;

pub(crate) use auth::{Auth, Caller, Ingests, Reads, Reviews};
pub(crate) use problem::ApiError;
pub(crate) use router::router;
