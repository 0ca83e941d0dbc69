//! Scores on a scale.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::unique::Unique;
use super::{Malformed, only_object};
use crate::criterion::Criterion;
use crate::nonce::Nonce;

/// What the judge says of one criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Verdict {
    #[serde(default)]
    pub(crate) reasoning: String,
    #[serde(default)]
    pub(crate) strengths: Vec<String>,
    #[serde(default)]
    pub(crate) weaknesses: Vec<String>,
    pub(crate) score: i64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    code: String,
    criteria: Unique<Verdict>,
}

/// Reads an answer: a verdict for each criterion and for nothing else, each with a score on its scale.
pub(crate) fn read_absolute(
    text: &str,
    nonce: &Nonce,
    criteria: &[&Criterion],
    needs_reasoning: bool,
) -> Result<BTreeMap<String, Verdict>, Malformed> {
    let object = only_object(text)?;
    let answer: Answer = serde_json::from_str(object).map_err(|error| Malformed::form(&error))?;
    if answer.code != nonce.as_str() {
        return Err(Malformed::Code { given: answer.code.chars().take(40).collect() });
    }
    let Unique(verdicts) = answer.criteria;
    for criterion in criteria {
        let verdict = verdicts
            .get(&criterion.id)
            .ok_or_else(|| Malformed::NoVerdict(criterion.id.clone()))?;
        let (lowest, highest) = criterion.ends();
        if !(i64::from(lowest)..=i64::from(highest)).contains(&verdict.score) {
            let (criterion, score) = (criterion.id.clone(), verdict.score);
            return Err(Malformed::OffScale { criterion, score, lowest, highest });
        }
        if needs_reasoning && verdict.reasoning.trim().is_empty() {
            return Err(Malformed::NoReasoning(criterion.id.clone()));
        }
    }
    match verdicts.keys().find(|name| criteria.iter().all(|criterion| criterion.id != **name)) {
        Some(strange) => Err(Malformed::StrangeCriterion(strange.chars().take(40).collect())),
        None => Ok(verdicts),
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    fn read(text: &str) -> Result<BTreeMap<String, Verdict>, Malformed> {
        let anchors = (1..=5).map(|score| (score, format!("meaning {score}"))).collect();
        let tone = Criterion::new("tone", "How is the tone?", anchors).unwrap();
        let text = text.replace("CODE", Nonce::of_demonstration(1).as_str());
        read_absolute(&text, &Nonce::of_demonstration(1), &[&tone], true)
    }

    #[test]
    fn a_verdict_is_read_whatever_stands_around_it() {
        let answer = "Sure!\n```json\n{\"code\":\"CODE\",\"criteria\":{\"tone\":{\"reasoning\":\"kind\",\"score\":4}}}\n```";
        assert_eq!(read(answer).unwrap()["tone"].score, 4);
    }

    #[test]
    fn what_is_not_agreed_is_refused() {
        let verdicts = [
            r#"{"code":"CODE","criteria":{"tone":{"reasoning":"r","score":7}}}"#,
            r#"{"code":"CODE","criteria":{"tone":{"reasoning":"r","score":0.1}}}"#,
            r#"{"code":"CODE","criteria":{"tone":{"reasoning":"r","score":"5"}}}"#,
            r#"{"code":"CODE","criteria":{"tone":{"reasoning":"r","score":true}}}"#,
            r#"{"code":"CODE","criteria":{"tone":{"reasoning":"r","score":99999999999999999999}}}"#,
            r#"{"code":"CODE","criteria":{"tone":{"reasoning":"r"}}}"#,
            r#"{"code":"CODE","criteria":{"tone":{"reasoning":" ","score":5}}}"#,
            r#"{"code":"CODE","criteria":{"tone":{"reasoning":"r","score":1,"score":5}}}"#,
            r#"{"code":"CODE","criteria":{"tone":{"reasoning":"r","score":1},"tone":{"reasoning":"r","score":5}}}"#,
            r#"{"code":"CODE","criteria":{"tone":{"reasoning":"r","score":5},"wit":{"reasoning":"r","score":5}}}"#,
            r#"{"code":"CODE","criteria":{"tone":{"reasoning":"r","score":5,"pass":true}}}"#,
            r#"{"code":"CODE","criteria":{}}"#,
            r#"{"code":"other","criteria":{"tone":{"reasoning":"r","score":5}}}"#,
            r#"{"criteria":{"tone":{"reasoning":"r","score":5}}}"#,
            r#"{"score":5}"#,
            "I cannot help with that.",
        ];
        let lines: Vec<String> =
            verdicts.iter().map(|text| read(text).unwrap_err().to_string()).collect();
        assert_snapshot!(lines.join("\n"));
    }
}
