//! OTLP traces as interactions: decoding that loses one bad span and not the others, and the mapping of every generation of
//! attribute names onto one form.

mod batch;
mod telemetry;

pub(crate) use batch::{Batch, SpanChoice, Undecodable, read_json, read_protobuf};
