//! How often the interval of the pass rate holds the truth, through the sampling rule and the estimate that people read.
//!
//! The traffic is the one that fools a plain mean over the samples: rare interactions that are always sampled and often fail,
//! among ordinary ones.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::thread;
use std::time::Duration;

use evalward_config::{AlwaysSampled, SamplingConfig, SegmentKey};
use evalward_core::{Interaction, InteractionId, Rate, Timestamp};
use evalward_stats::{BinomialMethod, Interval, Level, WeightedSums, binomial_interval};
use evalward_store::{Resolution, Window, WindowKey};
use regex::Regex;
use serde_json::json;

use super::Traffic;
use crate::sampling::SamplingPolicy;

const DAYS: u64 = 200;
const A_DAY: u64 = 10_000;

/// A kind of interaction: how many in a thousand are of it, and how many in a thousand of those fail.
struct Kind {
    share: u64,
    failing: u64,
    is_slow: bool,
    question: &'static str,
}

/// Slow answers and questions about refunds are rare, always sampled, and fail far more often than the others.
const KINDS: [Kind; 3] = [
    Kind { share: 950, failing: 30, is_slow: false, question: "Where is the trash?" },
    Kind { share: 30, failing: 180, is_slow: true, question: "Where is the trash?" },
    Kind { share: 20, failing: 550, is_slow: false, question: "How do I get a refund?" },
];

/// What a day says of itself, beside what is true of it.
struct Day {
    truth: f64,
    estimate: f64,
    weighted: Interval,
    /// The plain share of passed samples, with its interval.
    plain: f64,
    unweighted: Interval,
    samples: u64,
}

/// Numbers that look random: splitmix64.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut number = self.0;
        number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        number ^ (number >> 31)
    }

    fn in_a_thousand(&mut self) -> u64 {
        self.next() % 1000
    }
}

fn policy() -> SamplingPolicy {
    SamplingPolicy::new(SamplingConfig {
        base_rate: Rate::new(0.05).unwrap(),
        segment_by: vec![SegmentKey::Hour],
        segments: BTreeMap::new(),
        always: AlwaysSampled {
            errors: true,
            negative_feedback: true,
            slow: Some(Duration::from_secs(10)),
            patterns: vec![("refunds".to_owned(), Regex::new("(?i)refund").unwrap())],
        },
    })
}

fn interaction(kind: &Kind) -> Interaction {
    let id = InteractionId::new("answer-1").unwrap();
    let mut interaction = Interaction::new(id, Timestamp::from_millis(0));
    interaction.latency_millis = Some(if kind.is_slow { 12_000 } else { 800 });
    interaction.input.insert("question".to_owned(), json!(kind.question));
    interaction
}

fn kind_of(mut number: u64) -> usize {
    KINDS
        .iter()
        .position(|kind| match number.checked_sub(kind.share) {
            Some(rest) => {
                number = rest;
                false
            }
            None => true,
        })
        .unwrap()
}

fn day(number: u64) -> Day {
    let policy = policy();
    let mut numbers = Numbers(number);
    let mut windows: BTreeMap<String, Window> = BTreeMap::new();
    let mut interactions: Vec<Interaction> = KINDS.iter().map(interaction).collect();
    let mut passed_of_all = 0;
    for _ in 0..A_DAY {
        let kind = kind_of(numbers.in_a_thousand());
        let passes = numbers.in_a_thousand() >= KINDS[kind].failing;
        passed_of_all += u64::from(passes);
        let interaction = &mut interactions[kind];
        interaction.trace_id = Some(format!("{:016x}{:016x}", numbers.next(), numbers.next()));
        let decision = policy.decide(interaction);
        let window = windows.entry(decision.stratum).or_insert_with_key(|stratum| empty(stratum));
        window.seen += 1;
        if decision.is_sampled {
            window.sampled += 1;
            window.passed += u64::from(passes);
            window.failed += u64::from(!passes);
            window.pass.push(f64::from(u8::from(passes)), decision.probability.get()).unwrap();
        }
    }
    let traffic: Traffic = windows.values().collect();
    let rate = traffic.pass_rate().unwrap().unwrap();
    let wilson = BinomialMethod::Wilson;
    Day {
        truth: share(passed_of_all, A_DAY),
        estimate: rate.estimate.unwrap(),
        weighted: Interval { low: rate.low, high: rate.high },
        plain: traffic.unweighted_pass_rate().unwrap(),
        unweighted: binomial_interval(traffic.passed, rate.n, Level::P95, wilson).unwrap(),
        samples: rate.n,
    }
}

fn share(part: u64, all: u64) -> f64 {
    super::to_float(part) / super::to_float(all)
}

fn empty(stratum: &str) -> Window {
    Window {
        key: WindowKey {
            project: "support".to_owned(),
            resolution: Resolution::Hour,
            start: Timestamp::from_millis(0),
            segment: "hour=00".to_owned(),
            stratum: stratum.to_owned(),
        },
        seen: 0,
        sampled: 0,
        passed: 0,
        failed: 0,
        errored: 0,
        skipped: 0,
        pass: WeightedSums::default(),
        metrics: BTreeMap::new(),
    }
}

/// Returns all days; they are independent, and share the processors.
fn all_days() -> Vec<Day> {
    let workers = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let numbers: Vec<u64> = (1..=DAYS).collect();
    thread::scope(|scope| {
        let parts = numbers.chunks(numbers.len().div_ceil(workers));
        let running: Vec<_> = parts
            .map(|part| scope.spawn(|| part.iter().map(|number| day(*number)).collect::<Vec<_>>()))
            .collect();
        running.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    })
}

fn percent(rate: f64) -> String {
    format!("{:.1}", 100.0 * rate)
}

fn line(number: usize, day: &Day) -> String {
    let Interval { low, high } = day.weighted;
    format!(
        "{number:>5} {:>6} {:>8} [{}, {}] {:>13} {:>8}",
        percent(day.truth),
        percent(day.estimate),
        percent(low),
        percent(high),
        percent(day.plain),
        day.samples
    )
}

#[test]
fn the_interval_holds_the_truth_on_184_of_200_days_and_the_plain_mean_never_does() {
    let days = all_days();
    let covering = |interval: fn(&Day) -> Interval| {
        days.iter().filter(|day| interval(day).contains(day.truth)).count()
    };
    let (weighted, plain) = (covering(|day| day.weighted), covering(|day| day.unweighted));
    let mut table = vec!["  day  truth weighted 95 % interval  plain mean  samples".to_owned()];
    table.extend(days.iter().take(6).zip(1..).map(|(day, number)| line(number, day)));
    table.push(format!("covers the truth: weighted {weighted} of {DAYS} days, plain {plain}"));
    insta::assert_snapshot!(table.join("\n"), @"
      day  truth weighted 95 % interval  plain mean  samples
        1   95.5     96.1 [94.5, 97.4]          81.5     1010
        2   95.7     95.3 [93.4, 96.7]          80.9      973
        3   95.6     95.9 [94.2, 97.2]          81.1      981
        4   95.5     95.7 [93.9, 97.1]          82.5      936
        5   95.4     95.3 [93.5, 96.8]          82.1      996
        6   95.5     95.4 [93.6, 96.9]          81.3      937
    covers the truth: weighted 195 of 200 days, plain 0
    ");
    assert!(weighted >= 184, "{weighted} of {DAYS}");
    assert_eq!(plain, 0);
}
