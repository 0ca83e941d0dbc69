//! The text of a suite file.

use std::num::NonZeroU32;

use evalward_core::Partition;
use serde_json::{Map, Value};
use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, value};

use super::draft::{Column, MetricDraft, SubjectDraft};

/// What stands in a suite file.
#[derive(Debug)]
pub(super) struct SuiteText<'a> {
    pub(super) name: &'a str,
    pub(super) partition: Partition,
    pub(super) columns: &'a [Column],
    pub(super) metrics: &'a [MetricDraft],
    pub(super) concurrency: Option<NonZeroU32>,
    pub(super) repeats: Option<NonZeroU32>,
}

/// Writes a suite file, its tables in the order in which the manual tells them.
pub(super) fn suite_text(suite: &SuiteText<'_>) -> String {
    let mut document = DocumentMut::new();
    let mut head = Table::new();
    head.insert("name", value(suite.name));
    head.insert("dataset", value("dataset"));
    document.insert("suite", Item::Table(head));
    if let Some(first) = suite.columns.first() {
        document.insert("subject", Item::Table(subject(&first.subject)));
    }
    let mut metrics = silent();
    for metric in suite.metrics {
        let mut kinds = silent();
        kinds.insert(metric.kind, Item::Table(table(&metric.keys)));
        metrics.insert(&metric.id, Item::Table(kinds));
    }
    if !metrics.is_empty() {
        document.insert("metrics", Item::Table(metrics));
    }
    let mut gate = Table::new();
    gate.insert("pass_rate", value(1.0));
    let mut gates = silent();
    gates.insert(suite.partition.name(), Item::Table(gate));
    document.insert("gates", Item::Table(gates));
    if let Some(run) = run(suite) {
        document.insert("run", Item::Table(run));
    }
    let mut variants = silent();
    for column in suite.columns.iter().skip(1) {
        let mut variant = silent();
        variant.insert("subject", Item::Table(subject(&column.subject)));
        variants.insert(&column.name, Item::Table(variant));
    }
    if !variants.is_empty() {
        document.insert("variants", Item::Table(variants));
    }
    document.to_string()
}

fn run(suite: &SuiteText<'_>) -> Option<Table> {
    let mut run = Table::new();
    for (key, number) in [("concurrency", suite.concurrency), ("repeats", suite.repeats)] {
        if let Some(number) = number {
            run.insert(key, value(i64::from(number.get())));
        }
    }
    (!run.is_empty()).then_some(run)
}

fn subject(draft: &SubjectDraft) -> Table {
    let mut kinds = silent();
    kinds.insert(draft.kind, Item::Table(table(&draft.keys)));
    kinds
}

/// A table without a header of its own, as it only holds others.
fn silent() -> Table {
    let mut table = Table::new();
    table.set_implicit(true);
    table
}

fn table(keys: &Map<String, Value>) -> Table {
    let mut table = Table::new();
    let mut keys: Vec<(&String, &Value)> = keys.iter().collect();
    keys.sort_by_key(|(key, _)| FIRST.iter().position(|first| first == key).unwrap_or(FIRST.len()));
    for (key, json) in keys {
        if let Some(toml) = to_toml(json) {
            table.insert(key, Item::Value(toml));
        }
    }
    table
}

/// Keys that stand before the others, in the order of the manual.
const FIRST: &[&str] = &[
    "model",
    "base_url",
    "api_key",
    "url",
    "method",
    "command",
    "file",
    "headers",
    "prompt",
    "system",
    "body",
    "measure",
    "variant",
    "threshold",
    "where",
    "gating",
];

/// TOML has no null; a key without a value is left out.
fn to_toml(json: &Value) -> Option<toml_edit::Value> {
    Some(match json {
        Value::Null => return None,
        Value::Bool(truth) => (*truth).into(),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => whole.into(),
            (None, Some(fraction)) => fraction.into(),
            (None, None) => return None,
        },
        Value::String(text) => text.as_str().into(),
        Value::Array(items) => items.iter().filter_map(to_toml).collect::<Array>().into(),
        Value::Object(fields) => {
            let mut table = InlineTable::new();
            for (key, json) in fields {
                if let Some(toml) = to_toml(json) {
                    table.insert(key, toml);
                }
            }
            table.into()
        }
    })
}
