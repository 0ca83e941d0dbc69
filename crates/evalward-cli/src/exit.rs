//! The published table of exit codes.

use std::process::ExitCode;

use clap::ValueEnum;
use evalward_gate::Decision;

/// What a command came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExitStatus {
    /// All gates hold.
    Success,
    /// A gate failed or a regression was found.
    GateFailed,
    /// The input is wrong; nothing was run.
    InputWrong,
    /// The evaluation could not be completed.
    Incomplete,
    /// The evidence is too thin for the gate that was asked for.
    Inconclusive,
}

/// Which numbers stand for what a command came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExitCodes {
    /// 1 for a failed gate.
    #[default]
    Evalward,
    /// 100 for a failed gate, as promptfoo has it.
    Promptfoo,
}

/// The table, as `--help` prints it.
pub(crate) const TABLE: &str = "\
Exit codes:
  0  all gates hold
  1  a gate failed or a regression was found
  2  the input is wrong (usage, suite, dataset); nothing was run
  3  the evaluation could not be completed (subject unreachable, examples errored)
  4  inconclusive: too few examples for the gate that was asked for";

impl ExitStatus {
    /// Returns the process's exit code.
    pub(crate) fn code(self, codes: ExitCodes) -> ExitCode {
        ExitCode::from(match (self, codes) {
            (Self::Success, _) => 0,
            (Self::GateFailed, ExitCodes::Evalward) => 1,
            (Self::GateFailed, ExitCodes::Promptfoo) => 100,
            (Self::InputWrong, _) => 2,
            (Self::Incomplete, _) => 3,
            (Self::Inconclusive, _) => 4,
        })
    }
}

impl From<Decision> for ExitStatus {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Holds | Decision::Deferred => Self::Success,
            Decision::Failed => Self::GateFailed,
            Decision::Incomplete => Self::Incomplete,
            Decision::Inconclusive => Self::Inconclusive,
        }
    }
}
