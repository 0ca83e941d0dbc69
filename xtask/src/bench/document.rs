//! The marked sections of pages that measurements write.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Where the figures are written.
pub(super) const PATH: &str = "docs/benchmarks.md";

/// Replaces the section of a measurement and leaves the rest as it is.
pub(crate) fn rewrite(path: &Path, name: &str, section: &str) -> Result<()> {
    let text =
        fs::read_to_string(path).with_context(|| format!("failed to read `{}`", path.display()))?;
    let text = replace(&text, name, section)
        .with_context(|| format!("failed to update `{}`", path.display()))?;
    Ok(fs::write(path, text)?)
}

fn replace(text: &str, name: &str, section: &str) -> Result<String> {
    let (begin, end) = (format!("<!-- begin: {name} -->"), format!("<!-- end: {name} -->"));
    let missing = || format!("the mark of section `{name}` is missing");
    let (before, rest) = text.split_once(&begin).with_context(missing)?;
    let (_, after) = rest.split_once(&end).with_context(missing)?;
    Ok(format!("{before}{begin}\n{}\n{end}{after}", section.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_section_changes() {
        let text = "a\n<!-- begin: x -->\nold\n<!-- end: x -->\nb\n";
        assert_eq!(
            replace(text, "x", "new\n").unwrap(),
            "a\n<!-- begin: x -->\nnew\n<!-- end: x -->\nb\n"
        );
        assert!(replace(text, "y", "new").is_err());
    }
}
