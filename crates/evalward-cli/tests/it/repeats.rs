//! Examples that are tried several times: `--repeats`, and failures that fresh trials confirm or overturn.

use evalward_core::{Example, Partition};
use evalward_testkit::Scratch;
use insta::assert_snapshot;

use crate::support::{evalward, example};

/// Answers with the number of its trials of this example so far.
const COUNTER: &str = r#"
import json, sys
seen = {}
for line in sys.stdin:
    request = json.loads(line)
    seen[request["id"]] = seen.get(request["id"], 0) + 1
    print(json.dumps({"output": f"answer {seen[request['id']]} to {request['id']}"}), flush=True)
"#;

/// A judge with moods: fails the trials of an example that its metadata names.
const JUDGE: &str = r#"
import json, sys
for line in sys.stdin:
    request = json.loads(line)
    trial = int(request["output"].split()[1])
    passed = trial not in request["metadata"]["fails"]
    print(json.dumps({"id": request["id"], "score": float(passed), "passed": passed}), flush=True)
"#;

/// Writes a suite whose judge fails these trials of each example.
fn suite(fails: &[&[u32]], kind: &str, gate: &str) -> Scratch {
    let scratch = Scratch::new();
    let examples: Vec<Example> = fails
        .iter()
        .enumerate()
        .map(|(index, fails)| {
            let id = format!("e-{index}");
            let question = format!("Question number {index}{index} about nothing?");
            let mut example = example(&id, Partition::Distribution, &question, "answer");
            example.metadata.insert("fails".to_owned(), serde_json::json!(fails));
            example
        })
        .collect();
    scratch.dataset(&examples);
    scratch.file("counter.py", COUNTER);
    scratch.file("judge.py", JUDGE);
    scratch.file(
        "evalward.toml",
        &format!(
            "[suite]\nname = \"moods\"\ndataset = \"dataset\"\n\n[subject.command]\ncommand = [\"python3\", \"counter.py\"]\n\n[metrics.mood.command]\ncommand = [\"python3\", \"judge.py\"]\n{kind}\n[gates.distribution]\n{gate}\n"
        ),
    );
    scratch
}

fn verdict(scratch: &Scratch, arguments: &str, code: i32) -> String {
    let run = evalward(scratch, arguments).run().expect_code(code);
    let (_, gates) = run.clean_stdout().split_once("gates\n").expect("a report has gates");
    gates.to_owned()
}

const JUDGED: &str = "kind = \"judge\"\n";
const CONFIRMED: &str = "pass_rate = 1.0\nconfirm = 3";

#[test]
fn a_judges_failure_is_overturned_by_two_fresh_passes() {
    let scratch = suite(&[&[], &[1], &[2]], JUDGED, CONFIRMED);
    assert_snapshot!(verdict(&scratch, "run -j 1", 0), @"
      ✓ holds         distribution  all 3 examples passed; fresh trials overturned 1 of 1 failure

    All gates hold. (exit 0)
    ");
    let trials: Vec<String> = scratch
        .rows()
        .iter()
        .map(|row| {
            format!("{} {} {} {}", row["example_id"], row["trial"], row["outcome"], row["confirms"])
        })
        .collect();
    assert_snapshot!(trials.join("\n"), @r#"
    "e-0" 1 "passed" null
    "e-1" 1 "failed" null
    "e-1" 2 "passed" true
    "e-1" 3 "passed" true
    "e-2" 1 "passed" null
    "#);
    let junit = evalward(&scratch, "report --format junit").run().expect_code(0);
    assert!(!junit.clean_stdout().contains("<failure"), "{}", junit.clean_stdout());
}

#[test]
fn a_failure_that_comes_again_is_confirmed() {
    let scratch = suite(&[&[], &[1, 3]], JUDGED, CONFIRMED);
    assert_snapshot!(verdict(&scratch, "run -j 1", 1), @"
      ✗ failed        distribution  1 of 2 examples failed; all must pass; fresh trials overturned 0 of 1 failure

    Blocked by distribution: look at the failing examples above, fix them or the expectation, and run again. (exit 1)
    ");
    let scratch = suite(&[&[], &[1, 2]], JUDGED, CONFIRMED);
    assert_snapshot!(verdict(&scratch, "run -j 1", 1), @"
      ✗ failed        distribution  1 of 2 examples failed; all must pass; fresh trials overturned 0 of 1 failure

    Blocked by distribution: look at the failing examples above, fix them or the expectation, and run again. (exit 1)
    ");
    assert_eq!(scratch.rows().len(), 3, "two of three decide");
}

#[test]
fn a_rules_failure_counts_at_once() {
    let scratch = suite(&[&[], &[1]], "", CONFIRMED);
    let run = evalward(&scratch, "run -j 1").run().expect_code(1);
    assert_eq!(scratch.rows().len(), 2);
    assert!(run.clean_stderr().contains("`gates.distribution.confirm` does nothing"));
}

#[test]
fn rates_count_what_the_majority_says() {
    let scratch = suite(
        &[&[], &[1], &[1, 2]],
        JUDGED,
        "pass_rate = 0.2\nconfirm = 3\non_inconclusive = \"warn\"",
    );
    assert_snapshot!(verdict(&scratch, "run -j 1", 0), @"
      ? warning       distribution  2 of 3 passed, 95 % interval 9.4 % to 99.2 %, must reach 20 %; fresh trials overturned 1 of 2 failures: too few examples to tell; at this rate it would take 6

    No gate failed, but distribution is inconclusive: add examples to know. (exit 0)
    ");
}

#[test]
fn every_trial_must_pass_where_every_example_must() {
    let scratch = suite(&[&[], &[2]], "", "pass_rate = 1.0");
    assert_snapshot!(verdict(&scratch, "run -j 1", 0), @"
      ✓ holds         distribution  all 2 examples passed

    All gates hold. (exit 0)
    ");
    assert_snapshot!(verdict(&scratch, "run -j 1 --repeats 3", 1), @"
      ✗ failed        distribution  1 of 2 examples failed; all must pass in all 3 trials

    Blocked by distribution: look at the failing examples above, fix them or the expectation, and run again. (exit 1)
    ");
}

#[test]
fn repeats_are_no_further_examples() {
    let fails: Vec<&[u32]> =
        (0..20).map(|index| if index < 4 { &[1_u32][..] } else { &[] }).collect();
    let scratch = suite(&fails, "", "pass_rate = 0.7");
    assert_snapshot!(verdict(&scratch, "run -j 1 --repeats 4", 0), @"
      ✓ holds         distribution  95 % of the trials of 20 examples passed, 95 % interval 75.1 % to 99.9 %, must reach 70 %

    All gates hold. (exit 0)
    ");
    for format in ["terminal", "markdown"] {
        let report = evalward(&scratch, &format!("report --format {format}")).run().expect_code(0);
        let steady = "distribution: 4 trials of 20 examples: pass@4 100.0 % [83.9, 100.0], pass^4 80.0 % [58.4, 91.9], flaky 20.0 % [8.1, 41.6]";
        assert!(report.clean_stdout().contains(steady), "{}", report.clean_stdout());
    }
    let report = evalward(&scratch, "report").run().expect_code(0);
    let (_, table) = report.clean_stdout().split_once("\ntrials\n").expect("a table of trials");
    let table: Vec<&str> = table.lines().take(6).collect();
    assert_snapshot!(table.join("\n"), @"
    partition     k                 pass@k               pass^k
    ───────────────────────────────────────────────────────────
    distribution  1    95.0 % [75.1, 99.9]  95.0 % [75.1, 99.9]
    distribution  2  100.0 % [83.9, 100.0]  90.0 % [68.3, 98.8]
    distribution  4  100.0 % [83.9, 100.0]  80.0 % [58.4, 91.9]
    pass@k: at least one of k trials passes, pass^k: all of them do; for fewer trials than were made, over all choices among them
    ");
    let page = evalward(&scratch, "report --format html").run().expect_code(0);
    assert!(page.clean_stdout().contains("<td class=\"number\">90.0 % [68.3, 98.8]</td>"));
    let report = evalward(&scratch, "report --format json").run().expect_code(0);
    let report: serde_json::Value = serde_json::from_str(report.clean_stdout()).unwrap();
    let partition = &report["summary"]["partitions"]["distribution"];
    assert_eq!((&partition["counts"]["total"], &partition["trials"]), (&20.into(), &80.into()));
    assert_eq!(partition["repeats"]["pass_at_k"]["value"], 1.0);
    assert_eq!(partition["repeats"]["pass_hat_k"]["value"], 0.8);
    assert_eq!(partition["repeats"]["flaky"]["value"], 0.2);
}

#[test]
fn a_recording_tells_repeats_apart() {
    let scratch = suite(&[&[], &[2]], "", "pass_rate = 1.0");
    scratch.file(
        "evalward.toml",
        &scratch
            .read("evalward.toml")
            .replace("pass_rate = 1.0", "pass_rate = 1.0\n\n[run]\nrepeats = 2"),
    );
    let live = verdict(&scratch, "run -j 1 --record calls.jsonl", 1);
    assert_eq!(scratch.read("calls.jsonl").lines().count(), 1 + 4);
    assert_eq!(verdict(&scratch, "run --replay calls.jsonl", 1), live);
    let run = evalward(&scratch, "run --replay calls.jsonl --repeats 3").run().expect_code(3);
    assert!(run.clean_stdout().contains("is not in recording"), "{}", run.clean_stdout());
}

#[test]
fn rows_of_a_run_answer_the_trials_that_they_tell_of() {
    let scratch = suite(&[&[], &[2]], "", "pass_rate = 1.0");
    let live = verdict(&scratch, "run -j 1 --repeats 2", 1);
    let rows = scratch.read(scratch.only_run().join("results.jsonl"));
    scratch.file("rows.jsonl", &rows);
    let text = scratch.read("evalward.toml").replace(
        "[subject.command]\ncommand = [\"python3\", \"counter.py\"]",
        "[subject.recorded]\nfile = \"rows.jsonl\"",
    );
    scratch.file("evalward.toml", &text);
    assert_eq!(verdict(&scratch, "run --repeats 2", 1), live);
    let run = evalward(&scratch, "run --repeats 3").run().expect_code(3);
    assert!(
        run.clean_stdout().contains("has no response for trial 3 of"),
        "{}",
        run.clean_stdout()
    );
}
