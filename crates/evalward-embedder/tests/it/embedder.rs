//! The embedder with a thread of its own.

use evalward_core::Embedder as _;
use evalward_embedder::{LocalEmbedder, Model};
use evalward_testkit::{Scratch, write_tiny_model};

fn scratch() -> Scratch {
    let scratch = Scratch::new();
    write_tiny_model(scratch.folder());
    scratch
}

#[tokio::test]
async fn calls_at_the_same_time_get_their_own_vectors_in_order() {
    let scratch = scratch();
    let model = Model::open(scratch.folder()).unwrap();
    let embedder = LocalEmbedder::open(scratch.folder()).unwrap();
    assert_eq!(embedder.model().digest(), model.digest());
    let calls: Vec<Vec<String>> = (0_usize..50)
        .map(|call| (0..call % 5).map(|text| "hello world. ".repeat(call + text)).collect())
        .collect();
    let answers = futures::future::join_all(calls.iter().map(|texts| embedder.embed(texts))).await;
    for (texts, answer) in calls.iter().zip(answers) {
        let answer = answer.unwrap();
        assert_eq!(answer.len(), texts.len());
        for (ours, expected) in answer.iter().zip(model.embed(texts)) {
            assert!(ours.iter().zip(&expected).all(|(one, other)| (one - other).abs() < 1e-5));
        }
    }
}

#[tokio::test]
async fn a_call_that_nobody_waits_for_stops_nothing() {
    let scratch = scratch();
    let embedder = LocalEmbedder::open(scratch.folder()).unwrap();
    let many = vec!["hello".to_owned(); 1000];
    let abandoned = tokio::time::timeout(std::time::Duration::ZERO, embedder.embed(&many)).await;
    drop(abandoned);
    assert_eq!(embedder.embed(&["bye".to_owned()]).await.unwrap().len(), 1);
}

#[test]
fn the_digest_changes_with_whatever_can_move_a_vector() {
    let scratch = scratch();
    let digest = || Model::open(scratch.folder()).unwrap().digest();
    let before = digest();
    scratch.file("sentence_bert_config.json", "{\"max_seq_length\": 8}");
    let shorter = digest();
    assert_ne!(before, shorter);
    scratch.file("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\nhello\nworld\n##s\n.\nbye\ngood\n");
    assert_ne!(digest(), shorter);
}
