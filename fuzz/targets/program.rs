//! What the team's own programs answer, as a subject and as a metric; the program answers every request with the input.

#![no_main]

use std::sync::LazyLock;

use evalward_core::{
    Example, Finite, Metric, Partition, ReasonKind, Reply, Response, Scale, Subject,
};
use evalward_fuzz::{Scratch, check_measurement};
use evalward_models::Tape;
use evalward_models::program::{CommandMetric, CommandMetricOptions, ProgramOptions};
use evalward_subject::{CommandOptions, CommandSubject};
use libfuzzer_sys::fuzz_target;
use tokio::runtime::{Builder, Runtime};

struct Fixed {
    scratch: Scratch,
    runtime: Runtime,
    metrics: [CommandMetric; 2],
    subject: CommandSubject,
}

static FIXED: LazyLock<Fixed> = LazyLock::new(|| {
    let scratch = Scratch::new();
    let answer = scratch.path("answer").display().to_string();
    let script = "while IFS= read -r request; do cat \"$0\"; done";
    let program = ProgramOptions::new(["sh", "-c", script, &answer]);
    let metric = |scale, decides| {
        let program = program.clone();
        let reason_kind = ReasonKind::Metric;
        CommandMetric::new(CommandMetricOptions { program, scale, decides, reason_kind })
            .expect("the program is named")
    };
    let zero = Finite::new(0.0).expect("zero is finite");
    let amount = Scale { min: Some(zero), ..Scale::AMOUNT };
    let metrics = [metric(Scale::FRACTION, false), metric(amount, true)];
    let subject =
        CommandSubject::new(CommandOptions { program, one_shot: false, tape: Tape::live() })
            .expect("the program is named");
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    Fixed { scratch, runtime, metrics, subject }
});

fuzz_target!(|answer: &[u8]| {
    let fixed = &*FIXED;
    // What follows a line end would be the answer to another request.
    let mut line: Vec<u8> = answer.iter().copied().filter(|byte| *byte != b'\n').collect();
    line.push(b'\n');
    fixed.scratch.write("answer", line);
    let example = Example::new("fuzz", Partition::Golden).with_input("question", "why?");
    let reply = Reply::from(Response::from_text("because"));
    fixed.runtime.block_on(async {
        for metric in &fixed.metrics {
            let measurement = metric.score(&example, &reply).await;
            check_measurement(&measurement, "because");
        }
        match fixed.subject.respond(&example).await {
            Ok(reply) => assert_eq!(reply.attempts, 1),
            Err(error) => assert!(!error.message.is_empty()),
        }
    });
});
