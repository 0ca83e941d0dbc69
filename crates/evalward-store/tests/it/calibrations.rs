//! The history of calibrations.

use evalward_store::{CalibrationRecord, Store};

use crate::support::{at, on_both_engines};

on_both_engines!(the_calibrations_of_a_metric_are_listed_the_oldest_first,);

fn calibration(id: &str, metric: &str, seconds: i64) -> CalibrationRecord {
    CalibrationRecord {
        id: id.to_owned(),
        suite: "support".to_owned(),
        metric: metric.to_owned(),
        metric_version: "v1".to_owned(),
        verdict: "weak".to_owned(),
        created_at: at(seconds),
        document: "{}".to_owned(),
    }
}

async fn the_calibrations_of_a_metric_are_listed_the_oldest_first(store: Store) {
    let known = [
        calibration("b", "helpful", 20),
        calibration("a", "helpful", 10),
        calibration("c", "grounded", 30),
    ];
    for record in known.iter().chain(&known) {
        store.record_calibration(record).await.unwrap();
    }
    let found = store.calibrations("support", "helpful", 9).await.unwrap();
    assert_eq!(found, [calibration("a", "helpful", 10), calibration("b", "helpful", 20)]);
    assert_eq!(store.calibrations("support", "helpful", 1).await.unwrap(), found[1..]);
    assert!(store.calibrations("other", "helpful", 9).await.unwrap().is_empty());
}
