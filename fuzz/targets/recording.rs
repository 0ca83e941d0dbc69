//! A recording of calls: what can be replayed can be continued and finished, and then knows the same answers.

#![no_main]

use std::fs;
use std::sync::LazyLock;

use evalward_fuzz::Scratch;
use evalward_models::{CallKey, Tape, TapeAnswer};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

static SCRATCH: LazyLock<Scratch> = LazyLock::new(Scratch::new);

fuzz_target!(|file: &[u8]| {
    let path = SCRATCH.write("recording.jsonl", file);
    let replay = match Tape::replay(&path) {
        Ok(tape) => tape,
        Err(error) => return drop(format!("{error}")),
    };
    let requests: Vec<(String, Value, u32)> = fs::read_to_string(&path)
        .unwrap_or_default()
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|line| {
            let sample = line["sample"].as_u64().and_then(|sample| u32::try_from(sample).ok())?;
            Some((line["kind"].as_str()?.to_owned(), line["request"].clone(), sample))
        })
        .collect();
    let answers = |tape: &Tape| -> Vec<Option<TapeAnswer>> {
        let keys = requests.iter().map(|(kind, request, sample)| {
            tape.recorded(CallKey::new(kind, request).with_sample(*sample))
        });
        keys.map(|answer| answer.expect("the recording is readable")).collect()
    };
    let known = answers(&replay);
    let copy = SCRATCH.write("copy.jsonl", file);
    let tape = Tape::record(&copy).expect("what can be replayed can be continued");
    assert_eq!(answers(&tape), known);
    let request = json!({"new": true});
    let answer =
        TapeAnswer { value: json!("answer"), latency_millis: 1, attempts: 1, cached: false };
    let kept =
        tape.keep(CallKey::new("fuzz", &request), "fuzz", answer).expect("it can be written");
    tape.finish().expect("it can be written");
    drop(tape);
    let finished = Tape::replay(&copy).expect("what was finished can be replayed");
    assert_eq!(answers(&finished), known);
    let again = finished.recorded(CallKey::new("fuzz", &request)).expect("it is readable");
    assert_eq!(again.map(|answer| answer.value), Some(kept.value));
});
