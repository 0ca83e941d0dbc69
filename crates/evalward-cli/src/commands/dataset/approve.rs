//! `evalward dataset approve`.

use std::path::PathBuf;

use clap::Args;
use evalward_config::gate_digest;
use evalward_core::{ExampleId, Partition};
use evalward_dataset::{Approval, ApprovalSubject, BaseRevision, Dataset, approve};

use super::{counted, parse_id, refused};
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward dataset approve`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  evalward dataset approve datasets/support refund-01 refund-02 --reviewer support-lead
  evalward dataset approve datasets/support --partition golden --reviewer support-lead
  evalward dataset approve datasets/support refund-03 --remove --against origin/main \\
      --reviewer support-lead

An approval holds the hash of the content it is for, so an edit outdates it. It is a line of
reviews.jsonl; commit it. Lines of two branches never conflict.")]
pub(super) struct ApproveArgs {
    /// The dataset's folder.
    dataset: PathBuf,
    /// The examples.
    #[arg(value_name = "ID", value_parser = parse_id, required_unless_present_any = ["partition", "suite"])]
    ids: Vec<ExampleId>,
    /// All examples of this partition: golden, regression, adversarial or distribution.
    #[arg(long, value_name = "PARTITION", conflicts_with = "ids")]
    partition: Option<Partition>,
    /// Agree with the present gates, thresholds and rules of this suite file, which a change made easier to pass.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["ids", "partition", "remove"])]
    suite: Option<PathBuf>,
    /// Who you are: one of the dataset's owners.
    #[arg(long, value_name = "NAME", env = "EVALWARD_REVIEWER", hide_env_values = true)]
    reviewer: String,
    /// What you want to say.
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    note: String,
    /// Agree that the examples are removed, or moved to another partition.
    #[arg(long, conflicts_with = "partition")]
    remove: bool,
    /// With --remove, take the examples' content from this git revision, where they still are.
    #[arg(long, value_name = "REV", requires = "remove")]
    against: Option<String>,
}

pub(super) fn run(args: ApproveArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let dataset = Dataset::open(&args.dataset).map_err(refused)?;
    let subject = match (args.suite, args.partition, args.remove) {
        (Some(suite), _, _) => {
            let (suite, content) = gate_digest(&suite)?;
            ApprovalSubject::Gates { suite, content }
        }
        (None, Some(partition), _) => ApprovalSubject::Partition(partition),
        (None, None, false) => ApprovalSubject::Examples(args.ids),
        (None, None, true) => {
            ApprovalSubject::Removal { ids: args.ids, base: args.against.map(BaseRevision::new) }
        }
    };
    let approval = Approval { subject, reviewer: args.reviewer, note: args.note };
    let report = approve(&dataset, &approval, context.clock.as_ref()).map_err(refused)?;
    let action = if args.remove { "agreed to remove" } else { "approved" };
    for id in &report.recorded {
        writeln!(context.out(), "{action} {id}")?;
    }
    for id in &report.already {
        writeln!(context.out(), "{id}: {} had {action} this content before", approval.reviewer)?;
    }
    let recorded = u64::try_from(report.recorded.len()).unwrap_or(u64::MAX);
    if recorded > 0 {
        let reviews = counted(recorded, "review");
        let path = args.dataset.join("reviews.jsonl");
        context.note(&format!("{reviews} recorded in {}; commit it", path.display()));
    }
    Ok(ExitStatus::Success)
}
