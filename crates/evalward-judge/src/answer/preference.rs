//! A preference for one of two answers.

use serde::Deserialize;

use super::{Malformed, only_object};
use crate::nonce::Nonce;
use crate::pairwise::Preference;

/// What the judge says of two answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ToldPreference {
    pub(crate) preferred: Preference,
    pub(crate) reasoning: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    code: String,
    #[serde(default)]
    reasoning: String,
    preferred: Preference,
}

/// Reads an answer: one of three words.
pub(crate) fn read_preference(
    text: &str,
    nonce: &Nonce,
    needs_reasoning: bool,
) -> Result<ToldPreference, Malformed> {
    let object = only_object(text)?;
    let answer: Answer = serde_json::from_str(object).map_err(|error| Malformed::form(&error))?;
    if answer.code != nonce.as_str() {
        return Err(Malformed::Code { given: answer.code.chars().take(40).collect() });
    }
    if needs_reasoning && answer.reasoning.trim().is_empty() {
        return Err(Malformed::NoReasoningAtAll);
    }
    Ok(ToldPreference { preferred: answer.preferred, reasoning: answer.reasoning })
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    fn read(text: &str) -> Result<ToldPreference, Malformed> {
        let nonce = Nonce::of_demonstration(1);
        read_preference(&text.replace("CODE", nonce.as_str()), &nonce, true)
    }

    #[test]
    fn a_preference_is_read_whatever_stands_around_it() {
        let said =
            read("```json\n{\"code\":\"CODE\",\"reasoning\":\"r\",\"preferred\":\"tie\"}\n```");
        assert_eq!(said.unwrap().preferred, Preference::Tie);
    }

    #[test]
    fn what_is_not_agreed_is_refused() {
        let answers = [
            r#"{"code":"CODE","reasoning":"r","preferred":"First"}"#,
            r#"{"code":"CODE","reasoning":"r","preferred":"first, not second"}"#,
            r#"{"code":"CODE","reasoning":"r","preferred":1}"#,
            r#"{"code":"CODE","reasoning":"r"}"#,
            r#"{"code":"CODE","preferred":"first"}"#,
            r#"{"code":"CODE","reasoning":"r","preferred":"first","preferred":"second"}"#,
            r#"{"code":"CODE","reasoning":"r","preferred":"first","score":5}"#,
            r#"{"code":"CODE","reasoning":"r","preferred":"first"} {"code":"CODE","reasoning":"r","preferred":"second"}"#,
            r#"{"code":"other","reasoning":"r","preferred":"first"}"#,
            "The first answer is better.",
        ];
        let lines: Vec<String> =
            answers.iter().map(|text| read(text).unwrap_err().to_string()).collect();
        assert_snapshot!(lines.join("\n"));
    }
}
