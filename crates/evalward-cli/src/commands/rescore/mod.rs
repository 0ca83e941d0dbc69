//! `evalward rescore`.

mod args;

use std::path::{Path, PathBuf};

use evalward_config::{BASE, load_judge};

pub(crate) use args::RescoreArgs;

use super::run::{RunArgs, StoredAnswers, rescore};
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// Scores the answers of a stored run anew; what comes back is the gate.
pub(crate) fn run(args: &RescoreArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let stored = context.runs.find(&args.run)?;
    let manifest = stored.manifest();
    let suite = args.suite.clone().unwrap_or_else(|| PathBuf::from(&manifest.suite.path));
    if args.suite.is_none() && !suite.is_file() {
        let error = format!("the suite `{}` of the run is not here", suite.display());
        return Err(CliError::input(error).with_hint("name one by `--suite`"));
    }
    let variant = args.variant.clone().or_else(|| manifest.suite.variant.clone());
    let mut set = args.set.clone();
    if let (Some(judge), Some(metric)) = (&args.judge, &args.metric) {
        set.push(judge_key(judge, metric)?);
    }
    let answers = StoredAnswers::read(&stored)?;
    let wanted = RunArgs {
        suite,
        set,
        variant: Some(variant.unwrap_or_else(|| BASE.to_owned())),
        strict: args.strict,
        calls: args.calls.clone(),
        output: args.output.clone(),
        ..RunArgs::default()
    };
    rescore(&wanted, &answers, context)
}

/// Writes the override that puts a judge in the place of a metric's; a file is named from the folder where the user is.
pub(crate) fn judge_key(judge: &str, metric: &str) -> Result<String, CliError> {
    let kind = load_judge(judge, Path::new(""))?.file.judge.get_ref().metric();
    let path = Path::new(judge);
    let name =
        if path.is_file() { path.canonicalize()?.display().to_string() } else { judge.to_owned() };
    Ok(format!("metrics.{metric}.{kind}.judge={}", toml::Value::from(name)))
}
