//! `numeric`: reading numbers as people write them, and comparing them.

use evalward_core::Finite;
use evalward_metrics::{DecimalMark, Numeric, NumericOptions, PercentSign, PickNumber};

use crate::support::{detail, example_with, measure, written};

fn with(change: impl FnOnce(&mut NumericOptions)) -> Numeric {
    let mut options = NumericOptions::default();
    change(&mut options);
    Numeric::new(&options).unwrap()
}

/// Writes the number that is read, with the text it stands in, or why there is none.
fn read(metric: &Numeric, output: &str) -> String {
    let measurement = measure(metric, &example_with(&["1"]), output);
    let score = measurement.score().unwrap();
    match &score.detail {
        Some(detail) => format!("{} from {}", detail["value"], detail["span"]["text"]),
        None => score.problems.join("; "),
    }
}

#[track_caller]
fn check_read(output: &str, expected: &str) {
    assert_eq!(read(&with(|_| {}), output), expected);
}

#[track_caller]
fn check(metric: &Numeric, reference: &str, output: &str, expected: &str) {
    assert_eq!(written(&measure(metric, &example_with(&[reference]), output)), expected);
}

#[test]
fn numbers_are_read_as_people_write_them() {
    check_read("The total is 1,234.50 dollars.", "1234.5 from \"1,234.50\"");
    check_read("-$5", "-5.0 from \"-$5\"");
    check_read("$-5.25", "-5.25 from \"-5.25\"");
    check_read("\u{2212}3", "-3.0 from \"\u{2212}3\"");
    check_read("€ 12", "12.0 from \"12\"");
    check_read("12 %", "12.0 from \"12 %\"");
    check_read("6.02e23", "6.02e+23 from \"6.02e23\"");
    check_read("2E-3 m", "0.002 from \"2E-3\"");
    check_read("5em", "5.0 from \"5\"");
    check_read(".5", "0.5 from \".5\"");
    check_read("It is 42.", "42.0 from \"42\"");
    check_read("1'234'567", "1234567.0 from \"1'234'567\"");
    check_read("12\u{202f}345,", "12345.0 from \"12\u{202f}345\"");
    check_read("1,23,456", "123456.0 from \"1,23,456\"");
    check_read("GPT4 says 7", "7.0 from \"7\"");
    check_read("On 12.05.2024 it was 3", "3.0 from \"3\"");
    check_read("A-5", "5.0 from \"5\"");
    check_read("007", "7.0 from \"007\"");
}

#[test]
fn what_is_not_one_number_says_so() {
    check_read("none", "the output has no number");
    check_read("", "the output has no number");
    check_read("10-20", "the output has 2 numbers, and only one may stand in it");
    check_read("1,5", "the output has 2 numbers, and only one may stand in it");
    check_read("1e999", "the output's number is too large to be compared");
}

#[test]
fn first_and_last_pick_among_several() {
    let output = "Between 3 and 5, so 4.";
    assert_eq!(read(&with(|it| it.pick = PickNumber::First), output), "3.0 from \"3\"");
    assert_eq!(read(&with(|it| it.pick = PickNumber::Last), output), "4.0 from \"4\"");
}

#[test]
fn a_comma_can_stand_before_the_decimals() {
    let comma = with(|it| it.decimal = DecimalMark::Comma);
    assert_eq!(read(&comma, "1.234,5 €"), "1234.5 from \"1.234,5\"");
    assert_eq!(read(&comma, "0,5"), "0.5 from \"0,5\"");
    assert_eq!(read(&comma, "Am 12.05.2024 waren es 3"), "3.0 from \"3\"");
    assert_eq!(read(&comma, "1.234.567 Euro"), "1234567.0 from \"1.234.567\"");
    assert_eq!(read(&comma, "1,2,3 und 4"), "4.0 from \"4\"");
}

#[test]
fn numbers_are_compared_within_a_tolerance() {
    let exact = with(|_| {});
    check(&exact, "49", "49.00 EUR", "passed 1");
    check(&exact, "49", "It costs 59 EUR", "failed 0\nthe number is 59, expected 49");
    let near = with(|it| it.tolerance = Finite::new(0.01).unwrap());
    check(&near, "0.3", "0.29", "passed 1");
    check(&near, "0.3", "0.28", "failed 0\nthe number is 0.28, expected 0.3 within 0.01");
    let share = with(|it| it.relative_tolerance = Finite::new(0.05).unwrap());
    check(&share, "200", "210", "passed 1");
    check(&share, "200", "211", "failed 0\nthe number is 211, expected 200 within 10");
    check(
        &exact,
        "9007199254740993",
        "9007199254740992",
        "failed 0\nthe number is 9007199254740992, expected 9007199254740993",
    );
}

#[test]
fn whole_numbers_of_any_length_are_compared_to_the_last_digit() {
    let exact = with(|_| {});
    let long = "1".repeat(60);
    check(&exact, &long, &format!("{long},"), "passed 1");
    check(
        &exact,
        &format!("{long}2"),
        &format!("{long}3"),
        &format!("failed 0\nthe number is {long}3, expected {long}2"),
    );
    check(&exact, "0", "-0", "passed 1");
    check(&exact, "-7", "-007", "passed 1");
    check(&exact, "7", "-7", "failed 0\nthe number is -7, expected 7");
}

#[test]
fn letters_without_case_stand_before_numbers() {
    check_read("价格是59元", "59.0 from \"59\"");
    check_read("ราคา1,200บาท", "1200.0 from \"1,200\"");
    check_read("السعر59", "59.0 from \"59\"");
    check_read("気温は-5度", "-5.0 from \"-5\"");
    check_read("约.5克", "0.5 from \".5\"");
    check_read("共2e3個", "2000.0 from \"2e3\"");
    check_read("Ω5 Ж5 é5 _5 è7.5", "the output has no number");
    check_read("第3-5章", "the output has 2 numbers, and only one may stand in it");
}

#[test]
fn endless_marks_take_no_endless_time() {
    let marks = format!("1{}", ",22".repeat(300_000));
    check_read(&marks, "the output has 300001 numbers, and only one may stand in it");
    let dates = "1.2.3 ".repeat(100_000);
    let comma = with(|it| it.decimal = DecimalMark::Comma);
    assert_eq!(read(&comma, &dates), "the output has no number");
}

#[test]
fn a_percent_sign_divides_on_demand() {
    let ignored = with(|_| {});
    check(&ignored, "12", "12 %", "passed 1");
    check(
        &ignored,
        "0.12",
        "12 %",
        "failed 0\nthe number is 12, expected 0.12; the output has a percent sign, the right answer has none",
    );
    let hundredth = with(|it| it.percent = PercentSign::Hundredth);
    check(&hundredth, "0.12", "12 %", "passed 1");
    check(&hundredth, "12%", "0.12", "passed 1");
}

#[test]
fn a_right_answer_must_be_one_number() {
    let metric = with(|_| {});
    check(&metric, "many", "1", "errored: the right answer `many` is not one number");
    check(&metric, "1 or 2", "1", "errored: the right answer `1 or 2` is not one number");
    assert_eq!(
        written(&measure(&metric, &example_with(&[]), "1")),
        "skipped: has no expected output"
    );
}

#[test]
fn the_detail_explains_the_value() {
    let example = example_with(&["10", "20"]);
    let measurement = measure(&with(|_| {}), &example, "About $21.");
    insta::assert_snapshot!(detail(&measurement), @r#"{"difference":1.0,"expected":20.0,"reference":1,"span":{"end":9,"start":6,"text":"$21"},"value":21.0}"#);
}
