//! Judging the frozen answers.

use std::collections::BTreeMap;

use evalward_core::SuiteMetric;
use evalward_gate::canaries::{JudgedCanaries, RunCanaries};
use evalward_judge::{canaries, canary_set};
use futures::StreamExt as _;

/// Lets each judge score the frozen answers, so many at once; whatever fails is counted.
pub async fn judge_canaries(judges: &[SuiteMetric], at_once: usize) -> RunCanaries {
    let answers = canaries();
    let mut judged = BTreeMap::new();
    for judge in judges {
        let calls = answers.iter().map(|canary| async move {
            let measured = judge.metric.score_and_count(&canary.example, &canary.reply).await;
            (canary.example.id.as_str(), measured)
        });
        let mut scores = JudgedCanaries::new(judge.version, judge.metric.scale());
        let mut calls = futures::stream::iter(calls).buffered(at_once.max(1));
        while let Some((id, measured)) = calls.next().await {
            scores.push(id, &measured);
        }
        judged.insert(judge.id.clone(), scores);
    }
    RunCanaries { format: RunCanaries::FORMAT, set: canary_set(), judges: judged }
}
