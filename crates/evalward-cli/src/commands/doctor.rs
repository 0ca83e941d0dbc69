//! `evalward doctor`.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use evalward_config::{LoadOptions, load};
use evalward_dataset::Dataset;
use evalward_embedder::ModelState;

use super::models;
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward doctor`.
#[derive(Debug, Args)]
#[command(after_help = "\
Nothing is called and no secret is printed. The exit code is 0 if nothing is wrong, else 2.")]
pub(crate) struct DoctorArgs {
    /// A suite to look at as well [default: evalward.toml, where there is one].
    suite: Option<PathBuf>,
}

/// How a check went.
enum Finding {
    Good(String),
    Note(String),
    Bad(String, String),
}

/// Checks the machine and prints what it finds.
pub(crate) fn run(args: &DoctorArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let mut findings = vec![
        Finding::Good(format!("evalward {}", env!("CARGO_PKG_VERSION"))),
        runs_folder(context),
    ];
    findings.extend(credentials(context));
    findings.push(embedding_model(context));
    findings.push(program("git", "`evalward dataset check --against REV` needs it"));
    findings.extend(suite(args, context));
    let mut sound = true;
    for finding in &findings {
        let out = context.out();
        match finding {
            Finding::Good(text) => writeln!(out, "ok    {text}")?,
            Finding::Note(text) => writeln!(out, "note  {text}")?,
            Finding::Bad(text, remedy) => {
                sound = false;
                writeln!(out, "wrong {text}\n      hint: {remedy}")?;
            }
        }
    }
    Ok(if sound { ExitStatus::Success } else { ExitStatus::InputWrong })
}

fn runs_folder(context: &Context) -> Finding {
    let folder = context.runs.folder();
    let probe = folder.join(".probe");
    match fs::create_dir_all(folder)
        .and_then(|()| fs::write(&probe, b""))
        .and_then(|()| fs::remove_file(&probe))
    {
        Ok(()) => Finding::Good(format!("runs are kept in `{}`", folder.display())),
        Err(error) => Finding::Bad(
            format!("`{}` cannot be written: {error}", folder.display()),
            "name another folder by `--runs-dir` or `EVALWARD_RUNS_DIR`".to_owned(),
        ),
    }
}

fn credentials(context: &Context) -> Vec<Finding> {
    let state = |name: &str| match context.variable(name) {
        Some(_) => Finding::Good(format!("{name} is set")),
        None => Finding::Note(format!("{name} is not set")),
    };
    ["OPENAI_API_KEY", "ANTHROPIC_API_KEY"].into_iter().map(state).collect()
}

fn embedding_model(context: &Context) -> Finding {
    let model = match models::default_model(context) {
        Ok(model) => model,
        Err(error) => {
            return Finding::Note(format!("no embedding model: {}", error.in_one_line()));
        }
    };
    let (name, path) = (&model.name, model.path.display());
    match &model.state {
        ModelState::Complete => Finding::Good(format!("embedding model {name} is in `{path}`")),
        ModelState::Missing => Finding::Note(format!(
            "embedding model {name} is not here; `semantic_similarity` needs it: `evalward models pull`"
        )),
        ModelState::Damaged(problems) => Finding::Bad(
            format!("embedding model {name} is damaged: {}", problems.join(", ")),
            "`evalward models pull --force` downloads it anew".to_owned(),
        ),
    }
}

fn program(name: &str, purpose: &str) -> Finding {
    let works = std::process::Command::new(name)
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success());
    if works {
        Finding::Good(format!("{name} is here"))
    } else {
        Finding::Note(format!("{name} is not here; {purpose}"))
    }
}

fn suite(args: &DoctorArgs, context: &Context) -> Vec<Finding> {
    let path = args.suite.clone().unwrap_or_else(|| PathBuf::from("evalward.toml"));
    if args.suite.is_none() && !path.exists() {
        return vec![Finding::Note(
            "no `evalward.toml` here; `evalward init` makes one".to_owned(),
        )];
    }
    let options = LoadOptions { environment: context.lookup(), ..LoadOptions::default() };
    let suite = match load(&path, &options) {
        Ok(suite) => suite,
        Err(errors) => {
            let remedy = format!("`evalward run {}` shows the places", path.display());
            return errors
                .0
                .iter()
                .map(|error| Finding::Bad(error.to_string(), remedy.clone()))
                .collect();
        }
    };
    let mut findings = vec![Finding::Good(format!("suite `{}` is well-formed", suite.name))];
    findings.extend(suite.warnings.iter().cloned().map(Finding::Note));
    findings.push(match Dataset::open(&suite.dataset) {
        Ok(dataset) => Finding::Good(format!("dataset `{}` is there", dataset.manifest().name)),
        Err(error) => Finding::Bad(error.to_string(), error.hint().unwrap_or_default()),
    });
    findings
}
