//! The one JSON object of a text.

use serde::de::IgnoredAny;
use serde_json::Deserializer;

use super::Malformed;

/// The longest answer that is read, in bytes.
const LONGEST: usize = 1 << 18;

/// Returns the text of the only JSON object in an answer. Code fences and sentences around it are tolerated; a second object, and
/// one that never ends, are not.
pub(crate) fn only_object(answer: &str) -> Result<&str, Malformed> {
    if answer.len() > LONGEST {
        return Err(Malformed::TooLong { most: LONGEST });
    }
    let answer = after_thinking(answer);
    if answer.trim().is_empty() {
        return Err(Malformed::Empty);
    }
    let mut found = None;
    let mut rest = answer;
    while let Some((_, from_brace)) = rest.find('{').and_then(|brace| rest.split_at_checked(brace))
    {
        let mut objects = Deserializer::from_str(from_brace).into_iter::<IgnoredAny>();
        match objects.next() {
            Some(Ok(_)) => {
                let (object, after) = from_brace
                    .split_at_checked(objects.byte_offset())
                    .expect("an object ends with a brace");
                if found.replace(object).is_some() {
                    return Err(Malformed::SeveralObjects);
                }
                rest = after;
            }
            Some(Err(error)) if error.is_eof() => return Err(Malformed::CutOff),
            _ => rest = from_brace.strip_prefix('{').unwrap_or_default(),
        }
    }
    found.ok_or(Malformed::NoObject)
}

/// Returns what follows the block in which reasoning models think aloud; the text as it is where it does not begin with one that ends.
fn after_thinking(answer: &str) -> &str {
    let block = answer.trim_start().strip_prefix("<think>");
    block.and_then(|block| block.split_once("</think>")).map_or(answer, |(_, after)| after)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn an_object_is_found_among_other_text() {
        for text in [
            r#"{"a":{"b":1}}"#,
            "Here it is:\n```json\n{\"a\":{\"b\":1}}\n```\nI hope that helps.",
            r#"The set {x, y} is {"a":{"b":1}} {"#.trim_end_matches(" {"),
        ] {
            assert_eq!(only_object(text), Ok(r#"{"a":{"b":1}}"#), "{text}");
        }
    }

    #[test]
    fn anything_but_one_object_is_refused() {
        let cases = [
            ("", Malformed::Empty),
            (" \n", Malformed::Empty),
            ("The answer is good: 5 of 5.", Malformed::NoObject),
            ("[1, 2]", Malformed::NoObject),
            ("{score: 5}", Malformed::NoObject),
            (r#"{"score": 5"#, Malformed::CutOff),
            (r#"{"a": {"score": 5}"#, Malformed::CutOff),
            (r#"{"score": 5} {"score": 1}"#, Malformed::SeveralObjects),
            (r#"[{"score": 5}, {"score": 1}]"#, Malformed::SeveralObjects),
        ];
        for (text, error) in cases {
            assert_eq!(only_object(text), Err(error), "{text}");
        }
    }

    #[test]
    fn what_a_model_thinks_aloud_before_its_answer_is_left_out() {
        let thinking = "\n<think>Is it {\"score\": 1}? {No.</think>\n";
        assert_eq!(only_object(&format!("{thinking}{{\"a\":1}}")), Ok(r#"{"a":1}"#));
        for (text, error) in [
            (thinking.to_owned(), Malformed::Empty),
            // Only a block at the start that ends is left out.
            (r#"<think>{"a":1} {"a":2}"#.to_owned(), Malformed::SeveralObjects),
            (r#"{"a":1}<think>{"a":2}</think>"#.to_owned(), Malformed::SeveralObjects),
            (format!("{thinking}<think>{{\"a\":1}}</think>{{\"a\":2}}"), Malformed::SeveralObjects),
        ] {
            assert_eq!(only_object(&text), Err(error), "{text}");
        }
        let endless = "<think>".repeat(LONGEST / 7);
        assert_eq!(only_object(&endless), Err(Malformed::NoObject));
    }

    #[test]
    fn an_endless_answer_is_refused_at_once() {
        assert_eq!(only_object(&"{".repeat(10 << 20)), Err(Malformed::TooLong { most: LONGEST }));
        assert_eq!(only_object(&"{".repeat(LONGEST)), Err(Malformed::CutOff));
        assert_eq!(only_object(&r#"{"a":"#.repeat(20_000)), Err(Malformed::CutOff));
    }

    proptest! {
        #[test]
        fn whatever_is_said_around_it_the_object_is_the_same(
            before in "[^{}]{0,20}",
            after in "[^{}]{0,20}",
            value in "\\PC{0,20}",
        ) {
            let object = json!({ "value": value }).to_string();
            let text = format!("{before}{object}{after}");
            let found = only_object(&text).unwrap();
            prop_assert_eq!(found, object.as_str());
            prop_assert_eq!(&serde_json::from_str::<Value>(found).unwrap()["value"], &json!(value));
        }

        #[test]
        fn no_text_breaks_it(text in "[{}\\[\\]\",:a1 \\\\é]{0,60}") {
            if let Ok(object) = only_object(&text) {
                prop_assert!(serde_json::from_str::<Value>(object).unwrap().is_object());
            }
        }
    }
}
