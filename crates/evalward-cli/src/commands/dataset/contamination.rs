//! `evalward dataset check --suite --training`: inputs that also stand in prompts and training files.

use std::collections::BTreeSet;
use std::path::PathBuf;

use evalward_config::{LoadOptions, load};
use evalward_dataset::{
    CheckReport, ContaminationOptions, Dataset, TextFile, TextFileKind, check_contamination,
};

use super::{counted, refused};
use crate::context::Context;
use crate::error::CliError;
use crate::progress::Steps;

/// Lists the files that no input should stand in: the prompts of the suites and of their variants, and the training files.
pub(super) fn files(
    suites: &[PathBuf],
    training: &[PathBuf],
    context: &mut Context,
) -> Result<Vec<TextFile>, CliError> {
    let mut prompts = BTreeSet::new();
    for path in suites {
        let before = prompts.len();
        let options = LoadOptions { environment: context.lookup(), ..LoadOptions::default() };
        let suite = load(path, &options)?;
        prompts.extend(suite.prompt_files());
        for variant in &suite.variants {
            let options = LoadOptions { variant: Some(variant.clone()), ..options.clone() };
            prompts.extend(load(path, &options)?.prompt_files());
        }
        if prompts.len() == before {
            context.note(&format!("{} names no prompt file to look into", path.display()));
        }
    }
    let prompts = prompts.into_iter().map(|path| (path, TextFileKind::Prompt));
    let training = training.iter().map(|path| (path.clone(), TextFileKind::Training));
    Ok(prompts.chain(training).map(|(path, kind)| TextFile { path, kind }).collect())
}

/// Looks for the inputs in the files, and says what could not be looked for.
pub(super) fn check(
    dataset: &Dataset,
    files: &[TextFile],
    max_findings: u64,
    context: &mut Context,
) -> Result<CheckReport, CliError> {
    let mut steps = Steps::new(context);
    let options = ContaminationOptions { max_findings };
    let found = check_contamination(dataset, files, &options, &mut |what, done, total| {
        steps.show(what, done, total);
    });
    steps.finish();
    let found = found.map_err(refused)?;
    if found.short > 0 {
        let inputs = counted(found.short, "input");
        context
            .note(&format!("{inputs} of fewer than 12 characters not looked for in other files"));
    }
    if found.crowded > 0 {
        let inputs = counted(found.crowded, "input");
        context.note(&format!(
            "{inputs} not looked for in other files, since more than 16 inputs share each piece"
        ));
    }
    Ok(found.report)
}
