//! The header of a safetensors file: which tensor lies where.
//!
//! The format: eight bytes with the length of the header, little-endian; the header, a JSON object; the numbers of all tensors.
//! See <https://github.com/huggingface/safetensors#format>.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

/// What a file says of one tensor.
#[derive(Debug, Deserialize)]
pub(super) struct Entry {
    /// The type of its numbers.
    pub(super) dtype: String,
    /// Its dimensions.
    pub(super) shape: Vec<usize>,
    /// Its first byte after the header, and the one after its last.
    pub(super) data_offsets: (usize, usize),
}

/// Splits a file into the entries of its header and the bytes of its tensors.
///
/// # Errors
/// What is wrong with the file.
pub(super) fn split(file: &[u8]) -> Result<(BTreeMap<String, Entry>, &[u8]), String> {
    let (length, rest) = file.split_first_chunk::<8>().ok_or("it is shorter than eight bytes")?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok();
    let parts = length.and_then(|length| rest.split_at_checked(length));
    let (header, data) = parts
        .ok_or("its header is longer than the file; it is cut short or no safetensors file")?;
    let entries: BTreeMap<String, Value> = serde_json::from_slice(header)
        .map_err(|error| format!("its header is not a JSON object: {error}"))?;
    let entries = entries.into_iter().filter(|(name, _)| name != "__metadata__");
    let entries = entries.map(|(name, value)| match serde_json::from_value(value) {
        Ok(entry) => Ok((name, entry)),
        Err(error) => Err(format!("its header does not describe tensor `{name}`: {error}")),
    });
    Ok((entries.collect::<Result<_, String>>()?, data))
}
