//! Recordings that `gzip` made small.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;

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

/// Returns whether a recording is to be compressed, by its name.
pub(super) fn is_to_be_compressed(path: &Path) -> bool {
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case("gz"))
}

/// Returns the file beside a recording that has its lines until it is finished, since a compressed file cannot be continued line
/// by line.
pub(super) fn unfinished(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".unfinished");
    PathBuf::from(name)
}

/// Starts a compressed file; equal content gives equal bytes, since no time and no name is in it.
pub(super) fn packed(to: &Path) -> io::Result<GzEncoder<BufWriter<File>>> {
    Ok(GzEncoder::new(BufWriter::new(File::create(to)?), Compression::default()))
}
