//! The text of a recipe, and where its keys stand.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::recipe::Recipe;
use crate::manifest::place_of;
use crate::suggest::humanize;
use crate::{DatasetError, Place};

/// Something in a recipe that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecipeProblem {
    /// Where it stands.
    pub place: Place,
    /// The key that it is about, in bytes of the recipe.
    pub span: Range<usize>,
    /// What is wrong, and what to do.
    pub message: String,
}

impl fmt::Display for RecipeProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.message)
    }
}

/// A recipe's text, which may hold secrets.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct RecipeText {
    path: PathBuf,
    text: String,
}

impl fmt::Debug for RecipeText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("RecipeText").field("path", &self.path).finish_non_exhaustive()
    }
}

impl RecipeText {
    /// Makes a problem with a key; where there is no such key, with the last of the path that there is.
    fn problem(&self, keys: &[impl AsRef<str>], message: String) -> RecipeProblem {
        self.problem_at(span_of(&self.text, keys), message)
    }

    fn problem_at(&self, span: Range<usize>, message: String) -> RecipeProblem {
        let place = place_of(&self.path, self.text.as_bytes(), span.start);
        RecipeProblem { place, span, message }
    }
}

fn span_of(text: &str, keys: &[impl AsRef<str>]) -> Range<usize> {
    let mut span = 0..0;
    let Ok(parsed) = DeTable::parse(text) else { return span };
    let mut table = parsed.get_ref();
    for key in keys {
        let Some((key, value)) = table.get_key_value(key.as_ref()) else { break };
        span = key.span();
        let DeValue::Table(inner) = value.get_ref() else { break };
        table = inner;
    }
    span
}

impl Recipe {
    /// Reads a recipe and looks at the files that it names.
    ///
    /// # Errors
    /// [`DatasetError::Io`] if the file cannot be read, [`DatasetError::Recipe`] with the places of all that is wrong in it.
    pub fn read(path: &Path) -> Result<Self, DatasetError> {
        let bytes = std::fs::read(path).map_err(DatasetError::io("read", path))?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let place = place_of(path, error.as_bytes(), error.utf8_error().valid_up_to());
            DatasetError::malformed(place, "the file is not valid UTF-8")
        })?;
        Self::parse(&text, path)
    }

    /// Reads a recipe from its text and looks at the files that it names.
    ///
    /// # Errors
    /// [`DatasetError::Recipe`] with the places of all that is wrong in it.
    pub fn parse(text: &str, path: &Path) -> Result<Self, DatasetError> {
        let text = RecipeText { path: path.to_owned(), text: text.to_owned() };
        let mut recipe: Self = toml::from_str(&text.text).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            let message = humanize(error.message());
            DatasetError::Recipe { problems: vec![text.problem_at(span, message)] }
        })?;
        path.parent().unwrap_or_else(|| Path::new("")).clone_into(&mut recipe.folder);
        recipe.text = text;
        let problems: Vec<RecipeProblem> = super::problems::find(&recipe)
            .into_iter()
            .map(|(keys, message)| recipe.text.problem(&keys, message))
            .collect();
        if problems.is_empty() { Ok(recipe) } else { Err(DatasetError::Recipe { problems }) }
    }

    /// Makes the error of what is wrong with a key.
    pub(super) fn refuse(&self, keys: &[&str], message: String) -> DatasetError {
        DatasetError::Recipe { problems: vec![self.text.problem(keys, message)] }
    }
}
