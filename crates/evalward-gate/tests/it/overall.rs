//! Figures over a whole partition: confusion matrices beside scikit-learn, corpus scores, and what has no figure.

use std::collections::BTreeMap;

use evalward_core::{
    BleuCounts, BleuSmoothing, ChrfCounts, Contribution, ExampleId, Finite, Partition, Score, Trial,
};
use evalward_gate::{ClassificationSummary, Figure, Fold, Overall, Plan, Summary};
use proptest::prelude::*;
use serde::Deserialize;

use crate::support::{at_least, numbered, plan_for, row, summarize};

#[derive(Deserialize)]
struct Fixture {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    cells: Vec<(String, Option<String>, usize)>,
    n: u64,
    accuracy: f64,
    balanced_accuracy: f64,
    r#macro: [f64; 3],
    micro: [f64; 3],
    weighted: [f64; 3],
    labels: BTreeMap<String, (f64, f64, f64, u64)>,
    kappa: Option<f64>,
    mcc: f64,
}

fn label(expected: &str, predicted: Option<&str>) -> Contribution {
    Contribution::Label { expected: expected.to_owned(), predicted: predicted.map(str::to_owned) }
}

fn contributing(contribution: Contribution) -> Trial {
    let mut trial = row(Partition::Golden, 'p');
    let score = Score::yes_or_no(true).with_contribution(contribution);
    trial.scores.insert("metric".to_owned(), score.into());
    trial
}

fn rows(contributions: impl IntoIterator<Item = Contribution>) -> Vec<Trial> {
    numbered(contributions.into_iter().map(contributing).collect())
}

fn pairs(cells: &[(&str, Option<&str>, usize)]) -> Vec<Trial> {
    rows(cells.iter().flat_map(|(a, b, count)| vec![label(a, *b); *count]))
}

fn plan(rows: &[Trial]) -> Plan {
    plan_for(rows, [(Partition::Golden, at_least(0.5))])
}

fn overall(summary: &Summary) -> &Overall {
    summary.partitions[&Partition::Golden].metrics["metric"].overall.as_ref().unwrap()
}

fn classified(rows: &[Trial]) -> ClassificationSummary {
    match overall(&summarize(rows, &plan(rows))) {
        Overall::Classification(it) => it.as_ref().clone(),
        other => panic!("no labels: {other:?}"),
    }
}

fn shown(figure: Figure) -> String {
    match (figure.low, figure.high) {
        (Some(low), Some(high)) => format!("{:.3} [{:.3}, {:.3}]", figure.value, low, high),
        _ => format!("{:.3} without interval", figure.value),
    }
}

#[test]
fn every_figure_agrees_with_scikit_learn() {
    let fixture: Fixture =
        serde_json::from_str(include_str!("../fixtures/confusion_cases.json")).unwrap();
    assert!(fixture.cases.len() >= 400);
    for case in &fixture.cases {
        let cells: Vec<_> =
            case.cells.iter().map(|(a, b, n)| (a.as_str(), b.as_deref(), *n)).collect();
        let rows = pairs(&cells);
        let mut plan = plan(&rows);
        plan.companions = false;
        let mut fold = Fold::for_plan(&plan);
        for row in &rows {
            fold.push(row).unwrap();
        }
        let summary = fold.finish(&plan).unwrap();
        let Overall::Classification(got) = overall(&summary) else { panic!("no labels") };
        let near = |got: f64, expected: f64| {
            assert!((got - expected).abs() <= 1e-9, "{got} {expected} {:?}", case.cells);
        };
        let three = |got: &evalward_gate::Averages, expected: [f64; 3]| {
            near(got.precision.value.get(), expected[0]);
            near(got.recall.value.get(), expected[1]);
            near(got.f1.value.get(), expected[2]);
        };
        assert_eq!(got.n, case.n);
        near(got.accuracy.value.get(), case.accuracy);
        near(got.balanced_accuracy.value.get(), case.balanced_accuracy);
        three(&got.by_label, case.r#macro);
        three(&got.by_score, case.micro);
        three(&got.by_support, case.weighted);
        near(got.mcc.value.get(), case.mcc);
        match (got.kappa, case.kappa) {
            (Some(got), Some(expected)) => near(got.value.get(), expected),
            (got, expected) => assert_eq!(got.is_some(), expected.is_some(), "{:?}", case.cells),
        }
        assert_eq!(got.labels.len(), case.labels.len());
        for of_label in &got.labels {
            let (precision, recall, f1, support) = case.labels[&of_label.label];
            near(of_label.precision.get(), precision);
            near(of_label.recall.get(), recall);
            near(of_label.f1.get(), f1);
            assert_eq!(of_label.support, support);
        }
    }
}

#[test]
fn the_matrix_and_the_intervals_are_stated() {
    let it = classified(&pairs(&[
        ("card", Some("card"), 30),
        ("card", Some("pin"), 5),
        ("card", None, 2),
        ("pin", Some("pin"), 20),
        ("pin", Some("card"), 3),
    ]));
    assert_eq!((it.n, it.without_label, it.accuracy.method.as_str()), (60, 2, "wilson"));
    insta::assert_snapshot!(shown(it.balanced_accuracy), @"0.840 [0.740, 0.925]");
    insta::assert_snapshot!(shown(it.by_label.f1), @"0.845 [0.749, 0.932]");
    insta::assert_snapshot!(shown(it.mcc), @"0.673 [0.485, 0.842]");
    let how = it.resampling.unwrap();
    assert_eq!(
        (how.method.as_str(), how.draws, how.seed, how.effective_n),
        ("multinomial-bootstrap", 1000, 1, None)
    );
    let cells: Vec<String> = it
        .confusion
        .iter()
        .map(|cell| {
            format!("{}>{} {}", cell.expected, cell.predicted.as_deref().unwrap_or("-"), cell.count)
        })
        .collect();
    assert_eq!(cells, ["card>card 30", "card>pin 5", "card>- 2", "pin>card 3", "pin>pin 20"]);
}

#[test]
fn resamples_without_spread_give_no_interval() {
    let it = classified(&pairs(&[("a", Some("a"), 5), ("b", Some("b"), 5)]));
    assert_eq!(shown(it.by_label.f1), "1.000 without interval");
    assert!(it.accuracy.low.get() < 0.8);
    let one = classified(&pairs(&[("a", Some("b"), 1)]));
    assert_eq!(
        (shown(one.by_label.f1), one.resampling),
        ("0.000 without interval".to_owned(), None)
    );
}

#[test]
fn repeats_and_clusters_make_scores_worth_less() {
    let mut rows = pairs(&[("a", Some("a"), 6), ("a", Some("b"), 6)]);
    for (index, row) in rows.iter_mut().enumerate() {
        row.cluster = Some(format!("c-{}", index / 3));
    }
    let it = classified(&rows);
    assert_eq!((it.n, it.resampling.unwrap().effective_n), (12, Some(4)));
    assert_eq!(it.accuracy.effective_n, Finite::new(4.0).ok());
    let mut rows = pairs(&[("a", Some("a"), 2), ("b", Some("a"), 2)]);
    for (index, row) in rows.iter_mut().enumerate() {
        row.example_id = ExampleId::new(format!("golden-{}", index / 2)).unwrap();
        row.trial = u32::try_from(index % 2).unwrap() + 1;
    }
    rows[3].confirms = true;
    let it = classified(&rows);
    assert_eq!(it.n, 3, "a trial that confirms a failure is no score of its own");
}

fn bleu(matches: u64, total: u64) -> Contribution {
    Contribution::Bleu(BleuCounts {
        matches: vec![matches; 4],
        totals: vec![total; 4],
        output_tokens: total,
        reference_tokens: total,
        smoothing: BleuSmoothing::Exp,
        smoothing_value: None,
    })
}

fn chrf(both: u64) -> Contribution {
    Contribution::Chrf(ChrfCounts {
        orders: vec![[10, 10, both]; 6],
        beta: 2,
        eps_smoothing: false,
    })
}

fn corpus(contributions: Vec<Contribution>) -> String {
    let rows = rows(contributions);
    match overall(&summarize(&rows, &plan(&rows))) {
        Overall::CorpusBleu(it) => format!("bleu n={} {}", it.n, shown(it.score)),
        Overall::CorpusChrf(it) => format!("chrf n={} {}", it.n, shown(it.score)),
        Overall::Unstated(reason) => format!("unstated: {reason}"),
        Overall::Classification(_) => "labels".to_owned(),
    }
}

#[test]
fn corpus_scores_come_from_the_sums_of_counts() {
    // The mean of the two examples' own scores would be 50.
    assert_eq!(corpus(vec![bleu(10, 10), bleu(1, 90)]).split(' ').nth(2), Some("11.000"));
    insta::assert_snapshot!(corpus((0..40).map(|it| bleu(it % 7, 10)).collect()), @"bleu n=40 28.750 [22.849, 35.409]");
    insta::assert_snapshot!(corpus((0..40).map(|it| chrf(it % 7)).collect()), @"chrf n=40 28.750 [22.849, 35.409]");
    assert_eq!(corpus(vec![bleu(5, 10)]), "bleu n=1 50.000 without interval");
}

#[test]
fn rows_that_do_not_fit_together_have_no_figure() {
    let unsmoothed = match bleu(1, 2) {
        Contribution::Bleu(counts) => {
            Contribution::Bleu(BleuCounts { smoothing: BleuSmoothing::None, ..counts })
        }
        other => other,
    };
    assert_eq!(
        corpus(vec![bleu(1, 2), unsmoothed]),
        "unstated: rows disagree about the settings of the metric"
    );
    assert_eq!(
        corpus(vec![label("a", None), chrf(1)]),
        "unstated: rows disagree about what the metric measures"
    );
    let many = (0..1001).map(|number| label(&format!("label {number}"), None)).collect();
    assert_eq!(
        corpus(many),
        "unstated: there are more than 1000 different labels or 100000 pairs of them, which is the limit"
    );
}

#[test]
fn a_summary_of_an_older_run_reads_without_figures() {
    let rows = pairs(&[("a", Some("a"), 3)]);
    let summary = summarize(&rows, &plan(&rows));
    let text = serde_json::to_string(&summary).unwrap();
    assert_eq!(serde_json::from_str::<Summary>(&text).unwrap(), summary);
    let mut old: serde_json::Value = serde_json::from_str(&text).unwrap();
    old["partitions"]["golden"]["metrics"]["metric"].as_object_mut().unwrap().remove("overall");
    let old: Summary = serde_json::from_value(old).unwrap();
    assert_eq!(old.partitions[&Partition::Golden].metrics["metric"].overall, None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_order_of_rows_does_not_matter(
        pairs in prop::collection::vec(("[a-c]", prop::option::of("[a-d]")), 1..20),
        rotation in 0_usize..20,
    ) {
        let mut rows = rows(pairs.iter().map(|(a, b)| label(a, b.as_deref())));
        let mut counted = rows.clone();
        for (index, row) in counted.iter_mut().enumerate() {
            row.scores.insert("metric".to_owned(), Score::yes_or_no(true)
                .with_contribution(bleu(u64::try_from(index).unwrap() % 5, 5)).into());
        }
        let before = (classified(&rows), overall(&summarize(&counted, &plan(&counted))).clone());
        let turn = rotation % rows.len();
        rows.rotate_left(turn);
        counted.rotate_left(turn);
        let after = (classified(&rows), overall(&summarize(&counted, &plan(&counted))).clone());
        prop_assert_eq!(&before, &after);
        let figures = [before.0.by_label.f1, before.0.by_score.f1, before.0.balanced_accuracy];
        for figure in figures {
            prop_assert!((0.0..=1.0).contains(&figure.value.get()));
        }
    }
}
