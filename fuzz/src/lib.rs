//! What the targets share.
//!
//! Each target gives bytes to one parser or to all metrics through public functions; a panic is the only failure.

use std::task::{Context, Poll, Waker};

use evalward_core::{Example, Measurement, Metric, Partition, Reply, Response};

/// Scores an output and checks that the score lies on its scale and that its spans lie in the output.
pub fn measure(metric: &dyn Metric, example: &Example, output: &str) {
    let reply = Reply::from(Response::from_text(output));
    let mut future = metric.score(example, &reply);
    let measurement = match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(measurement) => measurement,
        Poll::Pending => panic!("a deterministic metric is ready at once"),
    };
    if let Measurement::Score(score) = measurement {
        let value = score.value;
        assert!(score.scale.min.is_none_or(|min| value >= min), "{value} is below the scale");
        assert!(score.scale.max.is_none_or(|max| value <= max), "{value} is above the scale");
        if let Some(detail) = &score.detail {
            check_spans(detail, output);
        }
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
