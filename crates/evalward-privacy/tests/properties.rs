//! The laws finding and masking obey, on text made of whatever is confusable.

use evalward_privacy::{Finding, FindingKind, find, redact};
use proptest::prelude::*;

/// Any text, and text made of the pieces that detectors react to.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[0-9]{1,6}",
        "[a-zA-Z]{1,6}",
        "[-+ .:/@()=\"'_]",
        "\\PC",
        prop::sample::select(vec![
            "DE89 3704 0044 0532 0130 00",
            "4111 1111 1111 1111",
            "jane@corp.de",
            "+49 30 1234567",
            "84.8.4.4",
            concat!("gh", "p_abcdefghijklmnopqrstuvwxyz0123456789"),
            concat!("AK", "IAIOSFODNN7EXAMPLE"),
            concat!("ey", "JhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0."),
            concat!("-----BEGIN PRI", "VATE KEY-----"),
            concat!("-----END PRI", "VATE KEY-----"),
            "password=",
            "token: ",
            "http://u:",
            "[EMAIL]",
            "tel ",
            "\n",
        ])
        .prop_map(str::to_owned),
    ];
    prop_oneof![
        any::<String>(),
        prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat()),
    ]
}

/// An e-mail address of an ordinary shape.
fn email() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9]{0,10}([._+-][a-z0-9]{1,8}){0,2}@[a-z][a-z0-9]{0,10}(\\.[a-z]{2,6}){1,2}"
}

/// A card number with a valid checksum, in one piece or in groups of four.
fn card() -> impl Strategy<Value = String> {
    ("[45][1-5][0-9]{13}", prop::sample::select(vec!["", " ", "-"])).prop_map(
        |(body, separator)| {
            let number = (0..10)
                .map(|check| format!("{body}{check}"))
                .find(|number| is_luhn_valid(number))
                .expect("one of ten check digits fits");
            in_groups_of_four(&number, separator)
        },
    )
}

fn is_luhn_valid(number: &str) -> bool {
    let doubled = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
    let digits = number.bytes().rev().map(|byte| usize::from(byte - b'0'));
    let sum: usize = digits.enumerate().map(|(i, d)| if i % 2 == 1 { doubled[d] } else { d }).sum();
    sum.is_multiple_of(10)
}

/// A German or a British account number with a valid checksum.
fn iban() -> impl Strategy<Value = String> {
    let parts = prop_oneof![
        "[0-9]{18}".prop_map(|account| ("DE", account)),
        "[A-Z]{4}[0-9]{14}".prop_map(|account| ("GB", account)),
    ];
    (parts, prop::sample::select(vec!["", " "])).prop_map(|((country, account), separator)| {
        let remainder = format!("{account}{country}00").chars().fold(0, |remainder, character| {
            let value = character.to_digit(36).expect("letters and digits");
            (remainder * if value < 10 { 10 } else { 100 } + value) % 97
        });
        in_groups_of_four(&format!("{country}{:02}{account}", 98 - remainder), separator)
    })
}

fn in_groups_of_four(number: &str, separator: &str) -> String {
    let groups: Vec<String> =
        number.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into()).collect();
    groups.join(separator)
}

/// Asserts that one finding of a kind covers `planted` in whatever surrounds it.
fn assert_found(kind: FindingKind, lead: &str, planted: &str, trail: &str) {
    let text = format!("{lead} {planted} {trail}");
    let span = lead.len() + 1..lead.len() + 1 + planted.len();
    let covers = |finding: &Finding| {
        finding.kind <= kind && finding.span.start <= span.start && span.end <= finding.span.end
    };
    assert!(find(&text).iter().any(covers), "{planted:?} in {text:?}: {:?}", find(&text));
    assert!(!redact(&text).contains(planted), "{planted:?} is left in {:?}", redact(&text));
}

proptest! {
    #[test]
    fn findings_are_in_order_and_on_character_boundaries(text in text()) {
        let mut end = 0;
        for finding in find(&text) {
            prop_assert!(end <= finding.span.start && finding.span.start < finding.span.end);
            prop_assert!(text.get(finding.span.clone()).is_some(), "{finding:?}");
            end = finding.span.end;
        }
    }

    #[test]
    fn nothing_is_found_after_redaction(text in text()) {
        let redacted = redact(&text);
        prop_assert_eq!(find(&redacted), [], "in {:?} of {:?}", redacted, text);
        prop_assert_eq!(redact(&redacted), redacted.as_ref());
    }

    #[test]
    fn text_without_findings_is_left_as_it_is(text in text()) {
        if find(&text).is_empty() {
            prop_assert_eq!(redact(&text), text.as_str());
        }
    }

    #[test]
    fn a_planted_email_is_found(lead in text(), planted in email(), trail in text()) {
        assert_found(FindingKind::Email, &lead, &planted, &trail);
    }

    #[test]
    fn a_planted_iban_is_found(lead in text(), planted in iban(), trail in text()) {
        assert_found(FindingKind::Iban, &lead, &planted, &trail);
    }

    #[test]
    fn a_planted_card_is_found(lead in text(), planted in card(), trail in text()) {
        assert_found(FindingKind::PaymentCard, &lead, &planted, &trail);
    }
}
