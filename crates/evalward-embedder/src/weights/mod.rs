//! The numbers of a model: the file that holds them and its header.

mod header;
mod tensors;

pub(crate) use tensors::Tensors;
