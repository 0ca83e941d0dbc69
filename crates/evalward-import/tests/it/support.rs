//! What tests share.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use evalward_import::{Format, TranslateOptions, Translation, translate};

/// Returns the folder of a fixture.
pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/promptfoo").join(name)
}

/// Translates a file, which must succeed.
pub(crate) fn translated(path: &Path) -> Translation {
    translate(Format::Promptfoo, path, &TranslateOptions::default()).unwrap()
}

/// Writes a translation as a person would look at it: remarks, then files.
pub(crate) fn shown(translation: &Translation) -> String {
    let mut text = String::new();
    for remark in &translation.remarks {
        let kind = match remark.kind {
            evalward_import::RemarkKind::NotTranslated => "not translated",
            evalward_import::RemarkKind::Differs => "differs",
        };
        let times =
            if remark.times > 1 { format!(" ({} times)", remark.times) } else { String::new() };
        writeln!(text, "{kind}: {}: {}: {}{times}", remark.place, remark.name, remark.text)
            .unwrap();
    }
    for (path, content) in &translation.files {
        writeln!(text, "\n== {} ==\n{}", path.display(), content.trim_end_matches('\n')).unwrap();
    }
    text
}

/// Writes a translation into a folder of its own.
pub(crate) fn written(translation: &Translation) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let options = evalward_import::WriteOptions::default();
    evalward_import::write(translation, folder.path(), options).unwrap();
    folder
}
