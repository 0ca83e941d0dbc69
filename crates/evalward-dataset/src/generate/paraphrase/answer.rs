//! Reading what a model answered.

use serde_json::Deserializer;

/// The largest answer that is read.
const MOST_BYTES: usize = 256 * 1024;

/// How many brackets are looked at.
const MOST_BRACKETS: usize = 1000;

/// Reads the one list of texts in an answer, or says what is wrong with it; what stands around the list is left alone.
pub(super) fn read(answer: &str) -> Result<Vec<String>, String> {
    if answer.len() > MOST_BYTES {
        return Err(format!("it has more than {MOST_BYTES} bytes"));
    }
    let mut lists: Vec<Vec<String>> = Vec::new();
    let mut rest = answer;
    for _ in 0..MOST_BRACKETS {
        let Some(at) = rest.find('[') else { break };
        let from = rest.get(at..).unwrap_or_default();
        let mut stream = Deserializer::from_str(from).into_iter::<Vec<String>>();
        let after = match stream.next() {
            Some(Ok(list)) => {
                lists.push(list);
                stream.byte_offset()
            }
            _ => 1,
        };
        rest = from.get(after..).unwrap_or_default();
    }
    let is_any = !lists.is_empty();
    lists.retain(|list| !list.is_empty());
    lists.dedup();
    match (lists.pop(), lists.is_empty()) {
        (Some(list), true) => Ok(list),
        (Some(_), false) => Err("it has several JSON lists of texts".to_owned()),
        (None, _) if is_any => Err("its JSON list is empty".to_owned()),
        (None, _) => Err("it has no JSON list of texts".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(answer: &str, expected: Result<&[&str], &str>) {
        let expected = expected
            .map(|texts| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>())
            .map_err(str::to_owned);
        assert_eq!(read(answer), expected, "{answer}");
    }

    #[test]
    fn one_list_of_texts_is_read_whatever_stands_around_it() {
        check(r#"["a", "b"]"#, Ok(&["a", "b"]));
        check("Sure [1]! Here:\n```json\n[\"a [b]\",\n \"c\"]\n```\nEnjoy.", Ok(&["a [b]", "c"]));
        check(r#"{"paraphrases": ["a"]}"#, Ok(&["a"]));
        check("[] or [\"a\"] and again [\"a\"]", Ok(&["a"]));
    }

    #[test]
    fn anything_else_is_refused() {
        check("", Err("it has no JSON list of texts"));
        check("How do I pay?", Err("it has no JSON list of texts"));
        check("[]", Err("its JSON list is empty"));
        check("[\"a\", \"b\"", Err("it has no JSON list of texts"));
        check("[\"a\", 2]", Err("it has no JSON list of texts"));
        check("[\"a\", [\"b\"]]", Ok(&["b"]));
        check("[\"\\ud800\"]", Err("it has no JSON list of texts"));
        check("[\"a\"] [\"b\"]", Err("it has several JSON lists of texts"));
        check(&"[".repeat(MOST_BYTES), Err("it has no JSON list of texts"));
        check(&" ".repeat(MOST_BYTES + 1), Err("it has more than 262144 bytes"));
    }

    proptest! {
        #[test]
        fn a_list_is_read_back_from_its_json(
            texts in proptest::collection::vec(".*", 1..4),
            before in "[^\\[]{0,20}",
        ) {
            let json = serde_json::to_string(&texts).unwrap();
            prop_assert_eq!(read(&format!("{before}{json}")), Ok(texts));
        }

        #[test]
        fn whatever_is_answered_is_read_or_refused(answer in "[\\[\\]\"\\\\,a\u{301} ]{0,60}") {
            if let Ok(texts) = read(&answer) {
                prop_assert!(!texts.is_empty());
            }
        }
    }
}
