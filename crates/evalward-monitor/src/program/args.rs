//! The arguments of the program.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use evalward_store::Scope;

/// Takes in live traffic, evaluates a sample of it with a suite's own metrics, and alarms.
#[derive(Debug, Parser)]
#[command(name = "evalward-monitor", version, max_term_width = 100, disable_help_subcommand = true)]
#[command(after_help = "\
Exit codes:
  0  the monitor was asked to stop and has drained
  2  the arguments or the configuration are wrong; nothing was started
  3  the monitor could not start, or had to stop")]
pub(crate) struct Cli {
    /// The monitor's file.
    #[arg(long, global = true, value_name = "FILE", default_value = "monitor.toml")]
    pub(super) config: PathBuf,
    /// What to do; by default the monitor serves.
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check the configuration and tell what it comes to.
    CheckConfig,
    /// Make, list and revoke API keys.
    #[command(subcommand)]
    Key(KeyCommand),
}

/// What to do with API keys.
#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Make a key and print it; it cannot be shown again.
    Create(CreateArgs),
    /// List all keys.
    List,
    /// Revoke a key; the monitor refuses it within seconds.
    Revoke {
        /// The key's id, as `key list` shows it.
        id: String,
    },
}

/// The arguments of `key create`.
#[derive(Debug, Args)]
pub(super) struct CreateArgs {
    /// The project that what is sent with the key belongs to.
    #[arg(long, default_value = "default")]
    pub(super) project: String,
    /// What people call the key.
    #[arg(long)]
    pub(super) name: String,
    /// What the key allows, separated by commas.
    #[arg(long, value_delimiter = ',', required = true)]
    pub(super) scopes: Vec<ScopeName>,
}

/// The scopes, as arguments spell them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ScopeName {
    /// To send interactions and feedback
    Ingest,
    /// To read windows, patterns, interactions and alerts
    Read,
    /// To approve and reject candidates
    Review,
    /// To do everything
    Admin,
}

impl From<ScopeName> for Scope {
    fn from(name: ScopeName) -> Self {
        match name {
            ScopeName::Ingest => Self::Ingest,
            ScopeName::Read => Self::Read,
            ScopeName::Review => Self::Review,
            ScopeName::Admin => Self::Admin,
        }
    }
}

impl From<Scope> for ScopeName {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::Ingest => Self::Ingest,
            Scope::Read => Self::Read,
            Scope::Review => Self::Review,
            Scope::Admin => Self::Admin,
        }
    }
}
