//! Which interactions become samples: a stateless decision by the hash of the trace id, the same in every replica.

mod draw;
mod policy;
mod segment;
#[cfg(test)]
mod tests;

pub(crate) use policy::SamplingPolicy;
