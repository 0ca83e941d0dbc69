//! Comparisons of runs, as a user reads them.

use evalward_core::{Digest, Example, Partition, ScoreRow, Timestamp};
use evalward_gate::{Baseline, RunScores};
use evalward_testkit::{Finished, Scratch};
use insta::assert_snapshot;

use crate::stored_runs::{Grade, StoredRunFile, stored_run};
use crate::support::evalward;

const ANSWER: &str = "A refund takes fourteen days.";

fn example(number: usize) -> Example {
    Example::new(&format!("traffic-{number:03}"), Partition::Distribution)
        .with_input("question", format!("question {number}"))
}

/// The baseline's grades: mostly 4 and 5, some lower, the same in every test.
fn usual(number: usize) -> f64 {
    [5.0, 4.0, 5.0, 3.0, 4.0, 5.0, 2.0, 4.0, 5.0, 4.0][number % 10]
}

/// The grades of a run: one trial of each example.
fn run_of(id: &str, n: usize, grade: impl Fn(usize) -> Grade) -> StoredRunFile {
    let mut run = stored_run(id, "gpt-4o-mini");
    for number in 0..n {
        run.trial(&example(number), 1, grade(number), ANSWER);
    }
    run
}

/// The baseline of most tests, of `n` examples.
fn base(n: usize) -> StoredRunFile {
    run_of("base", n, |number| Grade::Is(usual(number)))
}

fn compare(baseline: StoredRunFile, candidate: StoredRunFile, more: &str, code: i32) -> Finished {
    let scratch = Scratch::new();
    baseline.write(&scratch);
    candidate.write(&scratch);
    evalward(&scratch, &format!("compare base new {more}")).run().expect_code(code)
}

#[test]
fn identical_runs_are_equivalent_only_where_that_is_shown() {
    let new = || run_of("new", 300, |number| Grade::Is(usual(number)));
    let many = compare(base(300), new(), "", 0);
    assert_snapshot!(many.clean_stdout(), @"
    support: candidate against baseline
      baseline   base, openai gpt-4o-mini
      candidate  new, openai gpt-4o-mini
      paired     300 examples (100.0 % of the smaller run)

    decides
    verdict       metric     partition       n  baseline  candidate  difference     90 % interval  margin      p
    ────────────────────────────────────────────────────────────────────────────────────────────────────────────
    ✓ equivalent  pass rate  distribution  300    90.0 %     90.0 %       0.0 %  [-0.9 %, +0.9 %]   5.0 %  1.000
    ✓ equivalent  helpful    distribution  300     4.100      4.100       0.000  [-0.059, +0.059]   0.300  1.000
    difference: candidate - baseline, positive where the candidate is better, with its 90 % interval; n: pairs of examples; p: that nothing got worse, corrected for the number of comparisons

    Nothing that decides lost as much as its margin. (exit 0)
    ");
    let few = run_of("new", 12, |number| Grade::Is(usual(number)));
    let few = compare(base(12), few, "", 4);
    assert_snapshot!(few.clean_stdout(), @"
    support: candidate against baseline
      baseline   base, openai gpt-4o-mini
      candidate  new, openai gpt-4o-mini
      paired     12 examples (100.0 % of the smaller run)

    decides
    verdict         metric     partition      n  baseline  candidate  difference       90 % interval  margin      p
    ───────────────────────────────────────────────────────────────────────────────────────────────────────────────
    ? inconclusive  pass rate  distribution  12    91.7 %     91.7 %       0.0 %  [-18.4 %, +18.4 %]   5.0 %  1.000
    ? inconclusive  helpful    distribution  12     4.167      4.167       0.000    [-1.218, +1.218]   0.300  1.000
    difference: candidate - baseline, positive where the candidate is better, with its 90 % interval; n: pairs of examples; p: that nothing got worse, corrected for the number of comparisons

    notes
      pass rate in distribution: to find a loss of 5.0 % it takes about 175 examples (12 now, which find it in 15.5 % of cases)
      helpful in distribution: to find a loss of 0.300 it takes about 58 examples (12 now)

    Inconclusive for pass rate in distribution, helpful in distribution: a loss of 5.0 % would be found with 175 examples in distribution (12 now). Add examples, or declare a wider margin. (exit 4)
    ");
}

#[test]
fn a_planted_drop_is_a_regression() {
    let new = run_of("new", 100, |number| {
        Grade::Is(if number % 2 == 1 { (usual(number) - 1.0).max(1.0) } else { usual(number) })
    });
    let run = compare(base(100), new, "", 1);
    assert_snapshot!(run.clean_stdout(), @"
    support: candidate against baseline
      baseline   base, openai gpt-4o-mini
      candidate  new, openai gpt-4o-mini
      paired     100 examples (100.0 % of the smaller run)

    decides
    verdict       metric     partition       n  baseline  candidate  difference      90 % interval  margin       p
    ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
    ✗ regression  pass rate  distribution  100    90.0 %     80.0 %     -10.0 %  [-16.0 %, -6.1 %]   5.0 %  <0.001
    ✗ regression  helpful    distribution  100     4.100      3.600      -0.500   [-0.585, -0.391]   0.300  <0.001
    difference: candidate - baseline, positive where the candidate is better, with its 90 % interval; n: pairs of examples; p: that nothing got worse, corrected for the number of comparisons

    notes
      pass rate in distribution: the loss is at least the margin
      helpful in distribution: the loss is at least the margin

    worsened: 10 examples
    example      partition     passed     scores
    ───────────────────────────────────────────────────────────
    traffic-003  distribution  1/1 → 0/1  helpful 3.000 → 2.000
    traffic-013  distribution  1/1 → 0/1  helpful 3.000 → 2.000
    traffic-023  distribution  1/1 → 0/1  helpful 3.000 → 2.000
    traffic-033  distribution  1/1 → 0/1  helpful 3.000 → 2.000
    traffic-043  distribution  1/1 → 0/1  helpful 3.000 → 2.000
    traffic-053  distribution  1/1 → 0/1  helpful 3.000 → 2.000
    traffic-063  distribution  1/1 → 0/1  helpful 3.000 → 2.000
    traffic-073  distribution  1/1 → 0/1  helpful 3.000 → 2.000
    traffic-083  distribution  1/1 → 0/1  helpful 3.000 → 2.000
    traffic-093  distribution  1/1 → 0/1  helpful 3.000 → 2.000

    Blocked: pass rate in distribution, helpful in distribution got worse. Look at the examples that worsened, mend the subject or what is expected of it, and run again. (exit 1)
    ");
}

#[test]
fn a_planted_trivial_drop_passes() {
    let new = run_of("new", 400, |number| {
        Grade::Is(if number % 20 == 0 { usual(number) - 1.0 } else { usual(number) })
    });
    let run = compare(base(400), new, "", 0);
    assert_snapshot!(run.clean_stdout(), @"
    support: candidate against baseline
      baseline   base, openai gpt-4o-mini
      candidate  new, openai gpt-4o-mini
      paired     400 examples (100.0 % of the smaller run)

    decides
    verdict       metric     partition       n  baseline  candidate  difference     90 % interval  margin      p
    ────────────────────────────────────────────────────────────────────────────────────────────────────────────
    ✓ equivalent  pass rate  distribution  400    90.0 %     90.0 %       0.0 %  [-0.7 %, +0.7 %]   5.0 %  0.500
    ✓ trivial     helpful    distribution  400     4.100      4.050      -0.050  [-0.074, -0.025]   0.300  0.022
    difference: candidate - baseline, positive where the candidate is better, with its 90 % interval; n: pairs of examples; p: that nothing got worse, corrected for the number of comparisons

    Nothing that decides lost as much as its margin. (exit 0)
    ");
}

#[test]
fn too_few_examples_are_inconclusive_and_the_number_it_takes_is_told() {
    let grade =
        |number| Grade::Is(if number % 5 == 0 { usual(number) - 1.0 } else { usual(number) });
    let run = compare(base(15), run_of("new", 15, grade), "", 4);
    assert_snapshot!(run.clean_stdout(), @"
    support: candidate against baseline
      baseline   base, openai gpt-4o-mini
      candidate  new, openai gpt-4o-mini
      paired     15 examples (100.0 % of the smaller run)

    decides
    verdict         metric     partition      n  baseline  candidate  difference       90 % interval  margin      p
    ───────────────────────────────────────────────────────────────────────────────────────────────────────────────
    ? inconclusive  pass rate  distribution  15    93.3 %     93.3 %       0.0 %  [-15.3 %, +15.3 %]   5.0 %  0.500
    ? inconclusive  helpful    distribution  15     4.133      3.933      -0.200    [-0.740, +0.397]   0.300  0.336
    difference: candidate - baseline, positive where the candidate is better, with its 90 % interval; n: pairs of examples; p: that nothing got worse, corrected for the number of comparisons

    notes
      pass rate in distribution: to find a loss of 5.0 % it takes about 144 examples (15 now, which find it in 19.4 % of cases)
      helpful in distribution: to find a loss of 0.300 it takes about 102 examples (15 now, which find it in 3.3 % of cases)

    Inconclusive for pass rate in distribution, helpful in distribution: a loss of 5.0 % would be found with 144 examples in distribution (15 now). Add examples, or declare a wider margin. (exit 4)
    ");
    let warned = compare(base(15), run_of("new", 15, grade), "--on-inconclusive warn", 0);
    let last = warned.stdout.lines().last().unwrap_or_default().to_owned();
    assert_snapshot!(last, @"
    No regression was found, but one may be there, inconclusive for pass rate in distribution, helpful in distribution: a loss of 5.0 % would be found with 144 examples in distribution (15 now). Add examples, or declare a wider margin. (exit 0)
    ");
    let release = "--on-inconclusive warn --require non-inferiority";
    drop(compare(base(15), run_of("new", 15, grade), release, 4));
}

#[test]
fn other_versions_of_a_metric_are_refused_with_the_way_out() {
    let mut new = run_of("new", 50, |number| Grade::Is(usual(number)));
    new.manifest.metrics.get_mut("helpful").unwrap().version = Digest::of(b"another judge");
    let run = compare(base(50), new, "", 2);
    assert_snapshot!(run.clean_stderr(), @"
    error: failed to compare: metric `helpful` (judge) has another version than in the baseline
      hint: score the baseline's answers by the present suite, which does not call the subject: `evalward rescore base --suite SUITE`, and compare with that run; or compare the metrics other than `helpful` alone with `--metric`
    ");
    assert_eq!(run.stdout, "");
}

#[test]
fn too_little_overlap_is_refused_and_new_examples_are_not_too_little() {
    let mut new = stored_run("new", "gpt-4o-mini");
    for number in 0..100 {
        let example = example(number);
        let example =
            if number % 3 == 0 { example.with_expected_output("edited") } else { example };
        new.trial(&example, 1, Grade::Is(usual(number)), ANSWER);
    }
    let run = compare(base(100), new, "", 2);
    assert_snapshot!(run.clean_stderr(), @"
    error: failed to compare: only 66 of 100 examples are the same in both runs, fewer than the 80 % that are needed
      hint: run the baseline's subject again over the present dataset; or lower `--min-overlap` to compare what is left
    ");
    let promoted = run_of("new", 400, |number| Grade::Is(usual(number)));
    let run = compare(base(150), promoted, "--on-inconclusive warn", 0);
    let unpaired: Vec<&str> = run
        .stdout
        .lines()
        .filter(|line| line.contains("added") || line.contains("paired"))
        .collect();
    assert_snapshot!(unpaired.join("\n"), @"
      paired     150 examples (100.0 % of the smaller run), 250 added
    not paired
      added: traffic-150, traffic-151, traffic-152, traffic-153, traffic-154, traffic-155, traffic-156, traffic-157, and 242 more (only the candidate has them)
    ");
}

#[test]
fn errored_examples_are_bounded_by_the_worst_case() {
    let new = run_of("new", 300, |number| {
        if number % 10 == 0 { Grade::Errored } else { Grade::Is(usual(number)) }
    });
    let run = compare(base(300), new, "", 3);
    assert_snapshot!(run.clean_stdout(), @"
    support: candidate against baseline
      baseline   base, openai gpt-4o-mini
      candidate  new, openai gpt-4o-mini
      paired     300 examples (100.0 % of the smaller run)

    decides
    verdict       metric     partition       n  baseline  candidate  difference     90 % interval  margin      p
    ────────────────────────────────────────────────────────────────────────────────────────────────────────────
    ! equivalent  pass rate  distribution  270    88.9 %     88.9 %       0.0 %  [-1.0 %, +1.0 %]   5.0 %  1.000
    ! equivalent  helpful    distribution  270     4.000      4.000       0.000  [-0.066, +0.066]   0.300  1.000
    difference: candidate - baseline, positive where the candidate is better, with its 90 % interval; n: pairs of examples; p: that nothing got worse, corrected for the number of comparisons

    notes
      pass rate in distribution: 30 examples errored: whatever they would have scored, the difference lies between -10.0 % and 0.0 %, so that a loss may hide there
      helpful in distribution: 30 examples errored: whatever they would have scored, the difference lies between -0.400 and 0.000, so that a loss may hide there

    warnings
      ! no example errored in the baseline, 30 examples in the candidate

    Nothing is decided for pass rate in distribution, helpful in distribution: too much could not be evaluated on both sides. Remove the causes and run again. (exit 3)
    ");
    let new =
        run_of(
            "new",
            300,
            |number| {
                if number == 7 { Grade::Errored } else { Grade::Is(usual(number)) }
            },
        );
    drop(compare(base(300), new, "", 0));
}

#[test]
fn repeats_are_averaged_and_clusters_stay_together() {
    let run = |id: &str, shift: f64| {
        let mut run = stored_run(id, "gpt-4o-mini");
        for number in 0..120 {
            let mut example = example(number);
            example.cluster = Some(format!("conversation-{}", number / 4));
            for trial in 1..=3 {
                let wobble =
                    if (number + usize::try_from(trial).unwrap()) % 4 == 0 { 1.0 } else { 0.0 };
                let lost = if number / 4 % 3 == 0 { shift } else { 0.0 };
                let grade = (usual(number) - wobble - lost).max(1.0);
                run.trial(&example, trial, Grade::Is(grade), ANSWER);
            }
        }
        run
    };
    let run = compare(run("base", 0.0), run("new", 1.0), "", 4);
    let (tables, flips) = run.clean_stdout().split_once("\nworsened").unwrap();
    assert_snapshot!(tables, @"
    support: candidate against baseline
      baseline   base, openai gpt-4o-mini
      candidate  new, openai gpt-4o-mini
      paired     120 examples (100.0 % of the smaller run)

    decides
    verdict         metric     partition     n (clusters)  baseline  candidate  difference      90 % interval  margin      p
    ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
    ? inconclusive  pass rate  distribution      120 (30)    86.7 %     80.6 %      -6.1 %  [-13.3 %, +2.0 %]   5.0 %  0.102
    ? inconclusive  helpful    distribution      120 (30)     3.850      3.522      -0.328   [-0.609, +0.003]   0.300  0.102
    difference: candidate - baseline, positive where the candidate is better, with its 90 % interval; n: pairs of examples; p: that nothing got worse, corrected for the number of comparisons

    notes
      pass rate in distribution: to find a loss of 5.0 % it takes about 480 examples (120 now, which find it in 6.8 % of cases)
      pass rate in distribution: 360 and 360 trials, averaged for each example
      helpful in distribution: to find a loss of 0.300 it takes about 312 examples (120 now, which find it in 38.5 % of cases)
      helpful in distribution: 360 and 360 trials, averaged for each example
    ");
    assert!(flips.contains("2/3 → 0/3"), "{flips}");
}

#[test]
fn a_metric_that_rises_while_the_answers_get_longer_is_told() {
    let mut new = stored_run("new", "gpt-4o-mini");
    for number in 0..100 {
        let output = ANSWER.repeat(2 + number % 3);
        let grade = (usual(number) + 1.0).min(5.0);
        new.trial(&example(number), 1, Grade::Is(grade), &output);
    }
    let run = compare(base(100), new, "", 0);
    let told: Vec<&str> = run.stdout.lines().filter(|line| line.contains("longer")).collect();
    assert_snapshot!(told.join("\n"), @"
    distribution: `pass rate`, `helpful` rose while the answers got 199 % longer, 29 to 87 characters
    distribution: answers are 199 % longer, 29 to 87 characters on average
    ");
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let check = |change: fn(&mut StoredRunFile), expected: &str| {
        let mut new = run_of("new", 20, |number| Grade::Is(usual(number)));
        change(&mut new);
        let run = compare(base(20), new, "", 2);
        assert!(run.stderr.contains(expected), "{}", run.stderr);
    };
    check(
        |run| run.manifest.dataset.name = "other".to_owned(),
        "`support`, the candidate of `other`",
    );
    check(|run| drop(run.rows.pop()), "run `new` was cut short, 1 of its examples are missing");
    check(
        |run| run.manifest.selection.only_failed = Some(run.manifest.run_id.clone()),
        "only examples that failed before",
    );
    let margin = compare(
        base(20),
        run_of("new", 20, |number| Grade::Is(usual(number))),
        "--margin helpfull=0.2",
        2,
    );
    assert_snapshot!(margin.clean_stderr(), @"
    error: failed to compare: neither run has a metric `helpfull`; there are helpful, pass_rate
    ");
}

#[test]
fn machines_get_json_junit_and_markdown() {
    let new = || {
        run_of("new", 100, |number| {
            Grade::Is(if number % 2 == 1 { (usual(number) - 1.0).max(1.0) } else { usual(number) })
        })
    };
    let junit = compare(base(100), new(), "--format junit", 1);
    assert_snapshot!(junit.clean_stdout(), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="support" tests="2" skipped="0" failures="2" errors="0">
        <testsuite name="support.distribution" tests="2" skipped="0" errors="0" failures="2">
            <properties>
                <property name="baseline" value="base"/>
                <property name="candidate" value="new"/>
            </properties>
            <testcase name="compare[pass_rate]" classname="support.distribution">
                <failure message="regression; difference -10.0 % [-16.0 %, -6.1 %]; the loss is at least the margin"/>
            </testcase>
            <testcase name="compare[helpful]" classname="support.distribution">
                <failure message="regression; difference -0.500 [-0.585, -0.391]; the loss is at least the margin"/>
            </testcase>
        </testsuite>
    </testsuites>
    "#);
    let markdown = compare(base(100), new(), "--format markdown --partition distribution", 1);
    let head: Vec<&str> = markdown.stdout.lines().take(12).collect();
    assert_snapshot!(head.join("\n"), @"
    **Blocked**: support, candidate <code>new</code> against baseline <code>base</code>, 100 examples (100.0 % of the smaller run)

    | verdict | metric | partition | n | baseline | candidate | difference | 90 % interval | margin | p |
    | --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
    | ✗ regression | pass rate | distribution | 100 | 90.0 % | 80.0 % | -10.0 % | [-16.0 %, -6.1 %] | 5.0 % | <0.001 |
    | ✗ regression | helpful | distribution | 100 | 4.100 | 3.600 | -0.500 | [-0.585, -0.391] | 0.300 | <0.001 |

    <sub>difference: candidate - baseline, positive where the candidate is better, with its 90 % interval; n: pairs of examples; p: that nothing got worse, corrected for the number of comparisons</sub>

    - pass rate in distribution: the loss is at least the margin
    - helpful in distribution: the loss is at least the margin
    ");
    let json = compare(base(100), new(), "--format json", 1);
    let value: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(value["decision"], "failed");
    assert_eq!(value["worsened"].as_array().unwrap().len(), 10);
    let scratch = Scratch::new();
    let schema = evalward(&scratch, "schema comparison").run().expect_code(0);
    let schema = serde_json::from_str(&schema.stdout).unwrap();
    let errors: Vec<String> = jsonschema::validator_for(&schema)
        .unwrap()
        .iter_errors(&value)
        .map(|error| error.to_string())
        .collect();
    assert_eq!(errors, [""; 0]);
}

#[test]
fn the_older_procedure_can_be_asked_for() {
    let new = run_of("new", 20, |number| {
        Grade::Is(if number % 3 == 0 { (usual(number) - 1.0).max(1.0) } else { usual(number) })
    });
    let run = compare(base(20), new, "--method welch --metric helpful", 0);
    assert_snapshot!(run.clean_stdout(), @"
    support: candidate against baseline
      baseline   base, openai gpt-4o-mini
      candidate  new, openai gpt-4o-mini
      paired     20 examples (100.0 % of the smaller run)

    decides
    verdict      metric   partition      n  baseline  candidate  difference     95 % interval  margin      p
    ────────────────────────────────────────────────────────────────────────────────────────────────────────
    ✓ no_change  helpful  distribution  20     4.100      3.750      -0.350  [-1.003, +0.303]   0.300  0.285
    difference: candidate - baseline, positive where the candidate is better, with its 95 % interval; n: scores of the smaller side; p: of Welch's test for any difference, not corrected

    notes
      helpful in distribution: the difference is not significant, which does not show that there is none

    worsened: 1 example
    example      partition     passed     scores
    ───────────────────────────────────────────────────────────
    traffic-003  distribution  1/1 → 0/1  helpful 3.000 → 2.000

    warnings
      ! the older procedure passes a drop as large as its threshold in most cases: `--method paired` does not

    No significant loss of the threshold or more was seen, which does not show that there is none. (exit 0)
    ");
}

#[test]
fn reports_and_plots_are_written_where_they_were_asked_for() {
    let scratch = Scratch::new();
    base(40).write(&scratch);
    run_of("new", 40, |number| Grade::Is(usual(number))).write(&scratch);
    let step = scratch.path("step.md").display().to_string();
    let run = evalward(
        &scratch,
        "compare base new --report junit=out.xml --report markdown --plots plots",
    )
    .env("GITHUB_STEP_SUMMARY", &step)
    .run()
    .expect_code(4);
    assert!(run.stderr.contains("wrote out.xml"), "{}", run.stderr);
    assert_eq!(scratch.read("step.md"), scratch.read(".evalward/runs/new/comparison.md"));
    for plot in
        ["intervals", "differences-helpful-distribution", "differences-pass_rate-distribution"]
    {
        let picture = scratch.read(format!("plots/{plot}.svg"));
        assert!(picture.starts_with("<svg") && picture.contains("<desc"), "{plot}");
    }
}

#[test]
fn a_baseline_file_takes_the_place_of_a_run() {
    let scratch = Scratch::new();
    let baseline = base(300);
    let mut scores = RunScores::default();
    for row in &baseline.rows {
        scores.push(&ScoreRow::from(row)).unwrap();
    }
    let kept = Baseline::new(&baseline.manifest, scores, true, Timestamp::from_millis(0));
    scratch.file("base.json", &kept.to_text());
    run_of("new", 300, |number| Grade::Is(usual(number))).write(&scratch);
    drop(evalward(&scratch, "compare base.json new").run().expect_code(0));
    scratch.file("broken.json", "{}");
    let broken = evalward(&scratch, "compare broken.json new").run().expect_code(2);
    assert_snapshot!(broken.clean_stderr(), @"error: failed to read baseline `broken.json`: the file is no baseline");
}

#[test]
fn a_narrow_terminal_gets_rows_in_place_of_a_table() {
    let scratch = Scratch::new();
    base(15).write(&scratch);
    run_of("new", 15, |number| Grade::Is(usual(number))).write(&scratch);
    let run = evalward(&scratch, "compare base new").env("COLUMNS", "60").run().expect_code(4);
    let widest = run.stdout.lines().map(|line| line.chars().count()).max();
    assert!(widest.is_some_and(|widest| widest <= 60), "{}", run.stdout);
    assert!(run.stdout.contains("\n  n 15, baseline 93.3 %"), "{}", run.stdout);
}
