//! Results of promptfoo, as answers that are there already.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::assertion::slug;
use super::configuration::name_of;
use super::place::place;
use super::source::SourceFile;
use super::test::{Case, expand, read_test};
use crate::format::TranslateOptions;
use crate::node::{Entry, Node, NodeValue};
use crate::remark::Remarks;
use crate::suite::{Column, Draft, SubjectDraft};
use crate::{ImportError, Translation};

/// Translates a file of results; `None` where the file is something else.
pub(super) fn translate(
    file: &SourceFile,
    root: &Path,
    options: &TranslateOptions,
) -> Result<Option<Translation>, ImportError> {
    let node = file.parse()?;
    let inner = node.get("results").unwrap_or(&node);
    let rows = match (inner.items(), inner.get("results").and_then(Node::items)) {
        (Some(rows), _) | (None, Some(rows)) => rows.iter().map(Row::of_result).collect(),
        (None, None) => match inner.get("table").or_else(|| node.get("table")) {
            Some(table) => rows_of_table(table),
            None => return Ok(None),
        },
    };
    if rows.is_empty() {
        return Err(ImportError::form(&node.place, "the results have no row"));
    }
    let mut remarks = Remarks::default();
    let gathered = Gathered::from_rows(&rows, root, &mut remarks)?;
    let placed = place(&gathered.cases, options.partition, &mut remarks);
    let config = node.get("config");
    let description =
        config.and_then(|config| config.get("description")).and_then(Node::scalar_text);
    let name = options.name.clone().unwrap_or_else(|| name_of(description.as_deref(), file));
    let (columns, files) = gathered.into_columns();
    let draft = Draft {
        name,
        description,
        partition: options.partition,
        columns,
        metrics: placed.metrics,
        examples: placed.examples,
        concurrency: None,
        repeats: None,
        files,
    };
    Ok(Some(draft.finish(remarks.into_sorted())))
}

/// An answer to one test.
struct Row<'a> {
    node: &'a Node,
    test: Option<&'a Node>,
    vars: Option<Node>,
    provider: String,
    prompt: String,
    /// What tells tests apart: their number, or else their variables.
    key: String,
    output: Option<Value>,
    error: Option<String>,
}

impl<'a> Row<'a> {
    fn of_result(node: &'a Node) -> Self {
        let text = |node: Option<&Node>| node.and_then(Node::scalar_text);
        let response = node.get("response");
        let output = response.and_then(|response| response.get("output"));
        let vars = node.get("vars").cloned();
        Self {
            test: node.get("testCase").or_else(|| node.get("test")),
            provider: provider_name(node.get("provider")),
            prompt: match node.get("promptIdx") {
                Some(number) => text(Some(number)).unwrap_or_default(),
                None => node.get("prompt").map(prompt_name).unwrap_or_default(),
            },
            key: match node.get("testIdx") {
                Some(number) => text(Some(number)).unwrap_or_default(),
                None => vars.as_ref().map(|vars| vars.to_json().to_string()).unwrap_or_default(),
            },
            // A null is no answer, a missing one neither.
            output: output.map(Node::to_json),
            error: text(node.get("error")),
            vars,
            node,
        }
    }
}

fn provider_name(provider: Option<&Node>) -> String {
    let Some(provider) = provider else { return String::new() };
    // An empty label is none.
    let named = |key: &str| provider.get(key)?.scalar_text().filter(|name| !name.is_empty());
    let of_map = || named("label").or_else(|| named("id"));
    provider.scalar_text().or_else(of_map).unwrap_or_default()
}

fn prompt_name(prompt: &Node) -> String {
    let part = prompt.get("label").or_else(|| prompt.get("raw")).unwrap_or(prompt);
    part.scalar_text().unwrap_or_default()
}

/// Reads the older form: a table with a row for each test and a column for each prompt and provider.
fn rows_of_table(table: &Node) -> Vec<Row<'_>> {
    let head = table.get("head");
    let list =
        |key: &str| head.and_then(|head| head.get(key)).and_then(Node::items).unwrap_or_default();
    let (prompts, names) = (list("prompts"), list("vars"));
    let mut rows = Vec::new();
    for (number, body) in
        table.get("body").and_then(Node::items).unwrap_or_default().iter().enumerate()
    {
        let values = body.get("vars").and_then(Node::items).unwrap_or_default();
        let vars = names.iter().zip(values).filter_map(|(name, value)| {
            Some(Entry {
                key: name.scalar_text()?,
                place: value.place.clone(),
                value: value.clone(),
            })
        });
        let vars = Node::new(NodeValue::Map(vars.collect()), body.place.clone());
        for (column, output) in
            body.get("outputs").and_then(Node::items).unwrap_or_default().iter().enumerate()
        {
            let prompt = prompts.get(column);
            let text = output.get("text").map(Node::to_json);
            rows.push(Row {
                node: output,
                test: body.get("test"),
                vars: Some(vars.clone()),
                provider: provider_name(
                    prompt
                        .and_then(|prompt| prompt.get("provider"))
                        .or_else(|| output.get("provider")),
                ),
                prompt: column.to_string(),
                key: number.to_string(),
                output: text.or_else(|| output.scalar_text().map(Value::String)),
                error: output.get("error").and_then(Node::scalar_text),
            });
        }
    }
    rows
}

/// The cases of the rows, and the answers by column.
#[derive(Default)]
struct Gathered {
    cases: Vec<Case>,
    /// The columns in their order, with the provider's and the prompt's name.
    columns: Vec<(String, String, String)>,
}

impl Gathered {
    fn from_rows(
        rows: &[Row<'_>],
        root: &Path,
        remarks: &mut Remarks,
    ) -> Result<Self, ImportError> {
        let mut gathered = Self::default();
        let mut ids: BTreeMap<&str, String> = BTreeMap::new();
        let mut answered = BTreeSet::new();
        for row in rows {
            let id = if let Some(id) = ids.get(row.key.as_str()) {
                id.clone()
            } else {
                let id = format!("test-{}", ids.len() + 1);
                gathered.cases.push(case(row, &id, root, remarks)?);
                ids.insert(&row.key, id.clone());
                id
            };
            gathered.answer(row, &id, &mut answered, remarks);
        }
        Ok(gathered)
    }

    fn answer(
        &mut self,
        row: &Row<'_>,
        id: &str,
        answered: &mut BTreeSet<(usize, String)>,
        remarks: &mut Remarks,
    ) {
        let same = |(provider, prompt, _): &(String, String, String)| {
            *provider == row.provider && *prompt == row.prompt
        };
        let column = self.columns.iter().position(same).unwrap_or_else(|| {
            self.columns.push((row.provider.clone(), row.prompt.clone(), String::new()));
            self.columns.len() - 1
        });
        let Some(output) = row.output.as_ref().filter(|output| !output.is_null()) else {
            let why = row.error.as_deref().map(|error| error.lines().next().unwrap_or_default());
            let text = format!(
                "there is no answer ({}); the example is errored",
                why.unwrap_or("none was given")
            );
            remarks.differs(&row.node.place, "a result", text);
            return;
        };
        if !answered.insert((column, id.to_owned())) {
            let text = "a further answer to the same test; the first is kept";
            remarks.not_translated(&row.node.place, "a result", text);
            return;
        }
        let mut line =
            Map::from_iter([("id".to_owned(), json!(id)), ("output".to_owned(), output.clone())]);
        if let Some(millis) = row.node.get("latencyMs").and_then(Node::number) {
            line.insert("latency_millis".to_owned(), json!(whole(millis)));
        }
        if let Some(usage) = usage(row.node) {
            line.insert("usage".to_owned(), usage);
        }
        if let Some((_, _, lines)) = self.columns.get_mut(column) {
            lines.push_str(&Value::Object(line).to_string());
            lines.push('\n');
        }
    }

    fn into_columns(self) -> (Vec<Column>, BTreeMap<PathBuf, String>) {
        let mut columns: Vec<Column> = Vec::new();
        let mut files = BTreeMap::new();
        for (number, (provider, _, lines)) in self.columns.into_iter().enumerate() {
            let name = slug(&provider, 32);
            let is_taken = columns.iter().any(|column| column.name == name);
            let name = match (name.as_str(), is_taken) {
                ("" | "base", _) => format!("answers_{}", number + 1),
                (name, true) => format!("{name}_{}", number + 1),
                (name, false) => name.to_owned(),
            };
            let file = PathBuf::from("answers").join(format!("{name}.jsonl"));
            let keys = Map::from_iter([("file".to_owned(), json!(file))]);
            files.insert(file, lines);
            columns.push(Column { name, subject: SubjectDraft { kind: "recorded", keys } });
        }
        (columns, files)
    }
}

/// Makes the case of a row, whose variables are expanded and rendered already.
fn case(row: &Row<'_>, id: &str, root: &Path, remarks: &mut Remarks) -> Result<Case, ImportError> {
    let empty = Node::new(NodeValue::Map(Vec::new()), row.node.place.clone());
    let mut entries = row.test.unwrap_or(&empty).entries().to_vec();
    entries.retain(|entry| !matches!(entry.key.as_str(), "vars" | "provider" | "providerOutput"));
    let place = row.test.unwrap_or(row.node).place.clone();
    let mut test = read_test(&Node::new(NodeValue::Map(entries), place), root, remarks)?;
    if let Some(vars) = &row.vars {
        for entry in vars.entries() {
            test.set_value(&entry.key, entry.value.to_json());
        }
    }
    let mut cases = expand(std::slice::from_ref(&test), remarks)?;
    let mut case = cases.pop().expect("a test without lists makes one case");
    id.clone_into(&mut case.id);
    Ok(case)
}

fn usage(node: &Node) -> Option<Value> {
    let tokens = node.get("response").and_then(|response| response.get("tokenUsage"));
    let tokens = tokens.or_else(|| node.get("tokenUsage"));
    let count = |key: &str| tokens?.get(key)?.number().map(|number| json!(whole(number)));
    let cost = node.get("cost").and_then(Node::number).map(|cost| json!(cost));
    let fields = [
        ("input_tokens", count("prompt")),
        ("output_tokens", count("completion")),
        ("cost_usd", cost),
    ];
    let usage: Map<String, Value> =
        fields.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect();
    (!usage.is_empty()).then_some(Value::Object(usage))
}

fn whole(number: f64) -> u64 {
    format!("{number:.0}").parse().unwrap_or(0)
}
