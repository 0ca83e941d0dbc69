//! The variants of a suite: tables that are laid over it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use crate::merge::merge;
use crate::source::Sources;
use crate::suggest::nearest;
use crate::{ConfigError, SubjectConfig};

/// The word for the suite itself, where a variant could be named.
pub const BASE: &str = "base";

/// The longest name of a variant; it heads a column.
const MAX_NAME: usize = 40;

/// What a variant overrides: tables as in the suite, merged key by key.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct VariantTables {
    /// The version of the prompt. Name, dataset and partitions are the suite's, so that variants can be compared.
    pub suite: VariantSuite,
    /// Keys of the subject. The kind may be left out (`subject.prompt = "shorter.j2"`) where it stays the suite's.
    #[schemars(with = "BTreeMap<String, Value>")]
    pub subject: toml::Table,
    /// Keys of metrics; a metric whose settings change is another one and is not compared.
    #[schemars(with = "BTreeMap<String, Value>")]
    pub metrics: toml::Table,
    /// Keys of gates.
    #[schemars(with = "BTreeMap<String, Value>")]
    pub gates: toml::Table,
    /// How the variant is run.
    #[schemars(with = "BTreeMap<String, Value>")]
    pub run: toml::Table,
}

/// The keys of `[suite]` that a variant may override.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct VariantSuite {
    /// The version of the prompt, in reports.
    pub prompt_version: Option<String>,
}

impl VariantTables {
    fn is_empty(&self) -> bool {
        self.suite.prompt_version.is_none()
            && [&self.subject, &self.metrics, &self.gates, &self.run]
                .iter()
                .all(|table| table.is_empty())
    }
}

/// Returns what is wrong with the names and the contents of variants.
pub(crate) fn check_variants(
    variants: &BTreeMap<Spanned<String>, Spanned<VariantTables>>,
    sources: &Sources,
) -> Vec<ConfigError> {
    let mut errors = Vec::new();
    for (name, tables) in variants {
        let text = name.get_ref().as_str();
        if text == BASE {
            let error = sources.error("the name `base` is taken", &name.span(), "");
            errors.push(error.help("it stands for the suite itself; choose another name"));
        } else if !is_name(text) {
            let message = format!("`{text}` is not the name of a variant");
            let help = format!(
                "write letters, digits, `-`, `_` and `.`, a letter or digit first, {MAX_NAME} at most"
            );
            errors.push(sources.error(message, &name.span(), "").help(help));
        }
        if tables.get_ref().is_empty() {
            let message = format!("the variant `{text}` overrides nothing");
            let error = sources.error(message, &tables.span(), "");
            errors.push(
                error.help("override a key, such as `subject.prompt = \"other.j2\"`, or remove it"),
            );
        }
    }
    errors
}

fn is_name(text: &str) -> bool {
    let is_part = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.');
    text.len() <= MAX_NAME
        && text.starts_with(|it: char| it.is_ascii_alphanumeric())
        && text.chars().all(is_part)
}

/// Lays a variant's tables over the suite.
pub(crate) fn with_variant<'i>(suite: DeTable<'i>, name: &str) -> Result<DeTable<'i>, ConfigError> {
    let tables = suite.get("variants").and_then(|it| it.get_ref().as_table());
    let Some(variant) = tables.and_then(|tables| tables.get(name)) else {
        let names: Vec<&str> =
            tables.into_iter().flat_map(DeTable::keys).map(|it| it.get_ref().as_ref()).collect();
        return Err(unknown(name, &names));
    };
    // What is no table was refused when the suite itself was read.
    let DeValue::Table(mut over) = variant.get_ref().clone() else { return Ok(suite) };
    name_kind(&suite, &mut over);
    Ok(merge(suite, over, &[]))
}

fn unknown(name: &str, names: &[&str]) -> ConfigError {
    let error = ConfigError::new(format!("the suite has no variant `{name}`"));
    match (nearest(name, names.iter().copied()), names) {
        (Some(word), _) => error.help(format!("did you mean `{word}`?")),
        (None, []) => error.help(format!("add `[variants.{name}]` to it")),
        (None, _) => error.help(format!("it has {} and `{BASE}`", names.join(", "))),
    }
}

/// Puts the keys of a subject whose kind is left out under the suite's kind.
fn name_kind<'i>(suite: &DeTable<'i>, over: &mut DeTable<'i>) {
    let Some((kind, _)) =
        suite.get("subject").and_then(|it| it.get_ref().as_table()?.iter().next())
    else {
        return;
    };
    let Some(subject) = over.get_mut("subject") else { return };
    let span = subject.span();
    let DeValue::Table(keys) = subject.get_mut() else { return };
    if kind_of(keys).is_none() {
        let inner = std::mem::take(keys);
        keys.insert(kind.clone(), Spanned::new(span, DeValue::Table(inner)));
    }
}

/// Returns the kind that a subject's table names; a variant may leave it out.
pub(crate) fn kind_of(subject: &DeTable<'_>) -> Option<String> {
    // `command` is a kind, and a key of that kind whose value is a list.
    let names_kind = |(key, value): &(&Spanned<DeString<'_>>, &Spanned<DeValue<'_>>)| {
        SubjectConfig::KINDS.contains(&key.get_ref().as_ref()) && value.get_ref().is_table()
    };
    subject.iter().find(names_kind).map(|(key, _)| key.get_ref().to_string())
}
