//! Certificates of gates whose error rates can be computed by hand.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use evalward_core::{
    Confirmations, ExampleId, GatePolicy, Outcome, Partition, Rate, Reason, ReasonKind, Seed, Trial,
};
use evalward_gate::Plan;
use evalward_gate::certify::{Certificate, CertifyError, CertifyOptions, Observed, certify};

use crate::support::{at_least, row, share};

/// Takes in examples whose trials are letters; a cluster is written before a colon.
fn observed(partition: Partition, examples: &[&str]) -> Observed {
    let mut observed = Observed::default();
    for (index, letters) in examples.iter().enumerate() {
        let (cluster, letters) =
            letters.split_once(':').map_or((None, *letters), |(name, rest)| (Some(name), rest));
        for letter in letters.chars() {
            observed.push(trial(partition, index, cluster, letter));
        }
    }
    observed
}

fn trial(partition: Partition, index: usize, cluster: Option<&str>, letter: char) -> Trial {
    // `j` fails by a judge, whose word fresh trials may overturn.
    let mut trial = row(partition, if letter == 'j' { 'f' } else { letter });
    if letter == 'j' {
        let (kind, metric) = (ReasonKind::Judge, "helpful".to_owned());
        let message = "unhelpful".to_owned();
        trial.outcome = Outcome::Failed(vec![Reason { kind, metric, message }]);
    }
    trial.example_id = ExampleId::new(format!("e-{index}")).unwrap();
    trial.cluster = cluster.map(str::to_owned);
    trial
}

fn certified(observed: &Observed, plan: &Plan, drops: &[f64]) -> Certificate {
    let options = CertifyOptions {
        resamples: NonZeroU32::new(600).unwrap(),
        drops: drops.iter().map(|drop| Rate::new(*drop).unwrap()).collect(),
        seed: Seed::from_number(1),
        exchanged: BTreeSet::new(),
    };
    certify(observed, Vec::new(), plan, &options, &mut |_, _| {}).unwrap()
}

fn plan(partition: Partition, examples: usize, policy: GatePolicy) -> Plan {
    Plan::new([(partition, u64::try_from(examples).unwrap())], [(partition, policy)])
}

#[track_caller]
fn assert_near(value: f64, expected: f64) {
    // Four standard errors of 600 draws.
    let tolerance = 4.0 * (expected * (1.0 - expected) / 600.0).sqrt() + 1e-9;
    assert!((value - expected).abs() <= tolerance, "{value} is not near {expected}");
}

#[test]
fn an_exact_gate_blocks_as_often_as_one_of_its_examples_flips() {
    let observed = observed(Partition::Golden, &["pppp", "pppf", "pppf", "pppp"]);
    let plan = plan(Partition::Golden, 4, GatePolicy::STRICT);
    let certificate = certified(&observed, &plan, &[0.2]);
    let quarter: f64 = 0.75;
    assert_near(certificate.no_change.blocked.value.get(), 1.0 - quarter.powi(2));
    // The pass rate is 0.875, so of the passes a share of 0.2 / 0.875 is spoilt.
    let kept: f64 = 1.0 - 0.2 / 0.875;
    let passes = kept.powi(4) * quarter.powi(2);
    assert_near(certificate.drops[0].shares.blocked.value.get(), 1.0 - passes);
    let flips: Vec<&str> = certificate.unstable.iter().map(|it| it.example_id.as_str()).collect();
    assert_eq!(flips, ["e-1", "e-2"]);
}

#[test]
fn confirmation_lowers_the_false_blocks_of_a_judge() {
    let observed = observed(Partition::Golden, &["pppj"]);
    let confirm = GatePolicy { confirm: Confirmations::new(3), ..GatePolicy::STRICT };
    let of = |policy| certified(&observed, &plan(Partition::Golden, 1, policy), &[0.5]);
    assert_near(of(GatePolicy::STRICT).no_change.blocked.value.get(), 0.25);
    let confirmed = of(confirm);
    // The first fails, and of two more at least one.
    assert_near(confirmed.no_change.blocked.value.get(), 0.25 * (1.0 - 0.75 * 0.75));
    assert_eq!(confirmed.no_change.incomplete.count, 0);
    // A planted loss breaks a rule, which nothing overturns.
    assert!(confirmed.drops[0].shares.blocked.value.get() > 0.5);
}

#[test]
fn a_rate_gate_is_asked_about_examples_like_these() {
    let passing = vec!["pp"; 95];
    let mut examples = passing.clone();
    examples.extend(["pf"; 5]);
    let observed = observed(Partition::Distribution, &examples);
    let gate = plan(Partition::Distribution, 100, at_least(0.8));
    let certificate = certified(&observed, &gate, &[0.05, 0.4]);
    let [small, large] = certificate.drops.as_slice() else { panic!("two drops") };
    assert_eq!(certificate.no_change.blocked.count, 0);
    assert!(certificate.no_change.held.value.get() > 0.9, "{:?}", certificate.no_change);
    assert!(small.shares.blocked.count < large.shares.blocked.count);
    assert!(large.shares.blocked.value.get() > 0.9, "{large:?}");
    for shares in [&certificate.no_change, &small.shares, &large.shares] {
        let all = shares.blocked.count
            + shares.inconclusive.count
            + shares.incomplete.count
            + shares.held.count;
        assert_eq!(all, 600, "nothing is lost");
    }
}

#[test]
fn clusters_are_drawn_whole() {
    // Ten clusters of ten that pass or fail together vary as ten examples do, not as a hundred.
    let letters: Vec<String> = (0..100)
        .map(|index| format!("c{}:{}", index / 10, if index < 80 { "pp" } else { "ff" }))
        .collect();
    let clustered: Vec<&str> = letters.iter().map(String::as_str).collect();
    let alone: Vec<&str> = letters.iter().filter_map(|it| Some(it.split_once(':')?.1)).collect();
    let gate = plan(Partition::Distribution, 100, at_least(0.7));
    let held = |examples: &[&str]| {
        let observed = observed(Partition::Distribution, examples);
        certified(&observed, &gate, &[]).no_change.held.value.get()
    };
    assert!(held(&alone) > 0.5, "{}", held(&alone));
    assert!(held(&clustered) < 0.3, "{}", held(&clustered));
}

#[test]
fn one_trial_of_an_example_is_too_few() {
    let observed = observed(Partition::Golden, &["pp", "p"]);
    let options = CertifyOptions {
        resamples: NonZeroU32::MIN,
        drops: vec![share(0.1)],
        seed: Seed::from_number(1),
        exchanged: BTreeSet::new(),
    };
    let gate = plan(Partition::Golden, 2, GatePolicy::STRICT);
    let error = certify(&observed, Vec::new(), &gate, &options, &mut |_, _| {}).unwrap_err();
    assert!(matches!(error, CertifyError::TooFewTrials { found: 1 }), "{error}");
}
