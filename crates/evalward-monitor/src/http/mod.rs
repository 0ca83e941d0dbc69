//! The HTTP face: routes by area, one shape of errors, limits on the router.

mod alerts;
mod auth;
mod body;
mod candidates;
mod feedback;
mod fields;
mod guard;
mod health;
mod interaction;
mod interactions;
mod item;
mod parameters;
mod patterns;
mod problem;
mod queue;
mod router;
mod status;
mod telemetry;
mod traces;
mod windows;

#[cfg(test)]
mod tests;

pub(crate) use auth::{Auth, Ingests, Reads, Reviews};
pub(crate) use problem::ApiError;
pub(crate) use router::router;
