//! Having answers restyled.

use std::sync::Arc;

use evalward_judge::audit::{RestyledAnswers, Restylers, Restyling, Styles};

use super::asking;
use crate::context::Context;
use crate::error::CliError;

/// Has every answer said by both models; each comes with what the calls are for.
pub(super) fn restyle(
    restylers: Restylers,
    answers: &[(String, String)],
    most: usize,
    context: &mut Context,
) -> Result<Styles, CliError> {
    let (own, other) = match restylers {
        Restylers::Both { own, other } => (own, other),
        Restylers::Nobody(reason) => return Ok(Styles::Skipped(reason)),
    };
    let questions = answers.iter().flat_map(|(label, answer)| {
        [&own, &other].map(|restyler| {
            let (restyler, label, answer) = (Arc::clone(restyler), label.clone(), answer.clone());
            async move { restyler.restyle(&answer, &label).await }
        })
    });
    let found = asking::ask_all(questions.collect(), most, "restyled", context)?;
    let lost = || Restyling::Errored("the model's client panicked".to_owned());
    let mut found = found.into_iter().map(|it| it.unwrap_or_else(lost));
    let mut both = Vec::with_capacity(answers.len());
    while let (Some(own), Some(other)) = (found.next(), found.next()) {
        both.push([own, other]);
    }
    let models = [own.model().to_owned(), other.model().to_owned()];
    Ok(Styles::Restyled(RestyledAnswers { models, answers: both }))
}
