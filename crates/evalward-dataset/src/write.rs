//! Writing files so that a crash leaves the old content or the new, never half.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::DatasetError;

/// A new content for a file, which takes effect on [`Self::commit`]; dropped before, it leaves no trace.
#[derive(Debug)]
pub(crate) struct Replacement {
    path: PathBuf,
    file: BufWriter<NamedTempFile>,
}

impl Replacement {
    pub(crate) fn of(path: &Path) -> Result<Self, DatasetError> {
        let folder = folder_of(path);
        let mut builder = tempfile::Builder::new();
        make_as_readable_as_any(&mut builder);
        let file = builder
            .prefix(".evalward-")
            .suffix(".tmp")
            .tempfile_in(folder)
            .map_err(DatasetError::io("create a file in", folder))?;
        Ok(Self { path: path.to_owned(), file: BufWriter::with_capacity(64 * 1024, file) })
    }

    pub(crate) fn write_line(&mut self, line: &str) -> Result<(), DatasetError> {
        self.write(|file| {
            file.write_all(line.as_bytes())?;
            file.write_all(b"\n")
        })
    }

    pub(crate) fn write(
        &mut self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), DatasetError> {
        write(&mut self.file).map_err(DatasetError::io("write", &self.path))
    }

    pub(crate) fn writer(&mut self) -> &mut dyn Write {
        &mut self.file
    }

    /// Makes the new content durable and puts it in the file's place.
    pub(crate) fn commit(self) -> Result<(), DatasetError> {
        let failed = || DatasetError::io("write", &self.path);
        let file =
            self.file.into_inner().map_err(io::IntoInnerError::into_error).map_err(failed())?;
        if let Ok(old) = fs::metadata(&self.path) {
            file.as_file().set_permissions(old.permissions()).map_err(failed())?;
        }
        file.as_file().sync_all().map_err(failed())?;
        file.persist(&self.path).map_err(|error| failed()(error.error))?;
        sync_folder(folder_of(&self.path)).map_err(failed())
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

/// Temporary files are private by default; a file of a dataset is as readable as any other new file, which the umask decides.
#[cfg(unix)]
fn make_as_readable_as_any(builder: &mut tempfile::Builder<'_, '_>) {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(fs::Permissions::from_mode(0o666));
}

#[cfg(not(unix))]
fn make_as_readable_as_any(_: &mut tempfile::Builder<'_, '_>) {}

/// Makes a rename in the folder durable.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Appends a text that ends with a line end by one write, starting on a line of its own, and waits until it is on disk.
pub(crate) fn append_lines(path: &Path, text: &str) -> Result<(), DatasetError> {
    let failed = || DatasetError::io("append to", path);
    let old = match File::open(path) {
        Ok(mut file) => last_byte(&mut file).map_err(failed())?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(failed()(error)),
    };
    let mut file = File::options().append(true).create(true).open(path).map_err(failed())?;
    let separator = if old.is_none_or(|byte| byte == b'\n') { "" } else { "\n" };
    file.write_all(format!("{separator}{text}").as_bytes()).map_err(failed())?;
    file.sync_all().map_err(failed())
}

fn last_byte(file: &mut File) -> io::Result<Option<u8>> {
    use std::io::{Read, Seek, SeekFrom};
    if file.metadata()?.len() == 0 {
        return Ok(None);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut byte = [0];
    file.read_exact(&mut byte)?;
    Ok(Some(byte[0]))
}
