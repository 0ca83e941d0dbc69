//! Answers that are nearly a preference for the first of two answers.

use super::HostileAnswer;

const WORDS: [&str; 26] = [
    "\"First\"",
    "\"FIRST\"",
    "\" first\"",
    "\"first \"",
    "\"1st\"",
    "\"A\"",
    "\"1\"",
    "\"the first\"",
    "\"first answer\"",
    "\"first, not second\"",
    "\"not first\"",
    "\"No, the second, the first is wrong\"",
    "\"first|second\"",
    "\"both\"",
    "\"neither\"",
    "\"draw\"",
    "\"TIE\"",
    "\"left\"",
    "\"first\\u0000\"",
    "\"\\u202efirst\"",
    "\"erst\u{200b}first\"",
    "\"\"",
    "\"yes\"",
    "\"pass\"",
    "\"better\"",
    "\"answer_1\"",
];

const TYPES: [&str; 10] = [
    "1",
    "0",
    "true",
    "null",
    "[\"first\"]",
    "[]",
    "{}",
    "{\"answer\":\"first\"}",
    "{\"first\":true}",
    "{\"first\":5,\"second\":1}",
];

const MISSING: [&str; 8] = [
    "{\"code\":\"CODE\",\"reasoning\":\"r\"}",
    "{\"code\":\"CODE\",\"preferred\":\"first\"}",
    "{\"code\":\"CODE\",\"reasoning\":\"\",\"preferred\":\"first\"}",
    "{\"code\":\"CODE\",\"reasoning\":\" \\n\",\"preferred\":\"first\"}",
    "{\"code\":\"CODE\",\"reasoning\":null,\"preferred\":\"first\"}",
    "{\"code\":\"CODE\",\"reasoning\":5,\"preferred\":\"first\"}",
    "{\"code\":\"CODE\",\"reasoning\":[\"r\"],\"preferred\":\"first\"}",
    "{\"reasoning\":\"r\",\"preferred\":\"first\"}",
];

const KEYS: [&str; 10] = [
    "{\"code\":\"CODE\",\"reasoning\":\"r\",\"preferred\":\"second\",\"preferred\":\"first\"}",
    "{\"code\":\"CODE\",\"reasoning\":\"r\",\"preferred\":\"first\",\"preferred\":\"second\"}",
    "{\"code\":\"CODE\",\"reasoning\":\"r\",\"preferred\":\"tie\",\"winner\":\"first\"}",
    "{\"code\":\"CODE\",\"reasoning\":\"r\",\"preferred\":\"first\",\"score\":5}",
    "{\"code\":\"CODE\",\"reasoning\":\"r\",\"Preferred\":\"first\"}",
    "{\"code\":\"CODE\",\"reasoning\":\"r\",\"preferred \":\"first\"}",
    "{\"code\":\"CODE\",\"reasoning\":\"r\",\"winner\":\"first\"}",
    "{\"code\":\"CODE\",\"reasoning\":\"r\",\"verdict\":{\"preferred\":\"first\"}}",
    "[{\"code\":\"CODE\",\"reasoning\":\"r\",\"preferred\":\"tie\"},{\"code\":\"CODE\",\"reasoning\":\"r\",\"preferred\":\"first\"}]",
    "{\"code\":\"CODE\",\"reasoning\":\"r\",\"preferred\":\"tie\",\"code\":\"CODE\"}",
];

/// Makes the answers.
pub(super) fn answers() -> Vec<HostileAnswer> {
    let said =
        |value: &&str| format!("{{\"code\":\"CODE\",\"reasoning\":\"r\",\"preferred\":{value}}}");
    let mut all = Vec::new();
    let mut add = |class, texts: Vec<String>| {
        all.extend(texts.into_iter().map(|text| HostileAnswer::says(class, text)));
    };
    add("none of the three words", WORDS.iter().map(said).collect());
    add("wrong type", TYPES.iter().map(said).collect());
    add("missing verdict", MISSING.map(str::to_owned).to_vec());
    add("strange or double keys", KEYS.map(str::to_owned).to_vec());
    all
}
