//! How far the cosine of the local model's vectors agrees with what people say of pairs of sentences, and how fast it is.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use evalward_embedder::{DEFAULT_MODEL, Model, find};
use evalward_stats::{Level, agreement::correlation};
use evalward_testkit::fetch_models;
use serde::Deserialize;
use serde_json::Value;

use super::processor::seconds_of;
use crate::console::say;
use crate::repository::Repository;

/// The script that embeds with the reference.
const SCRIPT: &str = include_str!("reference_embeddings.py");

/// The thresholds of which precision and recall are told.
const THRESHOLDS: [f64; 5] = [0.75, 0.80, 0.85, 0.88, 0.90];

/// What is measured, and against what.
#[derive(Clone, Debug, Args)]
pub(crate) struct SimilarityArgs {
    /// Pairs of sentences, a JSON object a line: `s1`, `s2` and a `score` by people.
    #[arg(long, value_name = "FILE")]
    pairs: PathBuf,
    /// Take only the pairs whose field has this value, such as `lang=en`; may be repeated.
    #[arg(long = "where", value_name = "FIELD=VALUE")]
    filters: Vec<String>,
    /// From which score on people call two sentences alike.
    #[arg(long, default_value_t = 4.0)]
    alike: f64,
    /// A Python interpreter with `sentence-transformers`, the reference.
    #[arg(long, value_name = "FILE")]
    python: Option<PathBuf>,
}

struct Pairs {
    texts: Vec<String>,
    scores: Vec<f64>,
}

#[derive(Deserialize)]
struct Embedded {
    seconds: f64,
    vectors: Vec<Vec<f32>>,
}

/// Measures and prints.
pub(super) fn run(repository: &Repository, args: &SimilarityArgs) -> Result<()> {
    let pairs = read(args)?;
    let models = repository.target()?.join("models");
    fetch_models(&models).map_err(anyhow::Error::msg)?;
    let folder = find(DEFAULT_MODEL, &models)?;
    let ours = embed(folder.path(), &pairs)?;
    say(&format!("{} pairs of `{}`", pairs.scores.len(), args.pairs.display()));
    report("evalward", &ours, &pairs, args.alike)?;
    let Some(python) = &args.python else {
        say("the reference was not asked; `--python` names an interpreter that has it");
        return Ok(());
    };
    let reference = ask_reference(python, folder.path(), &pairs)?;
    report("sentence-transformers", &reference, &pairs, args.alike)?;
    ensure!(reference.vectors.len() == ours.vectors.len(), "the reference gave other vectors");
    let numbers = ours.vectors.iter().flatten().zip(reference.vectors.iter().flatten());
    let largest = numbers.map(|(ours, theirs)| (ours - theirs).abs()).fold(0.0, f32::max);
    say(&format!("largest difference of a vector's number: {largest:.1e}"));
    Ok(())
}

fn read(args: &SimilarityArgs) -> Result<Pairs> {
    let path = &args.pairs;
    let text =
        fs::read_to_string(path).with_context(|| format!("failed to read `{}`", path.display()))?;
    let (mut left, mut right, mut scores) = (Vec::new(), Vec::new(), Vec::new());
    for (index, line) in text.lines().enumerate() {
        let place = || format!("failed to read {}:{}", path.display(), index + 1);
        let pair: Value = serde_json::from_str(line).with_context(place)?;
        if !is_wanted(&pair, &args.filters)? {
            continue;
        }
        let field = |name: &str| pair[name].as_str().map(str::to_owned);
        let (Some(one), Some(other)) = (field("s1"), field("s2")) else { bail!("{}", place()) };
        left.push(one);
        right.push(other);
        scores.push(pair["score"].as_f64().with_context(place)?);
    }
    ensure!(scores.len() > 1, "fewer than two pairs are left");
    left.extend(right);
    Ok(Pairs { texts: left, scores })
}

fn is_wanted(pair: &Value, filters: &[String]) -> Result<bool> {
    for filter in filters {
        let (field, value) = filter.split_once('=').context("`--where` takes FIELD=VALUE")?;
        if pair[field].as_str() != Some(value) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn embed(folder: &Path, pairs: &Pairs) -> Result<Embedded> {
    let model = Model::open(folder)?;
    // Once before, so that memory and caches are warm.
    drop(model.embed(pairs.texts.get(..32).unwrap_or(&pairs.texts)));
    let me = std::process::id();
    let start = seconds_of(me)?;
    let vectors = model.embed(&pairs.texts);
    Ok(Embedded { seconds: seconds_of(me)? - start, vectors })
}

fn ask_reference(python: &Path, folder: &Path, pairs: &Pairs) -> Result<Embedded> {
    let mut child = Command::new(python)
        .args(["-c", SCRIPT])
        .arg(folder)
        .env("HF_HUB_OFFLINE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("failed to start `{}`", python.display()))?;
    // It reads everything before it writes, so that neither waits for the other.
    let mut stdin = child.stdin.take().context("stdin is piped")?;
    stdin.write_all(serde_json::to_string(&pairs.texts)?.as_bytes())?;
    drop(stdin);
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "the reference failed; has it `sentence-transformers`?");
    serde_json::from_slice(&output.stdout).context("failed to read the reference's vectors")
}

fn report(name: &str, embedded: &Embedded, pairs: &Pairs, alike: f64) -> Result<()> {
    let (left, right) = embedded
        .vectors
        .split_at_checked(pairs.scores.len())
        .context("there are too few vectors")?;
    let cosines: Vec<f64> = left.iter().zip(right).map(|(one, other)| cosine(one, other)).collect();
    let agreement = correlation(&cosines, &pairs.scores, Level::P95)?;
    let spearman = agreement.spearman.context("all scores are equal")?;
    say(&format!(
        "{name}: Spearman {spearman:.4}; {:.0} sentences per CPU second",
        count(pairs.texts.len())? / embedded.seconds
    ));
    for threshold in THRESHOLDS {
        let (mut hits, mut taken, mut wanted) = (0_usize, 0_usize, 0_usize);
        for (cosine, score) in cosines.iter().zip(&pairs.scores) {
            let (is_taken, is_wanted) = (*cosine >= threshold, *score >= alike);
            hits += usize::from(is_taken && is_wanted);
            taken += usize::from(is_taken);
            wanted += usize::from(is_wanted);
        }
        let (hits, taken, wanted) = (count(hits)?, count(taken)?, count(wanted)?);
        let (precision, recall, f1) = (hits / taken, hits / wanted, 2.0 * hits / (taken + wanted));
        say(&format!(
            "  threshold {threshold:.2}: precision {precision:.3}, recall {recall:.3}, F1 {f1:.3}"
        ));
    }
    Ok(())
}

fn cosine(left: &[f32], right: &[f32]) -> f64 {
    let sum = |one: &[f32], other: &[f32]| -> f64 {
        one.iter().zip(other).map(|(one, other)| f64::from(*one) * f64::from(*other)).sum()
    };
    sum(left, right) / (sum(left, left) * sum(right, right)).sqrt()
}

fn count(number: usize) -> Result<f64> {
    Ok(f64::from(u32::try_from(number)?))
}
