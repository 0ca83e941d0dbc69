//! Several files under one range of positions, so that a merged configuration still knows where each value came from.

use std::ops::Range;
use std::path::{Component, Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::ConfigError;
use crate::veil::veiled;

/// The files that make up one configuration.
///
/// Each file is parsed with as many spaces before it as all files before it have bytes. A span of the merged configuration
/// therefore names a file and a place in it.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    files: Vec<SourceFile>,
}

#[derive(Debug)]
struct SourceFile {
    name: String,
    folder: PathBuf,
    text: String,
    start: usize,
}

impl Sources {
    /// Adds a file and returns the text to parse.
    pub(crate) fn add(&mut self, name: &str, folder: &Path, text: String) -> String {
        // One byte between files, so that the end of one is not the start of the next.
        let start = self.files.last().map_or(0, |last| last.start + last.text.len() + 1);
        let padded = format!("{}{text}", " ".repeat(start));
        self.files.push(SourceFile {
            name: name.to_owned(),
            folder: folder.to_owned(),
            text,
            start,
        });
        padded
    }

    fn file_of(&self, position: usize) -> Option<&SourceFile> {
        self.files.iter().rev().find(|file| file.start <= position)
    }

    /// Returns the place of the value that a path of keys names, in the last file that has it; nothing where a variant may have
    /// put another in its place.
    pub(crate) fn place_of(&self, path: &[&str]) -> Option<Range<usize>> {
        let mut tables = Vec::new();
        for file in &self.files {
            tables.push((file.start, DeTable::parse(&file.text).ok()?.into_inner()));
        }
        let varies = |table: &DeTable<'_>| {
            let variants = table.get("variants").and_then(|it| it.get_ref().as_table());
            variants.into_iter().flat_map(DeTable::iter).any(|(_, variant)| {
                variant.get_ref().as_table().is_some_and(|it| value_at(it, path).is_some())
            })
        };
        if tables.iter().any(|(_, table)| varies(table)) {
            return None;
        }
        tables.iter().rev().find_map(|(start, table)| {
            let span = value_at(table, path)?.span();
            Some(start + span.start..start + span.end)
        })
    }

    /// Returns the folder that a path written at this place is relative to.
    pub(crate) fn folder_of(&self, span: &Range<usize>) -> PathBuf {
        self.file_of(span.start).map(|file| file.folder.clone()).unwrap_or_default()
    }

    /// Writes where a span starts, as `file:line:column`.
    pub(crate) fn place(&self, span: &Range<usize>) -> String {
        let Some(file) = self.file_of(span.start) else { return String::new() };
        let before = file.text.get(..span.start.saturating_sub(file.start)).unwrap_or(&file.text);
        let (line, rest) = before.bytes().enumerate().fold((1_usize, 0), |found, (at, byte)| {
            if byte == b'\n' { (found.0 + 1, at + 1) } else { found }
        });
        let column = before.get(rest..).map_or(0, |text| text.chars().count()) + 1;
        format!("{}:{line}:{column}", file.name)
    }

    /// Makes an error that points at a span.
    pub(crate) fn error(
        &self,
        message: impl Into<String>,
        span: &Range<usize>,
        label: impl Into<String>,
    ) -> ConfigError {
        let error = ConfigError::new(message);
        let Some(file) = self.file_of(span.start) else { return error };
        let clamp = |position: usize| position.saturating_sub(file.start).min(file.text.len());
        // A span over a whole table would underline pages; its first line says where.
        let (start, end) = (clamp(span.start), clamp(span.end));
        let first_line = file
            .text
            .get(start..end)
            .and_then(|text| text.find('\n'))
            .map_or(end, |length| start + length);
        error.at(&file.name, &veiled(&file.text), start..first_line, label)
    }
}

fn value_at<'a, 'text>(
    table: &'a DeTable<'text>,
    path: &[&str],
) -> Option<&'a Spanned<DeValue<'text>>> {
    let (last, tables) = path.split_last()?;
    let mut table = table;
    for key in tables {
        table = table.get(*key)?.get_ref().as_table()?;
    }
    table.get(*last)
}

/// Returns the path without its `..` and `.`, where that names the same file; `a/../b` reads badly in a message.
pub(crate) fn simplified(path: &Path) -> PathBuf {
    let mut simple = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if simple.file_name().is_some() => {
                simple.pop();
            }
            other => simple.push(other),
        }
    }
    if simple.as_os_str().is_empty() {
        simple.push(".");
    }
    let same = |a: &Path, b: &Path| Some(a.canonicalize().ok()? == b.canonicalize().ok()?);
    if same(path, &simple) == Some(true) { simple } else { path.to_owned() }
}
