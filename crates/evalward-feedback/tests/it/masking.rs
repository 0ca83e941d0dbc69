//! What differs between failures of one cause is masked, and nothing else.

use evalward_core::Outcome;
use evalward_feedback::{failures_of, mask_message, mask_text};
use proptest::prelude::*;

use crate::support::{broken, sample};

#[track_caller]
fn check(message: &str, expected: &str) {
    assert_eq!(mask_message(message), expected);
    assert_eq!(mask_message(expected), expected, "masking again");
}

#[test]
fn numbers_and_places_are_masked() {
    check("3 words, expected 20 to 200", "[number] words, expected [number] to [number]");
    check("1 word, expected 20 to 200", "[number] words, expected [number] to [number]");
    check("score 0.312 is below 0.6", "score [number] is below [number]");
    check("it costs $1,200.50 or -5% (1e-5)", "it costs [number] or [number] ([number])");
    check("has an e-mail address at byte 57", "has an e-mail address");
    check("pages 10-20, 3/4", "pages [number], [number]/[number]");
}

#[test]
fn ids_dates_and_addresses_are_masked() {
    check("Order ORD-2291 of 3f2a9c01b7de", "order [id] of [id]");
    check("uuid 6f9619ff-8b86-d011-b42d-00cf4fc964ff.", "uuid [id].");
    check("on 2026-11-25 at 2026-11-25T15:46:31Z or 25.11.2026", "on [date] at [date] or [date]");
    check("see https://example.org/a?b=1 now", "see [url] now");
    check("from 10.20.30.40 by ann@corp.example", "from [ip_address] by [email]");
    check("Said “I want it back”, \"now\" and 'please'!", "said [text], [text] and [text]!");
    check("I can't and don't\n  want  ", "i can't and don't want");
}

#[test]
fn a_rules_own_texts_stay() {
    check("has `JIRA` at byte 12 and `L1 support` at byte 3", "has `JIRA` and `L1 support`");
    check("lacks `within 7 days`", "lacks `within 7 days`");
    check("nothing matches `^[A-Z]{3}$`", "nothing matches `^[A-Z]{3}$`");
    check("`hello 5` at byte 3 matches `\\d`", "[text] matches `\\d`");
    check(
        "at `/items/3/7`, \"abc\" is not a number",
        "at `/items/[number]/[number]`, [text] is not a number",
    );
}

#[test]
fn repeated_findings_are_one() {
    check(
        "has an e-mail address at byte 3, an e-mail address at byte 40, a phone number at byte 60",
        "has an e-mail address, a phone number",
    );
    check("has an IBAN at byte 1 and 7 more", "has an iban");
}

#[test]
fn a_users_backticks_are_quotes() {
    assert_eq!(mask_text("What does `rm -rf 5` do?"), "what does [text] do?");
}

#[test]
fn long_messages_are_cut_between_words() {
    let long = mask_message(&"the same words again and ".repeat(40));
    assert!(long.chars().count() <= 200 && long.ends_with("again and"), "{long}");
    assert_eq!(mask_message(&"ä".repeat(500)).chars().count(), 200);
}

fn pattern_of(message: &str) -> String {
    let outcome = Outcome::Failed(vec![broken(message)]);
    failures_of(&sample("?", "!"), &outcome).remove(0).pattern
}

/// Pieces of which messages are made, so that the masks meet each other.
fn message() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<String>(),
        "[ -~]{0,12}",
        "-?[0-9]{1,6}([.,][0-9]{1,3})?%?",
        "[0-9]{4}-[0-9]{2}-[0-9]{2}",
        "`[a-zA-Z0-9 /]{0,10}`",
        "[a-z]{1,4}@[a-z]{1,4}\\.[a-z]{2}",
        Just(" at byte 17".to_owned()),
        Just("`".to_owned()),
        Just("\"".to_owned()),
        Just(", ".to_owned()),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<u64>().prop_map(|number| number.to_string()),
        any::<i32>().prop_map(|number| number.to_string()),
        (-1e6..1e6).prop_map(|number: f64| format!("{number:.3}")),
    ]
}

proptest! {
    #[test]
    fn masking_is_idempotent(message in message()) {
        let masked = mask_message(&message);
        prop_assert_eq!(mask_message(&masked), masked);
        let masked = mask_text(&message);
        prop_assert_eq!(mask_text(&masked), masked);
    }

    #[test]
    fn another_number_is_the_same_pattern(one in number(), other in number()) {
        let message = |number| format!("length: {number} words, expected 20 to {number}");
        prop_assert_eq!(pattern_of(&message(one)), pattern_of(&message(other)));
    }

    #[test]
    fn another_rule_is_another_pattern(one in "[a-z_]{1,12}", other in "[a-z_]{1,12}", text in "[ -~]{0,40}") {
        prop_assume!(one != other);
        let message = |rule: &str| format!("{rule}: {text}");
        prop_assert_ne!(pattern_of(&message(&one)), pattern_of(&message(&other)));
    }
}
