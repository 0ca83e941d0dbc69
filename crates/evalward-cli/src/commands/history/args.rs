//! The arguments of `evalward history`.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::Args;

use crate::commands::OutputFormat;

/// The arguments of `evalward history`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  evalward history
  evalward history support-assistant --limit 50
  evalward history support-assistant --plot trend.html
  evalward history support-assistant --example refunds-07
  evalward history --format json
  evalward history --add 20261103-142207

Every finished run is recorded: in the file evalward.db beside the folder of the runs, or in the
database that EVALWARD_DATABASE_URL names. The scores of single examples are kept of the 100 newest
runs of each suite; what the runs came to is kept for good.")]
pub(crate) struct HistoryArgs {
    /// The suite's name [default: all suites].
    pub(super) suite: Option<String>,
    /// Only the runs of this variant; `base` are those of the suite itself [default: all].
    #[arg(long, value_name = "NAME")]
    pub(super) variant: Option<String>,
    /// Show what one example came to in each run, and since when it fails.
    #[arg(long, value_name = "ID")]
    pub(super) example: Option<String>,
    /// Also draw the pass rates over the runs into this file: `.svg` for a picture, `.html` for a page with a table.
    #[arg(long, value_name = "FILE", conflicts_with = "example")]
    pub(super) plot: Option<PathBuf>,
    /// The most runs to list; the newest are kept.
    #[arg(long, value_name = "N", default_value = "20")]
    pub(super) limit: NonZeroU32,
    /// The store: `sqlite://FILE` or `postgres://...` [default: `EVALWARD_DATABASE_URL`, else the file beside the runs].
    #[arg(long, value_name = "URL")]
    pub(super) store: Option<String>,
    /// The form of the output.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: OutputFormat,
    /// Record a stored run, with all its scores and however long that takes, instead of listing; may be given several times.
    #[arg(long, value_name = "RUN", conflicts_with_all = ["suite", "variant", "example", "plot", "limit", "format"])]
    pub(super) add: Vec<String>,
}
