//! Windows equal a recount of the rows, whatever happens.

use std::collections::BTreeMap;

use evalward_core::{Finite, Measurement, Outcome, Rate, Score, Thumb, Timestamp};
use evalward_stats::WeightedSums;
use evalward_stats::weighting::{WeightedDistribution, WeightedValue};
use evalward_store::{
    Evaluation, LeasedJob, MetricWindow, NewFailure, NewFeedback, NewInteraction, Resolution,
    SecondPhase, Store, WindowKey,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::support::{
    PROJECT, at, day_of, evaluation, failed, finish, id, lease, passed, postgres, rate, sample,
    sqlite, windows,
};

/// Something that happens to a store.
#[derive(Clone, Debug)]
enum Step {
    Ingest(Vec<(u8, Kind)>),
    Lease(u32),
    Finish(Vec<u8>),
    Retry,
    Park,
    RetryParked,
    Thumb(u8, bool),
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Counted,
    Sampled,
    Always,
}

fn step() -> impl Strategy<Value = Step> {
    let kind = prop_oneof![Just(Kind::Counted), Just(Kind::Sampled), Just(Kind::Always)];
    prop_oneof![
        4 => prop::collection::vec((0..40_u8, kind), 1..12).prop_map(Step::Ingest),
        4 => (1..6_u32).prop_map(Step::Lease),
        4 => prop::collection::vec(0..5_u8, 1..6).prop_map(Step::Finish),
        1 => Just(Step::Retry),
        1 => Just(Step::Park),
        1 => Just(Step::RetryParked),
        4 => (0..40_u8, any::<bool>()).prop_map(|(number, is_up)| Step::Thumb(number, is_up)),
    ]
}

fn interaction(number: u8, kind: Kind) -> NewInteraction {
    let new = sample(&format!("i{number}"), i64::from(number) * 7);
    let segment = format!("service={}", number % 2);
    match kind {
        Kind::Counted => NewInteraction { segment, is_sampled: false, ..new },
        Kind::Sampled => NewInteraction { segment, probability: rate(0.05), ..new },
        Kind::Always => {
            NewInteraction { segment, stratum: "slow".to_owned(), probability: Rate::ONE, ..new }
        }
    }
}

fn outcome(choice: u8) -> Evaluation {
    let failure = |pattern: &str| NewFailure {
        pattern: pattern.to_owned(),
        metric: "rules".to_owned(),
        rule: None,
        title: pattern.to_owned(),
        message: pattern.to_owned(),
        candidate: None,
    };
    let mut evaluation = match choice {
        0 => passed(),
        1 => Evaluation { failures: vec![failure("p1"), failure("p2")], ..failed() },
        2 => Evaluation { failures: vec![failure("p2")], ..failed() },
        3 => evaluation(Outcome::Errored("timeout".to_owned()), 0.3),
        _ => evaluation(Outcome::Skipped("nothing applies".to_owned()), 0.7),
    };
    let judged = |value: f64, passed| {
        Score { passed, ..Score::fraction(Finite::new(value).unwrap()) }.into()
    };
    let measurement = match choice {
        0 => judged(1.0, Some(true)),
        1 => judged(1.0 / 3.0, Some(false)),
        2 => judged(2.0 / 3.0, None),
        3 => Measurement::Errored("no verdict".to_owned()),
        _ => Measurement::Skipped("no claim".to_owned()),
    };
    evaluation.scores.insert("judge".to_owned(), measurement);
    evaluation
}

async fn run(store: &Store, steps: Vec<Step>) {
    let mut held: Vec<LeasedJob> = Vec::new();
    for (step, seconds) in steps.into_iter().zip(1_000..) {
        match step {
            Step::Ingest(batch) => {
                let batch = batch.into_iter().map(|(number, kind)| interaction(number, kind));
                store.ingest(batch.collect()).await.unwrap();
            }
            Step::Lease(limit) => held.extend(lease(store, limit, seconds).await),
            Step::Finish(choices) => {
                let jobs: Vec<_> = held.drain(..choices.len().min(held.len())).collect();
                let evaluated = jobs.iter().zip(choices.into_iter().map(outcome));
                finish(store, &evaluated.collect::<Vec<_>>(), seconds).await;
            }
            Step::Retry => {
                if let Some(job) = held.pop() {
                    store.retry(&job, "busy", at(seconds), at(seconds)).await.unwrap();
                }
            }
            Step::Park => {
                if let Some(job) = held.pop() {
                    store.park(&job, "broken", "e1", at(seconds)).await.unwrap();
                }
            }
            Step::RetryParked => {
                store.retry_parked(PROJECT, at(seconds)).await.unwrap();
            }
            Step::Thumb(number, is_up) => thumb(store, number, is_up, seconds).await,
        }
    }
}

async fn thumb(store: &Store, number: u8, is_up: bool, seconds: i64) {
    let phase = SecondPhase {
        stratum: "negative_feedback".to_owned(),
        probability: Rate::ONE,
        is_sampled: true,
    };
    let feedback = NewFeedback {
        project: PROJECT.to_owned(),
        interaction: id(&format!("i{number}")),
        thumb: if is_up { Thumb::Up } else { Thumb::Down },
        comment: None,
        received_at: at(seconds),
        second_phase: (!is_up).then_some(phase),
    };
    store.add_feedback(feedback).await.unwrap();
}

/// Counts of a window, the sums of its pass rate, and each metric.
type Content = ([u64; 6], WeightedSums, BTreeMap<String, MetricWindow>);

/// Each score with its probability, by window and metric.
type Scores = BTreeMap<(Timestamp, String), Vec<(f64, f64)>>;

async fn recount(store: &Store, resolution: Resolution) -> (BTreeMap<WindowKey, Content>, Scores) {
    let mut windows: BTreeMap<WindowKey, Content> = BTreeMap::new();
    let mut scores = Scores::new();
    for number in 0..40 {
        let Ok(stored) = store.interaction(PROJECT, &id(&format!("i{number}"))).await else {
            continue;
        };
        let key = WindowKey {
            project: stored.project.clone(),
            resolution,
            start: resolution.start_of(stored.received_at),
            segment: stored.segment.clone(),
            stratum: stored.stratum.clone(),
        };
        let start = key.start;
        let (counts, pass_rate, metrics) = windows.entry(key).or_default();
        counts[0] += 1;
        counts[1] += u64::from(stored.is_sampled);
        let Some(evaluation) = stored.evaluation else { continue };
        let pi = stored.probability.get();
        let (place, pass) = match evaluation.outcome {
            Outcome::Passed => (2, Some(1.0)),
            Outcome::Failed(_) => (3, Some(0.0)),
            Outcome::Errored(_) => (4, None),
            Outcome::Skipped(_) => (5, None),
        };
        counts[place] += 1;
        if let Some(pass) = pass {
            pass_rate.push(pass, pi).unwrap();
        }
        for (metric, measurement) in evaluation.scores {
            if let Measurement::Score(score) = &measurement {
                let scores = scores.entry((start, metric.clone())).or_default();
                scores.push((score.value.get(), pi));
            }
            add(metrics.entry(metric).or_default(), &measurement, pi);
        }
    }
    (windows, scores)
}

fn add(metric: &mut MetricWindow, measurement: &Measurement, pi: f64) {
    match measurement {
        Measurement::Score(score) => {
            metric.scores.push(score.value.get(), pi).unwrap();
            metric.detailed += 1;
            if let Some(passed) = score.passed {
                metric.passed += u64::from(passed);
                metric.pass.push(f64::from(u8::from(passed)), pi).unwrap();
            }
        }
        Measurement::Skipped(_) => metric.skipped += 1,
        Measurement::Errored(_) => metric.errored += 1,
    }
}

fn counts_of(metric: &MetricWindow) -> [u64; 4] {
    [metric.passed, metric.skipped, metric.errored, metric.detailed]
}

fn is_close(left: &WeightedSums, right: &WeightedSums) -> bool {
    let parts = |sums: &WeightedSums| [sums.w, sums.ww, sums.wy, sums.v, sums.vy, sums.vyy];
    let pairs = parts(left).into_iter().zip(parts(right));
    left.n == right.n
        && pairs.into_iter().all(|(left, right)| (left - right).abs() <= 1e-6 * (1.0 + right.abs()))
}

async fn check(store: &Store) -> Result<(), TestCaseError> {
    let mut jobs = 0;
    for resolution in Resolution::ALL {
        let (expected, scores) = recount(store, resolution).await;
        check_values(store, resolution, scores).await?;
        let found: BTreeMap<WindowKey, Content> = windows(store, resolution)
            .await
            .into_iter()
            .map(|window| {
                let counts = [
                    window.seen,
                    window.sampled,
                    window.passed,
                    window.failed,
                    window.errored,
                    window.skipped,
                ];
                (window.key, (counts, window.pass, window.metrics))
            })
            .collect();
        prop_assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
        jobs = 0;
        for (key, (counts, pass, metrics)) in &expected {
            let (found_counts, found_pass, found_metrics) = &found[key];
            prop_assert_eq!(found_counts, counts, "{:?}", key);
            prop_assert!(is_close(found_pass, pass), "{:?}", key);
            let names = metrics.keys().collect::<Vec<_>>();
            prop_assert_eq!(found_metrics.keys().collect::<Vec<_>>(), names);
            for (name, expected) in metrics {
                let metric = &found_metrics[name];
                prop_assert!(is_close(&metric.scores, &expected.scores), "{:?} {}", key, name);
                prop_assert!(is_close(&metric.pass, &expected.pass), "{:?} {}", key, name);
                prop_assert_eq!(counts_of(metric), counts_of(expected), "{:?} {}", key, name);
                prop_assert!(metric.is_complete());
            }
            jobs += counts[1] - counts[2..].iter().sum::<u64>();
        }
    }
    // Every sample without an evaluation waits in the queue; a job may also wait to repeat one.
    prop_assert!(store.backlog().await.unwrap().waiting >= jobs);
    for pattern in store.patterns(PROJECT, None).await.unwrap() {
        prop_assert_eq!(pattern.size.min(5), u64::try_from(pattern.representatives.len()).unwrap());
    }
    Ok(())
}

/// Compares the quantiles of the scores that windows keep with those of the scores themselves.
async fn check_values(
    store: &Store,
    resolution: Resolution,
    scores: Scores,
) -> Result<(), TestCaseError> {
    let found = store.window_values(&day_of(resolution)).await.unwrap();
    let found: BTreeMap<(Timestamp, String), Vec<WeightedValue>> = found
        .into_iter()
        .flat_map(|(start, metrics)| {
            metrics.into_iter().map(move |(metric, values)| ((start, metric), values))
        })
        .collect();
    prop_assert_eq!(found.keys().collect::<Vec<_>>(), scores.keys().collect::<Vec<_>>());
    for (key, mut scores) in scores {
        let kept = WeightedDistribution::new(found[&key].iter().copied()).unwrap();
        scores.sort_by(|a, b| a.0.total_cmp(&b.0));
        let all: f64 = scores.iter().map(|(_, pi)| 1.0 / pi).sum();
        for p in [0.1, 0.5, 0.9] {
            let mut below = 0.0;
            let direct = scores.iter().find(|(_, pi)| {
                below += 1.0 / pi;
                below >= p * all * (1.0 - 1e-9)
            });
            let quantile = kept.quantile(p, u64::MAX, evalward_stats::Level::P95).unwrap().value;
            // Three digits of a score up to 1 leave half a thousandth.
            let direct = direct.unwrap().0;
            prop_assert!((quantile - direct).abs() <= 0.0005, "{:?}: {} {}", key, quantile, direct);
        }
    }
    Ok(())
}

fn property(cases: u32, on_postgres: bool) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let steps = prop::collection::vec(step(), 1..40);
    let result = TestRunner::new(config).run(&steps, |steps| {
        runtime.block_on(async {
            let (_folder, store) = if on_postgres {
                (None, postgres().await)
            } else {
                let (folder, store) = sqlite().await;
                (Some(folder), store)
            };
            run(&store, steps).await;
            let checked = check(&store).await;
            store.close().await.unwrap();
            checked
        })
    });
    result.unwrap();
}

#[test]
fn windows_equal_a_recount_on_sqlite() {
    property(48, false);
}

#[test]
fn windows_equal_a_recount_on_postgres() {
    property(12, true);
}
