//! Runs that end with their budget.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use evalward_core::{
    BoxFuture, Budget, CallError, Example, Finite, Meter, Partition, Reply, Response, Subject,
    Usage,
};
use evalward_pipeline::{RunEnd, RunPlan, StopReason, run};
use tokio_util::sync::CancellationToken;

use crate::support::{Rows, examples, good, plan};

/// Answers well after a while, and spends.
#[derive(Debug)]
struct Slow {
    each: Duration,
    meter: Meter,
}

impl Subject for Slow {
    fn respond<'a>(&'a self, _: &'a Example) -> BoxFuture<'a, Result<Reply, CallError>> {
        Box::pin(async move {
            self.meter.count_call();
            tokio::time::sleep(self.each).await;
            let cost_usd = Finite::new(0.25).ok();
            self.meter.count_usage(&Usage {
                input_tokens: Some(90),
                output_tokens: Some(10),
                cost_usd,
            });
            Ok(Response::from_text("good").into())
        })
    }
}

/// Runs ten examples one after the other, each of which takes this long.
async fn ten(each: Duration, budget: Budget) -> (RunEnd, String) {
    let meter = Meter::default();
    let subject = Arc::new(Slow { each, meter: meter.clone() });
    let plan = RunPlan { budget, meter, ..plan(subject, vec![good()], 10, 1) };
    let mut rows = Rows::default();
    let examples = (0..).zip(examples(10)).map(Ok);
    let end = run(&plan, examples, &mut [&mut rows], &CancellationToken::new()).await.unwrap();
    assert!(rows.finished);
    (end, rows.letters())
}

fn told(end: &RunEnd) -> String {
    end.stopped_by.as_ref().map(StopReason::sentence).unwrap_or_default()
}

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn calls_under_way_end_when_the_time_of_a_run_is_up() {
    let budget = Budget { total: Some(5 * SECOND), ..Budget::default() };
    let (end, letters) = ten(2 * SECOND, budget).await;
    assert_eq!(letters, "pppeeeeeee", "the third began before the time was up");
    assert_eq!(told(&end), "the budget of 5 s for the whole run (`budget.total`) is used up");
}

#[tokio::test(start_paused = true)]
async fn calls_that_never_end_are_cut_off_after_a_moment() {
    let partitions = BTreeMap::from([(Partition::Golden, 60 * SECOND)]);
    let started = tokio::time::Instant::now();
    let (end, letters) = ten(3600 * SECOND, Budget { partitions, ..Budget::default() }).await;
    assert_eq!(letters, "eeeeeeeeee");
    assert_eq!(started.elapsed(), 70 * SECOND);
    assert_eq!(told(&end), "the budget of 1 min for golden examples (`budget.golden`) is used up");
}

#[tokio::test(start_paused = true)]
async fn a_partition_without_examples_has_no_time_to_lose() {
    let partitions = BTreeMap::from([(Partition::Distribution, SECOND)]);
    let (end, letters) = ten(2 * SECOND, Budget { partitions, ..Budget::default() }).await;
    assert_eq!((letters.as_str(), end.stopped_by), ("pppppppppp", None));
}

#[tokio::test(start_paused = true)]
async fn calls_tokens_and_money_end_a_run() {
    let (end, letters) = ten(SECOND, Budget { calls: Some(4), ..Budget::default() }).await;
    assert_eq!(letters, "ppppeeeeee");
    assert_eq!(told(&end), "the budget of 4 calls (`budget.calls`) is used up");
    let (end, letters) = ten(SECOND, Budget { tokens: Some(250), ..Budget::default() }).await;
    assert_eq!(letters, "pppeeeeeee");
    assert_eq!(told(&end), "the budget of 250 tokens (`budget.tokens`) is used up");
    let cost_usd = Finite::new(0.5).ok();
    let (end, letters) = ten(SECOND, Budget { cost_usd, ..Budget::default() }).await;
    assert_eq!(letters, "ppeeeeeeee");
    assert_eq!(told(&end), "the budget of $0.50 (`budget.cost_usd`) is used up");
}
