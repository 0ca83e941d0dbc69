//! A configuration as a whole.

use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::assertion::slug;
use super::column::{Columns, columns};
use super::keys::{CONFIGURATION, Keys};
use super::place::place;
use super::prompt::{Prompt, Shape, read_prompts};
use super::provider::{Provider, read_providers};
use super::render_prompt::rendered_messages;
use super::results;
use super::source::{SourceFile, file_name_in, follow_references, matching};
use super::test::{Case, LIMIT, Test, expand, read_test, read_tests};
use crate::format::TranslateOptions;
use crate::node::Node;
use crate::remark::Remarks;
use crate::suite::{Column, Draft, SubjectDraft};
use crate::{ImportError, Place, Translation};

/// Translates a configuration, or a file of results.
pub(crate) fn translate(
    path: &Path,
    options: &TranslateOptions,
) -> Result<Translation, ImportError> {
    let file = SourceFile::first(path);
    let root = path.parent().unwrap_or(Path::new("")).to_owned();
    if file.has_extension(&["json"])
        && let Some(translation) = results::translate(&file, &root, options)?
    {
        return Ok(translation);
    }
    let mut remarks = Remarks::default();
    let raw = file.parse()?;
    let node = read_document(&raw, &root, &mut remarks)?;
    let suite = Configuration::read(&node, &root, &mut remarks)?;
    suite.finish(&file, options, remarks)
}

/// Follows references, and checks the keys.
fn read_document(raw: &Node, root: &Path, remarks: &mut Remarks) -> Result<Node, ImportError> {
    if !raw.is_map() {
        let reason = format!("a configuration is {}, expected a map", raw.kind());
        return Err(ImportError::form(&raw.place, reason));
    }
    let mut used = Vec::new();
    let node = follow_references(raw, raw, root, &mut used)?;
    let mut aliases = BTreeSet::new();
    raw.lines_of_aliases(&mut aliases);
    for entry in raw.entries().iter().filter(|entry| !entry.value.is_null()) {
        // Where references or aliases lead to is translated there.
        let lines = entry.place.line..=entry.value.last_line();
        if !used.contains(&entry.key) && !aliases.iter().any(|line| lines.contains(line)) {
            CONFIGURATION.check_one(entry, "", remarks);
        }
    }
    Ok(node)
}

struct Configuration {
    description: Option<String>,
    providers: Vec<Provider>,
    prompts: Vec<Prompt>,
    cases: Vec<Case>,
    concurrency: Option<NonZeroU32>,
    repeats: Option<NonZeroU32>,
}

impl Configuration {
    fn read(node: &Node, root: &Path, remarks: &mut Remarks) -> Result<Self, ImportError> {
        let providers = node.get("providers").or_else(|| node.get("targets"));
        let providers = providers.ok_or_else(|| {
            ImportError::form(&node.place, "the configuration names no `providers`")
        })?;
        let providers = read_providers(providers, root, remarks)?;
        let prompts = match node.get("prompts") {
            Some(prompts) => read_prompts(prompts, root, remarks)?,
            None => Vec::new(),
        };
        let prompts = if prompts.is_empty() { vec![default_prompt(node)] } else { prompts };
        let mut tests = all_tests(node, root, remarks)?;
        if tests.is_empty() {
            tests.push(Test::new(node.place.clone()));
        }
        let cases = expand(&tests, remarks)?;
        let run = |key: &str| {
            let options = [node.get("evaluateOptions"), node.get("commandLineOptions")];
            let number =
                options.into_iter().flatten().find_map(|options| options.get(key)?.number());
            number.and_then(whole)
        };
        for (key, keys) in [("evaluateOptions", &RUN), ("commandLineOptions", &RUN)] {
            if let Some(options) = node.get(key) {
                keys.check(options, &format!("`{key}`"), remarks);
            }
        }
        Ok(Self {
            description: node.get("description").and_then(Node::scalar_text),
            providers,
            prompts,
            cases,
            concurrency: run("maxConcurrency"),
            repeats: run("repeat").filter(|repeats| repeats.get() > 1),
        })
    }

    fn finish(
        mut self,
        file: &SourceFile,
        options: &TranslateOptions,
        mut remarks: Remarks,
    ) -> Result<Translation, ImportError> {
        let given = self.cases.iter().filter(|case| case.provider_output.is_some()).count();
        let made = if given == self.cases.len() {
            given_answers(&self.cases)
        } else {
            for case in self.cases.iter().filter(|case| case.provider_output.is_some()) {
                let text =
                    "one subject answers every example, and some tests have no `providerOutput`";
                remarks.not_translated(&case.place, "`providerOutput` of a test", text);
            }
            columns(&self.providers, &self.prompts, &self.cases, &mut remarks)
        };
        if made.all.is_empty() {
            let place = Place::new(&file.shown, 1);
            return Err(ImportError::form(&place, "no provider is asked any prompt"));
        }
        fill_in(&mut self.cases, &made, &mut remarks);
        let placed = place(&self.cases, options.partition, &mut remarks);
        let name =
            options.name.clone().unwrap_or_else(|| name_of(self.description.as_deref(), file));
        let draft = Draft {
            name,
            description: self.description,
            partition: options.partition,
            columns: made.all,
            metrics: placed.metrics,
            examples: placed.examples,
            concurrency: self.concurrency,
            repeats: self.repeats,
            files: made.files,
        };
        Ok(draft.finish(remarks.into_sorted()))
    }
}

/// Keys of how a configuration is run.
const RUN: Keys = Keys {
    read: &["maxConcurrency", "repeat"],
    unread: &[
        ("cache", "calls are made anew unless a recording answers them: `run.replay`"),
        ("delay", "set `calls.requests_per_minute` of the subject instead"),
        ("showProgressBar", "progress is shown on a terminal"),
        ("progressBar", "progress is shown on a terminal"),
        ("timeoutMs", "set `calls.timeout` of the subject"),
        ("maxEvalTimeMs", "a run has no time limit as a whole"),
    ],
};

fn whole(number: f64) -> Option<NonZeroU32> {
    format!("{number:.0}").parse::<u32>().ok().and_then(NonZeroU32::new)
}

fn default_prompt(node: &Node) -> Prompt {
    Prompt { label: None, place: node.place.clone(), text: "{{prompt}}".to_owned() }
}

pub(super) fn name_of(description: Option<&str>, file: &SourceFile) -> String {
    let described = description.map(|text| slug(text, 60)).filter(|name| !name.is_empty());
    let name = described.unwrap_or_else(|| {
        let stem = file.path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        slug(&stem.unwrap_or_default(), 60)
    });
    if name.is_empty() { "promptfoo".to_owned() } else { name.replace('_', "-") }
}

/// Reads the tests and those of scenarios, each over what `defaultTest` says.
fn all_tests(node: &Node, root: &Path, remarks: &mut Remarks) -> Result<Vec<Test>, ImportError> {
    let default = match node.get("defaultTest") {
        Some(default) => read_default(default, root, remarks)?,
        None => Test::new(node.place.clone()),
    };
    let mut tests = match node.get("tests") {
        Some(tests) => read_tests(tests, root, remarks)?,
        None => Vec::new(),
    };
    for scenario in node.get("scenarios").and_then(Node::items).unwrap_or_default() {
        tests.extend(scenario_tests(scenario, root, remarks)?);
    }
    let tests: Vec<_> = tests.iter().map(|test| default.under(test)).collect();
    if tests.len() > LIMIT {
        return Err(ImportError::TooMany { place: node.place.clone(), limit: LIMIT });
    }
    Ok(tests)
}

fn read_default(node: &Node, root: &Path, remarks: &mut Remarks) -> Result<Test, ImportError> {
    let mut default = match node.text() {
        Some(text) => {
            let name = file_name_in(text).unwrap_or(text);
            let files = matching(root, name, &node.place)?;
            let parsed = files.first().map(SourceFile::parse).transpose()?;
            read_test(&parsed.unwrap_or_else(|| node.clone()), root, remarks)?
        }
        None => read_test(node, root, remarks)?,
    };
    for assertion in &mut default.assertions {
        assertion.share();
    }
    Ok(default)
}

fn scenario_tests(
    scenario: &Node,
    root: &Path,
    remarks: &mut Remarks,
) -> Result<Vec<Test>, ImportError> {
    let loaded;
    let scenario = match scenario.text().and_then(file_name_in) {
        Some(name) => {
            let files = matching(root, name, &scenario.place)?;
            loaded = files.first().map(SourceFile::parse).transpose()?;
            loaded.as_ref().unwrap_or(scenario)
        }
        None => scenario,
    };
    let rows = scenario.get("config").map(|node| read_tests(node, root, remarks)).transpose()?;
    let tests = scenario.get("tests").map(|node| read_tests(node, root, remarks)).transpose()?;
    let tests = tests.unwrap_or_else(|| vec![Test::new(scenario.place.clone())]);
    let mut all = Vec::new();
    for row in rows.unwrap_or_default() {
        all.extend(tests.iter().map(|test| row.under(test)));
    }
    Ok(all)
}

/// Makes the only column of tests that come with their answers.
fn given_answers(cases: &[Case]) -> Columns {
    let file = PathBuf::from("answers/given.jsonl");
    let line = |case: &Case| {
        let output = match case.provider_output.as_ref()? {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        Some(json!({"id": case.id, "output": output}).to_string() + "\n")
    };
    let mut made = Columns::default();
    let keys = Map::from_iter([("file".to_owned(), json!(file))]);
    made.files.insert(file, cases.iter().filter_map(line).collect());
    let subject = SubjectDraft { kind: "recorded", keys };
    made.all.push(Column { name: "given".to_owned(), subject });
    made
}

/// Gives variables that templates read and a case lacks the empty text, as promptfoo prints nothing there.
fn fill_in(cases: &mut [Case], made: &Columns, remarks: &mut Remarks) {
    for case in cases.iter_mut() {
        for name in &made.variables {
            if !case.vars.contains_key(name) {
                let text =
                    "a test gives it no value; it gets the empty text, as promptfoo prints nothing";
                remarks.differs(&case.place, format!("variable `{name}`"), text);
                case.vars.insert(name.clone(), Value::String(String::new()));
            }
        }
        if let Some(Shape::Conversation(messages)) = made.conversation.as_ref().map(Prompt::shape) {
            let rendered = rendered_messages(&messages, &case.vars);
            case.vars.insert("messages".to_owned(), rendered);
        }
    }
}
