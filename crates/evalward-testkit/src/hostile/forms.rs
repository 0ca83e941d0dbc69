//! Answers that are an object, but not one of the agreed form.

use serde_json::{Value, json};

use super::{HostileAnswer, Verdict, preferences};

/// How many answers are made by changing single characters of one that fails.
const MUTATED: usize = 60;

pub(super) fn answers(verdict: Verdict) -> Vec<HostileAnswer> {
    let mut all: Vec<HostileAnswer> = bare();
    all.extend(codes(verdict));
    all.extend(match verdict {
        Verdict::Score => scores(),
        Verdict::Claims => claims(),
        Verdict::Preference => preferences::answers(),
    });
    all.extend(mutated(verdict));
    all
}

fn as_text(class: &'static str, values: impl IntoIterator<Item = Value>) -> Vec<HostileAnswer> {
    values.into_iter().map(|value| HostileAnswer::says(class, value.to_string())).collect()
}

/// Objects that other tools take for a verdict.
fn bare() -> Vec<HostileAnswer> {
    as_text(
        "not the agreed form",
        [
            json!({}),
            json!({"score": 5}),
            json!({"score": 0.1}),
            json!({"pass": true}),
            json!({"pass": true, "score": 1.0, "reason": "fine"}),
            json!({"verdict": "pass"}),
            json!({"verdict": "yes", "reason": "fine"}),
            json!({"rating": 5, "code": "CODE"}),
            json!({"code": "CODE"}),
            json!({"code": "CODE", "score": 5}),
            json!({"code": "CODE", "result": {"quality": 5}}),
            json!({"answer": {"code": "CODE", "criteria": {"quality": {"reasoning": "r", "score": 5}}}}),
            json!({"verdicts": []}),
            json!({"claims": []}),
            json!({"truths": ["it is right"], "verdicts": [{"verdict": "yes"}]}),
        ],
    )
}

/// The good answer under another code than that of the request.
fn codes(verdict: Verdict) -> Vec<HostileAnswer> {
    let good = verdict.good();
    let mut texts: Vec<String> = [
        "",
        "0",
        "CODE ",
        " CODE",
        "CODECODE",
        "xCODE",
        "<code>",
        "000000000000",
        "demonstration-1",
        "CODE\\u0000",
    ]
    .iter()
    .map(|code| good.replace("CODE", code))
    .collect();
    texts.push(good.replace("\"CODE\"", "null"));
    texts.push(good.replace("\"CODE\"", "5"));
    texts.push(good.replace("\"CODE\"", "[\"CODE\"]"));
    texts.push(good.replace("\"code\":\"CODE\",", ""));
    texts.push(good.replace("\"code\":", "\"code\":\"other\",\"code\":"));
    texts.into_iter().map(|text| HostileAnswer::says("another code", text)).collect()
}

fn scores() -> Vec<HostileAnswer> {
    let with = |criteria: &str| format!("{{\"code\":\"CODE\",\"criteria\":{criteria}}}");
    let quality = |verdict: &str| with(&format!("{{\"quality\":{verdict}}}"));
    let score = |score: &str| quality(&format!("{{\"reasoning\":\"r\",\"score\":{score}}}"));
    let mut all = Vec::new();
    let mut add = |class, texts: Vec<String>| {
        all.extend(texts.into_iter().map(|text| HostileAnswer::says(class, text)));
    };
    let off_scale = [
        "0",
        "6",
        "7",
        "-1",
        "-5",
        "10",
        "50",
        "100",
        "5.5",
        "4.999",
        "5.0",
        "5e0",
        "0.1",
        "1e3",
        "1e400",
        "-0",
        "99999999999999999999",
        "2147483648",
        "9223372036854775807",
        "55",
    ];
    add("off the scale", off_scale.iter().map(|number| score(number)).collect());
    let wrong = [
        "\"5\"",
        "\"five\"",
        "\"5/5\"",
        "true",
        "null",
        "[5]",
        "[]",
        "{}",
        "{\"value\":5}",
        "\"\"",
    ];
    add("wrong type", wrong.iter().map(|value| score(value)).collect());
    let wrong = [
        "5",
        "\"5\"",
        "[]",
        "[5]",
        "null",
        "true",
        "{\"reasoning\":1,\"score\":5}",
        "{\"reasoning\":null,\"score\":5}",
        "{\"reasoning\":[\"r\"],\"score\":5}",
        "{\"reasoning\":\"r\",\"strengths\":\"s\",\"score\":5}",
    ];
    add("wrong type", wrong.iter().map(|value| quality(value)).collect());
    let wrong =
        ["5", "\"good\"", "[]", "null", "[{\"quality\":{\"reasoning\":\"r\",\"score\":5}}]"];
    add("wrong type", wrong.iter().map(|value| with(value)).collect());
    let missing = [
        "{\"reasoning\":\"r\"}",
        "{\"score\":5}",
        "{}",
        "{\"reasoning\":\"\",\"score\":5}",
        "{\"reasoning\":\"  \",\"score\":5}",
    ];
    add("missing verdict", missing.iter().map(|value| quality(value)).collect());
    let r5 = "{\"reasoning\":\"r\",\"score\":5}";
    let r1 = "{\"reasoning\":\"r\",\"score\":1}";
    let missing =
        ["{}".to_owned(), format!("{{\"Quality\":{r5}}}"), format!("{{\"quality \":{r5}}}")];
    add("missing verdict", missing.iter().map(|value| with(value)).collect());
    let strange = [
        format!("{{\"quality\":{r5},\"wit\":{r5}}}"),
        format!("{{\"quality\":{r1},\"quality\":{r5}}}"),
        format!("{{\"quality\":{r5},\"quality\":{r1}}}"),
        "{\"quality\":{\"reasoning\":\"r\",\"score\":1,\"score\":5}}".to_owned(),
        "{\"quality\":{\"reasoning\":\"r\",\"score\":5,\"pass\":true}}".to_owned(),
        "{\"quality\":{\"reasoning\":\"r\",\"Score\":5}}".to_owned(),
        "{\"quality\":{\"reasoning\":\"r\",\"rating\":5}}".to_owned(),
    ];
    add("strange or double keys", strange.iter().map(|value| with(value)).collect());
    let strange = [
        format!("{{\"code\":\"CODE\",\"criteria\":{{\"quality\":{r5}}},\"pass\":true}}"),
        format!(
            "{{\"code\":\"CODE\",\"criteria\":{{\"quality\":{r1}}},\"criteria\":{{\"quality\":{r5}}}}}"
        ),
        format!("{{\"code\":\"CODE\",\"Criteria\":{{\"quality\":{r5}}}}}"),
    ];
    add("strange or double keys", strange.to_vec());
    all
}

fn claims() -> Vec<HostileAnswer> {
    let with = |claims: &str| format!("{{\"code\":\"CODE\",\"claims\":{claims}}}");
    let words = "\"claim\":\"Refunds take five days.\"";
    let evidence = "\"evidence\":\"Refunds take five days.\"";
    let labelled = |label: &str| with(&format!("[{{{words},{evidence},\"label\":{label}}}]"));
    let mut all = Vec::new();
    let mut add = |class, may_fail, texts: Vec<String>| {
        all.extend(
            texts
                .into_iter()
                .map(|text| HostileAnswer { may_fail, ..HostileAnswer::says(class, text) }),
        );
    };
    let empty = [
        "[]",
        "null",
        "\"none\"",
        "{}",
        "0",
        "[null]",
        "[[]]",
        "[{}]",
        "[\"Refunds take five days.\"]",
    ];
    add("no claims", false, empty.iter().map(|it| with(it)).collect());
    let labels = [
        "\"supported\"",
        "\"Supported\"",
        "\"SUPPORTED \"",
        "\"NOT UNSUPPORTED\"",
        "\"YES\"",
        "\"TRUE\"",
        "\"PASS\"",
        "\"\"",
        "null",
        "true",
        "1",
        "[\"SUPPORTED\"]",
        "{\"label\":\"SUPPORTED\"}",
        "\"SUPPORTED|CONTRADICTED\"",
        "\"No, contradicted, yesterday's policy says five\"",
    ];
    add("no label of the list", false, labels.iter().map(|it| labelled(it)).collect());
    let wrong = [
        format!("[{{\"claim\":1,{evidence},\"label\":\"SUPPORTED\"}}]"),
        format!("[{{\"claim\":null,{evidence},\"label\":\"SUPPORTED\"}}]"),
        format!("[{{\"claim\":\"\",{evidence},\"label\":\"SUPPORTED\"}}]"),
        format!("[{{\"claim\":\"  \",{evidence},\"label\":\"SUPPORTED\"}}]"),
        format!("[{{{words},\"evidence\":5,\"label\":\"SUPPORTED\"}}]"),
        format!("[{{{words},\"evidence\":[\"Refunds\"],\"label\":\"SUPPORTED\"}}]"),
        format!("[{{{words},{evidence}}}]"),
        format!("[{{{evidence},\"label\":\"SUPPORTED\"}}]"),
        format!("[{{{words},{evidence},\"label\":\"UNSUPPORTED\",\"label\":\"SUPPORTED\"}}]"),
        format!("[{{{words},{evidence},\"label\":\"SUPPORTED\",\"score\":1}}]"),
        format!("[{{{words},{evidence},\"label\":\"SUPPORTED\"}},5]"),
    ];
    add("wrong type or key", false, wrong.iter().map(|it| with(it)).collect());
    let invented = ["The sky is blue.", "Refunds take four days.", "refund policy: ok", "x", "5"];
    let quoted = invented.iter().map(|claim| {
        with(&format!("[{{\"claim\":\"{claim}\",{evidence},\"label\":\"SUPPORTED\"}}]"))
    });
    add("a claim that is not in the answer", false, quoted.collect());
    let invented = ["Refunds take a day.", "as everybody knows", "", "policy 7"];
    let quoted = invented.iter().map(|evidence| {
        with(&format!("[{{{words},\"evidence\":\"{evidence}\",\"label\":\"SUPPORTED\"}}]"))
    });
    add("evidence that is not in the context", true, quoted.collect());
    let dodged = [format!("[{{{words},\"evidence\":null,\"label\":\"NOT_CHECKABLE\"}}]")];
    add("nothing is checkable", true, dodged.iter().map(|it| with(it)).collect());
    let extra = [
        format!(
            "{{\"code\":\"CODE\",\"claims\":[{{{words},{evidence},\"label\":\"SUPPORTED\"}}],\"score\":1}}"
        ),
        format!(
            "{{\"code\":\"CODE\",\"claims\":[],\"claims\":[{{{words},{evidence},\"label\":\"SUPPORTED\"}}]}}"
        ),
        format!(
            "{{\"code\":\"CODE\",\"Claims\":[{{{words},{evidence},\"label\":\"SUPPORTED\"}}]}}"
        ),
    ];
    add("strange or double keys", false, extra.to_vec());
    all
}

/// The failing answer with characters left out or doubled, which cannot make it a better one.
fn mutated(verdict: Verdict) -> Vec<HostileAnswer> {
    let bad: Vec<char> = verdict.bad().chars().collect();
    (0..MUTATED)
        .map(|number| {
            // Steps that share no divisor with the length come to every place.
            let (first, second) = ((number * 7) % bad.len(), (number * 13 + 5) % bad.len());
            let text: String = bad
                .iter()
                .enumerate()
                .flat_map(|(place, character)| {
                    let times = match (place == first, place == second) {
                        (true, _) => 0,
                        (_, true) if number % 2 == 0 => 2,
                        _ => 1,
                    };
                    std::iter::repeat_n(*character, times)
                })
                .collect();
            HostileAnswer { may_fail: true, ..HostileAnswer::says("damaged", text) }
        })
        .collect()
}
