//! Inputs that no function takes: an error with the kind of what is wrong, never a number and never a malformed request.

use evalward_stats_json::answer;
use serde_json::Value;

#[track_caller]
fn kind(function: &str, input: &str) -> String {
    let line = format!(r#"{{"id": 1, "function": "{function}", "input": {input}}}"#);
    let answer: Value = serde_json::from_str(&answer(&line)).expect("an answer is JSON");
    answer["error"]["kind"].as_str().unwrap_or("a result").to_owned()
}

#[test]
fn a_number_that_is_missing_or_no_count_is_not_a_malformed_request() {
    let cases = [
        (
            "uniform_boundaries",
            r#"{"kind": "normal_mixture", "v": null, "alpha": 0.1, "v_opt": 9}"#,
        ),
        (
            "uniform_boundaries",
            r#"{"kind": "bernoulli_ci", "successes": -1, "trials": 9, "alpha": 0.1, "t_opt": 9}"#,
        ),
        ("confidence_sequences", r#"{"x": [0.5], "alpha": null, "at": [1]}"#),
        ("confidence_sequences", r#"{"x": [0.5], "alpha": 0.05, "at": [-1]}"#),
        ("confidence_sequences", r#"{"x": [0.5], "alpha": 0.05, "at": [2]}"#),
        ("e_detector", r#"{"x": [0.5], "m0": null, "alpha": 0.05, "at": [1]}"#),
        ("stream_detectors", r#"{"detector": "adwin", "params": {"clock": -1}, "stream": [1, 2]}"#),
        (
            "bootstrap_ci",
            r#"{"kind": "one_sample", "statistic": "mean", "x": [1, 2], "resample_indices": [[0, -1]], "conf": 0.9}"#,
        ),
        (
            "rogan_gladen",
            r#"{"p": 0.8, "q0": 0.9, "q1": 0.9, "n": 9, "m0": 9, "m1": 9, "conf": null}"#,
        ),
    ];
    for (function, input) in cases {
        assert_eq!(kind(function, input), "out_of_domain", "{function}: {input}");
    }
    let clusters = r#"{"x": [1, 2], "cluster": [1, null], "conf": 0.95}"#;
    assert_eq!(kind("cluster_robust_mean", clusters), "not_finite");
}

#[test]
fn options_that_mean_nothing_are_out_of_their_domain() {
    let detector = |name: &str, params: &str| {
        let input = format!(r#"{{"detector": "{name}", "params": {params}, "stream": [1, 2]}}"#);
        kind("stream_detectors", &input)
    };
    assert_eq!(detector("cusum", r#"{"mu0": 0, "k": -1, "h": 1}"#), "out_of_domain");
    assert_eq!(detector("cusum", r#"{"mu0": 0, "k": 1, "h": -1}"#), "out_of_domain");
    assert_eq!(detector("cusum", r#"{"mu0": 0, "k": 0, "h": 0}"#), "a result");
    assert_eq!(detector("page_hinkley", r#"{"threshold": -1}"#), "out_of_domain");
    assert_eq!(detector("page_hinkley", r#"{"alpha": 1.5}"#), "out_of_domain");
    assert_eq!(detector("page_hinkley", r#"{"alpha": 1.0, "threshold": 0}"#), "a result");
    let samples = r#"{"kind": "samples", "a": [1, 2], "b": [3, 4], "gamma": 0}"#;
    assert_eq!(kind("distribution_distances", samples), "out_of_domain");
    let sample = r#"{"kind": "poisson", "y": [1, 2], "pi": [1, 1], "population_n": 1}"#;
    assert_eq!(kind("survey_weighting", sample), "out_of_domain");
    let no_bets = r#"{"x": [0.5], "m0": 0.7, "lambda_grid": [], "alpha": 0.05, "at": [1]}"#;
    assert_eq!(kind("e_detector", no_bets), "too_few");
}
