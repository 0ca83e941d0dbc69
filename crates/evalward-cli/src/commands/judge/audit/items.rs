//! The answers that an audit is made of.

use std::collections::BTreeMap;

use evalward_config::Suite;
use evalward_core::{Example, ExampleId, Response, Trial};
use evalward_dataset::{Dataset, LabelledText, read_labels};
use evalward_judge::audit::AuditItem;
use rand::SeedableRng as _;
use rand::rngs::Xoshiro256PlusPlus;
use rand::seq::SliceRandom as _;

use super::AuditArgs;
use crate::context::Context;
use crate::error::CliError;

/// The first answers of a run, with their examples, by id.
pub(super) type Answered = BTreeMap<ExampleId, (Example, Trial)>;

/// Returns the answers of the run or of the file of labels, as many as asked for.
pub(super) fn items(
    args: &AuditArgs,
    suite: &Suite,
    context: &Context,
) -> Result<Vec<AuditItem>, CliError> {
    let mut items = match (args.run.as_slice(), &args.labels) {
        (_, Some(_)) => of_labels(args)?,
        ([run], None) => of_run(answered(run, suite, context)?),
        _ => return Err(CliError::input("a judge that scores takes the answers of one `--run`")),
    };
    draw(&mut items, args);
    if items.len() < 2 {
        return Err(CliError::input("an audit takes at least two answers"));
    }
    Ok(items)
}

/// Draws as many as asked for, and keeps their order.
pub(super) fn draw<T>(items: &mut Vec<T>, args: &AuditArgs) {
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.shuffle(&mut Xoshiro256PlusPlus::seed_from_u64(args.seed));
    order.truncate(usize::try_from(args.n.get()).unwrap_or(usize::MAX));
    let mut place = 0;
    items.retain(|_| {
        place += 1;
        order.contains(&(place - 1))
    });
}

/// Reads the answers of a run beside the examples of the suite's dataset, whose documents no row holds.
pub(super) fn answered(run: &str, suite: &Suite, context: &Context) -> Result<Answered, CliError> {
    let stored = context.runs.find(run)?;
    let mut trials: BTreeMap<ExampleId, Trial> = BTreeMap::new();
    for trial in stored.trials()? {
        let trial = trial?;
        if trial.trial == 1 && !trial.confirms && trial.response.is_some() {
            trials.insert(trial.example_id.clone(), trial);
        }
    }
    let dataset = Dataset::open(&suite.dataset).map_err(CliError::input)?;
    let mut answered = Answered::new();
    for example in dataset.all_examples() {
        let mut example = example.map_err(CliError::input)?;
        let Some(trial) = trials.remove(&example.value.id) else { continue };
        if trial.example_hash != example.value.content_hash() {
            continue;
        }
        dataset.resolve_context(&mut example).map_err(CliError::input)?;
        answered.insert(example.value.id.clone(), (example.value, trial));
    }
    if answered.is_empty() {
        let id = &stored.manifest().run_id;
        let text =
            format!("run `{id}` has no answer to an example of the suite's dataset as it is now");
        return Err(CliError::input(text).with_hint("run the suite again"));
    }
    Ok(answered)
}

fn of_run(answered: Answered) -> Vec<AuditItem> {
    let mut clusters: BTreeMap<String, usize> = BTreeMap::new();
    let item = |(id, (example, trial)): (ExampleId, (Example, Trial))| {
        let cluster = number(&mut clusters, cluster_of(&id, &example));
        AuditItem { example, response: trial.response.unwrap_or_default(), cluster }
    };
    answered.into_iter().map(item).collect()
}

/// Names the cluster of an example; one without is its own.
pub(super) fn cluster_of(id: &ExampleId, example: &Example) -> String {
    match &example.cluster {
        Some(cluster) => format!("cluster {cluster}"),
        None => format!("example {id}"),
    }
}

/// Numbers the clusters by their names.
pub(super) fn number(clusters: &mut BTreeMap<String, usize>, name: String) -> usize {
    let next = clusters.len();
    *clusters.entry(name).or_insert(next)
}

fn of_labels(args: &AuditArgs) -> Result<Vec<AuditItem>, CliError> {
    let Some(path) = &args.labels else { return Ok(Vec::new()) };
    let labels = read_labels(path).map_err(|error| {
        let hint = error.hint();
        CliError::input(error).with_hint_if(hint)
    })?;
    let mut clusters: BTreeMap<String, usize> = BTreeMap::new();
    let mut items: Vec<AuditItem> = Vec::new();
    for label in labels {
        let place = label.place();
        let cluster = label.value.cluster.clone();
        let LabelledText::Own { mut example, output } = label.value.answer else {
            let text = format!("{place}: the label is about an answer of a run");
            return Err(CliError::input(text).with_hint("name the run: `--run RUN`"));
        };
        // Several people may have labelled one answer.
        let is_known = |item: &AuditItem| {
            item.response.output == output && item.example.input == example.input
        };
        if items.iter().any(is_known) {
            continue;
        }
        let name = cluster.unwrap_or_else(|| format!("{:?}", example.input));
        let cluster = number(&mut clusters, name);
        if let Ok(id) = ExampleId::new(format!("line-{}", label.line)) {
            example.id = id;
        }
        items.push(AuditItem { example: *example, response: Response::from_text(output), cluster });
    }
    Ok(items)
}
