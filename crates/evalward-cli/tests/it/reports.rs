//! Reports beside the one on stdout, and reports of stored runs.

use insta::assert_snapshot;

use crate::support::{RIGHT, evalward, recorded};

const MIXED: [(&str, &str); 2] = [("france", "It is Paris."), ("japan", "It is Kyoto.")];

#[test]
fn reports_are_written_where_they_were_asked_for() {
    let scratch = recorded(&MIXED);
    let run = evalward(&scratch, "run -j 1 --report junit=out/junit.xml --report markdown")
        .run()
        .expect_code(3);
    assert!(run.stderr.contains("wrote out/junit.xml"), "{}", run.stderr);
    let junit = evalward_testkit::redact(&scratch.read("out/junit.xml"), &scratch);
    assert_snapshot!(junit, @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="capitals" tests="6" skipped="0" failures="1" errors="2">
        <testsuite name="capitals.golden" tests="5" skipped="0" errors="1" failures="1" time="0.000">
            <properties>
                <property name="run" value="[run]"/>
            </properties>
            <testcase name="france[right]" classname="capitals.golden" time="0.000"/>
            <testcase name="france[short]" classname="capitals.golden" time="0.000"/>
            <testcase name="japan[right]" classname="capitals.golden" time="0.000">
                <failure message="the output lacks `Tokyo`" type="metric">right: the output lacks `Tokyo`

    input:
    Name the seat of Japan&apos;s government.

    expected:
    Tokyo

    actual:
    It is Kyoto.
    </failure>
            </testcase>
            <testcase name="japan[short]" classname="capitals.golden" time="0.000"/>
            <testcase name="peru[subject]" classname="capitals.golden">
                <error message="`answers.jsonl` has no response for example `peru`"/>
            </testcase>
        </testsuite>
        <testsuite name="capitals.gates" tests="1" skipped="0" errors="1" failures="0">
            <testcase name="gate[golden]" classname="capitals.gates">
                <error message="1 of 3 examples could not be evaluated; none is allowed"/>
            </testcase>
        </testsuite>
    </testsuites>
    "#);
    let page = scratch.read(scratch.only_run().join("report.md"));
    assert_snapshot!(evalward_testkit::redact(&page, &scratch), @"
    **Incomplete**: capitals (unit), 1 of 3 examples passed

    | partition | examples | passed | failed | errored | skipped | pass rate | p50 | p95 |
    | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
    | golden | 3 | 1 | 1 | 1 | 0 | 50.0 % [9.5, 90.5] | [n] ms | [n] ms |

    <sub>pass rate: passed of passed and failed, with its 95 % Wilson interval</sub>

    **Gates**

    - ! incomplete: **golden**, 1 of 3 examples could not be evaluated; none is allowed

    <details><summary>Metrics</summary>

    | metric | partition | mean | n | failed | errored | skipped |
    | --- | --- | ---: | ---: | ---: | ---: | ---: |
    | right | golden | 0.500 | 2 | 1 | 0 | 0 |
    | short | golden | 1.000 | 2 | 0 | 0 | 0 |

    </details>

    **golden: 1 failed**

    <details><summary><code>japan</code> <code>right</code>: the output lacks &#96;Tokyo&#96;</summary>

    - <code>right</code>: the output lacks &#96;Tokyo&#96;

    Input:

    ```text
    Name the seat of Japan's government.
    ```

    Expected:

    ```text
    Tokyo
    ```

    Actual:

    ```text
    It is Kyoto.
    ```

    </details>

    <details><summary>1 errored example</summary>

    - 1 × &#96;answers.jsonl&#96; has no response for example &#96;peru&#96;: <code>peru</code>

    </details>

    Nothing is decided: 1 example could not be evaluated. Remove the causes above and run again. (exit 3)

    <sub>run <code>[run]</code>, subject recorded answers.jsonl, dataset capitals, 3 examples, evalward [version]</sub>
    ");
}

#[test]
fn a_github_step_gets_its_summary_appended() {
    let scratch = recorded(&RIGHT);
    scratch.file("step.md", "before\n");
    let path = scratch.path("step.md");
    let run =
        evalward(&scratch, "run --quiet").env("GITHUB_STEP_SUMMARY", &path.display().to_string());
    drop(run.run().expect_code(0));
    let page = evalward(&scratch, "report --format markdown").run().expect_code(0);
    assert_eq!(scratch.read("step.md"), format!("before\n{}", page.stdout));
}

#[test]
fn report_shows_what_run_showed_and_exits_alike() {
    for (answers, code) in [(&RIGHT[..], 0), (&MIXED[..], 3)] {
        let scratch = recorded(answers);
        for format in ["terminal", "json", "junit", "markdown"] {
            let run = evalward(&scratch, &format!("run --quiet --format {format}"))
                .run()
                .expect_code(code);
            let report = evalward(&scratch, &format!("report latest --format {format}")).run();
            let report = report.expect_code(code);
            assert_eq!(report.stdout, run.stdout, "{format}");
        }
    }
}

#[test]
fn a_report_of_one_example_and_into_a_file() {
    let scratch = recorded(&MIXED);
    let run = evalward(&scratch, "run --quiet").run().expect_code(3);
    let one = evalward(&scratch, "report --id japan").run().expect_code(3);
    assert_snapshot!(one.clean_stdout(), @r#"
    japan (golden): failed
      right: the output lacks `Tokyo`

    input
      Name the seat of Japan's government.

    expected output
      Tokyo

    output
      It is Kyoto.

    difference
      [-Tokyo-]
      {+It is Kyoto.+}

    call
     [n] ms

    scores
      right  0 (at least 1)  failed
          the output lacks `Tokyo`
      short  1  passed
          {
            "constraints": [
              {
                "constraint": "length",
                "result": "passed",
                "rules": [
                  {
                    "count": 3,
                    "result": "passed",
                    "rule": "words"
                  }
                ]
              }
            ],
            "held": 1,
            "of": 1
          }
    "#);
    let none = evalward(&scratch, "report --id nobody").run().expect_code(2);
    assert_snapshot!(none.clean_stderr(), @"
    error: run `[run]` has no example `nobody`
      hint: `results.jsonl` lists its examples
    ");
    let file = evalward(&scratch, "report --output page.txt").run().expect_code(3);
    assert_eq!((file.stdout.as_str(), scratch.read("page.txt")), ("", run.stdout));
}

#[test]
fn no_run_at_all_is_told() {
    let scratch = recorded(&RIGHT);
    let report = evalward(&scratch, "report").run().expect_code(2);
    assert_snapshot!(report.clean_stderr(), @"
    error: there are no runs in `.evalward/runs`
      hint: run a suite first: `evalward run SUITE`
    ");
}

#[test]
fn a_report_that_cannot_be_written_is_no_success() {
    let scratch = recorded(&RIGHT);
    scratch.file("taken", "a file, not a folder");
    let run = evalward(&scratch, "run --quiet --report junit=taken/junit.xml").run().expect_code(3);
    assert!(run.stderr.contains("failed to write `taken/junit.xml`"), "{}", run.stderr);
    let run = evalward(&scratch, "run --quiet").env("GITHUB_STEP_SUMMARY", "taken/summary.md");
    let run = run.run().expect_code(3);
    assert!(run.stderr.contains("failed to write `taken/summary.md`"), "{}", run.stderr);
}
