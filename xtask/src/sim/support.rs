//! How well `support` tells answers that people found attributable to their context from others.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use evalward_metrics::SupportScore;
use evalward_stats::calibration::{Roc, roc};
use serde::Deserialize;
use serde_json::Value;

use crate::console::say;
use crate::repository::Repository;

/// Where the labelled answers lie, below the repository.
const SAMPLE: &str = "xtask/data/support";

/// What `support` is measured on.
#[derive(Debug, Args)]
pub(crate) struct SupportArgs {
    /// The folder with `begin_wow.jsonl`, `begin_cmu.jsonl` and `dstc9_faq.jsonl`, each there or in a folder of its name; the sample
    /// in the repository by default
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// An answer with the context that it should rest on, and what people said.
struct Labelled {
    context: String,
    response: String,
    /// What belongs together: answers to one context are never in both halves.
    group: String,
    is_supported: bool,
}

#[derive(Deserialize)]
struct Begin {
    context: String,
    response: String,
    label: String,
}

#[derive(Deserialize)]
struct Faq {
    #[serde(rename = "faq")]
    entry: String,
    context: String,
    systems: serde_json::Map<String, Value>,
}

/// Reads the answers of a set.
type Read = fn(&str) -> Result<Vec<Labelled>>;

/// Measures each set.
pub(crate) fn run(repository: &Repository, args: &SupportArgs) -> Result<()> {
    let folder = args.data.clone().unwrap_or_else(|| repository.root().join(SAMPLE));
    say("set        half      answers  supported  token precision  support");
    let sets: [(&str, Read); 3] = [("begin_wow", begin), ("begin_cmu", begin), ("dstc9_faq", faq)];
    for (name, read) in sets {
        let answers =
            read(&text(&folder, name)?).with_context(|| format!("failed to read {name}"))?;
        let (tuned, held_out): (Vec<_>, Vec<_>) =
            answers.into_iter().partition(|it| was_tuned_on(&it.group));
        say(&line(name, "tuned on", &tuned)?);
        say(&line(name, "held out", &held_out)?);
    }
    say("AUC with 95 % intervals by DeLong; answers to one context are taken as independent");
    Ok(())
}

fn text(folder: &Path, name: &str) -> Result<String> {
    let file = format!("{name}.jsonl");
    let path = [folder.join(&file), folder.join(name).join(&file)];
    let path = path
        .iter()
        .find(|path| path.is_file())
        .context("failed to find a set")
        .with_context(|| format!("`{file}` is not in `{}`", folder.display()))?;
    fs::read_to_string(path).with_context(|| format!("failed to read `{}`", path.display()))
}

fn begin(text: &str) -> Result<Vec<Labelled>> {
    let mut answers = Vec::new();
    for line in text.lines() {
        let it: Begin = serde_json::from_str(line)?;
        if it.label == "Generic" {
            continue;
        }
        let is_supported = it.label == "Fully attributable";
        answers.push(Labelled {
            group: it.context.clone(),
            context: it.context,
            response: it.response,
            is_supported,
        });
    }
    Ok(answers)
}

/// Takes answers of a mean accuracy of at least 4 as supported and of at most 2 as unsupported, and leaves out those between.
fn faq(text: &str) -> Result<Vec<Labelled>> {
    let mut answers = Vec::new();
    for line in text.lines() {
        let it: Faq = serde_json::from_str(line)?;
        for system in it.systems.values() {
            let ratings: Vec<f64> = system["accuracy"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_f64)
                .collect();
            let mean = evalward_stats::mean(&ratings)?;
            if mean > 2.0 && mean < 4.0 {
                continue;
            }
            answers.push(Labelled {
                context: it.context.clone(),
                response: system["response"].as_str().unwrap_or_default().to_owned(),
                group: it.entry.clone(),
                is_supported: mean >= 4.0,
            });
        }
    }
    Ok(answers)
}

/// Tells the half by a hash of the group, so that anyone splits alike.
fn was_tuned_on(group: &str) -> bool {
    blake3::hash(group.as_bytes()).as_bytes()[0].is_multiple_of(2)
}

fn line(name: &str, half: &str, answers: &[Labelled]) -> Result<String> {
    let mut labels = Vec::new();
    let (mut tokens, mut support) = (Vec::new(), Vec::new());
    for answer in answers {
        let score = SupportScore::new(&answer.response, &[&answer.context]);
        labels.push(answer.is_supported);
        // An answer without a word supports nothing; the metric skips it.
        tokens.push(score.as_ref().map_or(0.0, |score| score.token_precision.get()));
        support.push(score.as_ref().map_or(0.0, |score| score.value.get()));
    }
    let supported = labels.iter().filter(|label| **label).count();
    Ok(format!(
        "{name:<10} {half:<9} {:>7}  {supported:>9}  {:<15}  {}",
        labels.len(),
        area(&roc(&labels, &tokens)?),
        area(&roc(&labels, &support)?)
    ))
}

fn area(roc: &Roc) -> String {
    let (Some(area), Some(error)) = (roc.area(), roc.standard_error()) else {
        return "-".to_owned();
    };
    format!("{area:.3} [{:.3}, {:.3}]", area - 1.96 * error, (area + 1.96 * error).min(1.0))
}
