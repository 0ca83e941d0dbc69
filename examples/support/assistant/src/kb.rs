//! The knowledge base: Markdown articles, cut into sections and sentences.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

/// A section of an article: the unit that answers cite.
#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) id: String,
    pub(crate) article: String,
    pub(crate) heading: String,
    pub(crate) sentences: Vec<String>,
}

/// Reads every `*.md` file of a folder, in the order of the file names.
pub(crate) fn load(folder: &Path) -> Result<Vec<Section>> {
    let entries = fs::read_dir(folder)
        .with_context(|| format!("failed to open the knowledge base `{}`", folder.display()))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.context("failed to list the knowledge base")?.path();
        if path.extension().is_some_and(|extension| extension == "md") {
            paths.push(path);
        }
    }
    paths.sort();
    let mut sections = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path)
            .with_context(|| format!("failed to read `{}`", path.display()))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        sections.extend(parse(&name, &text));
    }
    ensure!(!sections.is_empty(), "the knowledge base `{}` holds no sections", folder.display());
    Ok(sections)
}

/// Cuts one article into its sections.
fn parse(name: &str, text: &str) -> Vec<Section> {
    let mut title = String::new();
    let mut sections: Vec<Section> = Vec::new();
    for line in text.lines().map(str::trim) {
        if let Some(value) = line.strip_prefix("title:") {
            value.trim().clone_into(&mut title);
        } else if let Some(heading) = line.strip_prefix("## ") {
            sections.push(Section {
                id: format!("kb/{name}#{}", slug(heading)),
                article: title.clone(),
                heading: heading.to_owned(),
                sentences: Vec::new(),
            });
        } else if let Some(section) = sections.last_mut()
            && !line.is_empty()
        {
            section.sentences.push(line.trim_start_matches("- ").to_owned());
        }
    }
    sections.retain(|section| !section.sentences.is_empty());
    sections
}

/// Returns a heading's anchor, as Markdown renderers make it.
fn slug(heading: &str) -> String {
    let lower = heading.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}
