//! A file of responses that were recorded elsewhere, or the rows of a run.

#![no_main]

use std::fs;
use std::sync::LazyLock;

use evalward_core::{CallErrorKind, Example, ExampleId, Partition, Subject};
use evalward_fuzz::{Scratch, now};
use evalward_subject::RecordedSubject;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

static SCRATCH: LazyLock<Scratch> = LazyLock::new(Scratch::new);

fuzz_target!(|file: &[u8]| {
    let path = SCRATCH.write("responses.jsonl", file);
    let subject = match RecordedSubject::open(&path) {
        Ok(subject) => subject,
        Err(error) => return drop(format!("{error}")),
    };
    let text = fs::read_to_string(&path).expect("it was readable");
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let row: Value = serde_json::from_str(line).expect("each line was checked");
        let id = row.get("example_id").or_else(|| row.get("id")).and_then(Value::as_str);
        let Some(Ok(id)) = id.map(ExampleId::new) else { continue };
        let trial = row["trial"].as_u64().and_then(|trial| u32::try_from(trial).ok()).unwrap_or(1);
        let example = Example::with_id(id, Partition::Golden);
        match now(subject.respond_in_trial(&example, trial)) {
            Ok(reply) => assert_eq!(reply.attempts, 0),
            Err(error) => assert_eq!(error.kind, CallErrorKind::Unrecorded, "{error}"),
        }
    }
});
