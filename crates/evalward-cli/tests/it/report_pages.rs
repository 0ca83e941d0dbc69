//! The HTML report in a browser.

use evalward_core::{
    Document, Example, Measurement, Outcome, Partition, Reason, ReasonKind, Response, Score,
    Timestamp, Trial,
};
use evalward_testkit::{Browser, Scratch, Tab};
use serde_json::{Value, json};

use crate::example_judges;
use crate::stored_runs::{StoredRunFile, stored_run};
use crate::support::{evalward, repeated};

const NOTHING: Vec<String> = Vec::new();

/// A trial whose answer has a word that no other has, and fails where it is told to.
fn trial(number: usize, partition: Partition, problem: Option<&str>) -> Trial {
    let mut example = Example::new(&format!("{partition}-{number:03}"), partition)
        .with_input("question", format!("How long does refund {number} take?"))
        .with_expected_output(format!("Refund {number} takes 14 days."));
    if number.is_multiple_of(3) {
        example.tags = vec!["third".to_owned()];
    }
    let mut trial = Trial::new(&example, Outcome::Passed, Timestamp::from_millis(0));
    let days = if problem.is_some() { 15 } else { 14 };
    let output = format!("Refund {number} takes {days} days, word{number}.");
    trial.response = Some(Response::from_text(output));
    trial.latency_millis = Some(100 + u64::try_from(number).unwrap());
    let mut score = Score::yes_or_no(problem.is_none());
    if let Some(problem) = problem {
        score = score.with_problem(problem);
        let (kind, metric) = (ReasonKind::Judge, "helpful".to_owned());
        trial.outcome = Outcome::Failed(vec![Reason { kind, metric, message: problem.to_owned() }]);
    }
    trial.scores.insert("helpful".to_owned(), score.into());
    trial
}

fn write(id: &str, rows: Vec<Trial>, scratch: &Scratch) {
    let mut run: StoredRunFile = stored_run(id, "gpt-4o-mini");
    for row in rows {
        *run.manifest.dataset.selected.entry(row.partition).or_default() += 1;
        run.rows.push(row);
    }
    run.write(scratch);
}

/// 60 golden examples that pass and 60 of the distribution, of which every tenth fails.
fn mixed() -> Vec<Trial> {
    let golden = (0..60).map(|number| trial(number, Partition::Golden, None));
    let distribution = (0_usize..60).map(|number| {
        let problem = number.is_multiple_of(10).then_some("the number of days is wrong");
        trial(number, Partition::Distribution, problem)
    });
    golden.chain(distribution).collect()
}

/// Opens the report of a run; no page may complain or ask for anything.
fn open(scratch: &Scratch, arguments: &str, code: i32) -> Tab {
    let command = format!("report {arguments} --format html --output out/report.html");
    drop(evalward(scratch, &command).run().expect_code(code));
    opened(scratch, "out/report.html")
}

fn opened(scratch: &Scratch, page: &str) -> Tab {
    let mut tab = Browser::new().open(&scratch.path(page));
    tab.resize(1280, 900);
    tab.wait_until("document.documentElement.dataset.ready");
    tab
}

/// Returns the names of the examples that are listed.
const LISTED: &str = "return [...document.querySelectorAll('.entry')].map((it) => it.dataset.id);";

fn count(tab: &mut Tab) -> String {
    tab.run("return document.getElementById('count').textContent").as_str().unwrap().to_owned()
}

/// Keeps pictures for people who want to look at them.
fn keep_picture(tab: &mut Tab, name: &str) {
    if let Some(folder) = std::env::var_os("EVALWARD_TEST_PICTURES") {
        let file = std::path::Path::new(&folder).join(format!("report-{name}.png"));
        std::fs::write(file, tab.picture(false)).unwrap();
    }
}

#[test]
fn examples_are_searched_and_filtered_and_the_address_remembers() {
    let scratch = Scratch::new();
    write("one", mixed(), &scratch);
    let mut tab = open(&scratch, "one", 1);
    assert_eq!(count(&mut tab), "120 examples, 1 to 50 shown");
    let listed = tab.run(LISTED);
    let failing: Vec<String> = (0..6).map(|it| format!("distribution-0{it}0")).collect();
    assert_eq!(
        listed.as_array().unwrap()[..6],
        failing.iter().map(|it| json!(it)).collect::<Vec<_>>()
    );
    assert_eq!(listed[6], "golden-000");
    // Search is over texts, by all words.
    tab.press(&["/"]);
    tab.write("WORD41 golden");
    tab.wait_until("document.querySelectorAll('.entry').length === 1");
    assert_eq!(
        (tab.run(LISTED), count(&mut tab)),
        (json!(["golden-041"]), "1 of 120 examples".to_owned())
    );
    tab.press(&["Escape"]);
    tab.wait_until("document.querySelectorAll('.entry').length === 50");
    // Filters narrow each other.
    let choose = |name: &str, value: &str| {
        format!(
            "const it = document.getElementById('filter-{name}'); it.value = '{value}'; it.dispatchEvent(new Event('change'));"
        )
    };
    drop(tab.run("document.querySelector('[data-kind=failed]').click()"));
    assert_eq!(count(&mut tab), "6 of 120 examples");
    drop(tab.run(&choose("tag", "third")));
    assert_eq!(tab.run(LISTED), json!(["distribution-000", "distribution-030"]));
    drop(tab.run(&choose("partition", "golden")));
    assert_eq!(count(&mut tab), "0 of 120 examples");
    drop(tab.run(&choose("partition", "")));
    drop(tab.run(&choose("metric", "helpful")));
    let address = tab.run("return location.hash");
    assert_eq!(address, "#kind=failed&metric=helpful&tag=third");
    // What the address says is shown when the page is opened again.
    drop(tab.run("location.hash = '#q=word5&page=2&example=golden-050'"));
    tab.wait_until("document.getElementById('search').value === 'word5'");
    assert_eq!(count(&mut tab), "22 of 120 examples");
    let title = tab.run("return document.getElementById('detail-title').innerText");
    assert_eq!(title, "✓ golden-050 passed");
    drop(tab.run("document.getElementById('clear').click()"));
    assert_eq!(count(&mut tab), "120 examples, 51 to 100 shown");
    assert_eq!((tab.problems(), tab.requests()), (NOTHING, NOTHING));
}

#[test]
fn everything_is_reached_by_keys() {
    let scratch = Scratch::new();
    write("one", mixed(), &scratch);
    let mut tab = open(&scratch, "one", 1);
    let focused = "return document.activeElement.dataset.id ?? document.activeElement.id";
    tab.press(&["j", "j"]);
    assert_eq!(tab.run(focused), "distribution-010");
    tab.press(&["k", "Enter"]);
    let detail = tab.run("return document.getElementById('detail').innerText");
    let detail = detail.as_str().unwrap();
    assert!(detail.contains("distribution-000 failed"), "{detail}");
    assert!(detail.contains("the number of days is wrong"), "{detail}");
    let difference = "return [...document.querySelectorAll('#detail del, #detail ins')].map((it) => it.innerText)";
    assert_eq!(tab.run(difference), json!(["−14 days.", "+15 days, word0."]));
    tab.press(&["j"]);
    let title = "return document.getElementById('detail-title')?.innerText ?? null";
    assert_eq!(tab.run(title), "✗ distribution-010 failed");
    tab.press(&["Escape"]);
    assert_eq!((tab.run(title), tab.run(focused)), (Value::Null, json!("distribution-010")));
    // Pages, help, and the theme.
    tab.press(&["n"]);
    assert_eq!(count(&mut tab), "120 examples, 51 to 100 shown");
    tab.press(&["n", "n", "p"]);
    assert_eq!(count(&mut tab), "120 examples, 51 to 100 shown");
    tab.press(&["?"]);
    assert_eq!(tab.run("return document.getElementById('help').open"), true);
    tab.press(&["Escape"]);
    assert_eq!(tab.run("return document.getElementById('help').open"), false);
    let paper = "return getComputedStyle(document.querySelector('main > section')).backgroundColor";
    tab.press(&["t"]);
    let light = tab.run(paper);
    tab.press(&["t"]);
    assert_ne!(light, tab.run(paper));
    assert_eq!((tab.problems(), tab.requests()), (NOTHING, NOTHING));
}

#[test]
fn claims_are_marked_in_the_answer_and_judges_give_their_reasons() {
    let scratch = example_judges::example();
    drop(evalward(&scratch, "run evalward.toml --quiet --report html").run().expect_code(1));
    let page = scratch.only_run().join("report.html");
    let mut tab = opened(&scratch, page.to_str().unwrap());
    drop(tab.run("location.hash = '#example=invented-feature'"));
    tab.wait_until("document.querySelector('#detail mark')");
    let marks = "return [...document.querySelectorAll('#detail .said mark')].map((it) => [it.className, it.innerText])";
    let marks = tab.run(marks);
    let unsupported =
        json!(["unsupported", "It also comes with an AI assistant that writes your reports2"]);
    assert!(marks.as_array().unwrap().contains(&unsupported), "{marks}");
    let text = tab.run("return document.getElementById('detail').innerText");
    let text = text.as_str().unwrap();
    assert!(text.contains("not supported"), "{text}");
    assert!(
        text.contains("evidence: “The Pro plan costs $49 a month and includes five seats.”"),
        "{text}"
    );
    drop(tab.run(
        "document.querySelectorAll('#detail details.score').forEach((it) => { it.open = true; })",
    ));
    let reasons = tab.run("return document.querySelector('#detail .criterion').innerText");
    assert!(reasons.as_str().unwrap().starts_with("accuracy "), "{reasons}");
    keep_picture(&mut tab, "claims-light");
    tab.show_in("screen", "dark");
    keep_picture(&mut tab, "claims-dark");
    assert_eq!(serious(&mut tab), Vec::<Value>::new());
    let judges =
        tab.run("return document.querySelector('[aria-labelledby=judges-title]').innerText");
    assert!(judges.as_str().unwrap().contains("not shown to be better than chance"), "{judges}");
    assert_eq!((tab.problems(), tab.requests()), (NOTHING, NOTHING));
}

#[test]
fn two_runs_are_read_side_by_side() {
    let scratch = Scratch::new();
    write("base", mixed(), &scratch);
    let mut rows = mixed();
    rows[70] = trial(10, Partition::Distribution, None);
    for (number, row) in rows.iter_mut().enumerate().take(5) {
        *row = trial(number, Partition::Golden, Some("the number of days is wrong"));
    }
    write("new", rows, &scratch);
    let compare = "compare base new --report html=out/compared.html";
    drop(evalward(&scratch, compare).run().expect_code(4));
    let mut tab = opened(&scratch, "out/compared.html");
    let buttons =
        "return [...document.querySelectorAll('[data-kind]')].map((it) => it.innerText.trim())";
    assert_eq!(tab.run(buttons), json!(["all 120", "↓ worse 5", "↑ better 1", "= same 114"]));
    let listed = tab.run(LISTED);
    assert_eq!((&listed[0], &listed[5]), (&json!("golden-000"), &json!("distribution-010")));
    drop(tab.run("document.querySelector('[data-kind=worse]').click()"));
    assert_eq!(count(&mut tab), "5 of 120 examples");
    tab.press(&["j", "Enter"]);
    let sides = "return [...document.querySelectorAll('#detail .side')].map((it) => it.innerText.split(/\\n+/u).filter((line) => line !== ''))";
    assert_eq!(
        tab.run(sides),
        json!([
            ["Baseline ✓ passed", "Refund 0 takes 14 days, word0."],
            [
                "Candidate ✗ failed",
                "helpful the number of days is wrong",
                "Refund 0 takes 15 days, word0."
            ]
        ])
    );
    let change = "return [...document.querySelectorAll('#detail del, #detail ins')].map((it) => it.innerText)";
    assert_eq!(tab.run(change), json!(["−14", "+15"]));
    let scores =
        "return [...document.querySelectorAll('#detail tbody tr')].map((it) => it.innerText)";
    assert_eq!(tab.run(scores), json!(["helpful\t1 ✓\t0 ✗\t−1"]));
    keep_picture(&mut tab, "compared-light");
    assert_eq!(serious(&mut tab), Vec::<Value>::new());
    tab.press(&["Escape"]);
    drop(tab.run("document.querySelector('[data-kind=better]').click()"));
    assert_eq!(tab.run(LISTED), json!(["distribution-010"]));
    assert_eq!((tab.problems(), tab.requests()), (NOTHING, NOTHING));
}

#[test]
fn claims_and_their_evidence_are_found_by_places_in_bytes() {
    let scratch = Scratch::new();
    let mut row = trial(0, Partition::Distribution, Some("contradicted"));
    let output = "値段: 49 € 👍 a month. Seats are free.";
    let place = |words: &str| {
        let start = output.find(words).unwrap();
        json!([[start, start + words.len()]])
    };
    let mut response = Response::from_text(output);
    response.context = vec![Document::from_text("It costs 59 €\n**a month**; seats cost 5 €.")];
    row.response = Some(response);
    let claims = json!([
        {"claim": "49 € 👍 a month", "label": "CONTRADICTED", "places": place("49 € 👍 a month"), "evidence": "59 € a month"},
        {"claim": "Seats are free", "label": "UNSUPPORTED", "places": place("Seats are free"), "evidence": null},
    ]);
    let detail = json!({"samples": [{"claims": claims, "accepted": 0, "checkable": 2}]});
    let score = Score::yes_or_no(false).with_problem("contradicted").with_detail(detail);
    row.scores.insert("helpful".to_owned(), score.into());
    write("one", vec![row], &scratch);
    let mut tab = open(&scratch, "one", 1);
    drop(tab.run("document.querySelector('.entry').click()"));
    let marks = "return [...document.querySelectorAll('#detail .said mark')].map((it) => [it.className, it.firstChild.textContent, it.title])";
    assert_eq!(
        tab.run(marks),
        json!([
            ["contradicted", "49 € 👍 a month", "claim 1: contradicted"],
            ["unsupported", "Seats are free", "claim 2: not supported"],
            ["evidence", "59 €\n**a month", "evidence of claim 1"]
        ])
    );
    assert_eq!((tab.problems(), tab.requests()), (NOTHING, NOTHING));
}

#[test]
fn of_a_baseline_that_is_a_file_only_the_scores_are_known() {
    let scratch = Scratch::new();
    let passing = || (0..9).map(|number| trial(number, Partition::Distribution, None));
    write("base", passing().collect(), &scratch);
    let keep = "baseline set base --initial --file kept.json";
    drop(evalward(&scratch, keep).run().expect_code(0));
    let mut rows: Vec<Trial> = passing().collect();
    rows[4] = trial(4, Partition::Distribution, Some("the number of days is wrong"));
    write("new", rows, &scratch);
    let compare = "compare kept.json new --format html --on-inconclusive warn";
    let page = evalward(&scratch, compare).run().expect_code(0);
    scratch.file("compared.html", &page.stdout);
    let mut tab = opened(&scratch, "compared.html");
    assert_eq!(tab.run("document.querySelector('.entry').click(); return document.querySelector('.side').innerText"), "Baseline\n\nOnly its scores were kept.");
    assert_eq!(
        tab.run("return document.getElementById('detail-title').innerText"),
        "↓ distribution-004 worse"
    );
    assert_eq!((tab.problems(), tab.requests()), (NOTHING, NOTHING));
}

#[test]
fn trials_of_an_example_are_shown_one_at_a_time() {
    let scratch = repeated();
    let mut tab = open(&scratch, "latest", 1);
    let listed = tab.run(LISTED);
    assert_eq!(listed, json!(["peru", "france", "japan"]));
    drop(tab.run("document.querySelector('.entry').click()"));
    let seen = "const trials = document.querySelector('[aria-label=Trials]'); return [[...trials.querySelectorAll('button')].map((it) => it.innerText), trials.nextSibling.querySelector('.said').innerText]";
    assert_eq!(tab.run(seen), json!([["✓ 1", "✓ 2", "✗ 3"], "It is gone."]));
    drop(tab.run("document.querySelector('[aria-label=Trials] button').click()"));
    assert_eq!(tab.run(seen), json!([["✓ 1", "✓ 2", "✗ 3"], "It is Lima."]));
    assert_eq!((tab.problems(), tab.requests()), (NOTHING, NOTHING));
}

/// Returns what axe-core finds that is serious or worse.
fn serious(tab: &mut Tab) -> Vec<Value> {
    let is_serious = |it: &Value| it["impact"] == "serious" || it["impact"] == "critical";
    tab.violations().into_iter().filter(is_serious).collect()
}

/// Nine examples, of which three fail.
fn few() -> Vec<Trial> {
    let problem = |number: usize| (number < 3).then_some("the number of days is wrong");
    (0..9).map(|number| trial(number, Partition::Distribution, problem(number))).collect()
}

#[test]
fn nobody_is_shut_out_in_light_or_dark_wide_or_narrow() {
    let scratch = Scratch::new();
    write("one", few(), &scratch);
    let mut tab = open(&scratch, "one", 1);
    for (width, scheme) in [(1280, "light"), (1280, "dark"), (400, "light"), (400, "dark")] {
        let overflow =
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        tab.resize(width, 900);
        tab.show_in("screen", scheme);
        drop(tab.run("scrollTo(0, 0)"));
        keep_picture(&mut tab, &format!("{scheme}-{width}"));
        // Checking takes a while: the list in one scheme, an example in the other.
        if (width == 1280) == (scheme == "light") {
            assert_eq!(tab.violations(), Vec::<Value>::new(), "{width} {scheme}");
        }
        assert_eq!(tab.run(overflow), 0, "{width} {scheme} scrolls sideways");
        drop(tab.run("document.querySelector('.entry').click()"));
        keep_picture(&mut tab, &format!("example-{scheme}-{width}"));
        if (width == 1280) != (scheme == "light") {
            assert_eq!(tab.violations(), Vec::<Value>::new(), "{width} {scheme}, one example");
        }
        assert_eq!(tab.run(overflow), 0, "{width} {scheme} scrolls sideways, one example");
        drop(tab.run("document.getElementById('close').click()"));
    }
}

#[test]
fn on_paper_stand_the_failing_examples_in_full() {
    let scratch = Scratch::new();
    write("one", few(), &scratch);
    let mut tab = open(&scratch, "one", 1);
    let shown =
        "return ['failing', 'examples'].map((id) => document.getElementById(id).checkVisibility())";
    assert_eq!(tab.run(shown), json!([false, true]));
    tab.show_in("print", "dark");
    assert_eq!(tab.run(shown), json!([true, false]));
    let printed = tab.run("return document.getElementById('failing').innerText");
    assert!(printed.as_str().unwrap().contains("Refund 2 takes 15 days, word2."), "{printed}");
}

#[test]
fn hostile_texts_do_nothing() {
    const HOSTILE: &str = "</script><script>window.stolen = 1</script><img src=\"http://127.0.0.1:9/x\" onerror=\"window.stolen = 2\"><!--<script>";
    let scratch = Scratch::new();
    let example = Example::new("a </script><img src=x onerror=alert(1)>", Partition::Distribution)
        .with_input("messages", json!([{"role": HOSTILE, "content": HOSTILE}, {"content": 1}]))
        .with_expected_output(HOSTILE);
    let mut example = Example { tags: vec![HOSTILE.to_owned()], ..example };
    example.cluster = Some(HOSTILE.to_owned());
    let reason = |message: &str| {
        let (kind, metric) = (ReasonKind::Judge, HOSTILE.to_owned());
        Outcome::Failed(vec![Reason { kind, metric, message: message.to_owned() }])
    };
    let mut bad = Trial::new(&example, reason(HOSTILE), Timestamp::from_millis(0));
    let output = format!("{HOSTILE}\u{202e}\u{0}\u{2028} 値段 مرحبا {}", "x".repeat(1_000_000));
    bad.response = Some(Response::from_text(output));
    let detail = json!({"judge": HOSTILE, "facts": "none", "spans": 3, "samples": [{"claims": [
        {"claim": HOSTILE, "label": HOSTILE, "places": [[0, 9], [5, 5_000_000], [-1, "x"]], "evidence": "("}
    ]}], "criteria": {"__proto__": {"mean": 1}, "x": {"samples": [{"reasoning": HOSTILE, "strengths": [HOSTILE]}]}}});
    let score = Score::yes_or_no(false).with_problem(HOSTILE).with_detail(detail);
    bad.scores.insert(HOSTILE.to_owned(), score.into());
    bad.scores.insert("constructor".to_owned(), Measurement::Errored(HOSTILE.to_owned()));
    let line =
        Example::new("line", Partition::Distribution).with_input("question", "x".repeat(100_000));
    let mut long = Trial::new(&line, reason("long"), Timestamp::from_millis(0));
    long.response = Some(Response::from_text("word ".repeat(100_000)));
    long.expected_output = Some("other ".repeat(100_000));
    long.scores.insert("helpful".to_owned(), Score::yes_or_no(false).into());
    write("one", vec![bad, long], &scratch);
    let mut tab = open(&scratch, "one", 1);
    for name in ["a </script>", "line"] {
        let click = format!(
            "[...document.querySelectorAll('.entry')].find((it) => it.dataset.id.startsWith('{name}')).click()"
        );
        drop(tab.run(&click));
        let text = tab.run("return document.getElementById('detail').innerText.length");
        assert!((1_000..400_000).contains(&text.as_i64().unwrap()), "{text}");
    }
    drop(tab.run("document.querySelector('.entry').click(); document.querySelectorAll('details').forEach((it) => { it.open = true; })"));
    let seen = tab.run("return { stolen: window.stolen ?? null, images: document.images.length, frames: frames.length, shown: document.getElementById('detail').innerText.includes('<img src=') && document.getElementById('detail').innerText.includes('\\\\u{202e}') };");
    assert_eq!(seen, json!({"stolen": null, "images": 0, "frames": 0, "shown": true}));
    let note = tab.run("return document.getElementById('shortened').textContent");
    assert!(note.as_str().unwrap().starts_with("Long texts of 2 examples are shortened"), "{note}");
    assert_eq!((tab.problems(), tab.requests()), (NOTHING, NOTHING));
}

#[test]
fn ten_thousand_examples_are_searched() {
    let scratch = Scratch::new();
    let rows = (0_usize..10_000).map(|number| {
        let problem = number.is_multiple_of(1_000).then_some("the number of days is wrong");
        trial(number, Partition::Distribution, problem)
    });
    write("one", rows.collect(), &scratch);
    let mut tab = open(&scratch, "one", 1);
    assert_eq!(count(&mut tab), "10,000 examples, 1 to 50 shown");
    tab.press(&["/"]);
    tab.write("word9999.");
    tab.wait_until("document.querySelectorAll('.entry').length === 1");
    assert_eq!(tab.run(LISTED), json!(["distribution-9999"]));
    assert!(tab.run("return document.querySelectorAll('*').length").as_i64().unwrap() < 2_000);
    assert_eq!((tab.problems(), tab.requests()), (NOTHING, NOTHING));
}
