//! Asking the models of a recipe for paraphrases.

use std::collections::BTreeMap;
use std::sync::Arc;

use evalward_config::{BuildOptions, RecipeFile};
use evalward_core::{ChatModel, Seed};
use evalward_dataset::{
    Dataset, ParaphraseAnswer, ParaphraseError, ParaphraseTask, Paraphrases, Recipe,
    keep_paraphrases, plan_paraphrases,
};
use evalward_metrics::facts::differing_facts;
use evalward_models::Tape;
use rand::TryRng;
use rand::rngs::SysRng;
use tokio::task::JoinSet;

use super::{GenerateArgs, located};
use crate::context::Context;
use crate::error::CliError;
use crate::progress::Steps;

/// A model by the id of its rule.
type Models = BTreeMap<String, Arc<dyn ChatModel>>;

/// Has the recipe's models write paraphrases, and keeps those that hold; nothing is written to the dataset.
pub(super) fn write(
    args: &GenerateArgs,
    dataset: &Dataset,
    (recipe, file): (&Recipe, &RecipeFile),
    context: &mut Context,
) -> Result<Paraphrases, CliError> {
    if recipe.paraphrases.is_empty() {
        return Ok(Paraphrases::default());
    }
    let tape = match (&args.record, &args.replay) {
        (Some(path), _) => Tape::record(path),
        (None, Some(path)) => Tape::replay(path),
        (None, None) => Ok(Tape::live()),
    };
    let tape = tape.map_err(CliError::input)?;
    let build = BuildOptions {
        tape: tape.clone(),
        offline: tape.is_replay(),
        clock: Arc::clone(&context.clock),
        // The jitter of retries must differ between machines.
        seed: Seed::from_number(SysRng.try_next_u64().map_err(CliError::incomplete)?),
        ..BuildOptions::default()
    };
    let built = file.models(&context.lookup(), &build)?;
    let (mut models, mut requests) = (Models::new(), BTreeMap::new());
    for (id, model) in built {
        models.insert(id.clone(), model.chat);
        requests.insert(id, model.request);
    }
    let tasks =
        plan_paraphrases(dataset, recipe, &requests).map_err(|error| located(error, file))?;
    let answers = ask_all(args, tasks, &models, context);
    let finished = tape.finish().map_err(CliError::incomplete);
    let answers = answers?;
    finished?;
    keep_paraphrases(recipe, &answers, &differing_facts).map_err(|error| located(error, file))
}

/// Asks for all, a bounded number at a time; the first failure ends it.
fn ask_all(
    args: &GenerateArgs,
    tasks: Vec<ParaphraseTask>,
    models: &Models,
    context: &Context,
) -> Result<Vec<ParaphraseAnswer>, CliError> {
    let most = usize::try_from(args.concurrency.get()).unwrap_or(usize::MAX);
    let total = u64::try_from(tasks.len()).unwrap_or(u64::MAX);
    let mut steps = Steps::of_calls(context);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let answers = runtime.block_on(ask(tasks, models, most, &mut |done| {
        steps.show("paraphrased", done, total);
    }));
    steps.finish();
    answers
}

async fn ask(
    tasks: Vec<ParaphraseTask>,
    models: &Models,
    most: usize,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<Vec<ParaphraseAnswer>, CliError> {
    let mut answers = BTreeMap::new();
    let mut asking: JoinSet<(usize, Result<ParaphraseAnswer, ParaphraseError>)> = JoinSet::new();
    let mut tasks = tasks.into_iter().enumerate();
    let mut done = 0;
    loop {
        while asking.len() < most
            && let Some((position, task)) = tasks.next()
        {
            let Some(model) = models.get(task.rule()).cloned() else { continue };
            asking.spawn(async move { (position, task.ask(model.as_ref()).await) });
        }
        let Some(finished) = asking.join_next().await else { break };
        let (position, answer) = finished.map_err(CliError::incomplete)?;
        answers.insert(position, answer.map_err(failed)?);
        done += 1;
        progress(done);
    }
    Ok(answers.into_values().collect())
}

fn failed(error: ParaphraseError) -> CliError {
    let hint = error.hint().map(str::to_owned);
    CliError::incomplete(error).with_hint_if(hint)
}
