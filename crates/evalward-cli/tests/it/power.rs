//! `evalward power`: how many examples a difference takes.

use evalward_core::Partition;
use insta::assert_snapshot;
use serde_json::Value;

use crate::support::{RIGHT, evalward, example, golden, recorded, recorded_with, repeated};

#[test]
fn assumptions_tell_how_many_examples_a_loss_takes() {
    let scratch = recorded(&RIGHT);
    let plan = evalward(&scratch, "power --margin 0.3 --sd 0.9").run().expect_code(0);
    assert_snapshot!(plan.stdout, @"
    assumed: the difference of a pair has a standard deviation of 0.9
    test:    paired t, one-sided alpha 0.05, power 80.0 %

    A loss of 0.3 takes 58 examples.

    examples  smallest loss found  power at 0.3
          20                0.519        41.8 %
          50                0.321        75.2 %
         100                0.225        95.2 %
         200                0.159        99.9 %
         500                  0.1       100.0 %
        1000                0.071       100.0 %
        2000                 0.05       100.0 %
        5000                0.032       100.0 %
    ");
    let rate = evalward(&scratch, "power --margin 0.05 --discordance 0.1 --n 200").run();
    assert_snapshot!(rate.expect_code(0).stdout, @"
    assumed: 10.0 % of the examples change their outcome
    test:    paired t, one-sided alpha 0.05, power 80.0 %

    A loss of 0.05 takes 249 examples.

    200 examples find a loss of 0.056 with a power of 80.0 %.
    They find a loss of 0.05 with a power of 72.0 %.

    examples  smallest loss found  power at 0.05
          20                0.182         16.8 %
          50                0.113         29.4 %
         100                0.079         47.0 %
         200                0.056         72.0 %
         500                0.035         97.0 %
        1000                0.025        100.0 %
        2000                0.018        100.0 %
        5000                0.011        100.0 %
    ");
    let size = evalward(&scratch, "power --n 100 --sd 1 --format json").run().expect_code(0);
    let size: Value = serde_json::from_str(&size.stdout).unwrap();
    let found = size["at_n"]["detectable"].as_f64().unwrap();
    // statsmodels 0.15: TTestPower().solve_power(nobs=100, alpha=0.05, power=0.8, alternative="larger").
    assert!((found - 0.250_4).abs() < 1e-3, "{found}");
}

#[test]
fn repeats_are_paid_for_in_calls() {
    let scratch = recorded(&RIGHT);
    let plan =
        evalward(&scratch, "power --margin 0.3 --sd 0.9 --repeats-sd 0.5").run().expect_code(0);
    let (_, repeats) = plan.stdout.split_once("\nrepeats").unwrap();
    assert_snapshot!(repeats, @"
      standard deviation  needed examples   calls
          1                 0.9               58      58
          2               0.748               40      80
          3                0.69               35     105
          5                0.64               30     150
         10                 0.6               27     270
    From 15 repeats on, less than a tenth of the variance comes from them: more are not worth paying for.
    Calls are paid for: as long as examples can be added, add examples before repeats.
    ");
    let impossible = evalward(&scratch, "power --margin 0.3 --sd 0.5 --repeats-sd 0.5").run();
    assert_snapshot!(impossible.expect_code(2).stderr, @"
    error: failed to accept `--repeats-sd` = 0.5: must be at most `--sd` divided by 1.414, since both answers of a pair vary
    ");
}

#[test]
fn stored_runs_tell_what_their_dataset_can_show() {
    let scratch = recorded(&RIGHT);
    drop(evalward(&scratch, "run --quiet").run().expect_code(0));
    let one = evalward(&scratch, "power --run latest").run().expect_code(0);
    assert_snapshot!(one.clean_stdout(), @"
    variance: [run]
    test:     paired t, one-sided alpha 0.05, power 80.0 %

    metric     partition        n     sd  finds  margin    power  needed n  known from
    pass_rate  golden           3      1   none    0.05    5.7 %      2475  nothing varied, as if 3 examples would: at most
    right      golden           3      1   none    0.05    5.7 %      2475  nothing varied, as if 3 examples would: at most
    short      golden           3      1   none    0.05    5.7 %      2475  nothing varied, as if 3 examples would: at most

    finds: the smallest loss that is found; needed n: examples to find one of the margin.
    These runs have no repeats, so noise between trials is not told apart: `evalward run --repeats 3` would.
    ");
    scratch.answers("answers.jsonl", &[("france", "It is Lyon."), RIGHT[1], RIGHT[2]]);
    drop(evalward(&scratch, "run --quiet").run().expect_code(1));
    let two = evalward(&scratch, "power --suite evalward.toml").run().expect_code(0);
    assert_snapshot!(two.clean_stdout(), @"
    variance: [run], [run]
    test:     paired t, one-sided alpha 0.05, power 80.0 %

    metric     partition        n     sd  finds  margin    power  needed n  known from
    pass_rate  golden           3  0.577   none    0.05    6.2 %       826  the differences of two runs
    right      golden           3  0.577   none    0.05    6.2 %       826  the differences of two runs
    short      golden           3      1   none    0.05    5.7 %      2475  nothing varied, as if 3 examples would: at most

    finds: the smallest loss that is found; needed n: examples to find one of the margin.
    These runs have no repeats, so noise between trials is not told apart: `evalward run --repeats 3` would.
    ");
    let named = evalward(&scratch, "power --suite capitals --format json").run().expect_code(0);
    let named: Value = serde_json::from_str(&named.stdout).unwrap();
    assert_eq!(named["runs"].as_array().unwrap().len(), 2);
    assert_eq!(named["rows"][0]["basis"], "two_runs");
}

#[test]
fn wrong_usage_says_what_to_do() {
    let scratch = recorded(&RIGHT);
    let refused = |arguments: &str| evalward(&scratch, arguments).run().expect_code(2).stderr;
    assert_snapshot!(refused("power"), @"
    error: nothing says how much scores vary
      hint: assume it (`--sd`, `--discordance`), or take it from stored runs (`--run`, `--suite`)
    ");
    assert_snapshot!(refused("power --sd 0.9"), @"
    error: nothing says what to plan
      hint: give the loss to be found (`--margin`), the number of examples (`--n`), or both
    ");
    assert_snapshot!(refused("power --margin=-1 --sd 0.9"), @"error: `--margin -1` makes no sense: it must be above 0");
    assert_snapshot!(refused("power --margin 0.2 --discordance 0.1"), @"
    error: a rate cannot fall by 0.2 where only 0.1 of the examples change their outcome
      hint: raise `--discordance`, or lower `--margin`
    ");
    assert_snapshot!(refused("power --margin 0.2 --sd 1 --alpha 0.7"), @"error: `--alpha 0.7` makes no sense: it must be above 0 and below 0.5");
    assert_snapshot!(refused("power --suite capitals"), @"
    error: there is no stored run of suite `capitals`
      hint: run it first: `evalward run SUITE`
    ");
    assert_snapshot!(refused("power --run latest"), @"
    error: there are no runs in `.evalward/runs`
      hint: run a suite first: `evalward run SUITE`
    ");
}

#[test]
fn the_curve_is_drawn() {
    let scratch = recorded(&RIGHT);
    let drawn = evalward(&scratch, "power --margin 0.3 --sd 0.9 --plot power.svg").run();
    assert_eq!(drawn.expect_code(0).stderr, "wrote power.svg\n");
    let svg = scratch.read("power.svg");
    assert!(svg.starts_with("<svg") && svg.contains("58"), "{svg}");
    drop(evalward(&scratch, "run --quiet").run().expect_code(0));
    let arguments = "power --run latest --metric right --plot right.svg";
    drop(evalward(&scratch, arguments).run().expect_code(0));
    assert!(scratch.read("right.svg").contains("right in golden"));
    let many = evalward(&scratch, "power --run latest --plot all.svg").run().expect_code(2);
    assert_snapshot!(many.stderr, @"
    error: `--plot` draws one curve
      hint: name one metric and one partition, such as `--metric pass_rate --partition golden`
    ");
}

#[test]
fn a_run_warns_before_it_spends_where_a_margin_is_too_fine() {
    let examples: Vec<_> = (0..30)
        .map(|number| {
            let question = format!("What is {number} times {number}?");
            let answer = (number * number).to_string();
            example(&format!("q{number:02}"), Partition::Distribution, &question, &answer)
        })
        .chain(golden())
        .collect();
    let answers: Vec<(String, String)> = examples
        .iter()
        .map(|example| (example.id.to_string(), example.expected_output.clone().unwrap()))
        .collect();
    let answers: Vec<(&str, &str)> =
        answers.iter().map(|(id, answer)| (id.as_str(), answer.as_str())).collect();
    let gate =
        "[gates.distribution]\nno_worse_than = { baseline = \"base.json\", margin = 0.05 }\n";
    let scratch = recorded_with(&examples, &answers, gate);
    let warned = || {
        let run = evalward(&scratch, "run").run();
        let line = run.clean_stderr().lines().find(|line| line.contains("is about a loss"));
        line.unwrap_or("no warning").to_owned()
    };
    assert_snapshot!(warned(), @"
    warning: the gate of `distribution` is about a loss of 0.05 of the pass rate, but its 30 examples find none below 0.147 (assuming that one in ten examples changes its outcome), so it will often be inconclusive; 249 examples would do
    ");
    assert_snapshot!(warned(), @"
    warning: the gate of `distribution` is about a loss of 0.05 of the pass rate, but its 30 examples find none below 0.147 (by the variance in the latest stored runs), so it will often be inconclusive; 249 examples would do
    ");
    let wide = evalward(&scratch, "run --set gates.distribution.no_worse_than.margin=0.5").run();
    assert!(!wide.stderr.contains("is about a loss"), "{}", wide.stderr);
}

#[test]
fn repeats_tell_the_noise_between_trials() {
    let scratch = repeated();
    let power =
        evalward(&scratch, "power --run latest --metric right --margin 0.5 --format json").run();
    let power: Value = serde_json::from_str(&power.expect_code(0).stdout).unwrap();
    let row = &power["rows"][0];
    assert_eq!(row["basis"], "repeats");
    let near = |value: &Value, expected: f64| (value.as_f64().unwrap() - expected).abs() < 1e-9;
    // The variance between trials is 1/3 for one example and 0 for two; a difference of means of three has 2/3 of it.
    let within: f64 = 1.0 / 9.0;
    assert!(near(&row["repeats"]["within_sd"], within.sqrt()), "{row}");
    assert!(near(&row["sd"], (2.0 * within / 3.0).sqrt()), "{row}");
    assert_eq!(row["repeats"]["for_margin"], 5);
}
