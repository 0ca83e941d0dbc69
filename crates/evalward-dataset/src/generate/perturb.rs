//! Changing examples that the dataset has.

use evalward_core::{Example, Rules, Seed};
use serde_json::{Map, Value};

use super::adversarial::{INJECTIONS, OTHER_LANGUAGES};
use super::draft::{Origin, finish};
use super::files::lines;
use super::letters::{look_alike, neighbours};
use super::parents::{Eligible, cluster_of, draw, same_expectation, text_of, with_text};
use super::recipe::{CaseStyle, Perturbation, PerturbationRecipe, Recipe};
use super::stream::Stream;
use crate::{Dataset, DatasetError};

/// How often a text is drawn that would stay as it is.
const MOST_DRAWS: u32 = 8;

/// A changed text, and what changed it.
struct Changed {
    text: String,
    parameters: Vec<(&'static str, Value)>,
    /// What an answer must not say.
    excluded: Option<String>,
}

/// Makes the examples of all perturbations.
pub(super) fn make(
    dataset: &Dataset,
    recipe: &Recipe,
    seed: Seed,
    made: &mut Vec<Example>,
) -> Result<(), DatasetError> {
    for (id, rule) in &recipe.perturbations {
        make_one(dataset, recipe, id, rule, seed.derive("perturbation").derive(id), made)?;
    }
    Ok(())
}

fn make_one(
    dataset: &Dataset,
    recipe: &Recipe,
    id: &str,
    rule: &PerturbationRecipe,
    seed: Seed,
    made: &mut Vec<Example>,
) -> Result<(), DatasetError> {
    let settings = rule.settings();
    let field = settings.field.as_deref();
    let eligible = Eligible { from: &settings.from, field, takes: |_| true };
    let parents = draw(dataset, eligible, settings.count, seed)?;
    let injections = match (rule, &settings.file) {
        (PerturbationRecipe::Injection(_), Some(file)) => {
            lines(recipe, file, &["perturbations", id, rule.kind(), "file"])?
        }
        _ => Vec::new(),
    };
    // Where there are fewer parents than examples to make, each is changed several times.
    let turns = parents.iter().cycle().zip(0..settings.count).enumerate();
    for (turn, (parent, _)) in turns {
        let Some(text) = text_of(parent, field) else { continue };
        let round = turn / parents.len().max(1);
        // A low rate may leave a short text as it is; a few further draws give it a chance.
        let drawn = (0..MOST_DRAWS).map(|draw| {
            let mut stream = Stream::of(seed, &format!("{} {round} {draw}", parent.id));
            change(rule, text, &injections, &mut stream)
        });
        let Some(changed) = { drawn }.find(|changed| changed.text != text) else { continue };
        let example = child(parent, rule, &changed);
        let example = with_text(example, field, changed.text);
        let parameters: Map<String, Value> =
            changed.parameters.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        let origin = Origin {
            recipe: &recipe.name,
            seed: recipe.seed,
            rule: id,
            kind: rule.kind(),
            parent: Some(parent.id.as_str()),
            parameters,
        };
        let cluster = cluster_of(parent);
        let finished = finish(example, settings.partition, &settings.tags, cluster, &origin);
        made.push(finished.map_err(|error| recipe.refuse(&["name"], error.to_string()))?);
    }
    Ok(())
}

/// Copies what holds of the child too: the input and, where the change keeps the meaning, the expectation.
fn child(parent: &Example, rule: &PerturbationRecipe, changed: &Changed) -> Example {
    if matches!(rule, PerturbationRecipe::Truncation(_)) {
        return Example {
            input: parent.input.clone(),
            ..Example::with_id(parent.id.clone(), parent.partition)
        };
    }
    let mut child = same_expectation(parent);
    if let Some(excluded) = &changed.excluded {
        child.checks.get_or_insert_with(Rules::default).excludes_any.0.push(excluded.clone());
    }
    child
}

fn change(
    rule: &PerturbationRecipe,
    text: &str,
    injections: &[String],
    stream: &mut Stream,
) -> Changed {
    use PerturbationRecipe as Kind;
    let plain = |text: String, parameters| Changed { text, parameters, excluded: None };
    match rule {
        Kind::Typos(it) => {
            let rate = it.rate.unwrap_or(0.1);
            plain(typos(text, rate, stream), vec![("rate", rate.into())])
        }
        Kind::Case(it) => {
            let style = it.style.unwrap_or_default();
            let name = serde_json::to_value(style).unwrap_or_default();
            plain(cased(text, style), vec![("style", name)])
        }
        Kind::Spacing(it) => {
            let rate = it.rate.unwrap_or(0.3);
            plain(spaced(text, rate, stream), vec![("rate", rate.into())])
        }
        Kind::Homoglyphs(it) => {
            let rate = it.rate.unwrap_or(0.3);
            plain(disguised(text, rate, stream), vec![("rate", rate.into())])
        }
        Kind::Truncation(it) => {
            let rate = it.rate.unwrap_or(0.5);
            plain(truncated(text, rate), vec![("rate", rate.into())])
        }
        Kind::VeryLong(it) => very_long(text, it, stream),
        Kind::OtherLanguage(_) => {
            let (language, sentence) =
                stream.pick(&OTHER_LANGUAGES).copied().unwrap_or(OTHER_LANGUAGES[0]);
            plain(format!("{sentence} {text}"), vec![("language", language.into())])
        }
        Kind::Injection(_) => injected(text, injections, stream),
    }
}

fn typos(text: &str, rate: f64, stream: &mut Stream) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut typed = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(letter) = letters.get(at) {
        at += 1;
        // Numbers stay, since another number is another question.
        if !letter.is_alphabetic() || !stream.chance(rate) {
            typed.push(*letter);
            continue;
        }
        match stream.below(4) {
            0 => {}
            1 => typed.extend([*letter, *letter]),
            2 => match letters.get(at).filter(|next| next.is_alphabetic()) {
                Some(next) => {
                    typed.extend([*next, *letter]);
                    at += 1;
                }
                None => typed.push(*letter),
            },
            _ => typed.push(stream.pick(&neighbours(*letter)).copied().unwrap_or(*letter)),
        }
    }
    typed
}

fn cased(text: &str, style: CaseStyle) -> String {
    match style {
        CaseStyle::Upper => text.to_uppercase(),
        CaseStyle::Lower => text.to_lowercase(),
        CaseStyle::Alternating => {
            let mut upper = false;
            let mut cased = String::with_capacity(text.len());
            for letter in text.chars() {
                upper ^= letter.is_alphabetic();
                if upper {
                    cased.extend(letter.to_uppercase());
                } else {
                    cased.extend(letter.to_lowercase());
                }
            }
            cased
        }
    }
}

fn spaced(text: &str, rate: f64, stream: &mut Stream) -> String {
    let mut spaced = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter == ' ' && stream.chance(rate) {
            spaced.push_str(["", "  ", "\t", "\n", "   "][stream.below(5)]);
        } else {
            spaced.push(letter);
        }
    }
    spaced
}

fn disguised(text: &str, rate: f64, stream: &mut Stream) -> String {
    text.chars()
        .map(|letter| match look_alike(letter) {
            Some(other) if stream.chance(rate) => other,
            _ => letter,
        })
        .collect()
}

/// Keeps a share of the words, at least one character and at most all but one word.
fn truncated(text: &str, rate: f64) -> String {
    let words: Vec<&str> = text.split_inclusive(' ').collect();
    let count = f64::from(u32::try_from(words.len()).unwrap_or(u32::MAX)) * rate;
    let kept = words.iter().enumerate().take_while(|(at, _)| {
        *at == 0 || f64::from(u32::try_from(at + 1).unwrap_or(u32::MAX)) <= count
    });
    let kept: String = kept.map(|(_, word)| *word).collect();
    kept.trim_end().to_owned()
}

fn very_long(text: &str, settings: &Perturbation, stream: &mut Stream) -> Changed {
    const FILLER: [&str; 6] = [
        "I have been a customer for a long time. ",
        "The weather was fine that day. ",
        "As I told your colleague before, ",
        "Let me start from the beginning. ",
        "There is nothing special about it. ",
        "My neighbour thinks the same. ",
    ];
    let characters = settings.characters.unwrap_or(20_000);
    let least = usize::try_from(characters).unwrap_or(usize::MAX);
    let mut long = String::new();
    while long.len() + text.len() < least {
        long.push_str(stream.pick(&FILLER).copied().unwrap_or_default());
    }
    long.push_str(text);
    Changed { text: long, parameters: vec![("characters", characters.into())], excluded: None }
}

fn injected(text: &str, injections: &[String], stream: &mut Stream) -> Changed {
    let at = stream.below(INJECTIONS.len() + injections.len());
    let (instruction, excluded) = match INJECTIONS.get(at) {
        Some((instruction, excluded)) => (*instruction, Some((*excluded).to_owned())),
        None => (injections.get(at - INJECTIONS.len()).map_or("", String::as_str), None),
    };
    let parameters = vec![("injection", instruction.into())];
    Changed { text: format!("{text}\n\n{instruction}"), parameters, excluded }
}
