//! The SHA-256 of a file.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::EmbedderError;

/// The size and the hash of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fingerprint {
    pub(super) bytes: u64,
    pub(super) sha256: String,
}

/// Reads a file and returns its size and its SHA-256.
pub(super) fn fingerprint(path: &Path) -> Result<Fingerprint, EmbedderError> {
    let failed = |source| EmbedderError::File { action: "read", path: path.to_owned(), source };
    let mut file = File::open(path).map_err(failed)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut bytes = 0;
    loop {
        let count = file.read(&mut buffer).map_err(failed)?;
        let Some(part) = buffer.get(..count).filter(|part| !part.is_empty()) else { break };
        hasher.update(part);
        bytes += u64::try_from(count).unwrap_or(u64::MAX);
    }
    let mut sha256 = String::new();
    for byte in hasher.finalize() {
        write!(sha256, "{byte:02x}").expect("a string takes whatever is written");
    }
    Ok(Fingerprint { bytes, sha256 })
}

/// Checks that a file has a hash.
pub(super) fn check(path: &Path, expected: &str) -> Result<Fingerprint, EmbedderError> {
    let found = fingerprint(path)?;
    if found.sha256 == expected {
        return Ok(found);
    }
    Err(EmbedderError::WrongHash {
        path: path.to_owned(),
        expected: expected.to_owned(),
        found: found.sha256,
    })
}
