//! Runs that take over what was done before.

use std::collections::BTreeMap;
use std::sync::Arc;

use evalward_core::{EventSink, KeptTrials, Outcome, RunEvent, SinkError, Trial, TrialPosition};
use evalward_pipeline::{RunPlan, run};
use evalward_testkit::{Reaction, ScriptedSubject};
use proptest::prelude::*;
use tokio_util::sync::CancellationToken;

use crate::support::{Rows, examples, good, plan};

/// The rows of an earlier attempt that stay.
#[derive(Debug, Default)]
struct Kept(BTreeMap<TrialPosition, Trial>);

impl KeptTrials for Kept {
    fn trial(&self, position: TrialPosition) -> Result<Option<Trial>, SinkError> {
        Ok(self.0.get(&position).cloned())
    }
}

/// Collects what was made and what was taken over.
#[derive(Debug, Default)]
struct Both {
    made: Rows,
    kept: BTreeMap<TrialPosition, Trial>,
}

impl EventSink for Both {
    fn on_event(&mut self, event: &RunEvent<'_>) -> Result<(), SinkError> {
        match event {
            RunEvent::TrialKept { position, trial } => {
                self.kept.insert(*position, (*trial).clone());
                self.made.total = self.made.total.saturating_sub(1);
                Ok(())
            }
            event => self.made.on_event(event),
        }
    }
}

/// Answers every third example wrong.
fn subject() -> ScriptedSubject {
    ScriptedSubject::new(|example| {
        let number: usize = example.id.as_str().trim_start_matches("e-").parse().unwrap();
        Reaction::Says(if number % 3 == 2 { "bad" } else { "good" }.to_owned())
    })
}

async fn run_with(
    plan: &RunPlan,
    count: usize,
    sink: &mut dyn EventSink,
    stop: &CancellationToken,
) {
    let examples = (0..).zip(examples(count)).map(Ok);
    run(plan, examples, &mut [sink], stop).await.unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn wherever_a_run_was_cut_its_resumption_ends_as_if_it_had_not_been(
        count in 1_usize..30,
        cut in 0_usize..30,
        concurrency in 1_u32..8,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let whole = Arc::new(subject());
            let mut expected = Rows::default();
            run_with(&plan(whole, vec![good()], count, concurrency), count, &mut expected, &CancellationToken::new()).await;

            let first = Arc::new(subject());
            let stop = CancellationToken::new();
            let mut cut_short = Rows { cancel_at: Some((cut, stop.clone())), ..Rows::default() };
            run_with(&plan(first, vec![good()], count, concurrency), count, &mut cut_short, &stop).await;
            let mut kept = cut_short.by_position;
            kept.retain(|_, trial| !matches!(trial.outcome, Outcome::Errored(_)));

            let second = Arc::new(subject());
            let mut sink = Both::default();
            let resumed = RunPlan {
                kept: Some(Arc::new(Kept(kept.clone()))),
                ..plan(Arc::<ScriptedSubject>::clone(&second), vec![good()], count, concurrency)
            };
            run_with(&resumed, count, &mut sink, &CancellationToken::new()).await;
            assert_eq!(sink.kept, kept);
            assert_eq!(second.calls(), count - kept.len(), "nothing is asked again");
            let mut rows = sink.kept;
            rows.extend(sink.made.by_position);
            assert_eq!(rows, expected.by_position);
        });
    }
}
