//! `evalward dataset import`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use evalward_core::Partition;
use evalward_dataset::{
    ExistingIds, FieldMapping, GeneratedIds, ImportFormat, ImportOptions, import,
};

use super::{by_partition, refused};
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward dataset import`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  evalward dataset import examples.json datasets/support --owner ann --owner ben
  evalward dataset import faq.csv datasets/support --partition distribution \\
      --map input.question=Question --map expected_output=Answer
  evalward dataset import logs.jsonl datasets/support --partition distribution \\
      --map input.question=request.text

A new folder becomes a dataset; an existing one keeps its lines and gets the new ones behind them.
Everything is imported, or nothing is.")]
pub(super) struct ImportArgs {
    /// The file to read.
    source: PathBuf,
    /// The dataset's folder.
    dataset: PathBuf,
    /// The form of the file [default: by its extension].
    #[arg(long, value_name = "FORMAT")]
    from: Option<From>,
    /// Put a column, or a value at a path with dots, into a field of the example; may be repeated.
    #[arg(long = "map", value_name = "TARGET=SOURCE")]
    mappings: Vec<FieldMapping>,
    /// Put every example into this partition: golden, regression, adversarial or distribution.
    #[arg(long, value_name = "PARTITION")]
    partition: Option<Partition>,
    /// How to name examples that have no id.
    #[arg(long, value_name = "HOW", default_value = "number")]
    ids: Ids,
    /// Leave out examples whose id the dataset has; by default nothing is imported then.
    #[arg(long)]
    skip_existing: bool,
    /// The name of a new dataset [default: the file's, or the folder's].
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The task type of a new dataset [default: the file's, or `general`].
    #[arg(long, value_name = "TYPE")]
    task_type: Option<String>,
    /// An owner of a new dataset, whose reviews count; may be repeated.
    #[arg(long = "owner", value_name = "NAME")]
    owners: Vec<String>,
}

/// The forms of a file to import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum From {
    /// One object with `name`, `task_type` and `examples`
    Json,
    /// A table with a header: `id`, `partition`, `expected_output`, `tags` (split by `|`), `input.<field>`
    Csv,
    /// One object a line
    Jsonl,
}

/// How to name examples without an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Ids {
    /// The partition and a number
    Number,
    /// The partition and a hash, the same whenever the same file is read
    Hash,
}

pub(super) fn run(args: ImportArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let has_owners = !args.owners.is_empty();
    let options = ImportOptions {
        format: args.from.map(|format| match format {
            From::Json => ImportFormat::Json,
            From::Csv => ImportFormat::Csv,
            From::Jsonl => ImportFormat::Jsonl,
        }),
        mappings: args.mappings,
        partition: args.partition,
        generated_ids: match args.ids {
            Ids::Number => GeneratedIds::Number,
            Ids::Hash => GeneratedIds::Hash,
        },
        existing_ids: if args.skip_existing { ExistingIds::Skip } else { ExistingIds::Refuse },
        name: args.name,
        task_type: args.task_type,
        owners: args.owners,
    };
    let report = import(&args.source, &args.dataset, &options).map_err(refused)?;
    let folder = args.dataset.display();
    let verb = if report.created { "made" } else { "extended" };
    writeln!(context.out(), "{verb} {folder}: added {}", by_partition(&report.added))?;
    if !report.skipped.is_empty() {
        let skipped = by_partition(&report.skipped);
        writeln!(context.out(), "skipped {skipped}, whose ids the dataset has")?;
    }
    if !report.ignored.is_empty() {
        let ignored: Vec<_> = report.ignored.iter().map(String::as_str).collect();
        context.note(&format!("no mapping reads {}", ignored.join(", ")));
    }
    if report.created && !has_owners {
        context.note(&format!("list the owners in {folder}/dataset.toml, so that reviews count"));
    }
    if report.added.contains_key(&Partition::Golden) {
        let command =
            format!("evalward dataset approve {folder} --partition golden --reviewer NAME");
        context.note(&format!("golden examples need approvals: {command}"));
    }
    Ok(ExitStatus::Success)
}
