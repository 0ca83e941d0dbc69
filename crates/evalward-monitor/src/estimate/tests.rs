use evalward_core::Timestamp;
use evalward_store::{Resolution, WindowKey};

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
        scores: BTreeMap::from([("rules".to_owned(), pass)]),
    }
}

fn rate(windows: &[Window]) -> Option<RateEstimate> {
    windows.iter().collect::<Traffic>().pass_rate().unwrap()
}

fn mean(windows: &[Window]) -> MeanEstimate {
    windows.iter().collect::<Traffic>().means().unwrap().remove("rules").unwrap()
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
    assert!(Traffic::default().means().unwrap().is_empty());
}

#[test]
fn where_everything_is_evaluated_the_rate_is_known() {
    let rate = rate(&[window("base", 4, 3, 1, 1.0)]).unwrap();
    assert_eq!((rate.estimate, rate.low, rate.high), (Some(0.75), 0.75, 0.75));
    assert_eq!(rate.method, "census");
    let mean = mean(&[window("base", 4, 3, 1, 1.0)]);
    assert_eq!((mean.mean, mean.low, mean.method), (Some(0.75), Some(0.75), "census"));
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
