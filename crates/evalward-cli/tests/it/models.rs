//! `evalward models`.

use std::fs;

use evalward_testkit::{Finished, Scratch, models_dir, tiny_archive};
use insta::assert_snapshot;
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::evalward;

/// No request of a test leaves the machine.
const NOWHERE: &str = "http://127.0.0.1:9";

fn models(scratch: &Scratch, arguments: &str) -> Finished {
    evalward(scratch, &format!("models {arguments}"))
        .env("EVALWARD_MODELS_DIR", &scratch.path("models").display().to_string())
        .env("HF_ENDPOINT", NOWHERE)
        .env("HTTPS_PROXY", NOWHERE)
        .run()
}

/// Starts a server that gives one file.
async fn server(response: ResponseTemplate) -> (MockServer, String) {
    let server = MockServer::start().await;
    Mock::given(path("/tiny.zip")).respond_with(response).mount(&server).await;
    let address = format!("{}/tiny.zip", server.uri());
    (server, address)
}

/// Nothing may be left of a model that was not taken.
fn check_empty(scratch: &Scratch) {
    let entries = fs::read_dir(scratch.path("models")).unwrap();
    let left: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| name == ".lock"), "{left:?}");
}

#[tokio::test]
async fn a_model_is_pulled_listed_and_not_pulled_again() {
    let scratch = Scratch::new();
    let archive = ResponseTemplate::new(200).set_body_bytes(tiny_archive());
    let (server, address) = server(archive).await;
    let pulled = models(&scratch, &format!("pull tiny --from {address}")).expect_code(0);
    assert_eq!(pulled.clean_stderr().trim(), "from http://127.0.0.1:[port]/tiny.zip");
    assert_snapshot!(pulled.clean_stdout(), @"tiny is in `[folder]/models/tiny`");
    let again = models(&scratch, &format!("pull tiny --from {address}")).expect_code(0);
    assert_snapshot!(again.clean_stderr(), @"the model is there already; `--force` downloads it anew");
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
    let listed = models(&scratch, "list --verify").expect_code(0);
    let states: Vec<_> =
        listed.stdout.lines().filter_map(|line| line.split_whitespace().nth(1)).collect();
    assert_eq!(states, ["missing", "complete"], "{}", listed.stdout);
    assert!(listed.stdout.contains("91.1 MB"), "{}", listed.stdout);
    scratch.file("models/tiny/vocab.txt", "[UNK]\n");
    let damaged = models(&scratch, "list").expect_code(3);
    assert!(damaged.stdout.contains("`vocab.txt` has 6 bytes, not"), "{}", damaged.stdout);
    let machine = models(&scratch, "list --format json").expect_code(3);
    let machine: serde_json::Value = serde_json::from_str(&machine.stdout).unwrap();
    assert_eq!(machine["models"][1]["state"], "damaged");
}

#[tokio::test]
async fn a_download_that_fails_leaves_nothing_behind() {
    let check = async |response: ResponseTemplate, name: &str, expected: &str| {
        let scratch = Scratch::new();
        let (_server, address) = server(response).await;
        let run = models(&scratch, &format!("pull {name} --from {address}")).expect_code(3);
        assert!(run.stderr.contains(expected), "{}", run.stderr);
        check_empty(&scratch);
    };
    let archive = || ResponseTemplate::new(200);
    check(ResponseTemplate::new(404), "tiny", "the server answered 404").await;
    check(archive().set_body_string("<html>"), "tiny", "it is no zip archive").await;
    check(archive().set_body_bytes(tiny_archive()), "all-minilm-l6-v2", "its SHA-256 is").await;
    let cut = tiny_archive();
    let cut = cut.split_at(cut.len() / 2).0.to_vec();
    check(archive().set_body_bytes(cut), "tiny", "it is no zip archive").await;
}

#[test]
fn without_a_network_it_says_what_to_do() {
    let scratch = Scratch::new();
    let run = models(&scratch, "pull").expect_code(3);
    let told = [
        "error: failed to get model `all-minilm-l6-v2` from anywhere",
        "`evalward models add PATH`",
    ];
    assert!(told.iter().all(|text| run.stderr.contains(text)), "{}", run.stderr);
    assert_eq!(run.stderr.matches("not from there").count(), 2, "{}", run.stderr);
    check_empty(&scratch);
}

#[test]
fn a_name_that_nobody_knows_is_wrong_input() {
    let scratch = Scratch::new();
    let run = models(&scratch, "pull all-minilm").expect_code(2);
    assert_snapshot!(run.clean_stderr(), @"
    error: failed to find model `all-minilm` in `[folder]/models`
      hint: did you mean `all-minilm-l6-v2`? `evalward models list` shows all
    ");
}

#[test]
fn a_folder_that_cannot_be_made_is_told() {
    let scratch = Scratch::new();
    scratch.file("models", "a file in the way");
    let run = models(&scratch, "pull").expect_code(3);
    assert!(run.stderr.contains("name another folder by `EVALWARD_MODELS_DIR`"), "{}", run.stderr);
}

#[test]
fn the_real_model_is_recognised_without_a_name() {
    let scratch = Scratch::new();
    let origin = models_dir().join("all-minilm-l6-v2");
    let run = models(&scratch, &format!("add {}", origin.display())).expect_code(0);
    assert_snapshot!(run.clean_stdout(), @"all-minilm-l6-v2 is in `[folder]/models/all-minilm-l6-v2`");
}
