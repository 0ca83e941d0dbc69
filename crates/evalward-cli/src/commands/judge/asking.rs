//! Asking judges outside a run: the recording and the cache, and many questions at once.

use std::future::Future;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use evalward_config::{BuildOptions, Suite, pairwise_cautions};
use evalward_core::Seed;
use evalward_models::{CallCache, Tape};
use rand::TryRng;
use rand::rngs::SysRng;
use tokio::task::JoinSet;

use crate::context::Context;
use crate::error::CliError;
use crate::progress::Steps;

/// How a judge is asked outside a run.
#[derive(Clone, Debug, Args)]
pub(super) struct AskingOptions {
    /// The number of questions under way at once [default: the suite's concurrency, else 5].
    #[arg(long, short = 'j', value_name = "N", help_heading = "Calls")]
    concurrency: Option<NonZeroU32>,
    /// Write every answer of a model to this file; what it already has is not asked for again.
    #[arg(long, value_name = "FILE", help_heading = "Calls", conflicts_with = "replay")]
    record: Option<PathBuf>,
    /// Answer every call from this recording; what takes a call that it lacks is errored.
    #[arg(long, value_name = "FILE", help_heading = "Calls")]
    replay: Option<PathBuf>,
    /// Take no answer from the cache and keep none there.
    #[arg(long, help_heading = "Calls")]
    no_cache: bool,
}

/// The recording and the cache of a command, which end with it.
pub(super) struct Calls {
    tape: Tape,
    cache: Option<CallCache>,
}

impl AskingOptions {
    /// Opens what the calls go through, and returns what a judge is built with.
    pub(super) fn open(&self, context: &Context) -> Result<(Calls, BuildOptions), CliError> {
        let tape = match (&self.record, &self.replay) {
            (Some(path), _) => Tape::record(path).map_err(CliError::input)?,
            (None, Some(path)) => Tape::replay(path).map_err(CliError::input)?,
            (None, None) => Tape::live(),
        };
        let cache = (!self.no_cache).then(|| context.cache());
        let options = BuildOptions {
            tape: tape.clone(),
            offline: tape.is_replay(),
            clock: Arc::clone(&context.clock),
            // The jitter of retries must differ between machines.
            seed: Seed::from_number(SysRng.try_next_u64().map_err(CliError::incomplete)?),
            cache: cache.clone(),
            ..BuildOptions::default()
        };
        Ok((Calls { tape, cache }, options))
    }

    /// Returns how many questions may be under way at once.
    pub(super) fn most(&self, suite: Option<&Suite>) -> usize {
        let most = self.concurrency.or(suite.map(|suite| suite.concurrency));
        most.map_or(5, |most| usize::try_from(most.get()).unwrap_or(usize::MAX))
    }
}

impl Calls {
    /// Ends recording and cache.
    pub(super) fn finish(&self, context: &mut Context) -> Result<(), CliError> {
        self.tape.finish().map_err(CliError::incomplete)?;
        let Some(cache) = &self.cache else { return Ok(()) };
        if let Some(runtime) = context.runtime() {
            runtime.block_on(cache.close());
        }
        context.tell_of_cache(cache, false);
        Ok(())
    }
}

/// Tells what makes the word of a judge that compares answers of runs doubtful; with `is_strict` it is an error.
pub(super) fn caution(
    judge: &str,
    suite: Option<&Suite>,
    runs: &[String],
    is_strict: bool,
    context: &mut Context,
) -> Result<(), CliError> {
    let mut subjects: Vec<String> = Vec::new();
    for run in runs {
        let stored = context.runs.find(run)?;
        let subject = &stored.manifest().subject;
        // Only these kinds tell the model.
        let tells = matches!(subject.kind.as_str(), "openai" | "anthropic");
        if tells && !subjects.contains(&subject.name) {
            subjects.push(subject.name.clone());
        }
    }
    let warnings = pairwise_cautions(judge, suite, &subjects)?;
    if is_strict && !warnings.is_empty() {
        let lines: Vec<String> = warnings.iter().map(|it| format!("  - {it}")).collect();
        let text = format!("`--strict` lets nobody be asked with a warning:\n{}", lines.join("\n"));
        return Err(
            CliError::input(text).with_hint("mend what it tells of, or leave out `--strict`")
        );
    }
    for warning in warnings {
        context.note(&format!("warning: {warning}"));
    }
    Ok(())
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
