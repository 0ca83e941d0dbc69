//! Templates with slots.

use std::collections::{BTreeMap, BTreeSet};

use evalward_core::{Example, Partition, Seed};
use serde_json::{Map, Value};

use super::draft::{Origin, finish};
use super::files::slot_values;
use super::recipe::{Recipe, TemplateRecipe};
use super::stream::Stream;
use crate::DatasetError;

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Slot(String),
}

impl Piece {
    fn slot(&self) -> Option<&str> {
        match self {
            Self::Text(_) => None,
            Self::Slot(name) => Some(name),
        }
    }
}

/// Makes the examples of all templates. Of one template each text is made once; where its slots give fewer, there are fewer.
pub(super) fn expand(
    recipe: &Recipe,
    seed: Seed,
    made: &mut Vec<Example>,
) -> Result<(), DatasetError> {
    for (id, template) in &recipe.templates {
        expand_one(recipe, id, template, seed, made)?;
    }
    Ok(())
}

fn expand_one(
    recipe: &Recipe,
    id: &str,
    template: &TemplateRecipe,
    seed: Seed,
    made: &mut Vec<Example>,
) -> Result<(), DatasetError> {
    let malformed =
        |problem: String| recipe.refuse(&["templates", id, "text"], problem_of(id, &problem));
    let pieces = pieces(&template.text).map_err(malformed)?;
    let mut values = BTreeMap::new();
    for (name, slot) in &template.slots {
        let key = ["templates", id, "slots", name];
        values.insert(name.as_str(), (slot_values(recipe, slot, &key)?, slot.weights.as_slice()));
    }
    let mut texts = BTreeSet::new();
    let mut stream = Stream::of(seed, &format!("template {id}"));
    // Slots that give few texts are drawn in vain now and then.
    for _ in 0..u64::from(template.count) * 20 {
        if u64::try_from(texts.len()).is_ok_and(|count| count >= u64::from(template.count)) {
            break;
        }
        let (text, parameters) = fill(&pieces, &values, &mut stream).map_err(malformed)?;
        if !texts.insert(text.clone()) {
            continue;
        }
        let example =
            Example::new("draft", Partition::Distribution).with_input(&template.field, text);
        let number = recipe.seed;
        let origin = Origin {
            recipe: &recipe.name,
            seed: number,
            rule: id,
            kind: "template",
            parent: None,
            parameters,
        };
        let cluster = format!("{}-{id}", recipe.name);
        let example = finish(example, template.partition, &template.tags, cluster, &origin);
        made.push(example.map_err(|error| malformed(error.to_string()))?);
    }
    Ok(())
}

fn problem_of(id: &str, problem: &str) -> String {
    format!("`templates.{id}`: {problem}")
}

/// Returns what is wrong with a template's text and slots: the key below the template, and the problem.
pub(super) fn problems(id: &str, template: &TemplateRecipe) -> Vec<(Vec<String>, String)> {
    let at = |keys: &[&str], problem: String| {
        let keys = ["templates", id].into_iter().chain(keys.iter().copied());
        (keys.map(str::to_owned).collect(), problem_of(id, &problem))
    };
    let pieces = match pieces(&template.text) {
        Ok(pieces) => pieces,
        Err(problem) => return vec![at(&["text"], problem)],
    };
    let named: BTreeSet<&str> = pieces.iter().filter_map(Piece::slot).collect();
    let unknown = named.iter().filter(|name| !template.slots.contains_key(**name));
    let unused = template.slots.keys().filter(|name| !named.contains(name.as_str()));
    let unknown = unknown.map(|name| at(&["text"], format!("slot `{name}` is not described")));
    let unused =
        unused.map(|name| at(&["slots", name], format!("the text has no slot `{{{name}}}`")));
    unknown.chain(unused).collect()
}

fn fill(
    pieces: &[Piece],
    values: &BTreeMap<&str, (Vec<String>, &[u32])>,
    stream: &mut Stream,
) -> Result<(String, Map<String, Value>), String> {
    let mut text = String::new();
    let mut parameters = Map::new();
    for piece in pieces {
        match piece {
            Piece::Text(piece) => text.push_str(piece),
            Piece::Slot(name) => {
                let (list, weights) = values
                    .get(name.as_str())
                    .ok_or_else(|| format!("slot `{name}` is not described"))?;
                let value = stream
                    .pick_weighted(list, weights)
                    .ok_or_else(|| format!("slot `{name}` has no value"))?;
                text.push_str(value);
                parameters.insert(name.clone(), value.as_str().into());
            }
        }
    }
    Ok((text, parameters))
}

/// Cuts a template at its slots.
fn pieces(text: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '{' | '}' if characters.peek() == Some(&character) => {
                characters.next();
                plain.push(character);
            }
            '{' => {
                let mut name = String::new();
                loop {
                    match characters.next() {
                        Some('}') => break,
                        Some(letter) => name.push(letter),
                        None => {
                            return Err(format!(
                                "`{{{name}` is not closed; write `{{{{` for a brace"
                            ));
                        }
                    }
                }
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
                pieces.push(Piece::Slot(name));
            }
            '}' => return Err("`}` closes nothing; write `}}` for a brace".to_owned()),
            character => plain.push(character),
        }
    }
    pieces.push(Piece::Text(plain));
    Ok(pieces)
}
