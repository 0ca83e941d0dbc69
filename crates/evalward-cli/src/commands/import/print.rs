//! What an import says.

use std::io;
use std::path::Path;

use evalward_core::visible;
use evalward_import::{Remark, RemarkKind, Translation};
use serde_json::{Value, json};

use crate::context::Context;

/// What an import came to.
#[derive(Debug)]
pub(super) struct Told<'a> {
    pub(super) translation: &'a Translation,
    pub(super) folder: &'a Path,
    pub(super) is_written: bool,
}

impl Told<'_> {
    fn suite(&self) -> String {
        self.folder.join("evalward.toml").display().to_string()
    }
}

pub(super) fn as_text(told: &Told<'_>, context: &mut Context) -> io::Result<()> {
    let Told { translation, is_written, .. } = told;
    let made = if *is_written { "made" } else { "would make" };
    let mut lines = vec![format!(
        "{made} {}: {}, {}, {}",
        told.suite(),
        counted(translation.examples, "example"),
        // Checks of the examples are enough to fail.
        match translation.metrics.len() {
            0 => format!("{} with checks of their own", translation.checked),
            metrics => counted(metrics, "metric"),
        },
        counted(translation.variants.len(), "variant"),
    )];
    for (kind, title) in [
        (RemarkKind::NotTranslated, "not translated"),
        (RemarkKind::Differs, "translated with a difference"),
    ] {
        let of_kind = || translation.remarks.iter().filter(move |remark| remark.kind == kind);
        if of_kind().next().is_some() {
            lines.push(format!("{title} ({})", of_kind().count()));
            lines.extend(of_kind().map(line));
        }
    }
    if translation.remarks.is_empty() {
        lines.push("everything has a counterpart".to_owned());
    }
    for line in lines {
        writeln!(context.out(), "{}", visible(&line))?;
    }
    if *is_written {
        context.note(&format!("next: evalward run {}", told.suite()));
    }
    Ok(())
}

fn line(remark: &Remark) -> String {
    let times = if remark.times > 1 { format!(" ({} times)", remark.times) } else { String::new() };
    format!("  {}: {}: {}{times}", remark.place, remark.name, remark.text)
}

fn counted(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

pub(super) fn as_json(told: &Told<'_>) -> Value {
    let Told { translation, is_written, .. } = told;
    json!({
        "suite": told.suite(),
        "written": is_written,
        "name": translation.name,
        "examples": translation.examples,
        "checked": translation.checked,
        "metrics": translation.metrics,
        "variants": translation.variants,
        "remarks": translation.remarks,
    })
}
