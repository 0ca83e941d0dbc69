//! Judges that look for hallucinations.

use std::num::NonZeroU32;

use evalward_core::{CallError, CallErrorKind, Document, Example, Finite, Measurement, Partition};
use evalward_judge::{
    ClaimDemonstration, ClaimLabel, ClaimPolicies, ClaimPolicy, DemonstratedClaim, FactPolicy,
    HallucinationJudge, HallucinationOptions, Material,
};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{Scripted, measure, said, score};

const CONTEXT: &str = "The Pro plan costs $49 a month. It includes five seats and e-mail support. \
    Refunds are possible within 30 days.";

fn pricing() -> Example {
    let mut example =
        Example::new("pricing-01", Partition::Golden).with_input("question", "What is Pro?");
    example.context = vec![Document::from_text(CONTEXT)];
    example
}

fn options(model: &Scripted) -> HallucinationOptions {
    HallucinationOptions::new("grounded", model.options())
}

/// A model that tells these claims.
fn telling(claims: &[(&str, Option<&str>, &str)]) -> Scripted {
    let claims: Vec<Value> = claims
        .iter()
        .map(|(claim, evidence, label)| json!({"claim": claim, "evidence": evidence, "label": label}))
        .collect();
    Scripted::saying(&json!({"code": "CODE", "claims": claims}).to_string())
}

fn judge(options: HallucinationOptions, output: &str) -> Measurement {
    measure(&HallucinationJudge::new(options).unwrap(), &pricing(), output)
}

#[test]
fn a_slightly_wrong_price_and_an_invented_feature_are_caught_and_the_truth_is_not() {
    let clean = telling(&[
        ("The Pro plan costs $49 a month", Some("The Pro plan costs $49 a month."), "SUPPORTED"),
        ("it has five seats", Some("It includes five seats"), "SUPPORTED"),
    ]);
    let measurement =
        judge(options(&clean), "The Pro plan costs $49 a month, and it has five seats.");
    assert_eq!((score(&measurement).value, measurement.passed()), (Finite::ONE, Some(true)));
    // The judge is too weak to see the other price.
    let weak = telling(&[(
        "The Pro plan costs $49.90 a month",
        Some("The Pro plan costs $49 a month."),
        "SUPPORTED",
    )]);
    let measurement = judge(options(&weak), "The Pro plan costs $49.90 a month.");
    assert_eq!((score(&measurement).value, measurement.passed()), (Finite::ONE, Some(false)));
    assert_snapshot!(score(&measurement).problems.join("\n"), @"the price “$49.90” stands neither in the context nor in the input");
    let invented = telling(&[
        ("The Pro plan costs $49 a month", Some("The Pro plan costs $49 a month."), "SUPPORTED"),
        ("it comes with phone support", None, "UNSUPPORTED"),
    ]);
    let output = "The Pro plan costs $49 a month, and it comes with phone support.";
    let measurement = judge(options(&invented), output);
    assert_eq!(score(&measurement).value, Finite::new(0.5).unwrap());
    assert_snapshot!(score(&measurement).problems.join("\n"), @"not supported: “it comes with phone support”");
}

#[test]
fn evidence_that_is_not_there_counts_for_nothing() {
    let model = telling(&[
        ("It comes with phone support", Some("Phone support is included"), "SUPPORTED"),
        ("it has five seats", None, "REASONABLE_INFERENCE"),
    ]);
    let measurement = judge(options(&model), "It comes with phone support and it has five seats.");
    assert_eq!(score(&measurement).value, Finite::ZERO);
    let claims = &score(&measurement).detail.as_ref().unwrap()["samples"][0]["claims"];
    assert_eq!(claims[0]["label"], "UNSUPPORTED");
    assert_eq!(claims[0]["told_label"], "SUPPORTED");
}

#[test]
fn a_claim_that_the_answer_does_not_make_counts_for_nothing() {
    let model = telling(&[
        ("it has five seats", Some("five seats"), "SUPPORTED"),
        ("refunds are free", None, "CONTRADICTED"),
    ]);
    let measurement = judge(options(&model), "Well, it has five seats.");
    assert_eq!((score(&measurement).value, measurement.passed()), (Finite::ONE, Some(true)));
    let claims = &score(&measurement).detail.as_ref().unwrap()["samples"][0]["claims"];
    assert_eq!(claims[1]["not_found"], true);
    assert_snapshot!(score(&measurement).problems.join("\n"), @"1 of 2 claims of the judge do not stand in the answer and do not count, such as “refunds are free”");
    let stranger = telling(&[("refunds are free", None, "SUPPORTED")]);
    let measurement = judge(options(&stranger), "Well, it has five seats.");
    assert!(
        matches!(&measurement, Measurement::Errored(reason) if reason.contains("no claim repeats")),
        "{measurement:?}"
    );
}

#[test]
fn a_claim_that_is_told_twice_counts_once_with_the_worse_label() {
    let seats = ("it has five seats", Some("five seats"), "SUPPORTED");
    let phone = |label| ("phone support", Some("e-mail support"), label);
    let model = telling(&[seats, phone("SUPPORTED"), seats, seats, phone("CONTRADICTED"), seats]);
    let measurement = judge(options(&model), "Well, it has five seats and phone support.");
    let half = Finite::new(0.5).unwrap();
    assert_eq!((score(&measurement).value, measurement.passed()), (half, Some(false)));
    let claims = &score(&measurement).detail.as_ref().unwrap()["samples"][0]["claims"];
    assert_eq!(
        (&claims[1]["label"], &claims[5]["repeats"]),
        (&json!("CONTRADICTED"), &json!(true))
    );
}

#[test]
fn without_a_checkable_claim_there_is_no_score() {
    let model = telling(&[("How can I help you?", None, "NOT_CHECKABLE")]);
    let measurement = judge(options(&model), "How can I help you?");
    let reason = "the answer makes no claim that could be checked".to_owned();
    assert_eq!(measurement, Measurement::Skipped(reason));
    let none = Scripted::saying(r#"{"code":"CODE","claims":[]}"#);
    assert!(matches!(judge(options(&none), "How can I help you?"), Measurement::Errored(_)));
}

#[test]
fn policies_say_what_becomes_of_a_claim() {
    let model = telling(&[
        ("it has five seats", Some("five seats"), "SUPPORTED"),
        ("refunds take a month", Some("within 30 days"), "CONTRADICTED"),
        ("it is popular", None, "UNSUPPORTED"),
        ("it suits teams", Some("five seats"), "REASONABLE_INFERENCE"),
    ]);
    let output = "Well, it has five seats, refunds take a month, it is popular, it suits teams.";
    let with = |policies: ClaimPolicies| {
        let measurement = judge(HallucinationOptions { policies, ..options(&model) }, output);
        (score(&measurement).value.get(), measurement.passed())
    };
    let base = ClaimPolicies { facts: FactPolicy::Off, ..ClaimPolicies::default() };
    assert_eq!(with(base), (0.5, Some(false)));
    assert_eq!(with(ClaimPolicies { contradicted: ClaimPolicy::Lower, ..base }), (0.5, Some(true)));
    assert_eq!(
        with(ClaimPolicies { unsupported: ClaimPolicy::Accept, ..base }),
        (0.75, Some(false))
    );
    assert_eq!(
        with(ClaimPolicies { reasonable_inference: ClaimPolicy::Fail, ..base }),
        (0.25, Some(false))
    );
}

#[test]
fn samples_are_averaged_and_the_majority_decides() {
    let model = Scripted::new(|request, _| {
        let label = if request.sample == 0 { "CONTRADICTED" } else { "SUPPORTED" };
        let claim = json!({"claim": "it has five seats", "evidence": "five seats", "label": label});
        Ok(said(&json!({"code": "CODE", "claims": [claim]}).to_string(), request))
    });
    let options = HallucinationOptions { samples: NonZeroU32::new(3).unwrap(), ..options(&model) };
    let measurement = judge(options, "Well, it has five seats.");
    assert!((score(&measurement).value.get() - 2.0 / 3.0).abs() < 1e-12);
    assert_eq!(measurement.passed(), Some(true));
}

#[test]
fn the_prompt_is_whole() {
    let demonstration = ClaimDemonstration {
        material: Material {
            input: Some("Is it blue?".to_owned()),
            context: Some("The lamp is red.".to_owned()),
            reference: None,
            answer: "The lamp is blue.".to_owned(),
        },
        claims: vec![DemonstratedClaim {
            claim: "The lamp is blue.".to_owned(),
            evidence: Some("The lamp is red.".to_owned()),
            label: ClaimLabel::Contradicted,
        }],
    };
    let model = telling(&[]);
    let with_demonstration =
        HallucinationOptions { demonstrations: vec![demonstration.clone()], ..options(&model) };
    let judge = HallucinationJudge::new(with_demonstration).unwrap();
    let material = Material {
        input: Some("What is Pro?".to_owned()),
        context: Some(CONTEXT.to_owned()),
        reference: None,
        answer: "Pro costs $49.".to_owned(),
    };
    let texts = judge.render(&material).unwrap();
    let texts = texts.iter().map(|it| format!("[{}]\n{}", it.role, it.content.as_str().unwrap()));
    assert_snapshot!(texts.collect::<Vec<_>>().join("\n\n"));
    let mut wrong = demonstration;
    wrong.claims[0].evidence = Some("The lamp is green.".to_owned());
    let refused = HallucinationJudge::new(HallucinationOptions {
        demonstrations: vec![wrong],
        ..options(&model)
    });
    assert_snapshot!(refused.unwrap_err(), @"demonstration 1: the evidence “The lamp is green.” does not stand in its context");
}

#[test]
fn a_sample_that_found_nothing_to_check_has_no_vote() {
    let model = Scripted::new(|request, _| {
        let label = if request.sample == 0 { "CONTRADICTED" } else { "NOT_CHECKABLE" };
        let claim = json!({"claim": "it has five seats", "evidence": "five seats", "label": label});
        Ok(said(&json!({"code": "CODE", "claims": [claim]}).to_string(), request))
    });
    let options = HallucinationOptions { samples: NonZeroU32::new(3).unwrap(), ..options(&model) };
    let measurement = judge(options, "Well, it has five seats.");
    assert_eq!((score(&measurement).value, measurement.passed()), (Finite::ZERO, Some(false)));
}

#[test]
fn a_part_of_a_price_is_no_evidence() {
    let model = telling(&[("The Pro plan costs $4", Some("The Pro plan costs $4"), "SUPPORTED")]);
    let mut example = pricing();
    example.context = vec![Document::from_text("The Pro plan costs $4.90 a month.")];
    let policies = ClaimPolicies { facts: FactPolicy::Off, ..ClaimPolicies::default() };
    let judge = HallucinationJudge::new(HallucinationOptions { policies, ..options(&model) });
    let measurement = measure(&judge.unwrap(), &example, "The Pro plan costs $4.");
    assert_eq!(score(&measurement).value, Finite::ZERO);
}

#[test]
fn a_server_that_refuses_everything_is_asked_in_each_form_once() {
    let model = Scripted::new(|_, _| {
        Err(CallError::new(CallErrorKind::BadRequest, "the text is too long"))
    });
    assert!(matches!(judge(options(&model), "Five seats."), Measurement::Errored(_)));
    assert_eq!(model.asked(), 2);
}

#[test]
fn many_claims_of_a_long_answer_take_bounded_time() {
    let answer = "It has five seats and more. ".repeat(50_000);
    let claims: Vec<Value> = (0..400)
        .map(|index| {
            let claim = format!("It {}", "... has ... seats ".repeat(index % 20 + 1));
            json!({"claim": claim, "evidence": "five seats", "label": "SUPPORTED"})
        })
        .collect();
    let model = Scripted::saying(&json!({"code": "CODE", "claims": claims}).to_string());
    let measurement = judge(options(&model), &answer);
    let detail = &score(&measurement).detail.as_ref().unwrap()["samples"][0];
    assert!(detail["coverage"].as_f64().unwrap() < 0.01);
}
