//! Rows become scores by example.

use evalward_core::{Digest, Finite, Partition, Scale, ScoreCell, ScoreRow};
use evalward_gate::RunScores;

use crate::support::row;

fn scored(trial: u32, value: f64) -> ScoreRow {
    let mut row = ScoreRow::from(&row(Partition::Golden, 'p'));
    row.trial = trial;
    let cell = ScoreCell::Score {
        value: Finite::new(value).unwrap(),
        scale: Scale { max: None, ..Scale::FRACTION },
        passed: None,
    };
    row.scores.insert("stars".to_owned(), cell);
    row
}

fn taken_in(rows: &[ScoreRow]) -> Result<RunScores, String> {
    let mut scores = RunScores::default();
    for row in rows {
        scores.push(row).map_err(|error| error.to_string())?;
    }
    Ok(scores)
}

#[test]
fn trials_of_an_example_are_averaged_and_their_squares_kept() {
    let scores = taken_in(&[scored(1, 2.0), scored(2, 4.0), scored(3, 9.0)]).unwrap();
    let example = scores.examples.values().next().unwrap();
    let stars = &example.metrics["stars"];
    assert_eq!((example.passed, stars.n, stars.mean.get(), stars.squares.get()), (3, 3, 5.0, 26.0));
    let text = serde_json::to_string(&scores).unwrap();
    assert_eq!(serde_json::from_str::<RunScores>(&text).unwrap(), scores);
}

#[test]
fn the_largest_scores_have_a_mean() {
    let scores = taken_in(&[scored(1, 1e300), scored(2, -1e300), scored(3, f64::MAX)]).unwrap();
    let stars = &scores.examples.values().next().unwrap().metrics["stars"];
    assert!(stars.mean.get() > 0.0 && stars.squares == Finite::MAX, "{stars:?}");
}

#[test]
fn rows_that_contradict_each_other_are_refused() {
    let check = |change: fn(&mut ScoreRow), expected: &str| {
        let mut second = scored(2, 1.0);
        change(&mut second);
        assert_eq!(taken_in(&[scored(1, 1.0), second]).unwrap_err(), expected);
    };
    check(|row| row.trial = 1, "failed to fold the rows: trial 1 of example `a-1` has two");
    check(
        |row| row.example_hash = Digest::of(b"other"),
        "failed to fold the rows: example `a-1` has two contents",
    );
    check(
        |row| row.partition = Partition::Regression,
        "failed to fold the rows: example `a-1` has two partitions",
    );
    check(
        |row| row.cluster = Some("x".to_owned()),
        "failed to fold the rows: example `a-1` has two clusters",
    );
    check(
        |row| {
            let cell =
                ScoreCell::Score { value: Finite::ONE, scale: Scale::FRACTION, passed: Some(true) };
            row.scores.insert("stars".to_owned(), cell);
        },
        "failed to fold the rows: metric `stars` has two scales",
    );
}
