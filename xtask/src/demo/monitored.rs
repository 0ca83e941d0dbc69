//! What the monitor tells of the traffic: windows, alerts, patterns.

use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::scene::Scene;
use crate::console::Stopwatch;
use crate::monitor::{Client, recent_windows};

/// How long the monitor may take to do what it must.
const LIMIT: Duration = Duration::from_secs(30);

/// How often it is asked.
const POLL: Duration = Duration::from_millis(50);

/// All traffic until now.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Traffic {
    /// Answers that came in.
    pub(super) seen: u64,
    /// Answers that were chosen for evaluation.
    pub(super) sampled: u64,
    /// Samples that are not evaluated yet.
    pub(super) waiting: u64,
    /// Samples that passed.
    pub(super) passed: u64,
    /// Samples that failed.
    pub(super) failed: u64,
    /// The weighted pass rate of the last window with its interval.
    pub(super) pass_rate: [f64; 3],
}

/// Waits until the monitor holds so many answers and has evaluated all samples of them.
pub(super) fn wait_for(scene: &Scene, seen: u64) -> Result<Traffic> {
    let mut client = scene.client();
    until("take in and evaluate the traffic", || {
        // One page tells both: between two the evaluation goes on.
        let traffic = read(&mut client)?;
        Ok((traffic.seen == seen && traffic.waiting == 0).then_some(traffic))
    })
}

fn read(client: &mut Client) -> Result<Traffic> {
    let answer = get(client, &recent_windows("hour"))?;
    let mut traffic = Traffic::default();
    for window in answer["overall"].as_array().context("the answer has no `overall`")? {
        let count = |name: &str| window[name].as_u64().unwrap_or(0);
        traffic.seen += count("seen");
        traffic.sampled += count("sampled");
        traffic.waiting += count("waiting");
        traffic.passed += count("passed");
        traffic.failed += count("failed");
        let rate = |name: &str| window["pass_rate"][name].as_f64().unwrap_or(f64::NAN);
        traffic.pass_rate = ["estimate", "low", "high"].map(rate);
    }
    Ok(traffic)
}

/// Returns the alerts that fire.
pub(super) fn firing(scene: &Scene) -> Result<Vec<Value>> {
    let alerts = get(&mut scene.client(), "/api/v1/alerts")?;
    let alerts = alerts["alerts"].as_array().context("the answer has no `alerts`")?;
    Ok(alerts.iter().filter(|alert| alert["state"] == "firing").cloned().collect())
}

/// Returns the patterns, the largest first.
pub(super) fn patterns(scene: &Scene) -> Result<Vec<Value>> {
    let patterns = get(&mut scene.client(), "/api/v1/patterns")?;
    Ok(patterns["patterns"].as_array().context("the answer has no `patterns`")?.clone())
}

/// Returns the largest pattern of a rule.
pub(super) fn pattern(scene: &Scene, rule: &str) -> Result<Value> {
    let found = patterns(scene)?.into_iter().find(|pattern| pattern["rule"] == rule);
    found.with_context(|| format!("there is no pattern of the rule `{rule}`"))
}

/// Waits for a notification at the webhook.
pub(super) fn notification(scene: &Scene, rule: &str, key: &str) -> Result<Value> {
    until(&format!("tell of `{rule}` for `{key}`"), || {
        let is_it = |body: &&Value| {
            let alert = &body["alert"];
            body["event"] == "firing" && alert["rule"] == rule && alert["key"] == key
        };
        Ok(scene.webhook.received().iter().find(is_it).cloned())
    })
}

/// Asks the monitor for a page.
pub(super) fn get(client: &mut Client, path: &str) -> Result<Value> {
    let answer = client.get(path)?;
    ensure!(
        answer.status == 200,
        "`{path}` was answered with {}: {}",
        answer.status,
        answer.text()
    );
    Ok(answer.json())
}

fn until<T>(what: &str, mut look: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let stopwatch = Stopwatch::start();
    loop {
        if let Some(found) = look()? {
            return Ok(found);
        }
        ensure!(
            stopwatch.elapsed() < LIMIT,
            "the monitor did not {what} within {} s",
            LIMIT.as_secs()
        );
        thread::sleep(POLL);
    }
}
