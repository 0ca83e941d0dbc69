//! The HTML page as it is written; what it does in a browser is tested with the command line.

use evalward_core::Partition;
use evalward_report::{Format, Options};
use proptest::prelude::*;
use serde_json::Value;

use crate::support::{FakeRun, mixed_run, row};

fn page(run: &FakeRun) -> String {
    run.render(Format::Html, &Options::default())
}

/// Returns the examples that lie in the page.
fn lines(page: &str) -> Vec<Value> {
    let parts = page.split("<script type=\"application/jsonl\"").skip(1);
    let inner =
        parts.map(|part| part.split_once('>').unwrap().1.split_once("</script>").unwrap().0);
    let lines = inner.flat_map(str::lines).filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Returns what stands on the page without scripts and styles, tags left out.
fn words(page: &str) -> String {
    let mut text = String::new();
    let mut rest = page;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let hidden = ["script", "style"].iter().find(|tag| after.starts_with(**tag));
        rest = match hidden {
            Some(tag) => after.split_once(&format!("</{tag}>")).map_or("", |(_, rest)| rest),
            None => after.split_once('>').map_or("", |(_, rest)| rest),
        };
        text.push(' ');
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_page_is_read_without_scripts_too() {
    let run = mixed_run();
    let words = words(&page(&run));
    for part in [
        "Blocked: support-assistant (unit) Go to the examples support-assistant (unit)",
        "✗ Blocked Blocked by golden: look at the failing examples below",
        "✗ failed golden 2 of 3 examples failed; all must pass",
        "33.3 % [6.1, 79.2]",
        "helpful golden may fail 2.333 [no interval]",
        "nobody knows how far this judge agrees with people",
        "✗ pricing-01 failed checks `includes_all`: &quot;API access is included&quot; is missing",
        "The Pro plan costs 49 59 € a month",
        "traffic-13 errored connection refused by http://localhost:9",
    ] {
        assert!(words.contains(part), "`{part}` is missing: {words}");
    }
}

#[test]
fn every_example_lies_in_the_page_and_equal_runs_have_equal_pages() {
    let run = mixed_run();
    let once = page(&run);
    let ids: Vec<Value> = lines(&once).into_iter().map(|line| line["id"].clone()).collect();
    let rows: Vec<Value> = run.rows.iter().map(|row| row.example_id.as_str().into()).collect();
    assert_eq!(ids, rows);
    assert_eq!(once, page(&run));
    // Only the page's own script and style may be used, and nothing may be loaded.
    assert!(once.contains("content=\"default-src 'none'; script-src 'sha256-"), "{once}");
    assert_eq!(
        once.matches("http://").count(),
        once.matches("http://localhost:9").count() + once.matches("http://www.w3.org/").count()
    );
    assert!(!once.contains("https://") && !once.contains(" src=") && !once.contains("@import"));
}

#[test]
fn long_texts_are_shortened_and_each_example_says_so() {
    let long = "word ".repeat(10_000);
    let rows = vec![
        row("a-1", Partition::Golden).output(&long).failed_check("broken"),
        row("a-2", Partition::Golden).output("short").passed(),
    ];
    let run = FakeRun::new(rows);
    let shown = page(&run);
    let examples = lines(&shown);
    let output = examples[0]["trials"][0]["output"].as_str().unwrap();
    assert!(output.ends_with("… (30000 more characters)"), "{}", output.len());
    assert_eq!(
        (&examples[0]["shortened"], &examples[1]["shortened"]),
        (&true.into(), &Value::Null)
    );
    assert!(shown.contains("Long texts of 1 example are shortened on this page"));
    let all = run.render(Format::Html, &Options { all: true, ..Options::default() });
    assert_eq!(lines(&all)[0]["trials"][0]["output"], long);
    assert!(!all.contains("are shortened on this page"));
}

/// Texts that would end an element or start one.
fn hostile() -> impl Strategy<Value = String> {
    let pieces = [
        "</script>",
        "<script>",
        "<!--",
        "]]>",
        "<img src=x onerror=1>",
        "&lt;",
        "\"'`",
        "\\",
        "\u{202e}",
        "\u{0}",
        "\u{301}",
        "値段",
    ];
    let piece =
        prop_oneof![prop::sample::select(pieces.to_vec()).prop_map(str::to_owned), ".{0,8}"];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn texts_change_no_markup(text in hostile()) {
        let failed = |text: &str| {
            let row = row("a-1", Partition::Golden).input(text).expected("expected").output(text);
            FakeRun::new(vec![row.failed_check(text)])
        };
        let run = failed(&text);
        let shown = page(&run);
        let plain = page(&failed("plain"));
        for tag in ["<script", "</script", "<style", "<img", "<!--", "<h2", "<article"] {
            prop_assert_eq!(shown.matches(tag).count(), plain.matches(tag).count(), "{}", tag);
        }
        let example = &lines(&shown)[0];
        prop_assert_eq!(&example["trials"][0]["output"], &Value::from(text.as_str()));
        prop_assert_eq!(&example["input"][0][1], &Value::from(text));
    }
}
