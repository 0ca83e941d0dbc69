use evalward_core::Timestamp;
use evalward_store::{MetricWindow, Resolution, WindowKey};

use super::*;

/// Makes a window of a stratum: interactions seen, and the samples of which so many passed and failed.
fn window(stratum: &str, seen: u64, passed: u64, failed: u64, probability: f64) -> Window {
    let mut pass = WeightedSums::default();
    let outcomes = [(1.0, passed), (0.0, failed)];
    for value in outcomes.into_iter().flat_map(|(value, count)| (0..count).map(move |_| value)) {
        pass.push(value, probability).unwrap();
    }
    Window {
        key: WindowKey {
            project: "support".to_owned(),
            resolution: Resolution::Minute,
            start: Timestamp::from_millis(0),
            segment: String::new(),
            stratum: stratum.to_owned(),
        },
        seen,
        sampled: passed + failed,
        passed,
        failed,
        errored: 0,
        skipped: 0,
        pass,
        metrics: BTreeMap::from([(
            "rules".to_owned(),
            MetricWindow {
                scores: pass,
                pass,
                passed,
                detailed: pass.n,
                ..MetricWindow::default()
            },
        )]),
    }
}

fn rate(windows: &[Window]) -> Option<RateEstimate> {
    windows.iter().collect::<Traffic>().pass_rate().unwrap()
}

fn mean(windows: &[Window]) -> MetricEstimate {
    let traffic: Traffic = windows.iter().collect();
    traffic.metrics(&BTreeSet::new()).unwrap().remove("rules").unwrap()
}

#[test]
fn what_is_always_sampled_counts_once_and_what_is_not_counts_for_those_left_out() {
    let windows = [window("base", 1000, 48, 2, 0.05), window("error", 10, 0, 10, 1.0)];
    let traffic: Traffic = windows.iter().collect();
    let rate = traffic.pass_rate().unwrap().unwrap();
    // 960 of 1000 and none of 10.
    assert_eq!(rate.estimate, Some(rounded(960.0 / 1010.0)));
    assert_eq!((rate.n, rate.method), (60, "hajek"));
    assert!(rate.low < 0.95 && rate.high > 0.951, "{rate:?}");
    // The plain share says something else, and is told apart.
    assert_eq!(traffic.unweighted_pass_rate(), Some(0.8));
}

#[test]
fn without_an_evaluated_sample_there_is_no_rate() {
    assert_eq!(rate(&[]), None);
    assert_eq!(rate(&[window("base", 100, 0, 0, 0.05)]), None);
    assert_eq!(Traffic::default().unweighted_pass_rate(), None);
    assert!(Traffic::default().metrics(&BTreeSet::new()).unwrap().is_empty());
}

#[test]
fn where_everything_is_evaluated_the_rate_is_known() {
    let rate = rate(&[window("base", 4, 3, 1, 1.0)]).unwrap();
    assert_eq!((rate.estimate, rate.low, rate.high), (Some(0.75), 0.75, 0.75));
    assert_eq!(rate.method, "census");
    let mean = mean(&[window("base", 4, 3, 1, 1.0)]);
    assert_eq!((mean.mean, mean.low, mean.method), (Some(0.75), Some(0.75), Some("census")));
}

#[test]
fn what_is_known_of_the_application_is_what_a_sample_tells() {
    use evalward_stats::{BinomialMethod, binomial_interval};
    for (passed, failed) in [(0, 1), (3, 1), (48, 2), (10, 0)] {
        let windows = [window("base", passed + failed, passed, failed, 1.0)];
        let traffic: Traffic = windows.iter().collect();
        let rate = traffic.process_rate().unwrap().unwrap();
        let method = BinomialMethod::ClopperPearson;
        let exact = binomial_interval(passed, passed + failed, Level::P95, method).unwrap();
        // The wider of it and the linearised one.
        assert!(
            rate.low <= exact.low + 1e-5 && rate.high >= exact.high - 1e-5,
            "{rate:?} {exact:?}"
        );
        assert!(rate.low > exact.low - 0.15 && rate.high < exact.high + 0.15, "{rate:?} {exact:?}");
    }
}

#[test]
fn failures_that_stand_for_themselves_are_no_rate_of_the_traffic() {
    // One of 20 failed, and none of the other 19 was sampled.
    let windows = [window("base", 19, 0, 0, 0.05), window("error", 1, 0, 1, 1.0)];
    let known = rate(&windows).unwrap();
    assert_eq!((known.estimate, known.low, known.high), (None, 0.0, 0.95));
    assert_eq!(known.method, "bounds");
    let known = mean(&windows);
    assert_eq!((known.mean, known.low, known.high), (None, None, None));
}

#[test]
fn a_sample_that_could_not_be_evaluated_widens_what_was_known() {
    let mut windows = [window("base", 4, 3, 0, 1.0)];
    windows[0].sampled += 1;
    windows[0].errored += 1;
    let known = rate(&windows).unwrap();
    assert_eq!((known.estimate, known.low, known.high), (Some(1.0), 0.75, 1.0));
    // One to which nothing applies does not belong to the rate.
    windows[0].errored -= 1;
    windows[0].skipped += 1;
    assert!(rate(&windows).unwrap().low > 0.999);
}

#[test]
fn a_mean_without_spread_has_no_interval() {
    let known = mean(&[window("base", 100, 5, 0, 0.05)]);
    assert_eq!((known.mean, known.low, known.high), (Some(1.0), None, None));
}

#[test]
fn waiting_samples_are_those_without_an_outcome() {
    let mut windows = [window("base", 100, 5, 1, 0.1)];
    windows[0].sampled = 10;
    windows[0].errored = 2;
    assert_eq!(windows.iter().collect::<Traffic>().waiting(), 2);
}

/// Makes a window with scores of one metric that passes from 0.5 on, each with its probability.
fn scored(stratum: &str, seen: u64, scores: &[(f64, f64)]) -> (Window, Vec<WeightedValue>) {
    let mut metric = MetricWindow::default();
    let mut values = Vec::new();
    for (score, probability) in scores {
        let passed = *score >= 0.5;
        metric.scores.push(*score, *probability).unwrap();
        metric.pass.push(f64::from(u8::from(passed)), *probability).unwrap();
        metric.passed += u64::from(passed);
        metric.detailed += 1;
        let w = 1.0 / probability;
        values.push(WeightedValue { value: *score, n: 1, w, ww: w * w });
    }
    let passed = metric.passed;
    let counted = window(stratum, seen, passed, metric.scores.n - passed, 1.0);
    (Window { metrics: BTreeMap::from([("judge".to_owned(), metric)]), ..counted }, values)
}

fn judge(parts: &[(Window, Vec<WeightedValue>)], is_hallucination: bool) -> MetricEstimate {
    let mut traffic = Traffic::default();
    for (window, values) in parts {
        traffic.add(window);
        traffic.add_values("judge", values);
    }
    let hallucination = is_hallucination.then(|| "judge".to_owned()).into_iter().collect();
    traffic.metrics(&hallucination).unwrap().remove("judge").unwrap()
}

#[test]
fn the_hallucination_rate_mirrors_the_pass_rate_of_its_metric() {
    let part = scored("base", 200, &[(1.0, 0.1), (0.9, 0.1), (0.2, 0.1), (0.7, 0.1)]);
    let known = judge(std::slice::from_ref(&part), true);
    let (pass, hallucination) = (known.pass_rate.unwrap(), known.hallucination_rate.unwrap());
    assert_eq!((pass.estimate, hallucination.estimate), (Some(0.75), Some(0.25)));
    assert!((pass.low + hallucination.high - 1.0).abs() < 1e-9);
    assert!((pass.high + hallucination.low - 1.0).abs() < 1e-9);
    assert_eq!((hallucination.n, hallucination.method), (4, "hajek"));
    assert_eq!(judge(&[part], false).hallucination_rate, None);
}

#[test]
fn bounds_of_a_hallucination_rate_are_mirrored_too() {
    // One of 20 is known, and it hallucinated.
    let parts = [scored("base", 19, &[]), scored("error", 1, &[(0.0, 1.0)])];
    let known = judge(&parts, true).hallucination_rate.unwrap();
    assert_eq!((known.estimate, known.low, known.high), (None, 0.05, 1.0));
    assert_eq!(known.method, "bounds");
}

#[test]
fn each_metric_has_the_rate_of_its_own_verdicts() {
    let (mut window, values) = scored("base", 4, &[(1.0, 1.0), (0.0, 1.0), (1.0, 1.0)]);
    // Another metric decided of the fourth, and this one had nothing to say of it.
    window.passed += 1;
    let judge_of = |window: &Window| judge(&[(window.clone(), values.clone())], false);
    let known = judge_of(&window).pass_rate.unwrap();
    assert_eq!(
        (known.estimate, known.low, known.method),
        (Some(rounded(2.0 / 3.0)), 0.5, "bounds")
    );
    window.metrics.get_mut("judge").unwrap().skipped = 1;
    let known = judge_of(&window);
    let rate = known.pass_rate.unwrap();
    assert_eq!((rate.low, rate.method, known.skipped), (rate.high, "census", Some(1)));
}

#[test]
fn a_quantile_takes_an_effective_sample_on_its_rarer_side() {
    let known = |count: u32| {
        let scores: Vec<(f64, f64)> = (0..count).map(|at| (f64::from(at) / 10.0, 0.05)).collect();
        let known = judge(&[scored("base", 400, &scores)], false);
        [known.p10, known.p50, known.p90].map(|it| it.map(|it| it.estimate))
    };
    assert_eq!(known(1), [None; 3]);
    assert_eq!(known(2), [None, Some(0.0), None]);
    assert_eq!(known(9), [None, Some(0.4), None]);
    assert_eq!(known(10), [Some(0.0), Some(0.4), Some(0.8)]);
    // What is observed wholly is known, however little it is.
    let known = judge(&[scored("base", 1, &[(0.7, 1.0)])], false).p10.unwrap();
    assert_eq!((known.estimate, known.low, known.high), (0.7, Some(0.7), Some(0.7)));
}

#[test]
fn quantiles_weigh_samples_and_say_nothing_of_strata_without_any() {
    let always: Vec<(f64, f64)> = (0..20).map(|_| (0.1, 1.0)).collect();
    let chance: Vec<(f64, f64)> = (0..20).map(|_| (0.9, 0.05)).collect();
    let parts = [scored("error", 20, &always), scored("base", 400, &chance)];
    // Half of the samples, and one in 21 of the traffic.
    assert_eq!(judge(&parts, false).p10.map(|it| it.estimate), Some(0.9));
    let alone = [scored("error", 20, &always), scored("base", 400, &[])];
    let known = judge(&alone, false);
    assert_eq!((known.mean, known.p10, known.p50), (None, None, None));
}

#[test]
fn scores_without_details_have_a_mean_and_no_more() {
    let (mut window, _) = scored("base", 10, &[(1.0, 0.2), (0.5, 0.2)]);
    let metric = window.metrics.get_mut("judge").unwrap();
    *metric = MetricWindow { scores: metric.scores, ..MetricWindow::default() };
    let known = judge(&[(window, Vec::new())], true);
    assert_eq!((known.mean, known.n, known.method), (Some(0.75), 2, Some("hajek")));
    assert_eq!((known.pass_rate, known.hallucination_rate, known.p50), (None, None, None));
    assert_eq!((known.skipped, known.errored), (None, None));
}
