//! Recordings that `gzip` made small.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

use flate2::read::MultiGzDecoder;

/// What a file of `gzip` begins with (RFC 1952, section 2.3.1).
const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Returns whether `gzip` wrote the file; it is at its beginning afterwards.
pub(super) fn is_compressed(file: &mut File) -> io::Result<bool> {
    let mut beginning = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.by_ref().take(2).read_to_end(&mut beginning)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(beginning == MAGIC)
}

/// Returns the content of a file of `gzip` as a file that goes when it is closed, so that a large recording needs no memory.
pub(super) fn unpacked(file: File) -> io::Result<File> {
    let mut content = tempfile::tempfile()?;
    io::copy(&mut MultiGzDecoder::new(BufReader::new(file)), &mut content)?;
    content.seek(SeekFrom::Start(0))?;
    Ok(content)
}
