//! The HTTP face over real connections to a real store.

mod access;
mod decoders;
mod limits;
mod native;
mod server;
mod spans;
