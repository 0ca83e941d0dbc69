//! The files of a configuration: read once, with references and `file://` followed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::node::{Entry, Node, NodeValue, SyntaxError, parse_json, parse_yaml};
use crate::{ImportError, Place};

/// How deep references may lead.
const DEPTH: usize = 32;

/// What begins the name of a file in place of a value.
const FILE: &str = "file://";

/// A file of a configuration.
#[derive(Clone, Debug)]
pub(super) struct SourceFile {
    /// The path.
    pub(super) path: PathBuf,
    /// The path as messages show it.
    pub(super) shown: Arc<str>,
}

impl SourceFile {
    /// Makes the first file; messages show it by its name.
    pub(super) fn first(path: &Path) -> Self {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Self { path: path.to_owned(), shown: name.unwrap_or_default().into() }
    }

    /// Returns a file that this one names, relative to a folder.
    pub(super) fn beside(root: &Path, name: &str) -> Self {
        let name = name.strip_prefix("./").unwrap_or(name);
        Self { path: root.join(name), shown: name.into() }
    }

    pub(super) fn read(&self) -> Result<String, ImportError> {
        let text = fs::read_to_string(&self.path)
            .map_err(crate::translation::failed("read", &self.path))?;
        Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
    }

    /// Reads the file as a tree, by its extension.
    pub(super) fn parse(&self) -> Result<Node, ImportError> {
        let text = self.read()?;
        let is_json = self.has_extension(&["json"]);
        let parsed =
            if is_json { parse_json(&text, &self.shown) } else { parse_yaml(&text, &self.shown) };
        parsed.map_err(|SyntaxError { line, column, reason }| ImportError::Syntax {
            place: Place::new(&self.shown, line),
            column,
            reason,
        })
    }

    pub(super) fn has_extension(&self, extensions: &[&str]) -> bool {
        has_extension(&self.path, extensions)
    }
}

pub(super) fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    extensions.iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// Returns the path in a text such as `file://prompt.txt`.
pub(super) fn file_name_in(text: &str) -> Option<&str> {
    text.strip_prefix(FILE)
}

/// Returns the files that a name or a pattern with `*` and `?` stands for, in the order of their names.
pub(super) fn matching(
    root: &Path,
    name: &str,
    place: &Place,
) -> Result<Vec<SourceFile>, ImportError> {
    let missing = || ImportError::Missing { place: place.clone(), target: name.to_owned() };
    if !name.contains(['*', '?', '[', '{']) {
        let file = SourceFile::beside(root, name);
        return if file.path.is_file() { Ok(vec![file]) } else { Err(missing()) };
    }
    let mut found = vec![String::new()];
    for part in name.split('/').filter(|part| *part != ".") {
        let mut next = Vec::new();
        for folder in &found {
            expand(root, folder, part, &mut next)
                .map_err(crate::translation::failed("read", &root.join(folder)))?;
        }
        found = next;
    }
    let mut files: Vec<_> = found
        .iter()
        .map(|name| SourceFile::beside(root, name))
        .filter(|file| file.path.is_file())
        .collect();
    files.sort_by(|a, b| a.shown.cmp(&b.shown));
    if files.is_empty() { Err(missing()) } else { Ok(files) }
}

fn expand(root: &Path, folder: &str, part: &str, found: &mut Vec<String>) -> io::Result<()> {
    let join =
        |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    if !part.contains(['*', '?']) {
        found.push(join(part));
        return Ok(());
    }
    if part == "**" {
        found.push(folder.to_owned());
    }
    let Ok(entries) = fs::read_dir(root.join(folder)) else { return Ok(()) };
    for entry in entries {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if name.starts_with('.') {
            continue;
        }
        if part == "**" {
            if entry.file_type()?.is_dir() {
                expand(root, &join(&name), part, found)?;
            }
        } else if fits(&name, part) {
            found.push(join(&name));
        }
    }
    Ok(())
}

/// Returns whether a name fits a pattern with `*` and `?`.
fn fits(name: &str, pattern: &str) -> bool {
    let (name, pattern): (Vec<char>, Vec<char>) =
        (name.chars().collect(), pattern.chars().collect());
    let (mut at, mut in_pattern, mut star) = (0, 0, None);
    while let Some(letter) = name.get(at) {
        match pattern.get(in_pattern) {
            Some('*') => {
                star = Some((in_pattern, at));
                in_pattern += 1;
            }
            Some(wanted) if *wanted == '?' || wanted == letter => {
                at += 1;
                in_pattern += 1;
            }
            _ => match star {
                Some((place, from)) => {
                    star = Some((place, from + 1));
                    (at, in_pattern) = (from + 1, place + 1);
                }
                None => return false,
            },
        }
    }
    pattern.get(in_pattern..).unwrap_or_default().iter().all(|letter| *letter == '*')
}

/// Follows each `$ref` of a tree; the first keys that were led to are added to `used`.
pub(super) fn follow_references(
    node: &Node,
    document: &Node,
    root: &Path,
    used: &mut Vec<String>,
) -> Result<Node, ImportError> {
    follow(node, &Frame { document, root, depth: 0, trail: &[] }, used)
}

struct Frame<'a> {
    document: &'a Node,
    root: &'a Path,
    depth: usize,
    trail: &'a [String],
}

fn follow(node: &Node, frame: &Frame<'_>, used: &mut Vec<String>) -> Result<Node, ImportError> {
    let value = match &node.value {
        NodeValue::List(items) => NodeValue::List(
            items.iter().map(|item| follow(item, frame, used)).collect::<Result<_, _>>()?,
        ),
        NodeValue::Map(entries) => {
            if let Some(reference) = node.get("$ref").and_then(Node::text) {
                return follow_one(node, reference, frame, used);
            }
            let mut followed = Vec::with_capacity(entries.len());
            for entry in entries {
                // The schemas of tools have references of their own.
                let is_schema =
                    matches!(entry.key.as_str(), "parameters" | "$defs" | "definitions");
                let value = if is_schema {
                    entry.value.clone()
                } else {
                    follow(&entry.value, frame, used)?
                };
                followed.push(Entry { key: entry.key.clone(), place: entry.place.clone(), value });
            }
            NodeValue::Map(followed)
        }
        other => other.clone(),
    };
    Ok(Node { value, place: node.place.clone(), written_on: node.written_on })
}

fn follow_one(
    node: &Node,
    reference: &str,
    frame: &Frame<'_>,
    used: &mut Vec<String>,
) -> Result<Node, ImportError> {
    let (file, pointer) = reference.split_once('#').unwrap_or((reference, ""));
    let name = if file.is_empty() { reference.to_owned() } else { format!("{file}#{pointer}") };
    if frame.depth >= DEPTH || frame.trail.contains(&name) {
        let place = node.place.clone();
        return Err(ImportError::Circle { place, reference: reference.to_owned() });
    }
    let mut trail = frame.trail.to_vec();
    trail.push(name);
    let other;
    let document = if file.is_empty() {
        if let Some(first) = pointer.split('/').nth(1) {
            used.push(unescape(first));
        }
        frame.document
    } else {
        let files = matching(frame.root, file_name_in(file).unwrap_or(file), &node.place)?;
        other = files.first().map(SourceFile::parse).transpose()?;
        other.as_ref().unwrap_or(frame.document)
    };
    let target = find(document, pointer).ok_or_else(|| {
        ImportError::form(&node.place, format!("`$ref: {reference}` leads to nothing"))
    })?;
    let next = Frame { document, root: frame.root, depth: frame.depth + 1, trail: &trail };
    let mut found = follow(target, &next, used)?;
    // Keys beside the reference are laid over what it leads to.
    if let NodeValue::Map(entries) = &mut found.value {
        for entry in node.entries().iter().filter(|entry| entry.key != "$ref") {
            let value = follow(&entry.value, frame, used)?;
            entries.retain(|other| other.key != entry.key);
            entries.push(Entry { key: entry.key.clone(), place: entry.place.clone(), value });
        }
    }
    found.place = node.place.clone();
    Ok(found)
}

fn find<'a>(document: &'a Node, pointer: &str) -> Option<&'a Node> {
    let mut found = document;
    for part in pointer.split('/').skip(1) {
        let key = unescape(part);
        found = match &found.value {
            NodeValue::List(items) => items.get(key.parse::<usize>().ok()?)?,
            _ => found.get(&key)?,
        };
    }
    Some(found)
}

fn unescape(part: &str) -> String {
    part.replace("~1", "/").replace("~0", "~")
}
