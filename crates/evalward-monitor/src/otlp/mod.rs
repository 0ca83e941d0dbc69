//! OTLP traces as interactions: decoding that loses one bad span and not the others, and the mapping of every generation of
//! attribute names onto one form.
//!
//! What comes from where stands in `sources`, as data. The first source that says something wins, and its name becomes the
//! lineage of the field; what is not mapped stays in the interaction's attributes under its own name.

mod answer;
mod attributes;
mod batch;
mod documents;
mod draft;
mod events;
mod indexed;
mod json;
mod kind;
mod map;
mod messages;
mod protobuf;
mod question;
mod resource;
mod sources;
mod span;
mod telemetry;

#[cfg(test)]
mod tests;

pub(crate) use batch::SpanChoice;
pub(crate) use json::read_json;
pub(crate) use protobuf::read_protobuf;
