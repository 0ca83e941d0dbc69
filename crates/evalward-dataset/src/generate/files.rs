//! What a recipe reads beside itself, and what in it makes no sense.

use std::fs;
use std::path::Path;

use evalward_core::Partition;

use super::recipe::{Perturbation, PerturbationRecipe, Recipe, SlotRecipe};
use crate::suggest::quoted_list;
use crate::{DatasetError, Place};

/// Reads the lines of a file that are not blank.
pub(super) fn lines(folder: &Path, file: &str) -> Result<Vec<String>, DatasetError> {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).map_err(DatasetError::io("read", &path))?;
    let lines = text.lines().map(str::trim_end).filter(|line| !line.trim().is_empty());
    Ok(lines.map(str::to_owned).collect())
}

/// Returns what fills a slot.
pub(super) fn slot_values(folder: &Path, slot: &SlotRecipe) -> Result<Vec<String>, DatasetError> {
    let mut values = slot.values.clone();
    match (&slot.file, &slot.column) {
        (Some(file), Some(column)) => values.extend(column_of(&folder.join(file), column)?),
        (Some(file), None) => values.extend(lines(folder, file)?),
        (None, _) => {}
    }
    Ok(values)
}

fn column_of(path: &Path, column: &str) -> Result<Vec<String>, DatasetError> {
    let malformed = |error: csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        DatasetError::malformed(Place::new(path, line, 1), error.to_string())
    };
    let file = fs::File::open(path).map_err(DatasetError::io("open", path))?;
    let mut reader = csv::Reader::from_reader(file);
    let headers = reader.headers().map_err(malformed)?.clone();
    let Some(at) = headers.iter().position(|header| header == column) else {
        let known: Vec<&str> = headers.iter().collect();
        let problem = format!("there is no column `{column}`; there are {}", quoted_list(&known));
        return Err(DatasetError::malformed(Place::new(path, 1, 1), problem));
    };
    let mut values = Vec::new();
    for record in reader.records() {
        let record = record.map_err(malformed)?;
        values.extend(record.get(at).filter(|value| !value.is_empty()).map(str::to_owned));
    }
    Ok(values)
}

/// Returns what is wrong with a recipe that could be read.
pub(super) fn problem(recipe: &Recipe) -> Option<String> {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    if recipe.name.is_empty() || recipe.name.len() > 60 || !recipe.name.chars().all(is_plain) {
        return Some(format!(
            "`name` is `{}`; it has letters, digits, `-` and `_`, at most 60",
            recipe.name
        ));
    }
    let families = recipe.adversarial.families();
    if recipe.templates.is_empty() && recipe.perturbations.is_empty() && families.is_empty() {
        return Some(
            "the recipe makes nothing; add `templates`, `perturbations` or `adversarial`"
                .to_owned(),
        );
    }
    let templates =
        recipe.templates.iter().map(|(id, it)| (format!("templates.{id}"), it.partition));
    let perturbations = recipe
        .perturbations
        .iter()
        .map(|(id, it)| (format!("perturbations.{id}.{}", it.kind()), it.settings().partition));
    let families = families.iter().map(|(kind, it)| (format!("adversarial.{kind}"), it.partition));
    let protected = templates
        .chain(perturbations)
        .chain(families)
        .find(|(_, partition)| matches!(partition, Partition::Golden | Partition::Regression));
    if let Some((key, partition)) = protected {
        return Some(format!(
            "`{key}.partition` is `{partition}`, whose examples people write and approve; use `distribution` or `adversarial`"
        ));
    }
    let mut slots =
        recipe.templates.iter().flat_map(|(id, it)| it.slots.iter().map(move |slot| (id, slot)));
    slots
        .find_map(|(id, (name, slot))| {
            slot_problem(slot).map(|problem| format!("`templates.{id}.slots.{name}`: {problem}"))
        })
        .or_else(|| {
            recipe.perturbations.iter().find_map(|(id, it)| {
                let problem = perturbation_problem(it)?;
                Some(format!("`perturbations.{id}.{}`: {problem}", it.kind()))
            })
        })
}

fn slot_problem(slot: &SlotRecipe) -> Option<String> {
    if slot.values.is_empty() && slot.file.is_none() {
        return Some("a slot needs `values` or a `file`".to_owned());
    }
    if slot.column.is_some() && slot.file.is_none() {
        return Some("`column` needs a `file`".to_owned());
    }
    if slot.weights.is_empty() {
        return None;
    }
    if slot.file.is_some() || slot.weights.len() != slot.values.len() {
        return Some(
            "`weights` has one number for each of `values`, and goes with no `file`".to_owned(),
        );
    }
    slot.weights.iter().all(|weight| *weight == 0).then(|| "all `weights` are 0".to_owned())
}

fn perturbation_problem(recipe: &PerturbationRecipe) -> Option<String> {
    use PerturbationRecipe as Kind;
    let Perturbation { rate, style, characters, file, .. } = recipe.settings();
    let takes_rate = matches!(
        recipe,
        Kind::Typos(_) | Kind::Spacing(_) | Kind::Homoglyphs(_) | Kind::Truncation(_)
    );
    let has_no_use_for = |key: &str| Some(format!("`{key}` has no effect here; remove it"));
    match () {
        () if rate.is_some() && !takes_rate => has_no_use_for("rate"),
        () if rate.is_some_and(|rate| !(rate > 0.0 && rate <= 1.0)) => {
            Some("`rate` is above 0 and at most 1".to_owned())
        }
        () if style.is_some() && !matches!(recipe, Kind::Case(_)) => has_no_use_for("style"),
        () if characters.is_some() && !matches!(recipe, Kind::VeryLong(_)) => {
            has_no_use_for("characters")
        }
        () if characters.is_some_and(|characters| characters > 1_000_000) => {
            Some("`characters` is at most 1000000".to_owned())
        }
        () if file.is_some() && !matches!(recipe, Kind::Injection(_)) => has_no_use_for("file"),
        () => None,
    }
}
