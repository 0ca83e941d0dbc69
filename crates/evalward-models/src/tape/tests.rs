//! Recordings, whole and damaged.

use std::fs;
use std::io::{Read as _, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use evalward_core::{CallError, CallErrorKind};
use insta::assert_snapshot;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{CallKey, Tape, TapeAnswer};

fn answer(value: &str) -> TapeAnswer {
    let value = json!({"text": value, "b": 0.1, "a": [1]});
    TapeAnswer { value, latency_millis: 12, attempts: 2, cached: false }
}

/// Makes a call whose live answer is the request itself.
async fn call(tape: &Tape, label: &str, request: &str) -> Result<TapeAnswer, CallError> {
    let shown = json!({"z": 1, "ask": request});
    tape.call(CallKey::new("chat", &shown), label, async { Ok(answer(request)) }).await
}

/// Makes a call that must not go out.
async fn offline(tape: &Tape, label: &str, request: &str) -> Result<TapeAnswer, CallError> {
    let shown = json!({"ask": request, "z": 1});
    tape.call(CallKey::new("chat", &shown), label, async { panic!("nothing may be called") }).await
}

async fn recorded(folder: &TempDir) -> PathBuf {
    let path = folder.path().join("new/calls.jsonl");
    let tape = Tape::record(&path).unwrap();
    for (label, request) in [("b", "two"), ("a", "one"), ("b", "three")] {
        assert_eq!(call(&tape, label, request).await.unwrap().attempts, 2);
    }
    tape.finish().unwrap();
    path
}

#[tokio::test]
async fn a_recording_replays_and_its_lines_are_sorted() {
    let folder = TempDir::new().unwrap();
    let path = recorded(&folder).await;
    let text = fs::read_to_string(&path).unwrap();
    assert_snapshot!(text.lines().take(2).collect::<Vec<_>>().join("\n"), @r#"
    {"evalward_recording":1}
    {"key":"a5a453705848c0f557901d2fe0d7397ee57b46d580bec75ab276a79169f45fc0","kind":"chat","for":"a","request":{"ask":"one","z":1},"sample":0,"answer":{"a":[1],"b":0.1,"text":"one"},"latency_millis":12}
    "#);
    let labels: Vec<_> = text.lines().skip(1).map(|line| line.contains(r#""for":"b""#)).collect();
    assert_eq!(labels, [false, true, true]);

    let tape = Tape::replay(&path).unwrap();
    let replayed = offline(&tape, "another label", "one").await.unwrap();
    assert_eq!(replayed, TapeAnswer { attempts: 0, ..answer("one") });
    tape.finish().unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[tokio::test]
async fn the_same_calls_give_the_same_bytes_in_any_order() {
    let (first, second) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let first = recorded(&first).await;
    let path = second.path().join("calls.jsonl");
    let tape = Tape::record(&path).unwrap();
    for (label, request) in [("b", "three"), ("b", "two"), ("a", "one"), ("a", "one")] {
        call(&tape, label, request).await.unwrap();
    }
    tape.finish().unwrap();
    assert_eq!(fs::read(first).unwrap(), fs::read(path).unwrap());
}

#[tokio::test]
async fn a_missing_call_names_the_file_and_the_remedy() {
    let folder = TempDir::new().unwrap();
    let path = recorded(&folder).await;
    let error = offline(&Tape::replay(&path).unwrap(), "a-7", "four").await.unwrap_err();
    assert_eq!(error.kind, CallErrorKind::Unrecorded);
    let message = error.message.replace(&*folder.path().to_string_lossy(), "FOLDER");
    assert_snapshot!(message, @"the chat call is not in recording `FOLDER/new/calls.jsonl`: the request has changed or was never made; record it with `--record`");
}

#[tokio::test]
async fn a_recording_that_was_cut_off_resumes() {
    let folder = TempDir::new().unwrap();
    let path = recorded(&folder).await;
    let whole = fs::read(&path).unwrap();
    for cut in [1, 20, whole.len() - 30] {
        fs::write(&path, &whole[..whole.len() - cut]).unwrap();
        let tape = Tape::record(&path).unwrap();
        let live = AtomicU32::new(0);
        for (label, request) in [("b", "two"), ("a", "one"), ("b", "three")] {
            live.fetch_add(call(&tape, label, request).await.unwrap().attempts, Ordering::Relaxed);
        }
        tape.finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), whole, "cut by {cut}");
        assert!(live.into_inner() <= 6);
    }
}

#[tokio::test]
async fn only_lost_calls_are_made_again() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("calls.jsonl");
    let tape = Tape::record(&path).unwrap();
    call(&tape, "a", "one").await.unwrap();
    // As `kill -9` would: no finish.
    drop(tape);
    let tape = Tape::record(&path).unwrap();
    assert_eq!(offline(&tape, "a", "one").await.unwrap().attempts, 0);
    assert_eq!(call(&tape, "a", "two").await.unwrap().attempts, 2);
}

#[tokio::test]
async fn failures_are_not_recorded_and_concurrent_twins_are_one_call() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("calls.jsonl");
    let tape = Tape::record(&path).unwrap();
    let request = Value::from("same");
    let key = CallKey::new("http", &request);
    let down = async { Err(CallError::new(CallErrorKind::Failed, "down")) };
    assert!(tape.call(key, "a", down).await.is_err());

    let made = AtomicU32::new(0);
    let slow = || async {
        tokio::task::yield_now().await;
        made.fetch_add(1, Ordering::Relaxed);
        Ok(answer("x"))
    };
    let calls = (0..8).map(|_| tape.call(key, "a", slow()));
    let answers = futures::future::join_all(calls).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(made.load(Ordering::Relaxed), 1);
    let other_sample = tape.call(key.with_sample(1), "a", async { Ok(answer("y")) }).await.unwrap();
    assert_eq!(other_sample.value["text"], "y");
    tape.finish().unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 3);
}

#[test]
fn an_identity_replaces_the_request_in_the_key() {
    let (first, second) = (json!({"nonce": 1}), json!({"nonce": 2}));
    let identity = json!({"nonce": null});
    let digest =
        |request| CallKey { identity: Some(&identity), ..CallKey::new("chat", request) }.digest();
    assert_eq!(digest(&first), digest(&second));
    assert_ne!(CallKey::new("chat", &first).digest(), CallKey::new("chat", &second).digest());
}

#[test]
fn one_recorder_at_a_time() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("calls.jsonl");
    let _first = Tape::record(&path).unwrap();
    assert!(Tape::record(&path).is_err());
}

#[tokio::test]
async fn damaged_recordings_name_file_and_line() {
    let folder = TempDir::new().unwrap();
    let path = recorded(&folder).await;
    let text = fs::read_to_string(&path).unwrap();
    let check = |content: &str, expected: &str| {
        fs::write(&path, content).unwrap();
        for opened in [Tape::replay(&path), Tape::record(&path)] {
            let message = opened.unwrap_err().to_string();
            let message = message.replace(&*path.to_string_lossy(), "FILE");
            assert!(message.starts_with(expected), "{message}");
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
    };
    let header = "failed to read recording at FILE:1: this is no recording";
    check("notes of mine", header);
    check("{}\n", header);
    check(
        "{\"evalward_recording\":2}\n",
        "failed to read recording at FILE:1: the recording has format 2;",
    );
    let line = text.lines().nth(1).unwrap();
    let first = text.lines().next().unwrap();
    check(
        &format!("{first}\n{line}\nnonsense\n"),
        "failed to read recording at FILE:3: expected ident",
    );
    check(
        &format!("{first}\n{line}\n{line}\n"),
        "failed to read recording at FILE:3: an earlier line holds the same call",
    );
    assert!(Tape::replay(Path::new("/no/such/file")).is_err());
    fs::write(&path, "").unwrap();
    assert!(Tape::replay(&path).is_err());
}

#[tokio::test]
async fn a_compressed_recording_under_another_name_is_replayed_and_not_continued() {
    let folder = TempDir::new().unwrap();
    let path = recorded(&folder).await;
    let text = fs::read(&path).unwrap();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(&text).unwrap();
    let packed = encoder.finish().unwrap();
    let small = folder.path().join("calls.packed");
    fs::write(&small, &packed).unwrap();
    let key: Value =
        serde_json::from_str(fs::read_to_string(&path).unwrap().lines().nth(1).unwrap()).unwrap();
    let plain = Tape::replay(&path).unwrap();
    let tape = Tape::replay(&small).unwrap();
    let request = key["request"].clone();
    let call = CallKey::new("chat", &request);
    assert!(tape.recorded(call).unwrap().is_some());
    assert_eq!(tape.recorded(call).unwrap(), plain.recorded(call).unwrap());
    let error = Tape::record(&small).unwrap_err();
    assert!(error.hint().unwrap().contains("gunzip"), "{error}");
    assert_eq!(fs::read(&small).unwrap(), packed);
    let (cut, _) = packed.split_at(packed.len() / 2);
    fs::write(&small, cut).unwrap();
    assert!(
        Tape::replay(&small).unwrap_err().to_string().starts_with("failed to unpack recording")
    );
}

fn unpacked(path: &Path) -> String {
    let mut text = String::new();
    flate2::read::GzDecoder::new(fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    text
}

#[tokio::test]
async fn a_recording_named_gz_is_compressed_at_the_end_and_continued() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("calls.jsonl.gz");
    let beside = folder.path().join("calls.jsonl.gz.unfinished");
    let ask = async |tape: &Tape, request: &str| {
        let request = json!(request);
        let live = async { Ok(answer("new")) };
        tape.call(CallKey::new("chat", &request), "e-1", live).await.unwrap().attempts
    };
    let tape = Tape::record(&path).unwrap();
    assert_eq!(ask(&tape, "one").await, 2);
    // Ended in the middle: what was recorded is beside it, and is gone on with.
    drop(tape);
    assert!(beside.exists() && !path.exists());
    let tape = Tape::record(&path).unwrap();
    let second = Tape::record(&path).unwrap_err();
    assert!(second.to_string().starts_with("failed to lock recording"), "{second}");
    assert_eq!((ask(&tape, "one").await, ask(&tape, "two").await), (0, 2));
    tape.finish().unwrap();
    assert_eq!(ask(&tape, "two").await, 0);
    assert!(!beside.exists());
    assert_eq!(unpacked(&path).lines().count(), 3);
    let before = fs::read(&path).unwrap();
    // Left by a run that was killed as it began.
    fs::write(&beside, "").unwrap();
    let tape = Tape::record(&path).unwrap();
    assert_eq!((ask(&tape, "one").await, ask(&tape, "two").await), (0, 0));
    tape.finish().unwrap();
    assert_eq!(fs::read(&path).unwrap(), before);
    let replay = Tape::replay(&path).unwrap();
    assert_eq!(ask(&replay, "one").await, 0);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}
