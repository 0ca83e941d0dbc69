//! Whatever becomes of the examples, the counts add up and the exit code follows from them.

use evalward_core::{Example, Partition};
use proptest::prelude::*;

use crate::support::{evalward, example, recorded_with};

/// Runs one golden example for each letter: `p`asses, `f`ails, `e`rrs, is `s`kipped.
fn check(letters: &[char]) {
    let mut examples = Vec::new();
    let mut answers = Vec::new();
    let ids: Vec<_> = (0..letters.len()).map(|index| format!("e-{index:02}")).collect();
    for (id, letter) in ids.iter().zip(letters) {
        let plain = example(id, Partition::Golden, &format!("Question {id}?"), "yes");
        let tags = if *letter == 's' { vec!["away".to_owned()] } else { Vec::new() };
        examples.push(Example { tags, ..plain });
        if *letter != 'e' {
            answers.push((id.as_str(), if *letter == 'f' { "no" } else { "yes" }));
        }
    }
    let scratch = recorded_with(&examples, &answers, "");
    let run = evalward(&scratch, "run --quiet --format json")
        .arg("--set=metrics.right.contains.where.tags_none=[\"away\"]")
        .arg("--set=metrics.short.constraints.where.tags_none=[\"away\"]")
        .run();
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let counts = &report["summary"]["counts"];
    let of = |letter| letters.iter().filter(|it| **it == letter).count();
    let (passed, failed, errored, skipped) = (of('p'), of('f'), of('e'), of('s'));
    let expected = serde_json::json!({
        "total": letters.len(), "passed": passed, "failed": failed, "errored": errored, "skipped": skipped,
    });
    assert_eq!(counts, &expected);
    assert_eq!(scratch.rows().len(), letters.len());
    let code = match (errored, failed, passed) {
        (1.., _, _) => 3,
        (0, 1.., _) => 1,
        (0, 0, 0) => 4,
        (0, 0, 1..) => 0,
    };
    assert_eq!(run.code, Some(code), "{letters:?}");
}

proptest! {
    // Each case starts a process.
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn counts_add_up(letters in prop::collection::vec(prop::sample::select(&['p', 'f', 'e', 's'][..]), 1..20)) {
        check(&letters);
    }

    #[test]
    fn without_errors_too(letters in prop::collection::vec(prop::sample::select(&['p', 'p', 'f', 's'][..]), 1..6)) {
        check(&letters);
    }
}
