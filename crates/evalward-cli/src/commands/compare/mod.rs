//! `evalward compare`.

mod args;
mod reports;
mod sides;

use evalward_gate::compare::compare_runs;
use evalward_report::Options;

pub(crate) use args::CompareArgs;

use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// Compares two runs; what comes back is whether anything got worse.
pub(crate) fn run(args: &CompareArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let policy = args.policy()?;
    let sides = sides::read(args, context)?;
    let comparison = compare_runs(&sides.baseline, &sides.candidate, &policy).map_err(|error| {
        let hint = error.hint();
        CliError::input(error).with_hint_if(hint)
    })?;
    let options = Options {
        color: context.color_out,
        width: context.width,
        all: args.all,
        ..Options::default()
    };
    let compared = reports::Compared { comparison: &comparison, sides: &sides, policy: &policy };
    compared.render(args.format, &options, context.out())?;
    context.out().flush()?;
    reports::write(&compared, args, context)?;
    Ok(comparison.decision.into())
}
