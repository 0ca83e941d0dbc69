//! `--labels`: figures of judged metrics, corrected by what people say of some of the answers.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use evalward_core::{
    Digest, Measurement, Partition, Rate, Response, RunManifest, Scale, Score, Trial,
};
use evalward_dataset::{
    LabelValue, LabelledText, Located, RatedAnswer, nearest, rated_answers, read_labels,
};
use evalward_gate::correct::{Corrected, CorrectedAnswer, LabelledBy, correct_mean, correct_rate};
use evalward_runs::StoredRun;

use crate::error::CliError;

/// A file of labels, and the metric whose question they answer.
#[derive(Clone, Debug)]
pub(crate) struct LabelFile {
    metric: Option<String>,
    path: PathBuf,
}

impl FromStr for LabelFile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let named = text.split_once('=').filter(|(metric, _)| !metric.contains(['/', '\\', '.']));
        let (metric, path) = match named {
            Some((metric, path)) => (Some(metric.to_owned()), path),
            None => (None, text),
        };
        if path.is_empty() {
            return Err("write `FILE`, or `METRIC=FILE`".to_owned());
        }
        Ok(Self { metric, path: path.into() })
    }
}

/// Labels that were read, and not yet looked for in a run.
pub(crate) struct Labels {
    metric: Option<String>,
    path: PathBuf,
    answers: Vec<Located<RatedAnswer>>,
}

/// Reads files of labels.
pub(crate) fn read(files: &[LabelFile]) -> Result<Vec<Labels>, CliError> {
    let mut all = Vec::new();
    for LabelFile { metric, path } in files {
        let labels = read_labels(path).map_err(|error| {
            let hint = error.hint();
            CliError::input(error).with_hint_if(hint)
        })?;
        if labels.is_empty() {
            let text = format!("`{}` has no label", path.display());
            let hint = "`evalward label` asks people and writes such a file";
            return Err(CliError::input(text).with_hint(hint));
        }
        let answers = rated_answers(labels);
        all.push(Labels { metric: metric.clone(), path: path.clone(), answers });
    }
    Ok(all)
}

/// Corrects the figures of a run by labels of its own answers.
pub(crate) fn correct(stored: &StoredRun, files: &[Labels]) -> Result<Vec<Corrected>, CliError> {
    let mut corrected = Vec::new();
    for labels in files {
        let metric = metric_of(stored.manifest(), labels)?;
        let answers = answers(stored, &metric, labels)?;
        let mut partitions: Vec<Partition> = answers.iter().map(|(it, _)| *it).collect();
        partitions.sort_unstable();
        partitions.dedup();
        let places: Vec<Option<Partition>> = match partitions.as_slice() {
            [only] => vec![Some(*only)],
            several => several.iter().copied().map(Some).chain([None]).collect(),
        };
        for place in places {
            let here: Vec<CorrectedAnswer> = answers
                .iter()
                .filter(|(partition, _)| place.is_none_or(|place| place == *partition))
                .map(|(_, answer)| answer.clone())
                .collect();
            corrected.extend(figures(&metric, place, &here));
        }
    }
    Ok(corrected)
}

fn figures(
    metric: &str,
    partition: Option<Partition>,
    answers: &[CorrectedAnswer],
) -> Option<Corrected> {
    let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let labels = || answers.iter().filter_map(|answer| answer.label.as_ref());
    let (rate, mean) = (correct_rate(answers), correct_mean(answers));
    (rate.is_some() || mean.is_some()).then(|| Corrected {
        metric: metric.to_owned(),
        partition,
        answers: count(answers.len()),
        labelled: count(labels().count()),
        knows_probabilities: labels().all(|label| label.probability.is_some()),
        rate,
        mean,
    })
}

/// Returns the metric that labels are about: the one that is named, else the only one that asks a judge.
fn metric_of(manifest: &RunManifest, labels: &Labels) -> Result<String, CliError> {
    let is_judged = |kind: &str| matches!(kind, "judge" | "hallucination");
    let judged: Vec<&str> = manifest
        .metrics
        .iter()
        .filter(|(_, stamp)| is_judged(&stamp.kind))
        .map(|(id, _)| id.as_str())
        .collect();
    let (run, path) = (&manifest.run_id, labels.path.display());
    match (&labels.metric, judged.as_slice()) {
        (Some(id), _) if manifest.metrics.contains_key(id) => Ok(id.clone()),
        (Some(id), _) => {
            let near = nearest(id, manifest.metrics.keys().map(String::as_str));
            let hint = near.map(|near| format!("did you mean `{near}`?"));
            Err(CliError::input(format!("run `{run}` has no metric `{id}`")).with_hint_if(hint))
        }
        (None, [only]) => Ok((*only).to_owned()),
        (None, []) => Err(CliError::input(format!("no metric of run `{run}` asks a judge"))
            .with_hint(format!("name the metric: `--labels METRIC={path}`"))),
        (None, several) => {
            let text =
                format!("several metrics of run `{run}` ask a judge: {}", several.join(", "));
            Err(CliError::input(text)
                .with_hint(format!("name the one that people labelled: `--labels METRIC={path}`")))
        }
    }
}

/// How labels name an answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Stored(String, Option<u32>),
    Own(Digest),
}

/// Returns the scored answers of a run with their labels; every label must be of one of its answers.
fn answers(
    stored: &StoredRun,
    metric: &str,
    labels: &Labels,
) -> Result<Vec<(Partition, CorrectedAnswer)>, CliError> {
    let mut by_key: BTreeMap<Key, &Located<RatedAnswer>> = BTreeMap::new();
    for label in &labels.answers {
        if by_key.insert(key_of(&label.value), label).is_some() {
            let text = format!("{}: the answer has a label already", label.place());
            let hint = "name the annotators, or leave one of the two out";
            return Err(CliError::input(text).with_hint(hint));
        }
    }
    let mut found: BTreeMap<Key, u32> = BTreeMap::new();
    let mut answers = Vec::new();
    for trial in stored.trials()? {
        let trial = trial?;
        if trial.confirms {
            continue;
        }
        let Some(response) = &trial.response else { continue };
        let id = trial.example_id.as_str().to_owned();
        let keys = [
            Key::Stored(id.clone(), Some(trial.trial)),
            Key::Stored(id.clone(), None),
            Key::Own(own_digest(&serde_json::json!(trial.input), &response.output)),
        ];
        let mut label = None;
        for key in keys {
            if let Some(known) = by_key.get(&key) {
                check_text(stored, known, response)?;
                let times = found.entry(key).or_default();
                *times += 1;
                if *times > 1 {
                    return Err(ambiguous(known));
                }
                label = Some(*known);
            }
        }
        let Some(score) = trial.scores.get(metric).and_then(Measurement::score) else { continue };
        let label = label.map(|label| labelled_by(label, score, metric)).transpose()?;
        answers.push((trial.partition, answer(&trial, score, label)));
    }
    match by_key.iter().find(|(key, _)| !found.contains_key(key)) {
        Some((_, label)) => Err(not_of_this_run(stored, label)),
        None => Ok(answers),
    }
}

fn answer(trial: &Trial, score: &Score, label: Option<LabelledBy>) -> CorrectedAnswer {
    CorrectedAnswer {
        cluster: trial.cluster.clone().unwrap_or_else(|| trial.example_id.to_string()),
        score: score.value.get(),
        passed: score.passed,
        label,
    }
}

fn key_of(label: &RatedAnswer) -> Key {
    match &label.answer {
        LabelledText::Stored { id, trial } => Key::Stored(id.to_string(), *trial),
        LabelledText::Own { example, output } => {
            Key::Own(own_digest(&serde_json::json!(example.input), output))
        }
    }
}

fn own_digest(input: &serde_json::Value, output: &str) -> Digest {
    Digest::chain([Digest::of_json(input), Digest::of(output.as_bytes())])
}

/// Refuses a label of another run's answer to the same example.
fn check_text(
    stored: &StoredRun,
    label: &Located<RatedAnswer>,
    response: &Response,
) -> Result<(), CliError> {
    match label.value.output_hash {
        Some(hash) if hash != Digest::of(response.output.as_bytes()) => {
            Err(not_of_this_run(stored, label))
        }
        _ => Ok(()),
    }
}

fn not_of_this_run(stored: &StoredRun, label: &Located<RatedAnswer>) -> CliError {
    let run = &stored.manifest().run_id;
    let text = format!("{}: the label is of no answer of run `{run}`", label.place());
    CliError::input(text).with_hint(
        "labels correct the run whose answers people saw: `evalward label RUN` asks for new ones",
    )
}

fn ambiguous(label: &Located<RatedAnswer>) -> CliError {
    let text = format!(
        "{}: the run has several answers like this, and the label does not say which it is about",
        label.place()
    );
    CliError::input(text).with_hint("name it by `id` and `trial`")
}

/// Turns what people say into what the score can be compared with.
fn labelled_by(
    label: &Located<RatedAnswer>,
    score: &Score,
    metric: &str,
) -> Result<LabelledBy, CliError> {
    let probability = label.value.probability.map(Rate::get);
    let is_rating = label.value.raters.iter().filter_map(|it| it.value).any(LabelValue::is_rating);
    let Some(rating) = label.value.mean().filter(|_| is_rating) else {
        return Ok(LabelledBy { rating: None, is_good: label.value.is_good(None), probability });
    };
    let Scale { min, max, .. } = score.scale;
    if min.is_some_and(|min| rating < min) || max.is_some_and(|max| rating > max) {
        let end = |end: Option<_>| {
            end.map_or_else(|| "…".to_owned(), |it: evalward_core::Finite| it.to_string())
        };
        let text = format!(
            "{}: the rating {rating} lies beside the scale of `{metric}`, {} to {}",
            label.place(),
            end(min),
            end(max)
        );
        return Err(CliError::input(text)
            .with_hint("name the metric that people rated: `--labels METRIC=FILE`"));
    }
    let is_good = score.threshold.map(|threshold| score.scale.clears(rating, threshold));
    Ok(LabelledBy { rating: Some(rating.get()), is_good, probability })
}

/// Says of which file a mistake is that was found only after the run.
pub(crate) fn after_the_run(error: &CliError, folder: &Path) -> CliError {
    let text = format!("{}; the run itself is kept in {}", error.in_one_line(), folder.display());
    CliError::incomplete(text)
        .with_hint("label its answers with `evalward label`, and correct it with `evalward report RUN --labels FILE`")
}
