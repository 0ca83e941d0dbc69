//! Texts of several calls in one request.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use evalward_core::{CallErrorKind, Embedder};
use futures::future::{join, join_all};
use proptest::prelude::*;

use super::support::{Scripted, texts, vector};
use crate::{BatchLimits, BatchedEmbedder};

fn batched(scripted: &Scripted, texts: usize, requests: usize) -> BatchedEmbedder {
    let number = |number| NonZeroUsize::new(number).unwrap();
    let limits = BatchLimits { texts: number(texts), requests: number(requests) };
    BatchedEmbedder::new(Arc::new(scripted.clone()), limits)
}

#[tokio::test]
async fn what_waits_goes_out_together_and_identical_texts_once() {
    let scripted = Scripted::held();
    let embedder = batched(&scripted, 10, 1);
    let calls = [&["a", "b"][..], &["c"], &["d", "a"], &["c", "c", "e"], &[]].map(texts);
    let answers = join_all(calls.iter().map(|call| embedder.embed(call)));
    let release = async {
        scripted.asked(1).await;
        scripted.may_answer.add_permits(2);
    };
    let (answers, ()) = join(answers, release).await;
    for (call, answer) in calls.iter().zip(answers) {
        let expected: Vec<_> = call.iter().map(|text| vector(text)).collect();
        assert_eq!(answer.unwrap(), expected);
    }
    assert_eq!(scripted.requests(), [texts(&["a", "b"]), texts(&["c", "d", "e"])]);
    // What was answered is not remembered: that is what the cache is for.
    scripted.may_answer.add_permits(1);
    embedder.embed(&calls[0]).await.unwrap();
    assert_eq!(scripted.requests().len(), 3);
}

#[tokio::test]
async fn a_request_has_as_many_texts_as_it_may() {
    let scripted = Scripted::ready();
    let embedder = batched(&scripted, 2, 3);
    embedder.embed(&texts(&["a", "b", "c", "d", "e"])).await.unwrap();
    let sizes: Vec<usize> = scripted.requests().iter().map(Vec::len).collect();
    assert_eq!(sizes, [2, 2, 1]);
}

#[tokio::test]
async fn a_huge_text_goes_alone() {
    let scripted = Scripted::ready();
    let embedder = batched(&scripted, 10, 1);
    let huge = "x".repeat(300 * 1024);
    let asked = ["a", "b", &huge, "c"].map(str::to_owned);
    assert_eq!(embedder.embed(&asked).await.unwrap().len(), 4);
    let sizes: Vec<usize> = scripted.requests().iter().map(Vec::len).collect();
    assert_eq!(sizes, [2, 1, 1]);
}

#[tokio::test]
async fn no_more_requests_are_under_way_than_may_be() {
    let scripted = Scripted::held();
    let embedder = batched(&scripted, 1, 2);
    let all = texts(&["a", "b", "c", "d"]);
    let release = async {
        scripted.asked(2).await;
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        assert_eq!(scripted.requests().len(), 2);
        scripted.may_answer.add_permits(4);
    };
    let (answer, ()) = join(embedder.embed(&all), release).await;
    assert_eq!(answer.unwrap().len(), 4);
}

#[tokio::test]
async fn a_call_that_is_given_up_takes_nothing_from_the_others() {
    let scripted = Scripted::held();
    let embedder = batched(&scripted, 10, 1);
    let (first, second, third) = (texts(&["a", "b"]), texts(&["b"]), texts(&["c"]));
    let mut sender = embedder.embed(&first);
    let mut sharer = embedder.embed(&second);
    let mut queued = embedder.embed(&third);
    for call in [&mut sender, &mut sharer, &mut queued] {
        assert!(futures::poll!(call).is_pending());
    }
    // The call that sent the request goes; another one waits for a text of it.
    drop(sender);
    scripted.may_answer.add_permits(2);
    assert_eq!(sharer.await.unwrap(), [vector("b")]);
    assert_eq!(queued.await.unwrap(), [vector("c")]);
    assert_eq!(scripted.requests(), [first, third]);
    assert_eq!(scripted.given_up(), 0);
}

#[tokio::test]
async fn a_request_that_nobody_waits_for_is_given_up_and_leaves_its_place() {
    let scripted = Scripted::held();
    let embedder = batched(&scripted, 10, 1);
    let (first, second) = (texts(&["a"]), texts(&["b"]));
    let mut sender = embedder.embed(&first);
    let mut queued = embedder.embed(&second);
    assert!(futures::poll!(&mut sender).is_pending());
    assert!(futures::poll!(&mut queued).is_pending());
    drop(sender);
    drop(queued);
    assert_eq!(scripted.given_up(), 1);
    scripted.may_answer.add_permits(1);
    // The text that waited with nobody is not sent either.
    let again = tokio::time::timeout(Duration::from_secs(10), embedder.embed(&first));
    assert_eq!(again.await.unwrap().unwrap(), [vector("a")]);
    assert_eq!(scripted.requests(), [first.clone(), first]);
}

#[tokio::test]
async fn an_error_reaches_those_who_have_a_text_in_the_request_and_is_not_remembered() {
    let scripted = Scripted::held();
    let embedder = batched(&scripted, 2, 1);
    let calls = [&["first"][..], &["bad"], &["good"], &["other"]].map(texts);
    let answers = join_all(calls.iter().map(|call| embedder.embed(call)));
    let release = async {
        scripted.asked(1).await;
        scripted.may_answer.add_permits(3);
    };
    let (answers, ()) = join(answers, release).await;
    let failed: Vec<bool> = answers.iter().map(Result::is_err).collect();
    assert_eq!(failed, [false, true, true, false]);
    assert_eq!(answers[2].as_ref().unwrap_err().message, "the server is unwell");
    scripted.may_answer.add_permits(1);
    assert_eq!(embedder.embed(&calls[2]).await.unwrap(), [vector("good")]);
}

/// A model that answers for one text too few.
#[derive(Debug)]
struct Forgetful;

impl Embedder for Forgetful {
    fn embed<'a>(
        &'a self,
        texts: &'a [String],
    ) -> evalward_core::BoxFuture<'a, Result<Vec<Vec<f32>>, evalward_core::CallError>> {
        Box::pin(async move { Ok(vec![vec![1.0]; texts.len() - 1]) })
    }
}

#[tokio::test]
async fn a_vector_too_few_is_malformed() {
    let limits = BatchLimits::of_texts(NonZeroUsize::MIN.saturating_add(7));
    let embedder = BatchedEmbedder::new(Arc::new(Forgetful), limits);
    let error = embedder.embed(&texts(&["a", "b"])).await.unwrap_err();
    assert_eq!(error.kind, CallErrorKind::Malformed);
    assert_eq!(error.message, "the embedding model gave 1 vectors for 2 texts");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn each_call_gets_its_own_vectors_whatever_comes_together(
        calls in prop::collection::vec(prop::collection::vec("[a-e]{0,2}", 0..6), 0..12),
        size in 1_usize..5,
        requests in 1_usize..4,
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
        let scripted = Scripted::ready();
        let embedder = batched(&scripted, size, requests);
        let tasks: Vec<_> = calls.iter().cloned().map(|call| {
            let embedder = embedder.clone();
            runtime.spawn(async move { embedder.embed(&call).await })
        }).collect();
        for (call, answer) in calls.iter().zip(runtime.block_on(join_all(tasks))) {
            let expected: Vec<_> = call.iter().map(|text| vector(text)).collect();
            prop_assert_eq!(answer.unwrap().unwrap(), expected);
        }
        prop_assert!(scripted.requests().iter().all(|request| (1..=size).contains(&request.len())));
    }
}
