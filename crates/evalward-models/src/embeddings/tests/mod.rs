//! The layers around an embedding model, and the client of a server.

mod batches;
mod layers;
mod server;
mod support;
