//! `evalward dataset generate`.

mod paraphrases;
mod print;

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::Args;
use evalward_config::{ConfigErrors, RecipeFile};
use evalward_dataset::{Dataset, DatasetError, GenerateOptions, Recipe, Similarity, generate};

use super::{OutputFormat, refused};
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::progress::Steps;

/// The arguments of `evalward dataset generate`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  evalward dataset generate datasets/support
  evalward dataset generate datasets/support --recipe attacks.toml --seed 7 --dry-run
  evalward dataset generate datasets/support --recipe reworded.toml --record paraphrases.jsonl

The recipe says what to make: texts with slots, changes of examples, paraphrases by a model, inputs to
withstand. The same recipe, dataset and seed make the same examples; what the dataset has already is not
made again. Paraphrases are the same where the model's answers are, as those of a recording.")]
pub(super) struct GenerateArgs {
    /// The dataset's folder.
    dataset: PathBuf,
    /// The recipe [default: `generate.toml` in the dataset's folder].
    #[arg(long, value_name = "FILE")]
    recipe: Option<PathBuf>,
    /// Another seed than the recipe's.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// From this similarity to an input of another cluster on an example is left out, from 0.5 to 1.
    #[arg(long, value_name = "SIMILARITY", default_value = "0.7")]
    near_duplicates: Similarity,
    /// Print the examples, a line each, and write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Write every answer of a model to this file, so that the command can be replayed; answers that it already has are not asked for again.
    #[arg(long, value_name = "FILE", help_heading = "Calls", conflicts_with = "replay")]
    record: Option<PathBuf>,
    /// Take every answer of a model from this recording.
    #[arg(long, value_name = "FILE", help_heading = "Calls")]
    replay: Option<PathBuf>,
    /// The number of calls under way at once.
    #[arg(long, short = 'j', value_name = "N", help_heading = "Calls", default_value = "5")]
    concurrency: NonZeroU32,
    /// The form of the output.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: OutputFormat,
}

pub(super) fn run(args: &GenerateArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let dataset = Dataset::open(&args.dataset).map_err(refused)?;
    let path = args.recipe.clone().unwrap_or_else(|| args.dataset.join("generate.toml"));
    let file = RecipeFile::read(&path)?;
    let mut recipe = Recipe::parse(file.text(), &path).map_err(|error| located(error, &file))?;
    recipe.seed = args.seed.unwrap_or(recipe.seed);
    let paraphrases = paraphrases::write(args, &dataset, (&recipe, &file), context)?;
    let options = GenerateOptions {
        near_duplicates: args.near_duplicates,
        dry_run: args.dry_run,
        paraphrases,
    };
    let mut steps = Steps::new(context);
    let generated = generate(&dataset, &recipe, &options, &mut |what, done, total| {
        steps.show(what, done, total);
    });
    steps.finish();
    let generated = generated.map_err(|error| located(error, &file))?;
    match args.format {
        OutputFormat::Text => print::as_text(args, &generated, context)?,
        OutputFormat::Json => print::as_json(args, &generated, context)?,
    }
    Ok(ExitStatus::Success)
}

/// Shows what is wrong with a recipe as what is wrong with a suite.
fn located(error: DatasetError, file: &RecipeFile) -> CliError {
    let DatasetError::Recipe { problems } = error else { return refused(error) };
    let errors = problems.into_iter().map(|it| file.error(it.message, &it.span)).collect();
    ConfigErrors(errors).into()
}
