//! What every report keeps to.

use crate::support::{FakeRun, row};
use evalward_core::Partition;
use evalward_report::{Format, Options, Run, render};
use proptest::prelude::*;
use quick_junit::Report;

/// Renders one failing and one errored example that are made of a model's text wherever they can be.
fn hostile_run(text: &str) -> FakeRun {
    let mut failed = row("a-1", Partition::Golden)
        .input(text)
        .expected("expected")
        .output(text)
        .failed_check(text);
    failed.scores.insert(text.to_owned(), failed.scores["rules"].clone());
    FakeRun::new(vec![failed, row("a-2", Partition::Golden).errored(text)])
}

/// Walks over Markdown and returns its lines outside fences.
fn outside_fences(page: &str) -> Vec<&str> {
    let mut fence = None;
    let mut outside = Vec::new();
    for line in page.lines() {
        match fence {
            None if line.starts_with("```") => fence = Some(line.trim_end_matches("text")),
            None => outside.push(line),
            Some(open) => {
                let is_end = !line.is_empty() && line.trim().chars().all(|tick| tick == '`');
                if is_end && line.trim().len() >= open.len() {
                    fence = None;
                }
            }
        }
    }
    assert_eq!(fence, None, "a fence stays open");
    outside
}

fn is_valid_in_xml(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

fn check_hostile(text: &str) {
    let run = hostile_run(text);
    for color in [false, true] {
        let page = run.render(Format::Terminal, &Options { color, ..Options::default() });
        let own = if color { strip_colour(&page) } else { page };
        let steering = own.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t'));
        assert_eq!(steering, None);
    }
    let xml = run.render(Format::Junit, &Options::default());
    assert!(xml.chars().all(is_valid_in_xml));
    let report = Report::deserialize_from_str(&xml).unwrap();
    let cases = &report.test_suites[0];
    assert_eq!((cases.errors, cases.failures), (1, if text == "rules" { 1 } else { 2 }));

    let page = run.render(Format::Markdown, &Options::default());
    let outside = outside_fences(&page);
    let opened = outside.iter().filter(|line| line.contains("<details>")).count();
    let closed = outside.iter().filter(|line| line.contains("</details>")).count();
    assert_eq!((opened, closed), (3, 3));
    assert_eq!(outside.iter().filter(|line| line.starts_with("Actual:")).count(), 1);

    let json = run.render(Format::Json, &Options::default());
    let document: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(document["examples"][0]["response"]["output"], text);
}

/// Removes the sequences that the report itself writes; any other escape character stays and is found.
fn strip_colour(page: &str) -> String {
    ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[2m", "\u{1b}[31m", "\u{1b}[32m", "\u{1b}[33m"]
        .iter()
        .fold(page.to_owned(), |page, code| page.replace(code, ""))
}

#[test]
fn known_attacks_stay_text() {
    for text in [
        "]]> <![CDATA[ &amp; <failure/>",
        "```\n</details>\n````text\n# head",
        "\u{1b}]0;title\u{7}\u{1b}[2J\u{9b}31m\u{0}\r\n",
        "\u{202e}txt.exe\u{2028}\u{fffe}\u{ffff}",
        "</summary><img src=x> | @team [x](https://x)",
        "",
    ] {
        check_hostile(text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

    #[test]
    fn any_text_stays_text(text in r"(\PC|[\x00-\x1f\x7f-\x9f\u{fff0}-\u{ffff}`<>&|\[\]\\@-]){0,60}") {
        check_hostile(&text);
    }

    #[test]
    fn counts_in_every_table_are_those_of_the_summary(
        outcomes in proptest::collection::vec((0..4_usize, 0..4_usize), 1..60),
    ) {
        let build = |(number, &(partition, outcome)): (usize, &(usize, usize))| {
            let row = row(&format!("a-{number}"), Partition::ALL[partition]).output("x");
            match outcome {
                0 => row.passed(),
                1 => row.failed_check("broken"),
                2 => row.errored("down"),
                _ => row.skipped("not applicable"),
            }
        };
        let run = FakeRun::new(outcomes.iter().enumerate().map(build).collect());
        let terminal = run.render(Format::Terminal, &Options::default());
        let markdown = run.render(Format::Markdown, &Options::default());
        for (partition, part) in &run.summary.partitions {
            let counts = part.counts;
            let expected =
                [counts.total, counts.passed, counts.failed, counts.errored, counts.skipped];
            prop_assert_eq!(row_of(&terminal, partition.name()), expected);
            prop_assert_eq!(row_of(&markdown.replace('|', " "), partition.name()), expected);
        }
        let xml = run.render(Format::Junit, &Options::default());
        let report = Report::deserialize_from_str(&xml).unwrap();
        let suites = report.test_suites.iter().filter(|suite| !suite.name.ends_with(".gates"));
        prop_assert_eq!(
            suites.map(|suite| suite.failures + suite.errors).sum::<usize>(),
            usize::try_from(run.summary.counts.failed + run.summary.counts.errored).unwrap()
        );
    }
}

/// Returns the counts in the first line that starts with a partition's name.
fn row_of(page: &str, partition: &str) -> [u64; 5] {
    let line = page.lines().find(|line| line.trim_start().starts_with(partition)).unwrap();
    let numbers = line.split_whitespace().skip(1).map_while(|cell| cell.parse().ok());
    numbers.take(5).collect::<Vec<u64>>().try_into().unwrap()
}

fn many_failures(count: usize) -> FakeRun {
    let build = |number| {
        // The partitions alternate, as they do in a run that was cut short.
        let partition = Partition::ALL[3 - number % 2 * 3];
        row(&format!("a-{number:04}"), partition).output("bad").failed_check("broken")
    };
    FakeRun::new((0..count).map(build).collect())
}

#[test]
fn the_terminal_shows_some_failures_of_the_strictest_partition_and_says_how_to_see_the_rest() {
    let run = many_failures(100);
    let page = run.render(Format::Terminal, &Options::default());
    assert_eq!(page.matches("✗ a-").count(), 20);
    assert!(!page.contains("distribution: 50 failed"));
    assert!(page.contains(
        "… and 80 more failing examples: `evalward report 20261103-142207-00beef --all`, or `evalward report 20261103-142207-00beef --format markdown`"
    ));
    let all = run.render(Format::Terminal, &Options { all: true, ..Options::default() });
    assert_eq!(all.matches("✗ a-").count(), 100);
}

#[test]
fn markdown_stays_below_its_size_and_says_what_is_missing() {
    let mut run = many_failures(5_000);
    // Causes are texts of others too: each of these characters takes six bytes in Markdown.
    run.rows.extend((0..60).map(|number| {
        row(&format!("e-{number}"), Partition::Golden)
            .errored(&format!("{number}{}", "<".repeat(900)))
    }));
    let page = run.render(Format::Markdown, &Options::default());
    assert!(page.len() < 200_000, "{}", page.len());
    let shown = page.matches("Actual:").count();
    let line = format!("{} failing examples left out to keep this page short", 5_000 - shown);
    assert!(page.contains(&line));
    let all = run.render(Format::Markdown, &Options { all: true, ..Options::default() });
    assert_eq!(all.matches("Actual:").count(), 5_000);
}

#[test]
fn wide_characters_keep_the_columns_in_line() {
    let mut trial = row("a-1", Partition::Golden).output("x").passed();
    trial.scores.insert("値段".to_owned(), trial.scores["rules"].clone());
    let page = FakeRun::new(vec![trial]).render(Format::Terminal, &Options::default());
    // Each of the two characters takes two columns.
    let column = |label: &str| {
        let line = page.lines().find(|line| line.starts_with(label)).unwrap();
        line.split("golden").next().unwrap().chars().count()
    };
    assert_eq!(column("値段") + 2, column("rules"));
}

#[test]
fn a_rate_gate_and_an_incomplete_gate_show_in_junit() {
    let mut rows = vec![row("a-1", Partition::Golden).errored("down")];
    rows.extend((0..100).map(|number| {
        let row = row(&format!("b-{number}"), Partition::Distribution).output("x");
        if number < 40 { row.failed_check("broken") } else { row.passed() }
    }));
    let xml = FakeRun::new(rows).render(Format::Junit, &Options::default());
    let gates: Vec<&str> = xml.lines().skip_while(|line| !line.contains(".gates")).collect();
    insta::assert_snapshot!(gates.join("\n"), @r#"
        <testsuite name="support-assistant.gates" tests="2" skipped="0" errors="1" failures="1">
            <testcase name="gate[golden]" classname="support-assistant.gates">
                <error message="1 of 1 example could not be evaluated; none is allowed"/>
            </testcase>
            <testcase name="gate[distribution]" classname="support-assistant.gates">
                <failure message="60 of 100 passed, 95 % interval 49.7 % to 69.7 %, must reach 90 %"/>
            </testcase>
        </testsuite>
    </testsuites>
    "#);
}

#[test]
fn a_row_that_cannot_be_read_fails_every_format() {
    let run = FakeRun::new(vec![row("a-1", Partition::Golden).output("x").passed()]);
    for format in Format::ALL {
        let rows = [Err(std::io::Error::other("disk"))];
        let parts = Run::new(&run.manifest, &run.summary);
        let error = render(format, parts, rows, &Options::default(), &mut Vec::new()).unwrap_err();
        assert_eq!(error.to_string(), "failed to read a row of run `20261103-142207-00beef`");
    }
}

#[test]
fn a_format_survives_its_name() {
    for format in Format::ALL {
        assert_eq!(format.to_string().parse(), Ok(format));
    }
    let error = "pdf".parse::<Format>().unwrap_err().to_string();
    assert_eq!(
        error,
        "unknown format `pdf`: expected `terminal`, `json`, `junit`, `markdown` or `html`"
    );
}
