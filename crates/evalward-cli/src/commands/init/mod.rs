//! `evalward init`.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use evalward_core::Partition;
use evalward_dataset::{Approval, ApprovalSubject, Dataset, approve};

use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward init`.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  evalward init demo && cd demo && evalward run")]
pub(crate) struct InitArgs {
    /// The folder to fill; made if missing.
    #[arg(default_value = ".")]
    folder: PathBuf,
}

/// The files of the starting point; none is ever overwritten.
const FILES: &[(&str, &str)] = &[
    ("evalward.toml", include_str!("template/evalward.toml")),
    ("answers.jsonl", include_str!("template/answers.jsonl")),
    (".gitignore", include_str!("template/gitignore")),
    ("dataset/dataset.toml", include_str!("template/dataset.toml")),
    ("dataset/golden.jsonl", include_str!("template/golden.jsonl")),
    ("dataset/regression.jsonl", include_str!("template/regression.jsonl")),
    ("dataset/adversarial.jsonl", include_str!("template/adversarial.jsonl")),
];

/// The owners of the dataset that is made.
const OWNERS: [&str; 2] = ["you", "a-colleague"];

/// Writes the starting point.
pub(crate) fn run(args: &InitArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    if let Some((taken, _)) = FILES.iter().find(|(name, _)| args.folder.join(name).exists()) {
        let error = format!(
            "`{}` is there already; nothing was written",
            args.folder.join(taken).display()
        );
        return Err(CliError::input(error).with_hint("name another folder: `evalward init DIR`"));
    }
    for (name, content) in FILES {
        write(&args.folder.join(name), content)?;
    }
    approve_all(&args.folder.join("dataset"), context)?;
    for (name, _) in FILES {
        writeln!(context.out(), "wrote {}", args.folder.join(name).display())?;
    }
    let go = if args.folder == Path::new(".") {
        String::new()
    } else {
        format!("cd {} && ", args.folder.display())
    };
    writeln!(context.out(), "\nNext: {go}evalward run")?;
    Ok(ExitStatus::Success)
}

fn write(path: &Path, content: &str) -> Result<(), CliError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, content))
        .map_err(|error| CliError::input(format!("failed to write `{}`: {error}", path.display())))
}

/// Approves the golden examples in the name of both owners, so that the suite runs at once.
fn approve_all(folder: &Path, context: &Context) -> Result<(), CliError> {
    let dataset = Dataset::open(folder).map_err(CliError::input)?;
    for (partition, owners) in
        [(Partition::Golden, &OWNERS[..]), (Partition::Regression, &OWNERS[..1])]
    {
        for owner in owners {
            let approval = Approval {
                subject: ApprovalSubject::Partition(partition),
                reviewer: (*owner).to_owned(),
                note: "made by `evalward init`".to_owned(),
            };
            approve(&dataset, &approval, context.clock.as_ref()).map_err(CliError::input)?;
        }
    }
    Ok(())
}
