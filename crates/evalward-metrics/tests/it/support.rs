//! The calls of the API, and how results are written for comparison.

use std::error::Error;
use std::task::{Context, Poll, Waker};

use evalward_core::{Example, Measurement, Metric, Partition, Reply, Response, Rules};
use evalward_metrics::{Constraints, MetricError};
use serde_json::Value;

/// Scores an output.
pub(crate) fn measure(metric: &dyn Metric, example: &Example, output: &str) -> Measurement {
    measure_reply(metric, example, &Reply::from(Response::from_text(output)))
}

/// Scores a reply; no metric of this crate waits for anything.
pub(crate) fn measure_reply(metric: &dyn Metric, example: &Example, reply: &Reply) -> Measurement {
    let mut future = metric.score(example, reply);
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(measurement) => measurement,
        Poll::Pending => panic!("a deterministic metric is ready at once"),
    }
}

pub(crate) fn example() -> Example {
    Example::new("example", Partition::Golden)
}

/// Makes an example with these right answers, the first as the expected output.
pub(crate) fn example_with(references: &[&str]) -> Example {
    let mut example = example();
    let mut references = references.iter().map(|&text| text.to_owned());
    example.expected_output = references.next();
    example.acceptable_outputs = references.collect();
    example
}

/// Writes a measurement as one line, with a line for each problem.
pub(crate) fn written(measurement: &Measurement) -> String {
    match measurement {
        Measurement::Skipped(reason) => format!("skipped: {reason}"),
        Measurement::Errored(reason) => format!("errored: {reason}"),
        Measurement::Score(score) => {
            let word = match score.passed {
                Some(true) => "passed",
                Some(false) => "failed",
                None => "reported",
            };
            let mut lines = vec![format!("{word} {}", score.value)];
            lines.extend(score.problems.iter().cloned());
            lines.join("\n")
        }
    }
}

/// Writes an error with its causes, each on a line.
pub(crate) fn written_error(error: &MetricError) -> String {
    let mut lines = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        lines.push(error.to_string());
        cause = error.source();
    }
    lines.join("\n")
}

pub(crate) fn rules(json: Value) -> Rules {
    serde_json::from_value(json).unwrap()
}

/// Scores an output by one constraint, named `c`, that is given as a suite would give it.
pub(crate) fn by_rules(json: Value, output: &str) -> Measurement {
    let constraints = Constraints::new(&[("c".to_owned(), rules(json))]).unwrap();
    measure(&constraints, &example(), output)
}

/// Returns the detail of the first rule of the first constraint.
pub(crate) fn first_rule(measurement: &Measurement) -> Value {
    let detail = detail(measurement);
    detail["constraints"][0]["rules"][0].clone()
}

pub(crate) fn detail(measurement: &Measurement) -> Value {
    measurement.score().unwrap().detail.clone().unwrap()
}
