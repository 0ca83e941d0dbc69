//! Claims with their labels.

use serde::Deserialize;

use super::{Malformed, only_object};
use crate::claims::ClaimLabel;
use crate::nonce::Nonce;

/// The most claims of an answer.
const MOST: usize = 500;

/// A claim, as the judge tells it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ToldClaim {
    /// The words of the answer.
    pub(crate) claim: String,
    /// The words of the context that bear it out or contradict it.
    #[serde(default)]
    pub(crate) evidence: Option<String>,
    #[serde(default)]
    pub(crate) reasoning: String,
    pub(crate) label: ClaimLabel,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    code: String,
    claims: Vec<ToldClaim>,
}

/// Reads an answer: at least one claim, each with a label of the list.
pub(crate) fn read_claims(text: &str, nonce: &Nonce) -> Result<Vec<ToldClaim>, Malformed> {
    let object = only_object(text)?;
    let answer: Answer = serde_json::from_str(object).map_err(|error| Malformed::form(&error))?;
    if answer.code != nonce.as_str() {
        return Err(Malformed::Code { given: answer.code.chars().take(40).collect() });
    }
    if answer.claims.is_empty() {
        return Err(Malformed::NoClaims);
    }
    if answer.claims.len() > MOST {
        return Err(Malformed::TooManyClaims { most: MOST });
    }
    match answer.claims.iter().position(|claim| claim.claim.trim().is_empty()) {
        Some(index) => Err(Malformed::EmptyClaim { number: index + 1 }),
        None => Ok(answer.claims),
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    fn read(text: &str) -> Result<Vec<ToldClaim>, Malformed> {
        let nonce = Nonce::of_demonstration(1);
        read_claims(&text.replace("CODE", nonce.as_str()), &nonce)
    }

    #[test]
    fn claims_are_read() {
        let claims = read(r#"{"code":"CODE","claims":[{"claim":"It is late.","evidence":null,"label":"UNSUPPORTED"}]}"#).unwrap();
        assert_eq!(claims[0].label, ClaimLabel::Unsupported);
    }

    #[test]
    fn what_is_not_agreed_is_refused() {
        let answers = [
            r#"{"code":"CODE","claims":[]}"#,
            r#"{"code":"CODE"}"#,
            r#"{"code":"CODE","claims":[{"claim":" ","label":"SUPPORTED"}]}"#,
            r#"{"code":"CODE","claims":[{"claim":"It is late.","label":"supported"}]}"#,
            r#"{"code":"CODE","claims":[{"claim":"It is late.","label":"NOT UNSUPPORTED"}]}"#,
            r#"{"code":"CODE","claims":[{"claim":"It is late.","label":"No, contradicted: yesterday's policy says five"}]}"#,
            r#"{"code":"CODE","claims":[{"claim":"It is late."}]}"#,
            r#"{"code":"CODE","claims":"none"}"#,
            r#"{"code":"other","claims":[{"claim":"It is late.","label":"SUPPORTED"}]}"#,
            r#"{"code":"CODE","claims":[{"claim":"a","label":"SUPPORTED"}],"score":1}"#,
        ];
        let lines: Vec<String> =
            answers.iter().map(|text| read(text).unwrap_err().to_string()).collect();
        assert_snapshot!(lines.join("\n"));
    }
}
