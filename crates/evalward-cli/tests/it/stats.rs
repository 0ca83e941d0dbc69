//! `evalward stats`.

use std::path::Path;

use evalward_testkit::{Scratch, StatsFixture};
use insta::assert_snapshot;

use crate::support::evalward;

#[test]
fn every_reference_case_is_answered_by_one_process() {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../evalward-stats-json/tests/fixtures");
    let fixtures: Vec<StatsFixture> =
        StatsFixture::names(&folder).iter().map(|name| StatsFixture::read(&folder, name)).collect();
    let requests: Vec<Vec<String>> = fixtures.iter().map(StatsFixture::requests).collect();
    let scratch = Scratch::new();
    let input = requests.concat().join("\n");
    let finished = evalward(&scratch, "stats").stdin(&input).run().expect_code(0);
    let mut answers = finished.stdout.lines();
    for (fixture, requests) in fixtures.iter().zip(&requests) {
        let own: Vec<&str> = answers.by_ref().take(requests.len()).collect();
        fixture.check(&own);
    }
    assert_eq!(answers.next(), None);
}

#[test]
fn errors_are_answers_too() {
    let scratch = Scratch::new();
    let finished = evalward(&scratch, "stats")
        .stdin(
            r#"{"id": 1, "op": "binomial_ci", "successes": 0, "n": 0, "conf": 0.95}

{"id": 2, "op": "binomial_ci", "successes": 2, "n": 1, "conf": 0.95}
{"id": 3, "op": "weighted_mean", "y": [1, null], "pi": [0.5, 0.5], "conf": 0.95}
{"id": 4, "op": "weighted_mean", "y": [2, 2], "pi": [0.5, 0.5], "conf": 0.95}
{"id": 5, "op": "binomial_ci", "successes": 1, "n": 1}
{"id": 6, "function": "none", "input": {}}
nonsense
{"id": 7, "op": "compare", "baseline": [1, 2], "candidate": [1, null], "margin": 0.3, "scale": {"kind": "real"}}
{"id": 8, "op": "needed_n", "effect": 0.3, "sd_diff": 0.85, "alpha": 0.05, "target_power": 0.8}"#,
        )
        .run()
        .expect_code(0);
    assert_snapshot!(finished.stdout, @r#"
    {"error":{"kind":"too_few","message":"compute `rate`: needs at least 1 observations, got 0"},"id":1}
    {"error":{"kind":"out_of_domain","message":"accept `successes` = 2: must be at most `n`"},"id":2}
    {"error":{"kind":"not_finite","message":"accept observation 1 of `y`: it is not a finite number"},"id":3}
    {"error":{"kind":"degenerate","message":"compute `interval of a weighted mean`: all values that were sampled by chance are equal"},"id":4}
    {"error":{"kind":"bad_request","message":"read the input: missing field `conf`"},"id":5}
    {"error":{"kind":"bad_request","message":"there is no function `none`"},"id":6}
    {"error":{"kind":"bad_request","message":"the line is not JSON: expected ident at line 1 column 2"},"id":null}
    {"error":{"kind":"not_finite","message":"accept observation 1 of `candidate`: it is not a finite number"},"id":7,"non_inferior":false,"verdict":"invalid"}
    {"id":8,"n":52}
    "#);
    assert_eq!(finished.stderr, "");
}

#[test]
fn the_list_names_functions_and_procedures() {
    let scratch = Scratch::new();
    let finished = evalward(&scratch, "stats --list").run().expect_code(0);
    for line in ["function welch_t", "op compare"] {
        assert!(finished.stdout.lines().any(|name| name == line), "{line}");
    }
}
