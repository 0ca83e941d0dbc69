//! Rows and plans in few words.

use std::num::NonZeroU32;

use evalward_core::{
    Example, ExampleId, GatePolicy, OnInconclusive, Outcome, Partition, Rate, Reason, ReasonKind,
    Timestamp, Trial,
};
use evalward_gate::{Fold, Plan, Summary};

/// A row with an outcome, in letters: `p`assed, `f`ailed, `e`rrored, `s`kipped.
pub(crate) fn row(partition: Partition, letter: char) -> Trial {
    let outcome = match letter {
        'p' => Outcome::Passed,
        'f' => Outcome::Failed(vec![Reason {
            kind: ReasonKind::Metric,
            metric: "right".to_owned(),
            message: "wrong".to_owned(),
        }]),
        'e' => Outcome::Errored("no answer".to_owned()),
        's' => Outcome::Skipped("nothing applies".to_owned()),
        other => panic!("no outcome is written `{other}`"),
    };
    Trial::new(&Example::new("a-1", partition), outcome, Timestamp::from_millis(0))
}

/// Rows of one partition, one for each letter.
pub(crate) fn rows(partition: Partition, letters: &str) -> Vec<Trial> {
    numbered(letters.chars().map(|letter| row(partition, letter)).collect())
}

/// Gives each row an example of its own.
pub(crate) fn numbered(mut rows: Vec<Trial>) -> Vec<Trial> {
    for (index, row) in rows.iter_mut().enumerate() {
        row.example_id = ExampleId::new(format!("{}-{index}", row.partition)).unwrap();
    }
    rows
}

/// A gate on a rate.
pub(crate) fn at_least(rate: f64) -> GatePolicy {
    GatePolicy { pass_rate: Some(share(rate)), ..GatePolicy::STRICT }
}

/// A gate on a rate that only warns where the evidence is thin.
pub(crate) fn warns_below(rate: f64) -> GatePolicy {
    GatePolicy { on_inconclusive: OnInconclusive::Warn, ..at_least(rate) }
}

pub(crate) fn share(rate: f64) -> Rate {
    Rate::new(rate).unwrap()
}

/// The plan that expects exactly these rows.
pub(crate) fn plan_for(
    rows: &[Trial],
    gates: impl IntoIterator<Item = (Partition, GatePolicy)>,
) -> Plan {
    let mut plan = Plan::new([], gates);
    for row in rows {
        *plan.expected.entry(row.partition).or_default() += 1;
    }
    plan
}

/// Repeats each example, so that trial `t` of example `i` has the letter `i` of word `t`.
pub(crate) fn repeated(words: &[&str]) -> (Vec<Trial>, Plan) {
    let mut all = Vec::new();
    for (trial, word) in (1..).zip(words) {
        let rows = rows(Partition::Distribution, word);
        all.extend(rows.into_iter().map(|row| Trial { trial, ..row }));
    }
    let expected = u64::try_from(words[0].len()).unwrap();
    let gates = [(Partition::Distribution, at_least(0.5))];
    let mut plan = Plan::new([(Partition::Distribution, expected)], gates);
    plan.repeats = NonZeroU32::new(u32::try_from(words.len()).unwrap()).unwrap();
    (all, plan)
}

pub(crate) fn summarize(rows: &[Trial], plan: &Plan) -> Summary {
    let mut fold = Fold::default();
    for row in rows {
        fold.push(row).expect("each row tells of a trial of its own");
    }
    fold.finish(plan).unwrap()
}

/// Judges rows of the golden partition by one gate and writes status, decision and message in one line.
pub(crate) fn verdict(letters: &str, policy: GatePolicy) -> String {
    let rows = rows(Partition::Golden, letters);
    let summary = summarize(&rows, &plan_for(&rows, [(Partition::Golden, policy)]));
    line(&summary)
}

/// Writes the only gate and what the run comes to in one line.
pub(crate) fn line(summary: &Summary) -> String {
    let [gate] = summary.gates.as_slice() else { panic!("one gate: {:?}", summary.gates) };
    let status = serde_json::to_value(gate.status).unwrap();
    let status = status.as_str().unwrap();
    format!("{status}, exit {}: {}", summary.exit_code, gate.message)
}
