//! Scoring, and what holds of every measurement.

use std::task::{Context, Poll, Waker};

use evalward_core::{Example, Measurement, Metric, Partition, Reply, Response};

/// From this length on an output is scored once, since its time is what is looked at.
const LONG: usize = 1 << 14;

/// Runs a future that waits for nothing.
///
/// # Panics
/// Where it waits.
pub fn now<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("this is ready at once"),
    }
}

/// Scores an output and checks the measurement.
pub fn measure(metric: &dyn Metric, example: &Example, output: &str) {
    let reply = Reply::from(Response::from_text(output));
    let measurement = now(metric.score(example, &reply));
    check_measurement(&measurement, output);
    if output.len() < LONG {
        let again = now(metric.score(example, &reply));
        assert_eq!(again, measurement, "{metric:?} scores in two ways");
    }
}

/// Checks that a score is finite and on its scale, and that its spans lie in the output.
pub fn check_measurement(measurement: &Measurement, output: &str) {
    let Measurement::Score(score) = measurement else { return };
    let value = score.value;
    assert!(score.scale.min.is_none_or(|min| value >= min), "{value} is below the scale");
    assert!(score.scale.max.is_none_or(|max| value <= max), "{value} is above the scale");
    if let Some(detail) = &score.detail {
        check_spans(detail, output);
    }
}

/// Returns an example with this expected output.
pub fn example(expected: &str) -> Example {
    Example::new("fuzz", Partition::Golden).with_expected_output(expected)
}

fn check_spans(detail: &serde_json::Value, output: &str) {
    if detail["rule"].is_string() {
        for span in detail["spans"].as_array().into_iter().flatten() {
            let place =
                |end: &str| usize::try_from(span[end].as_u64().expect("a byte")).expect("a byte");
            assert!(output.get(place("start")..place("end")).is_some(), "{span} in {output:?}");
        }
    }
    match detail {
        serde_json::Value::Array(items) => items.iter().for_each(|item| check_spans(item, output)),
        serde_json::Value::Object(map) => map.values().for_each(|value| check_spans(value, output)),
        _ => {}
    }
}
