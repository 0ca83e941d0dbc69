//! The columns of results: each provider with each prompt.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde_json::{Map, Value, json};

use super::assertion::slug;
use super::prompt::{Prompt, Shape, template};
use super::provider::{Answers, Provider};
use super::render_prompt::rendered_prompt;
use super::test::Case;
use crate::remark::Remarks;
use crate::suite::{Column, SubjectDraft};

/// The columns with the files that they name.
#[derive(Debug, Default)]
pub(super) struct Columns {
    pub(super) all: Vec<Column>,
    pub(super) files: BTreeMap<PathBuf, String>,
    /// The variables that templates read.
    pub(super) variables: BTreeSet<String>,
    /// The prompt whose messages are part of each input, where it is a conversation.
    pub(super) conversation: Option<Prompt>,
}

/// Makes a column for each provider with each prompt that it is asked.
pub(super) fn columns(
    providers: &[Provider],
    prompts: &[Prompt],
    cases: &[Case],
    remarks: &mut Remarks,
) -> Columns {
    let mut making = Making {
        made: Columns::default(),
        is_single_prompt: prompts.len() == 1,
        cases,
        objects: objects(cases),
        affixes: affixes(cases, remarks),
    };
    let names = prompt_names(prompts);
    for prompt in prompts {
        prompt.warn(remarks);
    }
    // What nothing here can ask comes last, so that the suite itself can be run.
    let mut order: Vec<&Provider> = providers.iter().collect();
    order.sort_by_key(|provider| matches!(provider.answers, Answers::Unknown));
    for provider in order {
        for (prompt, name) in prompts.iter().zip(&names) {
            if provider.prompts.as_ref().is_some_and(|asked| !is_asked(asked, prompt)) {
                continue;
            }
            let column = column_name(provider, name, prompts.len(), providers.len());
            let column = making.unique(&column);
            let subject = making.subject(provider, prompt, name, &column, remarks);
            making.made.all.push(Column { name: column, subject });
        }
    }
    making.made
}

fn is_asked(asked: &[String], prompt: &Prompt) -> bool {
    let names = [prompt.label.as_deref(), Some(prompt.text.as_str())];
    asked.iter().any(|asked| names.contains(&Some(asked.as_str())))
}

fn objects(cases: &[Case]) -> BTreeSet<String> {
    let is_object = |(_, value): &(&String, &Value)| value.is_object() || value.is_array();
    let names = cases.iter().flat_map(|case| case.vars.iter()).filter(is_object);
    names.map(|(name, _)| name.clone()).collect()
}

/// Returns the texts before and after each prompt, which all cases must share.
fn affixes(cases: &[Case], remarks: &mut Remarks) -> (String, String) {
    let Some(first) = cases.first() else { return (String::new(), String::new()) };
    for case in cases {
        if (&case.prefix, &case.suffix) != (&first.prefix, &first.suffix) {
            let text = "the prompt is the same for every example: that of the first test is taken";
            remarks.not_translated(&case.place, "`prefix` or `suffix` of a test", text);
        }
    }
    (first.prefix.clone(), first.suffix.clone())
}

fn prompt_names(prompts: &[Prompt]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (number, prompt) in prompts.iter().enumerate() {
        let label = prompt.label.as_deref().map(|label| slug(label, 30)).unwrap_or_default();
        let name = if prompts.len() == 1 && label.is_empty() {
            "prompt".to_owned()
        } else if label.is_empty() || names.contains(&label) {
            format!("prompt_{}", number + 1)
        } else {
            label
        };
        names.push(name);
    }
    names
}

fn column_name(provider: &Provider, prompt: &str, prompts: usize, providers: usize) -> String {
    let label = provider.label.as_deref().unwrap_or(&provider.id);
    let provider = slug(label, 30);
    match (prompts, providers) {
        (1, _) => provider,
        (_, 1) => prompt.to_owned(),
        _ => slug(&format!("{provider} {prompt}"), 36),
    }
}

struct Making<'a> {
    made: Columns,
    is_single_prompt: bool,
    cases: &'a [Case],
    objects: BTreeSet<String>,
    affixes: (String, String),
}

impl Making<'_> {
    fn unique(&self, name: &str) -> String {
        let name = if name.is_empty() || name == "base" { "subject" } else { name };
        let taken = |name: &str| self.made.all.iter().any(|column| column.name == name);
        if !taken(name) {
            return name.to_owned();
        }
        let numbered = (2_u32..).map(|number| format!("{name}_{number}"));
        numbered.into_iter().find(|name| !taken(name)).expect("numbers do not end")
    }

    fn subject(
        &mut self,
        provider: &Provider,
        prompt: &Prompt,
        name: &str,
        column: &str,
        remarks: &mut Remarks,
    ) -> SubjectDraft {
        match &provider.answers {
            Answers::Chat { kind, keys } => {
                let mut keys = keys.clone();
                self.put_prompt(prompt, name, &mut keys, remarks);
                SubjectDraft { kind, keys }
            }
            Answers::Http { keys, body } => {
                let mut keys = keys.clone();
                if let Some(body) = body {
                    let body = self.body(body, prompt, remarks);
                    keys.insert("body".to_owned(), body);
                } else {
                    let name = format!("provider `{}`", provider.id);
                    remarks.differs(
                        &provider.place,
                        name,
                        "it names no body: the whole input is sent",
                    );
                }
                SubjectDraft { kind: "http", keys }
            }
            Answers::Command { keys } => SubjectDraft { kind: "command", keys: keys.clone() },
            Answers::Echo => self.recorded(column, |case| rendered_prompt(prompt, case, remarks)),
            Answers::Unknown => self.recorded(column, |_| None),
        }
    }

    fn recorded(
        &mut self,
        column: &str,
        mut answer: impl FnMut(&Case) -> Option<String>,
    ) -> SubjectDraft {
        let file = PathBuf::from("answers").join(format!("{column}.jsonl"));
        let line = |case: &Case| {
            let output = answer(case)?;
            Some(json!({"id": case.id, "output": output}).to_string() + "\n")
        };
        let lines: String = self.cases.iter().filter_map(line).collect();
        let keys = Map::from_iter([("file".to_owned(), json!(file))]);
        self.made.files.insert(file, lines);
        SubjectDraft { kind: "recorded", keys }
    }

    fn put_prompt(
        &mut self,
        prompt: &Prompt,
        name: &str,
        keys: &mut Map<String, Value>,
        remarks: &mut Remarks,
    ) {
        match prompt.shape() {
            Shape::Messages { system, user } => {
                let with_affixes = format!("{}{user}{}", self.affixes.0, self.affixes.1);
                self.put_template("prompt", name, &with_affixes, prompt, keys, remarks);
                if let Some(system) = system {
                    let name = format!("{name}_system");
                    self.put_template("system", &name, &system, prompt, keys, remarks);
                }
            }
            Shape::Conversation(_) if self.is_single_prompt => {
                self.made.conversation = Some(prompt.clone());
            }
            Shape::Conversation(_) => {
                let text = "a conversation is part of the input, which all prompts share; it is sent as one message";
                remarks.not_translated(&prompt.place, format!("prompt `{name}`"), text);
                self.put_template("prompt", name, &prompt.text, prompt, keys, remarks);
            }
        }
    }

    fn put_template(
        &mut self,
        key: &str,
        name: &str,
        text: &str,
        prompt: &Prompt,
        keys: &mut Map<String, Value>,
        remarks: &mut Remarks,
    ) {
        let path = format!("prompts/{name}.md.j2");
        let what = format!("prompt `{name}`");
        if !self.made.files.contains_key(&PathBuf::from(&path)) {
            let translated = template(text, &self.objects, &prompt.place, &what, remarks);
            self.made.variables.extend(translated.variables);
            self.made.files.insert(PathBuf::from(&path), translated.text);
        }
        keys.insert(key.to_owned(), json!(path));
    }

    /// Translates each text of a body; `{{prompt}}` becomes the prompt itself.
    fn body(&mut self, body: &Value, prompt: &Prompt, remarks: &mut Remarks) -> Value {
        match body {
            Value::String(text) => {
                let user = match prompt.shape() {
                    Shape::Messages { user, system: None } => user,
                    _ => prompt.text.clone(),
                };
                let user = format!("{}{user}{}", self.affixes.0, self.affixes.1);
                let text = with_prompt(text, &user);
                let translated = template(&text, &self.objects, &prompt.place, "`body`", remarks);
                self.made.variables.extend(translated.variables);
                Value::String(translated.text)
            }
            Value::Array(items) => {
                items.iter().map(|item| self.body(item, prompt, remarks)).collect()
            }
            Value::Object(fields) => fields
                .iter()
                .map(|(key, value)| (key.clone(), self.body(value, prompt, remarks)))
                .collect::<Map<_, _>>()
                .into(),
            other => other.clone(),
        }
    }
}

fn with_prompt(text: &str, prompt: &str) -> String {
    let mut written = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((code, tail)) = after.split_once("}}") else { break };
        written.push_str(before);
        let word = code.trim().trim_matches('-').split('|').next().unwrap_or_default();
        match word.trim() {
            "prompt" => written.push_str(prompt),
            _ => written.extend(["{{", code, "}}"]),
        }
        rest = tail;
    }
    written.push_str(rest);
    written
}
