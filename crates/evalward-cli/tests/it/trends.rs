//! `evalward history` over many runs: what changed, one example, pictures and pages.

use std::collections::BTreeMap;

use evalward_core::{
    Confirmations, Digest, Example, GatePolicy, Partition, RunId, SampleSize, ScoreRow,
};
use evalward_store::{RunRecord, Store, StoreOptions};
use evalward_testkit::{Browser, Scratch, Tab};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::stored_runs::{Grade, StoredRunFile, stored_run};
use crate::support::evalward;

const NOTHING: Vec<String> = Vec::new();

/// A run of a day in November whose examples have these grades; 3 and more pass.
fn run_of(day: u32, model: &str, grades: &[f64]) -> StoredRunFile {
    let mut run = stored_run(&format!("202611{day:02}-090000-000001"), model);
    run.manifest.started_at = format!("2026-11-{day:02}T09:00:00Z").parse().unwrap();
    for (index, grade) in grades.iter().enumerate() {
        // Every other example is golden.
        let partition = [Partition::Golden, Partition::Distribution][index % 2];
        let example = Example::new(&format!("refund-{index:02}"), partition)
            .with_input("question", format!("How long does refund {index} take?"));
        run.trial(&example, 1, Grade::Is(*grade), "It takes 14 days.");
    }
    run
}

/// Ten examples of which the first `failing` fail.
fn grades(failing: usize) -> Vec<f64> {
    (0..10).map(|index| if index < failing { 2.0 } else { 4.0 }).collect()
}

/// Six runs of a suite: the model, the judge and the dataset change, one is a sample, and in one a judgement is missing.
fn six_runs() -> Scratch {
    let scratch = Scratch::new();
    let mut runs = vec![run_of(1, "gpt-small", &grades(4)), run_of(2, "gpt-small", &grades(3))];
    runs.push(run_of(5, "gpt-large", &grades(1)));
    let mut sample = run_of(6, "gpt-large", &[2.0, 4.0]);
    let size = SampleSize { n: 2.try_into().unwrap(), seed: 0 };
    sample.manifest.selection.sample = Some(size);
    runs.push(sample);
    let mut judged = run_of(9, "gpt-large", &grades(0));
    judged.manifest.metrics.get_mut("helpful").unwrap().version = Digest::of(b"judge 2");
    runs.push(judged);
    let mut errored = run_of(12, "gpt-large", &grades(2)[..8]);
    errored.manifest.metrics.get_mut("helpful").unwrap().version = Digest::of(b"judge 2");
    errored.manifest.dataset.hash = Digest::of(b"dataset 2");
    let example = Example::new("refund-08", Partition::Golden).with_input("question", "How?");
    errored.trial(&example, 1, Grade::Errored, "It takes 14 days.");
    runs.push(errored);
    let mut arguments = vec!["history --quiet".to_owned()];
    for run in runs {
        arguments.push(format!("--add {}", run.manifest.run_id));
        run.write(&scratch);
    }
    drop(evalward(&scratch, &arguments.join(" ")).run().expect_code(0));
    scratch
}

#[test]
fn what_changed_stands_beside_each_run_and_the_trend_below() {
    let scratch = six_runs();
    let history = evalward(&scratch, "history support").run().expect_code(0);
    assert_snapshot!(history.stdout, @"
    support
    time                  run                     decision    golden                               distribution                subject    prompt  what is new
    ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
    2026-11-01T09:00:00Z  20261101-090000-000001  failed      60.0 % [23.1, 88.2] of 5             60.0 % [23.1, 88.2] of 5    gpt-small  -
    2026-11-02T09:00:00Z  20261102-090000-000001  failed      60.0 % [23.1, 88.2] of 5             80.0 % [37.6, 96.4] of 5    gpt-small  -
    2026-11-05T09:00:00Z  20261105-090000-000001  holds       80.0 % [37.6, 96.4] of 5             100.0 % [56.6, 100.0] of 5  gpt-large  -       model gpt-small → gpt-large
    2026-11-06T09:00:00Z  20261106-090000-000001  holds       0.0 % [0.0, 79.3] of 1               100.0 % [20.7, 100.0] of 1  gpt-large  -       a sample of 2
    2026-11-09T09:00:00Z  20261109-090000-000001  holds       100.0 % [56.6, 100.0] of 5           100.0 % [56.6, 100.0] of 5  gpt-large  -       version of judge helpful
    2026-11-12T09:00:00Z  20261112-090000-000001  incomplete  75.0 % [30.1, 95.4] of 4, 1 errored  75.0 % [30.1, 95.4] of 4    gpt-large  -       dataset support: 10 → 9 examples

      golden        ▁▁▅·█▄
      distribution  ▁▅█·█▄
      pass rates, the oldest run first, from ▁ 60.0 % to █ 100.0 %; · stands for a run that evaluated none, or only a part, of the examples
      in brackets: the 95 % Wilson interval
    ");
    let narrow = evalward(&scratch, "history --limit 1").env("COLUMNS", "60").run().expect_code(0);
    assert_snapshot!(narrow.stdout, @"
    support
    2026-11-12T09:00:00Z  20261112-090000-000001  incomplete
      golden: 75.0 % [30.1, 95.4] of 4, 1 errored, distribution:
      75.0 % [30.1, 95.4] of 4, subject: gpt-large
      in brackets: the 95 % Wilson interval
    ");
}

#[test]
fn machines_get_intervals_changes_and_means() {
    let scratch = six_runs();
    let history = evalward(&scratch, "history --format json").run().expect_code(0);
    let history: Value = serde_json::from_str(&history.stdout).unwrap();
    let runs = history["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 6);
    assert_eq!(runs[3]["only"], "a sample of 2");
    let changes = json!([{"kind": "model", "text": "model gpt-small → gpt-large"}]);
    assert_eq!((&runs[1]["changes"], &runs[2]["changes"]), (&Value::Null, &changes));
    assert_eq!(runs[0]["score_rows"], 10);
    let golden = &runs[0]["partitions"][0];
    assert_eq!((&golden["partition"], &golden["pass_rate"]), (&json!("golden"), &json!(0.6)));
    // The interval is the one of the run's own summary.
    let folder = scratch.path(".evalward/runs/20261101-090000-000001");
    let report = format!("report {} --format json", folder.display());
    let report: Value =
        serde_json::from_str(&evalward(&scratch, &report).run().expect_code(1).stdout).unwrap();
    let stated = &report["summary"]["partitions"]["golden"];
    for (key, stated) in [
        ("low", &stated["pass_rate"]["low"]),
        ("high", &stated["pass_rate"]["high"]),
        ("method", &stated["pass_rate"]["method"]),
    ] {
        assert!(!stated.is_null());
        assert_eq!(&golden["interval"][key], stated, "{key}");
    }
    assert_eq!(golden["metrics"]["helpful"], json!({"mean": 3.2, "scored": 5}));
}

#[test]
fn one_example_is_followed_over_the_runs() {
    let scratch = six_runs();
    let shown = evalward(&scratch, "history support --example refund-00").run().expect_code(0);
    assert_snapshot!(shown.stdout, @"
    refund-00 of support
    time                  run                     outcome  helpful  what is new
    ────────────────────────────────────────────────────────────────────────────────────────────────
    2026-11-01T09:00:00Z  20261101-090000-000001  failed   2 ✗
    2026-11-02T09:00:00Z  20261102-090000-000001  failed   2 ✗
    2026-11-05T09:00:00Z  20261105-090000-000001  failed   2 ✗      model gpt-small → gpt-large
    2026-11-06T09:00:00Z  20261106-090000-000001  failed   2 ✗
    2026-11-09T09:00:00Z  20261109-090000-000001  passed   4 ✓      version of judge helpful
    2026-11-12T09:00:00Z  20261112-090000-000001  failed   2 ✗      dataset support: 10 → 9 examples

      ▁▁▁▁█▁  the oldest run first: █ passed, ▁ failed
      it fails since run 20261112-090000-000001 (2026-11-12T09:00:00Z)
    ");
    let passing = evalward(&scratch, "history --example refund-07").run().expect_code(0);
    assert!(
        passing.stdout.ends_with("  it passed in each of 5 runs that evaluated it\n"),
        "{}",
        passing.stdout
    );
    let json = "history --example refund-08 --format json --limit 1";
    let json: Value =
        serde_json::from_str(&evalward(&scratch, json).run().expect_code(0).stdout).unwrap();
    assert_eq!(
        json["runs"][0]["trials"],
        json!([{"trial": 1, "outcome": "errored", "scores": {"helpful": "errored"}}])
    );
    let unknown = evalward(&scratch, "history --example refund-99").run().expect_code(2);
    assert_snapshot!(unknown.clean_stderr(), @"
    error: no recorded run has scores of example `refund-99`
      hint: `results.jsonl` in the folder of a run lists its examples; `--limit` looks at more runs
    ");
}

#[test]
fn an_example_came_to_what_its_gate_says() {
    let scratch = Scratch::new();
    let example = Example::new("refund-00", Partition::Golden).with_input("question", "How long?");
    let confirming = |day: u32, grades: &[f64]| {
        let mut run = run_of(day, "gpt-small", &[]);
        let confirm = Confirmations::new(3);
        run.manifest.gates =
            [(Partition::Golden, GatePolicy { confirm, ..GatePolicy::STRICT })].into();
        for (number, grade) in (1..).zip(grades) {
            run.trial(&example, number, Grade::Is(*grade), "It takes 14 days.");
            run.rows.last_mut().unwrap().confirms = number > 1;
        }
        run
    };
    let mut runs = vec![confirming(1, &[2.0, 4.0, 4.0]), confirming(2, &[2.0, 4.0, 2.0])];
    runs.push(confirming(3, &[4.0]));
    runs.push(confirming(4, &[2.0, 4.0, 4.0]));
    let mut repeated = run_of(5, "gpt-small", &[]);
    repeated.manifest.gates = [(Partition::Golden, GatePolicy::STRICT)].into();
    repeated.manifest.repeats = 3.try_into().unwrap();
    for (number, grade) in [(1, Grade::Is(4.0)), (2, Grade::Is(4.0)), (3, Grade::Errored)] {
        repeated.trial(&example, number, grade, "It takes 14 days.");
    }
    runs.push(repeated);
    let mut arguments = vec!["history --quiet".to_owned()];
    for run in runs {
        arguments.push(format!("--add {}", run.manifest.run_id));
        run.write(&scratch);
    }
    drop(evalward(&scratch, &arguments.join(" ")).run().expect_code(0));
    let shown = evalward(&scratch, "history --example refund-00").run().expect_code(0);
    assert_snapshot!(shown.stdout, @"
    refund-00 of support
    time                  run                     outcome                                      helpful  what is new
    ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
    2026-11-01T09:00:00Z  20261101-090000-000001  passed: 2 of 3 trials passed (2 to confirm)  2 ✗
    2026-11-02T09:00:00Z  20261102-090000-000001  failed: 1 of 3 trials passed (2 to confirm)  2 ✗
    2026-11-03T09:00:00Z  20261103-090000-000001  passed                                       4 ✓
    2026-11-04T09:00:00Z  20261104-090000-000001  passed: 2 of 3 trials passed (2 to confirm)  2 ✗
    2026-11-05T09:00:00Z  20261105-090000-000001  errored: 2 of 3 trials passed, 1 errored     errored  repeats 1 → 3; confirm of golden 3 → none

      █▁██·  the oldest run first: █ passed, ▁ failed, · not evaluated
      it passes since run 20261103-090000-000001 (2026-11-03T09:00:00Z), 2 runs in a row; it failed in 1 of 2 runs before
    ");
    // The rates say the same, and another rule about failures is told.
    let json = evalward(&scratch, "history --example refund-00 --format json").run().expect_code(0);
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    let outcomes: Vec<&Value> =
        json["runs"].as_array().unwrap().iter().map(|run| &run["outcome"]).collect();
    assert_eq!(outcomes, ["passed", "failed", "passed", "passed", "errored"]);
    let runs = evalward(&scratch, "history --format json").run().expect_code(0);
    let runs: Value = serde_json::from_str(&runs.stdout).unwrap();
    let counts = runs["runs"].as_array().unwrap().iter().map(|run| {
        let golden = &run["partitions"][0];
        ["passed", "failed", "errored"].into_iter().find(|outcome| golden[*outcome] == 1).unwrap()
    });
    assert_eq!(counts.collect::<Vec<_>>(), ["passed", "failed", "passed", "passed", "errored"]);
    let changes = json!([
        {"kind": "repeats", "text": "repeats 1 → 3"},
        {"kind": "confirm", "text": "confirm of golden 3 → none"},
    ]);
    assert_eq!(
        (&runs["runs"][3]["changes"], &runs["runs"][4]["changes"]),
        (&Value::Null, &changes)
    );
}

#[test]
fn a_variant_is_found_behind_many_newer_runs_of_others() {
    let scratch = Scratch::new();
    let mut arguments = vec!["history --quiet".to_owned()];
    for day in 1..=4 {
        let mut run = run_of(day, "gpt-small", &grades(0));
        run.manifest.suite.variant = (day <= 2).then(|| "terse".to_owned());
        arguments.push(format!("--add {}", run.manifest.run_id));
        run.write(&scratch);
    }
    drop(evalward(&scratch, &arguments.join(" ")).run().expect_code(0));
    for extra in ["", " --example refund-00"] {
        let found = |variant: &str| {
            let command = format!("history --variant {variant} --limit 1 --format json{extra}");
            let found = evalward(&scratch, &command).run().expect_code(0);
            let found: Value = serde_json::from_str(&found.stdout).unwrap();
            assert_eq!(found["runs"].as_array().unwrap().len(), 1);
            found["runs"][0]["run_id"].as_str().unwrap().to_owned()
        };
        assert_eq!(found("terse"), "20261102-090000-000001");
        assert_eq!(found("base"), "20261104-090000-000001");
    }
}

#[test]
fn a_store_that_fails_keeps_no_run_from_being_recorded_later() {
    let scratch = six_runs();
    scratch.file("broken.db", "no database, but long enough to be taken for a file of one");
    let add = "history --add 20261101-090000-000001 --store";
    let failed = evalward(&scratch, &format!("{add} sqlite://broken.db")).run().expect_code(3);
    let hint = "  hint: run `20261101-090000-000001` is not in the history: see to the store (`--store`, `EVALWARD_DATABASE_URL`), then give the same command again\n";
    assert!(failed.stderr.ends_with(hint), "{}", failed.stderr);
    drop(evalward(&scratch, &format!("{add} mysql://nowhere")).run().expect_code(2));
}

/// Records a hundred newer runs of the suite with a score each.
async fn record_a_hundred(scratch: &Scratch) {
    let url = Store::url_of_file(&scratch.path(".evalward/evalward.db"));
    let store = Store::open(&url, StoreOptions::default()).await.unwrap();
    for number in 1..=100 {
        let StoredRunFile { mut manifest, rows } = run_of(2, "gpt-small", &[4.0]);
        manifest.run_id = RunId::new(format!("20261102-090000-{number:06}")).unwrap();
        let id = manifest.run_id.clone();
        let record = RunRecord {
            finished_at: manifest.started_at,
            manifest,
            decision: "holds".to_owned(),
            exit_code: 0,
            partitions: BTreeMap::new(),
            summary: None,
            score_rows: None,
        };
        store.record_run(&record).await.unwrap();
        let rows = rows.iter().map(|row| Ok::<_, std::io::Error>(ScoreRow::from(row)));
        store.record_scores(&id, rows).await.unwrap();
    }
    store.close().await.unwrap();
}

#[test]
fn scores_of_a_run_that_is_too_old_for_them_are_not_said_to_be_kept() {
    let scratch = Scratch::new();
    for day in [1, 3] {
        run_of(day, "gpt-small", &[4.0]).write(&scratch);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(record_a_hundred(&scratch));
    let add = "history --add 20261101-090000-000001 --add 20261103-090000-000001";
    let added = evalward(&scratch, add).run().expect_code(0);
    assert_snapshot!(added.clean_stderr(), @"
    recorded run `20261101-090000-000001` without the scores of its examples, which are kept of the 100 newest runs of a suite
    recorded run `20261103-090000-000001` with its scores
    ");
    let history = "history --format json --limit 102";
    let history: Value =
        serde_json::from_str(&evalward(&scratch, history).run().expect_code(0).stdout).unwrap();
    let rows = history["runs"].as_array().unwrap().iter().map(|run| run["score_rows"].clone());
    let rows: Vec<Value> = rows.collect();
    assert_eq!(rows.len(), 102);
    // The newest run took the place of the oldest one that had scores.
    assert_eq!(rows[..3], [Value::Null, Value::Null, json!(1)]);
    assert_eq!(rows[101], json!(1));
}

#[test]
fn what_cannot_be_recorded_or_drawn_is_said() {
    let scratch = six_runs();
    let mut other = run_of(20, "gpt-small", &grades(0));
    other.manifest.suite.name = "billing".to_owned();
    let id = other.manifest.run_id.to_string();
    other.write(&scratch);
    drop(evalward(&scratch, &format!("history --add {id}")).run().expect_code(0));
    let refused = |arguments: &str| {
        let run = evalward(&scratch, arguments).run().expect_code(2);
        run.clean_stderr().to_owned()
    };
    assert_snapshot!(refused("history --plot trend.svg"), @"
    error: a picture shows one suite, and here are `billing`, `support`
      hint: name the suite, and the variant by `--variant` (`base` is the suite itself), or draw a page: `--plot FILE.html`
    ");
    assert_snapshot!(refused("history --plot trend.png support"), @"
    error: `trend.png` is neither a picture nor a page
      hint: name a file that ends with `.svg` or `.html`
    ");
    assert_snapshot!(refused("history rivers --plot trend.svg"), @"error: no run of suite `rivers` is recorded yet, so there is nothing to draw");
    let mut shard = run_of(21, "gpt-small", &grades(0));
    shard.manifest.selection.shard = Some("1/2".parse().unwrap());
    let id = shard.manifest.run_id.to_string();
    shard.write(&scratch);
    assert_snapshot!(refused(&format!("history --add {id}")), @"
    error: run `20261121-090000-000001` is shard 1/2, which is no point of a trend
      hint: `evalward merge` makes one run of all shards
    ");
    assert!(!scratch.path("trend.svg").exists() && !scratch.path("trend.png").exists());
}

#[test]
fn a_picture_says_in_words_what_it_shows() {
    let scratch = six_runs();
    let drawn = evalward(&scratch, "history support --plot trend.svg --limit 2").run();
    assert_eq!(drawn.expect_code(0).stderr, "wrote trend.svg\n");
    let svg = scratch.read("trend.svg");
    let (_, rest) = svg.split_once("<desc id=\"desc\">").unwrap();
    assert_snapshot!(rest.split_once("</desc>").unwrap().0, @"run 20261109-090000-000001: golden 100.0 % [56.6, 100.0] of 5, distribution 100.0 % [56.6, 100.0] of 5. run 20261112-090000-000001: golden 75.0 % [30.1, 95.4] of 4, 1 errored, distribution 75.0 % [30.1, 95.4] of 4; changed before 20261112-090000-000001: dataset support: 10 → 9 examples");
    assert!(!svg.contains("http://") || svg.matches("http://").count() == 1, "only its namespace");
    // Nothing of the picture depends on when it is drawn.
    drop(evalward(&scratch, "history support --plot again.svg --limit 2").run().expect_code(0));
    assert_eq!(svg, scratch.read("again.svg"));
}

fn open(scratch: &Scratch, page: &str) -> Tab {
    let mut tab = Browser::new().open(&scratch.path(page));
    tab.resize(1280, 900);
    tab.wait_until("document.documentElement.dataset.ready");
    tab
}

/// Keeps pictures for people who want to look at them.
fn keep_picture(tab: &mut Tab, name: &str) {
    if let Some(folder) = std::env::var_os("EVALWARD_TEST_PICTURES") {
        let file = std::path::Path::new(&folder).join(format!("history-{name}.png"));
        std::fs::write(file, tab.picture(true)).unwrap();
    }
}

#[test]
fn the_page_shuts_nobody_out_in_light_or_dark_wide_or_narrow() {
    let scratch = six_runs();
    drop(evalward(&scratch, "history --plot trend.html").run().expect_code(0));
    let mut tab = open(&scratch, "trend.html");
    for (width, scheme) in [(1280, "light"), (1280, "dark"), (400, "light"), (400, "dark")] {
        tab.resize(width, 900);
        tab.show_in("screen", scheme);
        keep_picture(&mut tab, &format!("{scheme}-{width}"));
        if (width == 1280) == (scheme == "light") {
            assert_eq!(tab.violations(), Vec::<Value>::new(), "{width} {scheme}");
        }
        let overflow =
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        assert_eq!(tab.run(overflow), 0, "{width} {scheme} scrolls sideways");
    }
    // The table has the numbers of the plot.
    let rows = "return [...document.querySelectorAll('tbody tr')].map((it) => it.innerText.split('\\t')[3])";
    let golden = tab.run(rows);
    assert_eq!(golden[0], "60.0 % [23.1, 88.2] of 5");
    let paper = "return getComputedStyle(document.querySelector('main > section')).backgroundColor";
    tab.press(&["t"]);
    let light = tab.run(paper);
    tab.press(&["t"]);
    assert_ne!(light, tab.run(paper));
    assert_eq!((tab.problems(), tab.requests()), (NOTHING, NOTHING));
}

#[test]
fn each_suite_and_variant_has_a_plot_of_its_own_and_hostile_names_do_nothing() {
    const HOSTILE: &str =
        "</style><script>window.stolen = 1</script><img src=x onerror=\"window.stolen = 2\">";
    let scratch = six_runs();
    let mut other = run_of(20, HOSTILE, &grades(10));
    other.manifest.suite.name = HOSTILE.to_owned();
    other.manifest.suite.variant = Some("terse".to_owned());
    other.manifest.subject.prompt_version = Some(HOSTILE.to_owned());
    let id = other.manifest.run_id.to_string();
    other.write(&scratch);
    drop(evalward(&scratch, &format!("history --add {id}")).run().expect_code(0));
    drop(evalward(&scratch, "history --plot trend.html --quiet").run().expect_code(0));
    let mut tab = open(&scratch, "trend.html");
    let seen = tab.run("return { stolen: window.stolen ?? null, images: document.images.length, plots: document.querySelectorAll('figure.scroll svg').length, links: [...document.querySelectorAll('main li a')].map((it) => it.hash) };");
    assert_eq!(
        seen,
        json!({"stolen": null, "images": 0, "plots": 2, "links": ["#history-0", "#history-1"]})
    );
    assert_eq!((tab.problems(), tab.requests()), (NOTHING, NOTHING));
    drop(evalward(&scratch, "history --variant terse --plot one.svg").run().expect_code(0));
    assert!(scratch.read("one.svg").contains("&lt;img src=x"));
}
