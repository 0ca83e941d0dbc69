//! A suite with its dataset, before it is written.

mod draft;
mod toml_text;

pub(crate) use draft::{Column, Draft, MetricDraft, SubjectDraft};
