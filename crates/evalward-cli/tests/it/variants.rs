//! `[variants.NAME]`: one suite, several subjects side by side.

use evalward_testkit::Scratch;
use insta::assert_snapshot;
use serde_json::Value;

use crate::support::{RIGHT, evalward, recorded, suite};

/// A suite that passes, with a variant that fails one example and one whose answers pass too.
fn folder() -> Scratch {
    let scratch = recorded(&RIGHT);
    scratch.answers("wrong.jsonl", &[("france", "It is Lyon."), RIGHT[1], RIGHT[2]]);
    scratch.answers("terse.jsonl", &[("france", "Paris"), ("japan", "Tokyo"), ("peru", "Lima")]);
    let suite = scratch.read("evalward.toml");
    scratch.file(
        "evalward.toml",
        &format!("{suite}\n[variants.wrong]\nsubject.file = \"wrong.jsonl\"\n[variants.terse]\nsubject.recorded.file = \"terse.jsonl\"\n"),
    );
    scratch
}

#[test]
fn each_variant_is_a_run_of_its_own_and_the_exit_code_is_the_suites() {
    let scratch = folder();
    // One after the other, so that the lines of progress come in one order.
    let run = evalward(&scratch, "run -j 1").run().expect_code(0);
    assert_snapshot!(run.clean_stdout(), @"
    capitals (unit)
      base          [run]  recorded answers.jsonl
      terse         [run]  recorded terse.jsonl
      wrong         [run]  recorded wrong.jsonl
      dataset       capitals, 3 examples

                 partition                   base                  terse                wrong
    ─────────────────────────────────────────────────────────────────────────────────────────
    pass rate    golden     100.0 % [43.9, 100.0]  100.0 % [43.9, 100.0]  66.7 % [20.8, 93.9]
    right        golden                     1.000                  1.000                0.667
    short        golden                     1.000                  1.000                1.000
    latency p50  golden [n] ms [n] ms [n] ms
    latency p95  golden [n] ms [n] ms [n] ms
    decision                                holds                  holds               failed

    gates of base
      ✓ holds         golden        all 3 examples passed

    gates of terse
      ✓ holds         golden        all 3 examples passed

    gates of wrong
      ✗ failed        golden        1 of 3 examples failed; all must pass

    compared in pairs
    pair           partition             n  difference          interval  p (Holm)       verdict
    ────────────────────────────────────────────────────────────────────────────────────────────
    base → terse   golden     pass rate  3      +0.000  [-0.474, +0.474]     1.000  inconclusive
    base → terse   golden     right      3      +0.000  [-0.474, +0.474]     1.000  inconclusive
    base → terse   golden     short      3      +0.000  [-0.474, +0.474]     1.000  inconclusive
    base → wrong   golden     pass rate  3      -0.333  [-0.746, +0.299]     1.000  inconclusive
    base → wrong   golden     right      3      -0.333  [-0.746, +0.299]     1.000  inconclusive
    base → wrong   golden     short      3      +0.000  [-0.474, +0.474]     1.000  inconclusive
    terse → wrong  golden     pass rate  3      -0.333  [-0.746, +0.299]     1.000  inconclusive
    terse → wrong  golden     right      3      -0.333  [-0.746, +0.299]     1.000  inconclusive
    terse → wrong  golden     short      3      +0.000  [-0.474, +0.474]     1.000  inconclusive
    difference: second - first, positive is better; p: the second is not worse, corrected by Holm over all pairs at 0.05

    base: All gates hold. (exit 0)
    ");
    assert_snapshot!(run.clean_stderr(), @"
    base:
    warning: the dataset has 1 warning: `evalward dataset check dataset`
    1/3 evaluated: 1 passed, 0 failed
    2/3 evaluated: 2 passed, 0 failed
    3/3 evaluated: 3 passed, 0 failed
    terse:
    warning: the dataset has 1 warning: `evalward dataset check dataset`
    1/3 evaluated: 1 passed, 0 failed
    2/3 evaluated: 2 passed, 0 failed
    3/3 evaluated: 3 passed, 0 failed
    wrong:
    warning: the dataset has 1 warning: `evalward dataset check dataset`
    1/3 evaluated: 0 passed, 1 failed
    2/3 evaluated: 1 passed, 1 failed
    3/3 evaluated: 2 passed, 1 failed
    The run of base is kept in .evalward/runs/[run].
    The run of terse is kept in .evalward/runs/[run].
    The run of wrong is kept in .evalward/runs/[run].
    ");
    assert_eq!(scratch.runs().len(), 3);
    let history = evalward(&scratch, "history --format json").run().expect_code(0);
    let history: Value = serde_json::from_str(&history.stdout).unwrap();
    let recorded: Vec<(Option<&str>, &str)> = history["runs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|run| (run["variant"].as_str(), run["decision"].as_str().unwrap()))
        .collect();
    assert_eq!(recorded, [(None, "holds"), (Some("terse"), "holds"), (Some("wrong"), "failed")]);
    let listed = evalward(&scratch, "history capitals").run().expect_code(0);
    assert!(listed.stdout.contains("capitals [wrong]"), "{}", listed.stdout);
}

#[test]
fn one_variant_alone_decides_by_its_own_gates() {
    let scratch = folder();
    let run = evalward(&scratch, "run --variant wrong --quiet").run().expect_code(1);
    assert!(run.stdout.starts_with("capitals [wrong] (unit)"), "{}", run.stdout);
    assert_eq!(scratch.runs().len(), 1);
    drop(evalward(&scratch, "run --variant base --quiet").run().expect_code(0));
    assert_eq!(scratch.runs().len(), 2);
    let unknown = evalward(&scratch, "run --variant wrnog").run().expect_code(2);
    assert_snapshot!(unknown.clean_stderr(), @"
    × the suite has no variant `wrnog`
    help: did you mean `wrong`?
    ");
}

#[test]
fn machines_and_pull_requests_get_all_runs_at_once() {
    let scratch = folder();
    let run = evalward(&scratch, "run --format json --quiet").run().expect_code(0);
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    let names: Vec<&str> = document["runs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|run| run["variant"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["base", "terse", "wrong"]);
    assert_eq!(document["runs"][2]["summary"]["exit_code"], 1);
    assert_eq!(document["runs"][2]["manifest"]["suite"]["variant"], "wrong");
    let page = evalward(&scratch, "run --format markdown --quiet").run().expect_code(0);
    assert_snapshot!(page.clean_stdout(), @"
    **Passed**: capitals (unit) with 2 variants

    |  | partition | base | terse | wrong |
    | --- | --- | ---: | ---: | ---: |
    | pass rate | golden | 100.0 % [43.9, 100.0] | 100.0 % [43.9, 100.0] | 66.7 % [20.8, 93.9] |
    | right | golden | 1.000 | 1.000 | 0.667 |
    | short | golden | 1.000 | 1.000 | 1.000 |
    | latency p50 | golden | [n] ms | [n] ms | [n] ms |
    | latency p95 | golden | [n] ms | [n] ms | [n] ms |
    | decision |  | holds | holds | failed |

    **Compared in pairs**

    | pair | partition |  | n | difference | interval | p (Holm) | verdict |
    | --- | --- | --- | ---: | ---: | ---: | ---: | ---: |
    | base → terse | golden | pass rate | 3 | +0.000 | [-0.474, +0.474] | 1.000 | inconclusive |
    | base → terse | golden | right | 3 | +0.000 | [-0.474, +0.474] | 1.000 | inconclusive |
    | base → terse | golden | short | 3 | +0.000 | [-0.474, +0.474] | 1.000 | inconclusive |
    | base → wrong | golden | pass rate | 3 | -0.333 | [-0.746, +0.299] | 1.000 | inconclusive |
    | base → wrong | golden | right | 3 | -0.333 | [-0.746, +0.299] | 1.000 | inconclusive |
    | base → wrong | golden | short | 3 | +0.000 | [-0.474, +0.474] | 1.000 | inconclusive |
    | terse → wrong | golden | pass rate | 3 | -0.333 | [-0.746, +0.299] | 1.000 | inconclusive |
    | terse → wrong | golden | right | 3 | -0.333 | [-0.746, +0.299] | 1.000 | inconclusive |
    | terse → wrong | golden | short | 3 | +0.000 | [-0.474, +0.474] | 1.000 | inconclusive |

    <sub>difference: second - first, positive is better; p: the second is not worse, corrected by Holm over all pairs at 0.05</sub>

    base: All gates hold. (exit 0)
    ");
    let junit = evalward(&scratch, "run --format junit").run().expect_code(2);
    assert_snapshot!(junit.clean_stderr(), @"
    error: JUnit tells of one run, and the suite has variants
      hint: name one by `--variant`, such as `--variant base`, or write each run's own: `--report junit`
    ");
}

#[test]
fn reports_go_to_the_folder_of_each_run_and_a_named_file_is_the_suites() {
    let scratch = folder();
    drop(
        evalward(&scratch, "run --quiet --report junit --report markdown=out.md")
            .run()
            .expect_code(0),
    );
    let written = scratch.runs().iter().filter(|run| run.join("junit.xml").is_file()).count();
    assert_eq!(written, 3);
    assert!(scratch.read("out.md").contains("capitals (unit)"));
}

#[test]
fn a_mistake_in_one_variant_is_found_before_anything_runs() {
    let scratch = folder();
    let suite = scratch.read("evalward.toml").replace("terse.jsonl", "nowhere.jsonl");
    scratch.file("evalward.toml", &suite);
    let run = evalward(&scratch, "run").run().expect_code(2);
    assert!(run.stderr.contains("nowhere.jsonl"), "{}", run.stderr);
    assert_eq!(scratch.runs().len(), 0);
}

#[test]
fn a_variant_is_no_bar_for_the_suite() {
    let scratch = folder();
    drop(evalward(&scratch, "run --variant terse --quiet").run().expect_code(0));
    let refused = evalward(&scratch, "baseline set latest").run().expect_code(2);
    let problem = "is of the variant `terse`, not of the suite itself";
    assert!(refused.stderr.contains(problem), "{}", refused.stderr);
}

#[test]
fn all_variants_get_the_examples_that_failed_in_the_same_run() {
    let scratch = folder();
    drop(evalward(&scratch, "run --variant wrong --quiet").run().expect_code(1));
    let run = evalward(&scratch, "run --only-failed latest --format json --quiet").run();
    let document: Value = serde_json::from_str(&run.expect_code(0).stdout).unwrap();
    let selected: Vec<u64> = document["runs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|run| run["summary"]["counts"]["total"].as_u64().unwrap())
        .collect();
    assert_eq!(selected, [1, 1, 1], "the first failed nothing, and still the others have the same");
}

/// A program that names the capital of France, and dies of every other question where `DIES` is set.
const PROGRAM: &str = r#"import json, os, sys
cities = {"France": "Paris", "Japan": "Tokyo", "Peru": "Lima"}
for line in sys.stdin:
    request = json.loads(line)
    city = next(city for country, city in cities.items() if country in request["input"]["question"])
    if city != "Paris" and os.environ.get("DIES"):
        sys.exit(7)
    print(json.dumps({"id": request["id"], "output": f"It is {city}."}), flush=True)
"#;

#[test]
fn a_variant_that_dies_midway_is_incomplete_and_hinders_no_other() {
    let scratch = suite(
        "[subject.command]\ncommand = [\"python3\", \"app.py\"]\n\n[variants.dies]\nsubject.env = { DIES = \"1\" }\n\n[variants.other]\nsubject.env = { NOTHING = \"1\" }\n",
    );
    scratch.file("app.py", PROGRAM);
    let run = evalward(&scratch, "run -j 1 --format json --quiet").run().expect_code(0);
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    let decisions: Vec<&str> = document["runs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|run| run["summary"]["decision"].as_str().unwrap())
        .collect();
    assert_eq!(decisions, ["holds", "incomplete", "holds"]);
    assert_eq!(document["runs"][1]["summary"]["counts"]["errored"], 2);
    let pair = &document["comparisons"][0];
    assert_eq!(pair["candidate"], "dies");
    // What errored might have lost everything, so nothing is claimed of it.
    for metric in pair["comparison"]["metrics"].as_array().unwrap() {
        assert_eq!(metric["verdict"], "inconclusive", "{metric}");
        assert_eq!(metric["worst_case"]["errored"], 2, "{metric}");
    }
    assert_eq!(document["comparisons"][1]["candidate"], "other");
    drop(evalward(&scratch, "run -j 1 --variant dies --quiet").run().expect_code(3));
}

#[test]
fn what_means_something_else_in_a_variant_is_listed_and_the_rest_is_compared() {
    let scratch = recorded(&RIGHT);
    let suite = scratch.read("evalward.toml");
    scratch.file(
        "evalward.toml",
        &format!(
            "{suite}\n[variants.exact.metrics.right.contains]\ncase_sensitive = true\n[variants.loose.metrics.right.contains]\nthreshold = 0.5\n"
        ),
    );
    let run = evalward(&scratch, "run --quiet").run().expect_code(0);
    let (_, compared) = run.stdout.split_once("compared in pairs").unwrap();
    assert_snapshot!(compared, @"

    pair           partition         n  difference          interval  p (Holm)       verdict
    ────────────────────────────────────────────────────────────────────────────────────────
    base → exact   golden     short  3      +0.000  [-0.474, +0.474]     1.000  inconclusive
    base → loose   golden     right  3      +0.000  [-0.474, +0.474]     1.000  inconclusive
    base → loose   golden     short  3      +0.000  [-0.474, +0.474]     1.000  inconclusive
    exact → loose  golden     short  3      +0.000  [-0.474, +0.474]     1.000  inconclusive
    difference: second - first, positive is better; p: the second is not worse, corrected by Holm over all pairs at 0.05

    base → exact: not compared: right (its settings differ), pass rate (other metrics decide in the two runs whether an example passes)

    base → loose: not compared: pass rate (a `threshold` or a `where` differs between the two runs)

    exact → loose: not compared: right (its settings differ), pass rate (other metrics decide in the two runs whether an example passes)

    base: All gates hold. (exit 0)
    ");
    let page = evalward(&scratch, "run --quiet --format markdown").run().expect_code(0);
    assert!(page.stdout.contains("base → loose: not compared: pass rate"), "{}", page.stdout);
}

#[test]
fn which_variant_is_gone_on_with_must_be_said() {
    let scratch = folder();
    let run = evalward(&scratch, "run --resume").run().expect_code(2);
    assert_snapshot!(run.clean_stderr(), @"
    error: each variant of the suite is a run of its own
      hint: name the one to go on with by `--variant`, such as `--variant base --resume`
    ");
    let run = evalward(&scratch, "run --variant base --resume").run().expect_code(2);
    assert!(run.stderr.contains("was cut short"), "{}", run.stderr);
}
