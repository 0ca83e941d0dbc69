//! `evalward judge show`.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use clap::Args;
use evalward_config::{BuiltJudge, Judge, JudgeConfig, ModelConfig, load_judge};
use evalward_core::{ChatMessage, Example, ExampleId, Reply, Response};
use evalward_dataset::Dataset;
use evalward_judge::{Material, Scoring};
use serde::Serialize;

use crate::commands::{OutputFormat, print_json};
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The version of what `--format json` writes.
const JSON_VERSION: u32 = 1;

/// The arguments of `evalward judge show`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  evalward judge show judges/helpfulness.toml
  evalward judge show faithfulness --dataset datasets/support --id refund-01 --answer 'Refunds take five days.'")]
pub(crate) struct ShowArgs {
    /// The judge: its file, or the name of one that evalward brings along.
    judge: String,
    /// A dataset to take an example from.
    #[arg(long, value_name = "DIR", requires = "id")]
    dataset: Option<PathBuf>,
    /// The example to judge.
    #[arg(long, value_name = "ID", requires = "dataset")]
    id: Option<String>,
    /// The answer to judge [default: the example's expected output].
    #[arg(long, value_name = "TEXT")]
    answer: Option<String>,
    /// The form of the output.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: OutputFormat,
}

#[derive(Serialize)]
struct Shown<'a> {
    version: u32,
    judge: &'a str,
    kind: &'static str,
    judge_version: String,
    messages: &'a [ChatMessage],
}

/// Prints the conversation.
pub(super) fn run(args: &ShowArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let judge = load_judge(&args.judge, Path::new("")).map_err(CliError::input)?;
    let built = judge.preview().map_err(CliError::input)?;
    let messages = built.render(&material(args)?).map_err(CliError::failed_to)?;
    match args.format {
        OutputFormat::Json => {
            let shown = Shown {
                version: JSON_VERSION,
                judge: &judge.name,
                kind: judge.file.judge.get_ref().kind(),
                judge_version: built.version.to_string(),
                messages: &messages,
            };
            print_json(&shown, context)?;
        }
        OutputFormat::Text => print(&judge, &built, &messages, context)?,
    }
    Ok(ExitStatus::Success)
}

/// Says how often and how the judge is asked, as its file has it.
fn asked_how(judge: &Judge) -> Vec<String> {
    let temperature = match &judge.file.model {
        Some(model) => model.get_ref().temperature(),
        None => Some(ModelConfig::TEMPERATURE),
    };
    let temperature = temperature.map_or_else(String::new, |it| format!(", temperature {it}"));
    let samples = |count: Option<NonZeroU32>, default: u32| {
        let count = count.map_or(default, NonZeroU32::get);
        if count == 1 { "1 sample".to_owned() } else { format!("{count} samples") }
    };
    match judge.file.judge.get_ref() {
        JudgeConfig::Absolute(it) => {
            let scoring = match it.scoring {
                Scoring::Weighted => "weighted by probabilities where the server tells them",
                Scoring::Said => "as the model says it",
            };
            vec![
                format!("{} of each answer{temperature}", samples(it.samples, 3)),
                format!("score {scoring}"),
            ]
        }
        JudgeConfig::Hallucination(it) => vec![
            format!("{} of each answer{temperature}", samples(it.samples, 1)),
            "score: the share of checkable claims that are borne out".to_owned(),
        ],
        JudgeConfig::Pairwise(_) => vec![format!("each pair in both orders{temperature}")],
    }
}

fn material(args: &ShowArgs) -> Result<Material, CliError> {
    let (Some(folder), Some(id)) = (&args.dataset, &args.id) else {
        let answer = args.answer.clone().unwrap_or_else(|| "(the answer)".to_owned());
        return Ok(Material {
            input: Some("(the input)".to_owned()),
            context: Some("(the context)".to_owned()),
            reference: Some("(the reference)".to_owned()),
            answer,
        });
    };
    let example = find(folder, id)?;
    let answer = args.answer.clone().or_else(|| example.expected_output.clone());
    let Some(answer) = answer else {
        let message = format!("example `{id}` has no expected output to judge");
        return Err(CliError::input(message).with_hint("give an answer with `--answer`"));
    };
    Ok(Material::of(&example, &Reply::from(Response::from_text(answer))))
}

fn find(folder: &Path, id: &str) -> Result<Example, CliError> {
    let wanted = ExampleId::new(id).map_err(CliError::input)?;
    let dataset = Dataset::open(folder).map_err(CliError::input)?;
    for example in dataset.all_examples() {
        let mut example = example.map_err(CliError::input)?;
        if example.value.id == wanted {
            dataset.resolve_context(&mut example).map_err(CliError::input)?;
            return Ok(example.value);
        }
    }
    let message = format!("the dataset `{}` has no example `{id}`", folder.display());
    Err(CliError::input(message))
}

fn print(
    judge: &Judge,
    built: &BuiltJudge,
    messages: &[ChatMessage],
    context: &mut Context,
) -> Result<(), CliError> {
    let (name, kind) = (&judge.name, judge.file.judge.get_ref().kind());
    writeln!(context.out(), "judge {name} ({kind}), version {}", built.version.short())?;
    if !judge.file.description.is_empty() {
        writeln!(context.out(), "{}", judge.file.description)?;
    }
    match &judge.file.model {
        Some(model) => writeln!(context.out(), "model {}", model.get_ref().name())?,
        None => writeln!(context.out(), "the suite names the model, which is part of the version")?,
    }
    for line in asked_how(judge) {
        writeln!(context.out(), "{line}")?;
    }
    for message in messages {
        let text = message.content.as_str().unwrap_or_default();
        writeln!(context.out(), "\n--- {} ---\n{text}", message.role)?;
    }
    Ok(())
}
