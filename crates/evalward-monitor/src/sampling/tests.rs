//! The laws of sampling.

use std::collections::BTreeMap;
use std::time::Duration;

use evalward_config::{AlwaysSampled, SamplingConfig, SegmentKey};
use evalward_core::{Interaction, InteractionId, Rate, Response, Timestamp};
use evalward_store::SecondPhase;
use proptest::prelude::*;
use regex::Regex;
use serde_json::{Value, json};

use super::SamplingPolicy;

fn rate(value: f64) -> Rate {
    Rate::new(value).unwrap()
}

fn config(base_rate: f64) -> SamplingConfig {
    SamplingConfig {
        base_rate: rate(base_rate),
        segment_by: vec![SegmentKey::Hour],
        segments: BTreeMap::new(),
        always: AlwaysSampled {
            errors: true,
            negative_feedback: true,
            slow: Some(Duration::from_secs(10)),
            patterns: vec![
                ("refunds".to_owned(), Regex::new("(?i)refund").unwrap()),
                ("rude".to_owned(), Regex::new("damn").unwrap()),
            ],
        },
    }
}

/// An interaction at 14:30 UTC.
fn interaction(id: &str) -> Interaction {
    let id = InteractionId::new(id).unwrap();
    Interaction::new(id, "2026-11-03T14:30:00Z".parse().unwrap())
}

fn asking(question: &str) -> Interaction {
    let mut interaction = interaction("asked");
    interaction.input.insert("question".to_owned(), question.into());
    interaction
}

#[track_caller]
fn check_stratum(policy: &SamplingPolicy, interaction: &Interaction, expected: &str) {
    let decision = policy.decide(interaction);
    assert_eq!(decision.stratum, expected);
    if expected != "base" {
        assert_eq!((decision.probability, decision.is_sampled), (Rate::ONE, true));
    }
}

#[test]
fn the_first_rule_that_always_samples_names_the_stratum() {
    let policy = SamplingPolicy::new(config(0.0));
    check_stratum(&policy, &asking("Where is my order?"), "base");
    check_stratum(&policy, &asking("A REFUND, damn it"), "pattern:refunds");
    check_stratum(&policy, &asking("damn"), "pattern:rude");
    let slow = Interaction { latency_millis: Some(10_001), ..asking("refund") };
    check_stratum(&policy, &slow, "slow");
    let in_time = Interaction { latency_millis: Some(10_000), ..asking("hello") };
    check_stratum(&policy, &in_time, "base");
    let broken = Interaction { error: Some("timeout".to_owned()), ..slow };
    check_stratum(&policy, &broken, "error");
}

#[test]
fn patterns_look_at_what_the_user_wrote() {
    let policy = SamplingPolicy::new(config(0.0));
    let conversation = |messages: Value| {
        let mut interaction = interaction("conversation");
        interaction.input.insert("messages".to_owned(), messages);
        interaction
    };
    let system = json!({"role": "system", "content": "You may grant a refund."});
    let user = json!({"role": "user", "content": "Hello?"});
    let parts = json!({"role": "user", "content": [{"type": "text", "text": "my refund"}]});
    check_stratum(&policy, &conversation(json!([system, user])), "base");
    check_stratum(&policy, &conversation(json!([system, user, parts])), "pattern:refunds");
    check_stratum(&policy, &conversation(json!([system])), "pattern:refunds");
    let mut nested = interaction("nested");
    nested.input.insert("form".to_owned(), json!({"fields": [1, null, ["a refund"]]}));
    check_stratum(&policy, &nested, "pattern:refunds");
}

#[test]
fn segments_are_made_of_the_configured_properties_in_their_order() {
    let tenant = SegmentKey::Attribute("tenant".to_owned());
    let keys = [
        SegmentKey::Service,
        SegmentKey::Hour,
        SegmentKey::Version,
        SegmentKey::Environment,
        SegmentKey::Model,
        tenant,
    ];
    let policy = SamplingPolicy::new(SamplingConfig { segment_by: keys.to_vec(), ..config(0.0) });
    let mut full = Interaction {
        service: Some("support".to_owned()),
        version: Some("1.2".to_owned()),
        environment: Some(" a,b=c\n".to_owned()),
        response: Some(Response { model: Some("m".to_owned()), ..Response::from_text("") }),
        ..interaction("full")
    };
    full.attributes.insert("tenant".to_owned(), json!(7));
    let segment = |interaction: &Interaction| policy.decide(interaction).segment;
    let expected =
        "service=support,hour=14,version=1.2,environment=a_b_c,model=m,attribute.tenant=7";
    assert_eq!(segment(&full), expected);
    assert_eq!(segment(&interaction("bare")), "hour=14");
    let before = Interaction::new(InteractionId::new("x").unwrap(), Timestamp::from_millis(-1));
    assert_eq!(segment(&before), "hour=23");
    let policy = SamplingPolicy::new(SamplingConfig { segment_by: Vec::new(), ..config(0.0) });
    assert_eq!(policy.decide(&full).segment, "");
}

#[test]
fn a_segment_can_have_a_rate_of_its_own() {
    let segments = BTreeMap::from([
        ("hour=14".to_owned(), rate(1.0)),
        ("environment=staging".to_owned(), rate(0.0)),
    ]);
    let keys = vec![SegmentKey::Environment, SegmentKey::Hour];
    let policy = SamplingPolicy::new(SamplingConfig { segment_by: keys, segments, ..config(0.5) });
    let probability = |environment: Option<&str>, hour: &str| {
        let started_at = format!("2026-11-03T{hour}:00:00Z").parse().unwrap();
        let environment = environment.map(str::to_owned);
        let interaction = Interaction { environment, started_at, ..interaction("i") };
        policy.decide(&interaction).probability
    };
    assert_eq!(probability(None, "14"), rate(1.0));
    assert_eq!(probability(Some("production"), "14"), rate(1.0));
    assert_eq!(probability(Some("staging"), "14"), rate(0.0), "the first key counts");
    assert_eq!(probability(Some("production"), "15"), rate(0.5));
}

#[test]
fn a_disliked_answer_is_always_sampled_unless_that_is_off() {
    let mut config = config(0.0);
    let phase = SamplingPolicy::new(config.clone()).disliked();
    let stratum = "negative_feedback".to_owned();
    assert_eq!(phase, Some(SecondPhase { stratum, probability: Rate::ONE, is_sampled: true }));
    config.always.negative_feedback = false;
    assert_eq!(SamplingPolicy::new(config).disliked(), None);
}

#[test]
fn the_share_of_samples_is_the_rate() {
    // Far beyond what chance does: the bound is six standard deviations, which a fair draw misses once in 10^9.
    let count = 50_000_u32;
    for probability in [0.01, 0.05, 0.3, 0.9] {
        let policy = SamplingPolicy::new(config(probability));
        let is_sampled =
            |index: u32| policy.decide(&interaction(&format!("int-{index}"))).is_sampled;
        let sampled = u32::try_from((0..count).filter(|index| is_sampled(*index)).count()).unwrap();
        let expected = f64::from(count) * probability;
        let deviation = (expected * (1.0 - probability)).sqrt();
        let distance = (f64::from(sampled) - expected).abs();
        assert!(distance < 6.0 * deviation, "{sampled} of {count} at {probability}");
    }
}

proptest! {
    #[test]
    fn nothing_is_drawn_at_zero_and_everything_at_one(id in "[a-z0-9-]{1,40}") {
        prop_assert!(!SamplingPolicy::new(config(0.0)).decide(&interaction(&id)).is_sampled);
        prop_assert!(SamplingPolicy::new(config(1.0)).decide(&interaction(&id)).is_sampled);
    }

    #[test]
    fn services_and_replicas_agree_on_a_trace(
        trace in "[0-9a-f]{32}",
        ids in proptest::collection::vec("[a-z]{1,8}", 1..5),
        probability in 0.0..=1.0,
    ) {
        let decide = |policy: &SamplingPolicy, id: &str, trace: &str| {
            let trace_id = Some(trace.to_owned());
            policy.decide(&Interaction { trace_id, ..interaction(id) }).is_sampled
        };
        let (here, there) =
            (SamplingPolicy::new(config(probability)), SamplingPolicy::new(config(probability)));
        let first = decide(&here, &ids[0], &trace);
        for id in ids.iter().rev() {
            prop_assert_eq!(decide(&there, id, &trace), first);
            prop_assert_eq!(decide(&here, id, &trace.to_uppercase()), first);
        }
    }

    #[test]
    fn a_higher_rate_keeps_every_sample_of_a_lower_one(
        id in "[a-z0-9-]{1,40}",
        a in 0.0..=1.0,
        b in 0.0..=1.0,
    ) {
        let (low, high) = if a < b { (a, b) } else { (b, a) };
        let is_sampled =
            |rate: f64| SamplingPolicy::new(config(rate)).decide(&interaction(&id)).is_sampled;
        prop_assert!(!is_sampled(low) || is_sampled(high));
    }
}
