//! Asking judges: the recording, and many questions at once.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;

use evalward_config::BuildOptions;
use evalward_core::Seed;
use evalward_models::{CallCache, Tape};
use rand::TryRng;
use rand::rngs::SysRng;
use tokio::task::JoinSet;

use crate::context::Context;
use crate::error::CliError;
use crate::progress::Steps;

/// Opens the recording that was asked for.
pub(super) fn tape(record: Option<&Path>, replay: Option<&Path>) -> Result<Tape, CliError> {
    match (record, replay) {
        (Some(path), _) => Tape::record(path).map_err(CliError::input),
        (None, Some(path)) => Tape::replay(path).map_err(CliError::input),
        (None, None) => Ok(Tape::live()),
    }
}

/// Returns what a judge is built with.
pub(super) fn build_options(
    tape: &Tape,
    cache: &CallCache,
    context: &Context,
) -> Result<BuildOptions, CliError> {
    Ok(BuildOptions {
        tape: tape.clone(),
        offline: tape.is_replay(),
        clock: Arc::clone(&context.clock),
        // The jitter of retries must differ between machines.
        seed: Seed::from_number(SysRng.try_next_u64().map_err(CliError::incomplete)?),
        cache: Some(cache.clone()),
        ..BuildOptions::default()
    })
}

/// Asks all questions, a bounded number at a time, and returns the answers in their order; one that panicked is missing.
pub(super) fn ask_all<T, F>(
    questions: Vec<F>,
    most: usize,
    what: &'static str,
    context: &mut Context,
) -> Result<Vec<Option<T>>, CliError>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let total = u64::try_from(questions.len()).unwrap_or(u64::MAX);
    let mut steps = Steps::of_calls(context);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let answers = runtime.block_on(async {
        let mut answers: Vec<Option<T>> = questions.iter().map(|_| None).collect();
        let mut asking: JoinSet<(usize, T)> = JoinSet::new();
        let mut questions = questions.into_iter().enumerate();
        let mut done = 0;
        loop {
            while asking.len() < most
                && let Some((position, question)) = questions.next()
            {
                asking.spawn(async move { (position, question.await) });
            }
            let Some(finished) = asking.join_next().await else { break answers };
            if let Ok((position, answer)) = finished {
                answers[position] = Some(answer);
            }
            done += 1;
            steps.show(what, done, total);
        }
    });
    steps.finish();
    context.keep_alive(runtime);
    Ok(answers)
}

/// Ends recording and cache.
pub(super) fn finish(
    tape: &Tape,
    cache: &CallCache,
    context: &mut Context,
) -> Result<(), CliError> {
    tape.finish().map_err(CliError::incomplete)?;
    if let Some(runtime) = context.runtime() {
        runtime.block_on(cache.close());
    }
    context.tell_of_cache(cache, false);
    Ok(())
}
