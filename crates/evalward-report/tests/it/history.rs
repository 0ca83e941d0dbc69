//! The history of runs: what is drawn, and what is said of what is not known.

use std::collections::BTreeMap;

use evalward_core::{Finite, Partition, RunId, RunManifest, Scale, Timestamp};
use evalward_gate::{Counts, Fold, MetricSummary, PartitionSummary, Plan};
use evalward_report::Options;
use evalward_report::history::{
    HistoryRun, RecordedSummary, history_page, history_table, trend_plot, trends,
};

use crate::support::mixed_run;

fn finite(value: f64) -> Finite {
    Finite::new(value).unwrap()
}

fn run(number: u32, passed: u64, total: u64) -> HistoryRun {
    let manifest = RunManifest {
        run_id: RunId::new(format!("run-{number:02}")).unwrap(),
        started_at: Timestamp::from_millis(i64::from(number) * 1_000),
        ..mixed_run().manifest
    };
    let counts = Counts { total, passed, failed: total - passed, ..Counts::default() };
    HistoryRun {
        finished_at: manifest.started_at,
        manifest,
        decision: "holds".to_owned(),
        counts: BTreeMap::from([(Partition::Golden, counts)]),
        summary: RecordedSummary::Absent,
    }
}

fn table(runs: &[HistoryRun]) -> String {
    history_table(&trends(runs), &Options::default())
}

#[test]
fn what_no_number_shows_is_not_drawn() {
    let text = table(&[run(1, 9_666, 10_000), run(2, 9_670, 10_000)]);
    assert!(
        text.contains("golden  ██\n  pass rates, the oldest run first: █ is 96.7 %\n"),
        "{text}"
    );
    let text = table(&[run(1, 9_664, 10_000), run(2, 9_670, 10_000)]);
    assert!(
        text.contains("golden  ██\n  pass rates, the oldest run first: █ is 96.6 % to 96.7 %\n"),
        "{text}"
    );
    let text = table(&[run(1, 965, 1_000), run(2, 970, 1_000)]);
    assert!(
        text.contains(
            "golden  ▁█\n  pass rates, the oldest run first, from ▁ 96.5 % to █ 97.0 %\n"
        ),
        "{text}"
    );
}

#[test]
fn an_older_evalward_is_not_blamed_for_what_a_newer_one_wrote() {
    let old = [run(1, 9, 10)];
    let newer = [HistoryRun { summary: RecordedSummary::Unreadable, ..run(1, 9, 10) }];
    let (older, unread) = ("an older evalward recorded", "this evalward cannot read");
    for told in [table(&old), trend_plot(&trends(&old)[0])] {
        assert!(told.contains(older) && !told.contains(unread), "{told}");
    }
    for told in [table(&newer), trend_plot(&trends(&newer)[0])] {
        assert!(told.contains(unread) && !told.contains(older), "{told}");
    }
}

#[test]
fn the_newest_changes_are_told_under_a_plot() {
    let runs: Vec<HistoryRun> = (0..15)
        .map(|number| {
            let mut run = run(number, 9, 10);
            run.manifest.subject.name = format!("model-{number}");
            run
        })
        .collect();
    let svg = trend_plot(&trends(&runs)[0]);
    // The description for those who cannot see names all of them.
    let (_, drawn) = svg.split_once("</desc>").unwrap();
    assert!(drawn.contains(">14 run-14: ") && drawn.contains(">3 run-03: "), "{drawn}");
    assert!(!drawn.contains("run-02: model"), "{drawn}");
    assert!(drawn.contains("and 2 older ones, which `evalward history` names"), "{drawn}");
}

fn with_mean(number: u32, mean: Option<f64>, max: u32) -> HistoryRun {
    let metric = MetricSummary {
        scale: Some(Scale {
            min: Some(Finite::ZERO),
            max: Some(Finite::from(max)),
            lower_is_better: false,
        }),
        mean: mean.map(finite),
        scored: u64::from(mean.is_some()),
        passed: 0,
        failed: 0,
        skipped: 0,
        errored: 0,
        overall: None,
    };
    let mut summary = Fold::default().finish(&Plan::new([], [])).unwrap();
    let golden = PartitionSummary {
        metrics: BTreeMap::from([("helpful".to_owned(), metric)]),
        ..PartitionSummary::default()
    };
    summary.partitions.insert(Partition::Golden, golden);
    HistoryRun { summary: RecordedSummary::Read(Box::new(summary)), ..run(number, 9, 10) }
}

fn page(runs: &[HistoryRun]) -> String {
    let mut page = Vec::new();
    history_page(&trends(runs), "1.0", &mut page).unwrap();
    let page = String::from_utf8(page).unwrap();
    page.split_once("Means of the metrics").unwrap().1.to_owned()
}

#[test]
fn no_line_joins_runs_over_one_without_a_mean() {
    let means = [Some(0.4), Some(0.5), None, Some(0.6), Some(0.7)];
    let runs: Vec<HistoryRun> =
        (0..).zip(means).map(|(number, mean)| with_mean(number, mean, 1)).collect();
    let drawn = page(&runs);
    assert_eq!(drawn.matches("<polyline").count(), 2, "{drawn}");
    assert_eq!(drawn.matches(">–</text>").count(), 1, "{drawn}");
    let drawn = page(&[with_mean(1, Some(0.4), 1), with_mean(2, Some(0.5), 1)]);
    assert_eq!((drawn.matches("<polyline").count(), drawn.matches(">–</text>").count()), (1, 0));
}

#[test]
fn a_plot_holds_the_scales_of_all_runs() {
    let places = |runs: &[HistoryRun]| -> Vec<f64> {
        let drawn = page(runs);
        let circles = drawn.split("cy=\"").skip(1);
        circles.map(|it| it.split_once('"').unwrap().0.parse().unwrap()).collect()
    };
    // The mean of the older run lies above the newer run's scale, and is not drawn at its end.
    let both = places(&[with_mean(1, Some(4.0), 5), with_mean(2, Some(1.0), 1)]);
    let within = places(&[with_mean(1, Some(4.0), 5), with_mean(2, Some(1.0), 5)]);
    assert_eq!(both, within);
    assert!(both[0] < both[1], "{both:?}");
}
