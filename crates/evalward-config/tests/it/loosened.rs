//! What a change of a suite made easier to pass.

use std::io;
use std::path::Path;

use evalward_config::loosened;
use insta::assert_snapshot;

use crate::support::{Folder, SOUND};

const GATE: &str = r#"no_worse_than = { baseline = "b.json", margin = 0.1, metric = "overlap" }
pass_rate = 0.9

[run]
repeats = 3
"#;

/// Compares two suites and writes a line for each finding.
fn findings(before: &str, now: &str) -> String {
    let folder = Folder::with(now);
    let read = |_: &Path| -> io::Result<String> { Ok(before.to_owned()) };
    let found = loosened(&folder.scratch.path("suite.toml"), &read).unwrap();
    let lines: Vec<String> = found.iter().map(|it| format!("{}: {}", it.key, it.message)).collect();
    lines.join("\n")
}

/// Replaces a piece of a suite whose gate compares, repeats and allows nothing to be errored.
fn changed(piece: &str, replacement: &str) -> String {
    let before = SOUND.replace("pass_rate = 1.0\n", GATE);
    assert!(before.contains(piece), "the suite has no `{piece}`");
    findings(&before, &before.replace(piece, replacement))
}

#[test]
fn what_makes_a_gate_easier_is_found() {
    assert_snapshot!(changed("margin = 0.1", "margin = 0.2"), @"gates.golden.no_worse_than.margin: raised from 0.1 to 0.2");
    assert_snapshot!(changed("b.json", "other.json"), @"gates.golden.no_worse_than.baseline: changed from `b.json` to `other.json`");
    assert_snapshot!(changed(", metric = \"overlap\"", ""), @"gates.golden.no_worse_than.metric: something else is compared");
    assert_snapshot!(changed("no_worse_than = { baseline = \"b.json\", margin = 0.1, metric = \"overlap\" }\n", ""), @"gates.golden.no_worse_than: the comparison with the baseline was removed");
    assert_snapshot!(changed("pass_rate = 0.9\n", ""), @"gates.golden.pass_rate: the rate was removed");
    assert_snapshot!(changed("pass_rate = 0.9", "pass_rate = 0.9\nconfirm = 3"), @"gates.golden.confirm: failures can be overturned");
    assert_snapshot!(changed("pass_rate = 0.9", "pass_rate = 0.9\nmax_errored = 0.1"), @"gates.golden.max_errored: raised from 0 to 0.1");
    assert_snapshot!(changed("pass_rate = 0.9", "pass_rate = 0.9\non_inconclusive = \"warn\""), @"gates.golden.on_inconclusive: changed from `fail` to `warn`");
    let required = |age: &str| {
        SOUND.replace(
            "pass_rate = 1.0",
            &format!("pass_rate = 1.0\nrequire_calibration = true\n{age}"),
        )
    };
    assert_snapshot!(findings(&required(""), SOUND), @"gates.golden.require_calibration: judges need no calibration any more");
    assert_snapshot!(findings(&required(""), &required("max_calibration_age_days = 91")), @"gates.golden.max_calibration_age_days: raised from 90 to 91");
    assert_eq!(findings(SOUND, &required("max_calibration_age_days = 91")), "");
    let alpha = |least: &str| format!("{SOUND}\n[judges]\nmin_label_alpha = {least}\n");
    assert_snapshot!(findings(SOUND, &alpha("0.1")), @"judges.min_label_alpha: lowered from 0.2 to 0.1");
    assert_eq!(findings(SOUND, &alpha("0.3")), "");
    let judges = |keys: &str| format!("{SOUND}\n[judges]\n{keys}\n");
    assert_snapshot!(findings(&judges("probes = 10"), SOUND), @"judges.probes: judges are no longer probed");
    assert_snapshot!(findings(&judges("probes = 10"), &judges("probes = 5")), @"judges.probes: lowered from 10 to 5");
    assert_snapshot!(findings(&judges("probes = 10"), &judges("probes = 10\nmax_swayed = 0.5")), @"judges.max_swayed: raised from 0.2 to 0.5");
    assert_eq!(findings(&judges("probes = 10"), &judges("probes = 20\nmax_swayed = 0.1")), "");
    assert_eq!(findings(SOUND, &judges("max_swayed = 0.5")), "", "nothing was probed before");
    assert_snapshot!(changed("repeats = 3", "repeats = 2"), @"run.repeats: lowered from 3 to 2");
    assert_snapshot!(changed("\n[run]\nrepeats = 3", ""), @"run.repeats: lowered from 3 to 1");
    assert_snapshot!(changed("threshold = { golden = 0.5 }", "threshold = { golden = 0.5 }\nmargin = 0.3"), @"metrics.overlap.margin: 0.3 takes the place of the default");
}

#[test]
fn another_number_of_confirmations_is_found_either_way() {
    let with = |lines: &str| SOUND.replace("pass_rate = 1.0", &format!("pass_rate = 1.0\n{lines}"));
    assert_snapshot!(findings(&with("confirm = 3"), &with("confirm = 5")), @"gates.golden.confirm: changed from 3 to 5");
    assert_snapshot!(findings(&with(""), &with("confirm = 3")), @"gates.golden.confirm: failures can be overturned");
    assert_eq!(findings(&with("confirm = 3"), &with("")), "");
}

#[test]
fn what_makes_a_gate_harder_is_no_finding() {
    assert_eq!(changed("margin = 0.1", "margin = 0.05"), "");
    assert_eq!(changed("repeats = 3", "repeats = 5"), "");
    assert_eq!(changed("pass_rate = 0.9", "pass_rate = 0.95"), "");
}
