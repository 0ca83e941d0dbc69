//! `evalward dataset generate`.

use std::path::PathBuf;

use clap::Args;
use evalward_core::{Partition, visible};
use evalward_dataset::{Dataset, GenerateOptions, Generated, Recipe, Similarity, generate};
use serde::Serialize;

use super::{JSON_VERSION, OutputFormat, by_partition, counted, print_json, refused};
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

The recipe says what to make: texts with slots, changes of examples, inputs to withstand. The same
recipe, dataset and seed make the same examples; what the dataset has already is not made again.")]
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
    /// The form of the output.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: OutputFormat,
}

/// What `--format json` writes.
#[derive(Serialize)]
struct Output<'a> {
    version: u32,
    dataset: String,
    written: bool,
    added: &'a std::collections::BTreeMap<Partition, u64>,
    present: u64,
    missing: u64,
    near_duplicates: u64,
}

pub(super) fn run(args: &GenerateArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let dataset = Dataset::open(&args.dataset).map_err(refused)?;
    let path = args.recipe.clone().unwrap_or_else(|| args.dataset.join("generate.toml"));
    let mut recipe = Recipe::read(&path).map_err(refused)?;
    recipe.seed = args.seed.unwrap_or(recipe.seed);
    let options = GenerateOptions { near_duplicates: args.near_duplicates, dry_run: args.dry_run };
    let mut steps = Steps::new(context);
    let generated = generate(&dataset, &recipe, &options, &mut |what, done, total| {
        steps.show(what, done, total);
    });
    steps.finish();
    let generated = generated.map_err(refused)?;
    match args.format {
        OutputFormat::Text => print_text(args, &generated, context)?,
        OutputFormat::Json => print_json(
            &Output {
                version: JSON_VERSION,
                dataset: args.dataset.display().to_string(),
                written: !args.dry_run,
                added: &generated.added,
                present: generated.present,
                missing: generated.missing,
                near_duplicates: generated.near_duplicates,
            },
            context,
        )?,
    }
    Ok(ExitStatus::Success)
}

fn print_text(
    args: &GenerateArgs,
    generated: &Generated,
    context: &mut Context,
) -> Result<(), CliError> {
    if args.dry_run {
        for example in &generated.examples {
            writeln!(context.out(), "{}", visible(&example.to_line()))?;
        }
        let made = by_partition(&generated.added);
        context.note(&format!("would add {made}; nothing was written"));
    } else {
        let made = by_partition(&generated.added);
        writeln!(context.out(), "{}: added {made}", args.dataset.display())?;
    }
    if generated.present > 0 {
        let present = counted(generated.present, "example");
        context.note(&format!("the dataset has {present} of the recipe already"));
    }
    if generated.missing > 0 {
        let missing = counted(generated.missing, "example");
        context.note(&format!(
            "{missing} fewer than the recipe asks for: slots, families and texts give no more"
        ));
    }
    if generated.near_duplicates > 0 {
        let repeated = counted(generated.near_duplicates, "example");
        context.note(&format!("left out {repeated} whose input is nearly that of another"));
    }
    Ok(())
}
