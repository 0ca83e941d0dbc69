//! An example as JSON, or its expected output, above the first NUL; a response as JSON, or its output, below it: through the
//! metrics that read values, tool calls and documents.

#![no_main]

use std::sync::LazyLock;

use evalward_core::{Example, Metric, Partition, Reply, Response};
use evalward_fuzz::{check_measurement, now};
use evalward_metrics::{
    ArgumentMatch, Classification, ClassificationOptions, Cost, CountedSteps, JsonMatch,
    JsonMatchOptions, Latency, Numeric, NumericOptions, PickNumber, Retrieval, RetrievalMeasure,
    RetrievalOptions, StepCount, Support, SupportOptions, Tokens, ToolCallMatch, ToolCalls,
    ToolCallsOptions,
};
use libfuzzer_sys::fuzz_target;

static METRICS: LazyLock<Vec<Box<dyn Metric>>> = LazyLock::new(|| {
    let mut metrics: Vec<Box<dyn Metric>> = vec![
        Box::new(Latency),
        Box::new(Cost),
        Box::new(Tokens::default()),
        Box::new(StepCount { counted: CountedSteps::Steps }),
        Box::new(StepCount { counted: CountedSteps::ToolCalls }),
        Box::new(Support::new(SupportOptions { input_counts: true, ..SupportOptions::default() })),
    ];
    let known = "the options are constants";
    for pick in [PickNumber::Only, PickNumber::Last] {
        let options = NumericOptions { pick, ..NumericOptions::default() };
        metrics.push(Box::new(Numeric::new(&options).expect(known)));
    }
    for unordered in [false, true] {
        let options = JsonMatchOptions { unordered, ..JsonMatchOptions::default() };
        metrics.push(Box::new(JsonMatch::new(&options).expect(known)));
    }
    let options = ClassificationOptions::default();
    metrics.push(Box::new(Classification::new(&options).expect(known)));
    use ToolCallMatch::{AnyOrder, Strict, Subset, Superset};
    for matching in [Strict, AnyOrder, Subset, Superset] {
        let arguments = ArgumentMatch::Subset;
        let options = ToolCallsOptions { matching, arguments, ..ToolCallsOptions::default() };
        metrics.push(Box::new(ToolCalls::new(&options).expect(known)));
    }
    let options = RetrievalOptions::new(RetrievalMeasure::Ndcg);
    metrics.push(Box::new(Retrieval::new(&options).expect(known)));
    metrics
});

fuzz_target!(|text: &str| {
    let (expected, output) = text.split_once('\0').unwrap_or(("1", text));
    let example: Example = serde_json::from_str(expected)
        .unwrap_or_else(|_| Example::new("fuzz", Partition::Golden).with_expected_output(expected));
    let response: Response =
        serde_json::from_str(output).unwrap_or_else(|_| Response::from_text(output));
    let reply = Reply::from(response);
    for metric in &*METRICS {
        let measurement = now(metric.score(&example, &reply));
        check_measurement(&measurement, &reply.response.output);
        assert_eq!(now(metric.score(&example, &reply)), measurement, "{metric:?}");
    }
});
