//! Reading a suite file with what it extends and what the command line overrides, as one table.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::ConfigError;
use crate::source::Sources;
use crate::suggest::{backticked, humanize, nearest};
use crate::variant::{kind_of, with_variant};

/// The texts to parse, the base first, the overrides last.
#[derive(Debug, Default)]
pub(crate) struct Layers {
    pub(crate) sources: Sources,
    texts: Vec<String>,
}

/// Reads a file, from the disk or from a revision.
pub(crate) type Read<'a> = &'a dyn Fn(&Path) -> io::Result<String>;

/// How deep `extends` may go; a cycle goes deeper.
const DEPTH: usize = 16;

impl Layers {
    /// Reads a suite file and what it extends.
    pub(crate) fn read(
        path: &Path,
        overrides: &[String],
        read: Read<'_>,
    ) -> Result<Self, ConfigError> {
        let mut chain = Vec::new();
        let mut next = Some(path.to_owned());
        while let Some(path) = next {
            if chain.len() == DEPTH {
                return Err(ConfigError::new(format!("`{}` extends itself", path.display()))
                    .help("remove one `extends` of the circle"));
            }
            let text = read(&path).map_err(|error| unreadable(&path, &error, chain.last()))?;
            next = extends(&path, &text)?;
            chain.push((path, text));
        }
        let mut layers = Self::default();
        for (path, text) in chain.into_iter().rev() {
            let folder = path.parent().unwrap_or(Path::new(""));
            layers.texts.push(layers.sources.add(&path.display().to_string(), folder, text));
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        for entry in overrides {
            layers.add_override(entry, folder)?;
        }
        Ok(layers)
    }

    fn add_override(&mut self, entry: &str, folder: &Path) -> Result<(), ConfigError> {
        let (key, value) = entry.split_once('=').unwrap_or((entry, ""));
        let wrong = |problem: &str| {
            ConfigError::new(format!("`--set {key}` {problem}")).help(
                "write the path of a key and a TOML value, such as `--set subject.openai.model=gpt-4o`",
            )
        };
        if !entry.contains('=') {
            return Err(wrong("is not `key=value`"));
        }
        if key.trim() == "extends" {
            return Err(wrong("comes too late: name the base in the file"));
        }
        if entry.contains(['\n', '\r']) {
            return Err(wrong("has a line end, but sets one key only"));
        }
        let literal = format!("{} = {}", key.trim(), value.trim());
        let quoted = format!("{} = {}", key.trim(), toml::Value::from(value));
        // No key of a suite is a date, while names and versions often look like one.
        let is_value = DeTable::parse(&literal).is_ok_and(|table| !is_date(table.get_ref()));
        let text = if is_value { literal } else { quoted };
        DeTable::parse(&text).map_err(|_| wrong("does not name a key"))?;
        // The value may be a secret; only its key names it.
        self.texts.push(self.sources.add(&format!("--set {key}"), folder, text));
        Ok(())
    }

    /// Parses and merges all layers into a value.
    pub(crate) fn parse<T: DeserializeOwned>(&self) -> Result<T, ConfigError> {
        self.read_as(self.merged()?)
    }

    /// Parses and merges all layers, with a variant's tables over them.
    pub(crate) fn parse_variant<T: DeserializeOwned>(&self, name: &str) -> Result<T, ConfigError> {
        let merged = self.merged()?;
        let span = merged.span();
        self.read_as(Spanned::new(span, with_variant(merged.into_inner(), name)?))
    }

    fn read_as<T: DeserializeOwned>(&self, table: Spanned<DeTable<'_>>) -> Result<T, ConfigError> {
        T::deserialize(toml::Deserializer::from(table)).map_err(|error| self.explain(&error))
    }

    fn merged(&self) -> Result<Spanned<DeTable<'_>>, ConfigError> {
        let mut merged: Option<Spanned<DeTable<'_>>> = None;
        for text in &self.texts {
            let mut table = DeTable::parse(text).map_err(|error| self.explain(&error))?;
            let folder = self.sources.folder_of(&table.span());
            resolve_schemas(table.get_mut(), &folder);
            let variants = table.get_mut().get_mut("variants").and_then(as_table);
            for (_, variant) in variants.into_iter().flat_map(DeTable::iter_mut) {
                if let Some(tables) = as_table(variant) {
                    resolve_schemas(tables, &folder);
                }
            }
            merged = Some(match merged {
                None => table,
                Some(base) => {
                    let span = table.span();
                    Spanned::new(span, merge(base.into_inner(), table.into_inner(), &[]))
                }
            });
        }
        let mut merged = merged.unwrap_or_else(|| Spanned::new(0..0, DeTable::new()));
        merged.get_mut().remove("extends");
        Ok(merged)
    }

    fn explain(&self, error: &toml::de::Error) -> ConfigError {
        explain(&self.sources, error)
    }
}

/// Turns an error of the TOML library into one of ours, with the nearest known word.
pub(crate) fn explain(sources: &Sources, error: &toml::de::Error) -> ConfigError {
    let message = error.message().trim().replace('\n', ", ");
    let words = backticked(&message);
    let mut text = humanize(&message);
    let mut help = None;
    if let ([unknown, known @ ..], true) = (words.as_slice(), message.starts_with("unknown ")) {
        let what =
            if message.starts_with("unknown variant") { "unknown kind" } else { "unknown key" };
        text = format!("{what} `{unknown}`");
        help = Some(match nearest(unknown, known.iter().copied()) {
            Some(word) => format!("did you mean `{word}`?"),
            None => format!("known here: {}", known.join(", ")),
        });
    }
    let span = error.span().unwrap_or(0..0);
    let error = sources.error(text, &span, "");
    if let Some(help) = help { error.help(help) } else { error }
}

fn unreadable(
    path: &Path,
    error: &io::Error,
    extending: Option<&(PathBuf, String)>,
) -> ConfigError {
    let message = format!("failed to read `{}`: {error}", path.display());
    ConfigError::new(message).help(match extending {
        Some((file, _)) => format!("correct the `extends` of `{}`", file.display()),
        None => "name a suite file, such as `evalward.toml`; `evalward init` makes one".to_owned(),
    })
}

fn extends(path: &Path, text: &str) -> Result<Option<PathBuf>, ConfigError> {
    // A file that does not parse is reported later, with its place.
    let Ok(table) = DeTable::parse(text) else { return Ok(None) };
    let Some(value) = table.get_ref().get("extends") else { return Ok(None) };
    let Some(base) = value.get_ref().as_str() else {
        let error = ConfigError::new("`extends` is not a text").at(
            &path.display().to_string(),
            text,
            value.span(),
            "",
        );
        return Err(error.help("name the file that this one builds on"));
    };
    Ok(Some(path.parent().unwrap_or(Path::new("")).join(base)))
}

/// Returns whether the innermost value of a table with one key is a date or a time.
fn is_date(table: &DeTable<'_>) -> bool {
    table.values().any(|value| match value.get_ref() {
        DeValue::Table(inner) => is_date(inner),
        other => other.is_datetime(),
    })
}

/// Makes the paths of JSON Schema files relative to where the command runs, while it is known which file they stand in.
fn resolve_schemas(table: &mut DeTable<'_>, folder: &Path) {
    let Some(metrics) = table.get_mut("metrics").and_then(as_table) else { return };
    for metric in metrics.iter_mut().filter_map(|(_, metric)| as_table(metric)) {
        let Some(constraints) = metric.get_mut("constraints").and_then(as_table) else { continue };
        for rules in constraints.iter_mut().filter_map(|(_, rules)| as_table(rules)) {
            let Some(schema) = rules.get_mut("json_schema") else { continue };
            if let DeValue::String(path) = schema.get_mut() {
                let resolved = folder.join(path.as_ref());
                *path = Cow::Owned(resolved.to_string_lossy().into_owned());
            }
        }
    }
}

fn as_table<'a, 'i>(value: &'a mut Spanned<DeValue<'i>>) -> Option<&'a mut DeTable<'i>> {
    match value.get_mut() {
        DeValue::Table(table) => Some(table),
        _ => None,
    }
}

/// Merges tables key by key; anything else is replaced.
///
/// A table that names a kind by its one key (`[subject.openai]`, `[metrics.<id>.<kind>]`, and likewise those of a monitor) is
/// replaced when the kind changes.
pub(crate) fn merge<'i>(mut base: DeTable<'i>, over: DeTable<'i>, path: &[&str]) -> DeTable<'i> {
    let replaced = match path {
        ["variants", _, "subject"] => kind_of(&base) != kind_of(&over),
        ["subject" | "model" | "judge"]
        | ["judges", "model"]
        | ["metrics" | "alarms" | "notify", _]
        | ["variants", _, "metrics", _] => {
            !over.keys().any(|kind| base.contains_key(kind.get_ref().as_ref()))
        }
        _ => false,
    };
    if replaced {
        return over;
    }
    for (key, value) in over {
        let span = value.span();
        let merged = match (
            base.remove(key.get_ref().as_ref()).map(Spanned::into_inner),
            value.into_inner(),
        ) {
            (Some(DeValue::Table(old)), DeValue::Table(new)) => {
                let path: Vec<&str> =
                    path.iter().copied().chain([key.get_ref().as_ref()]).collect();
                DeValue::Table(merge(old, new, &path))
            }
            (_, value) => value,
        };
        base.insert(key, Spanned::new(span, merged));
    }
    base
}
