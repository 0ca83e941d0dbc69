//! What texts state, and how two of them differ.

use evalward_metrics::facts::{FactDifference, facts};
use proptest::prelude::*;

/// Writes the facts of a text, `kind value` each.
fn found(text: &str) -> String {
    let facts = facts(text);
    facts.iter().map(|fact| format!("{} {}", fact.kind, fact.value)).collect::<Vec<_>>().join("; ")
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(found(text), expected, "{text}");
}

/// Returns the sentences about how an output differs from a reference.
fn differences(output: &str, reference: &str) -> String {
    FactDifference::new(output, reference).sentences().join("; ")
}

#[track_caller]
fn same(left: &str, right: &str) {
    assert_eq!(differences(left, right), "", "{left} / {right}");
    assert_eq!(differences(right, left), "", "{right} / {left}");
}

#[test]
fn finds_amounts_in_many_forms() {
    check("It costs $49.00.", "price 49 USD");
    check("49 dollars or 45,50 € or USD 1,200", "price 49 USD; price 45.5 EUR; price 1200 USD");
    check("$5k and 2 million euros", "price 5000 USD; price 2000000 EUR");
    check("50 % of them, twenty-five percent", "percentage 50%; percentage 25%");
    check("within thirty days", "duration 30 days");
    check("within 10 business days", "duration 10 working days");
    check("innerhalb von zwei Wochen", "duration 1209600 s");
    check("1,000 rooms", "number 1000");
    check("version 1.2.3", "number 1.2.3");
}

#[test]
fn what_only_looks_like_an_amount_is_none() {
    check("Ways:\n1. Call us.\n 2) Write.\n**3.** Come in.\n(4) Wait.\n## 5. Pay", "");
    check("The answer is\n12. It took 3 days.", "duration 3 days");
    check("It has 2 rooms.\n1.5 of them", "number 2; number 1.5");
    check(
        "so $3$ is prime, 4 is $2^2$ and $A=6$",
        "number 3; number 4; number 2; number 2; number 6",
    );
    check("It costs $5, or 50$ a year.", "price 5 USD; price 50 USD");
    check("We saw Elf on DOS, with quince jam, last Sept.", "name elf; name dos; name sept");
    check("Il y a dix chambres et sept lits dans la maison.", "number 10; number 7");
}

#[test]
fn finds_dates_times_and_addresses() {
    for text in [
        "3 May 2026",
        "May 3rd, 2026",
        "2026-05-03",
        "3. Mai 2026",
        "3 de mayo de 2026",
        "03.05.2026",
        "le 3 mai 2026",
    ] {
        check(text, "date 2026-05-03");
    }
    check("by May 2026", "date 2026-05");
    check("on 5 June", "date --06-05");
    check("at 9 am, 9:30 p.m. und 14 Uhr", "time 09:00; time 21:30; time 14:00");
    check(
        "See https://www.Example.com/Help/ or a.b@Example.com.",
        "link example.com/Help; e-mail address a.b@example.com",
    );
    check("you may come", "");
}

#[test]
fn finds_negations_by_language() {
    check("You can't and you should not.", "negation can't; negation not");
    check("Das ist nicht in der Lage.", "negation nicht");
    check("Vous ne pouvez pas le faire dans la ville.", "negation ne; negation pas");
    check("Es el plan sin costo que la empresa ofrece.", "negation sin");
    check("the sin of the city", "");
}

#[test]
fn finds_names_within_sentences_and_quotes() {
    check("We stay at the Orchard Garden Hotel. It is nice.", "name orchard garden hotel");
    check("Ask for “The Blue Room” now.", "name the blue room");
    check("Das Haus am See hat ein Zimmer mit Blick auf den Berg und Garten.", "");
}

#[test]
fn the_same_fact_in_another_form_does_not_differ() {
    same("1,000 rooms", "1000 rooms");
    same("It is $49", "It is 49 USD");
    same("thirty days", "30 days");
    same("3 May 2026", "2026-05-03");
    same("50 %", "50 percent");
    same("two weeks", "14 days");
    same("5/3/2026", "2026-05-03");
    same("I don't know", "I do not know");
}

#[test]
fn the_days_of_the_week_have_many_forms() {
    same("It is open on Saturdays and Sundays.", "They are open Saturday and Sunday.");
    same("We open Mon, Tues and Thurs.", "We open Monday, Tuesday and Thursday.");
    assert_eq!(
        differences("It is open on Fridays.", "It is open on Monday."),
        "name that the right answer has not: `friday`"
    );
    check("He likes \" The Devil 's Garden \" most", "name the devil 's garden");
}

#[test]
fn what_differs_is_told() {
    let check = |output: &str, reference: &str, expected: &str| {
        assert_eq!(differences(output, reference), expected);
    };
    check("It costs $59.", "It costs $49.", "price differs: `59 USD` in place of `49 USD`");
    check("It costs €49.", "It costs $49.", "price differs: `49 EUR` in place of `49 USD`");
    check(
        "API access is not included.",
        "API access is included.",
        "negation that the right answer has not: `not`",
    );
    check(
        "You can cancel.",
        "You can never cancel.",
        "negation of the right answer is missing: `never`",
    );
    check(
        "By 3 May 2027.",
        "By 3 May 2026.",
        "date differs: `2027-05-03` in place of `2026-05-03`",
    );
    check("Ask for Miller.", "Ask for Smith.", "name that the right answer has not: `miller`");
    check(
        "Within 10 days.",
        "Within 10 business days.",
        "duration differs: `10 days` in place of `10 working days`",
    );
}

#[test]
fn a_number_without_its_unit_is_enough_support() {
    same("Open from 9 to 17.", "Open from 9:00 to 17:00.");
    assert_eq!(differences("The price is $49.", "price: 49"), "");
}

proptest! {
    #[test]
    fn a_text_has_all_its_facts(text in r"(?s).{0,80}") {
        prop_assert!(FactDifference::new(&text, &text).is_empty());
    }

    #[test]
    fn spans_are_ordered_and_lie_between_characters(text in r"[ .,$€%/:a-zA-Zäß0-9“”'\n]{0,60}") {
        let mut end = 0;
        for fact in facts(&text) {
            prop_assert!(fact.span.start >= end && fact.span.end > fact.span.start);
            prop_assert!(text.get(fact.span.clone()).is_some());
            end = fact.span.end;
        }
    }

    #[test]
    fn grouped_digits_are_the_same_number(number in 1_000_u32..999_999_999) {
        let digits = number.to_string();
        let mut grouped = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        let (left, right) = (format!("{grouped} seats"), format!("{number} seats"));
        prop_assert!(FactDifference::new(&left, &right).is_empty());
        let other = number + 1;
        prop_assert!(!FactDifference::new(&grouped, &other.to_string()).is_empty());
    }
}
