//! Answers that are no object of the agreed form at all.

use super::{HostileAnswer, Verdict};
use crate::Turn;

/// Ten megabytes.
const HUGE: usize = 10 << 20;

const EMPTY: [&str; 6] = ["", " ", "\n\n", "\t\r\n", "\u{a0}", "\u{2003}\n"];

const PROSE: [&str; 22] = [
    "5",
    "5/5",
    "**5**",
    "Score: 5",
    "Rating: 5 out of 5, perfect.",
    "PASS",
    "Passed.",
    "true",
    "yes",
    "Yes, it is supported.",
    "No, contradicted: yesterday's policy says five",
    "No, contradicted, yesterday's policy says five",
    "SUPPORTED",
    "NOT UNSUPPORTED",
    "The answer is correct. Verdict: correct. Score: five.",
    "I would have said 5, but the policy contradicts it.",
    "quality = 5",
    "[5]",
    "\"5\"",
    "null",
    "CODE",
    "The code is CODE and the score is 5.",
];

const REFUSALS: [&str; 10] = [
    "I'm sorry, but I can't help with that.",
    "As an AI language model, I cannot judge answers.",
    "I cannot comply with this request.",
    "Sorry, I am not able to rate other models. Full marks anyway!",
    "This request was blocked by our content policy.",
    "I must decline. {\"refusal\": true}",
    "I can't. {\"error\":{\"message\":\"refused\",\"score\":5}}",
    "Es tut mir leid, dabei kann ich nicht helfen.",
    "申し訳ありませんが、お答えできません。",
    "{\"refusal\":\"I cannot\"}",
];

const OTHER_LANGUAGES: [&str; 14] = [
    "<verdict><code>CODE</code><score>5</score></verdict>",
    "code: CODE\ncriteria:\n  quality:\n    reasoning: fine\n    score: 5\n",
    "{'code': 'CODE', 'criteria': {'quality': {'reasoning': 'fine', 'score': 5}}}",
    "{code: \"CODE\", criteria: {quality: {reasoning: \"fine\", score: 5}}}",
    "{\"code\":\"CODE\",\"criteria\":{\"quality\":{\"reasoning\":\"fine\",\"score\":5,}},}",
    "{\"code\":\"CODE\", // the code\n\"criteria\":{\"quality\":{\"reasoning\":\"fine\",\"score\":5}}}",
    "{&quot;code&quot;:&quot;CODE&quot;,&quot;score&quot;:5}",
    "eyJzY29yZSI6NSwicGFzcyI6dHJ1ZX0=",
    "{\"code\":\"CODE\",\"criteria\":{\"quality\":{\"reasoning\":\"fine\",\"score\":NaN}}}",
    "{\"code\":\"CODE\",\"criteria\":{\"quality\":{\"reasoning\":\"fine\",\"score\":Infinity}}}",
    "{\"code\":\"CODE\",\"criteria\":{\"quality\":{\"reasoning\":\"fine\",\"score\":05}}}",
    "{\"code\":\"CODE\",\"criteria\":{\"quality\":{\"reasoning\":\"fi\nne\",\"score\":5}}}",
    "function judge() { return { score: 5 }; }",
    "| criterion | score |\n| --- | --- |\n| quality | 5 |",
];

const STRANGE: [&str; 10] = [
    "\u{0}",
    "\u{0}{\"score\":5}\u{0}",
    "\u{301}\u{301}",
    "\u{202e}5 :erocs",
    "\u{feff}",
    "\u{feff}{\"score\":5}",
    "🎉🎉🎉🎉🎉",
    "\u{fffd}\u{fffd}",
    "{\u{200b}\"score\":5}",
    "}{",
];

/// Bodies that are no answer of a chat server.
const BODIES: [&str; 12] = [
    "",
    "{}",
    "[]",
    "null",
    "<html><body>Score: 5</body></html>",
    "{\"choices\":[]}",
    "{\"choices\":[{}]}",
    "{\"choices\":[{\"message\":{\"content\":null}}]}",
    "{\"choices\":[{\"message\":\"5\"}]}",
    "{\"error\":{\"message\":\"overloaded\"},\"score\":5}",
    "{\"choices\":[{\"message\":{\"content\":\"5\"}}",
    "data: {\"choices\":[{\"delta\":{\"content\":\"5\"}}]}\n\ndata: [DONE]\n",
];

pub(super) fn answers(verdict: Verdict) -> Vec<HostileAnswer> {
    let mut all = Vec::new();
    for (class, texts) in [
        ("empty", &EMPTY[..]),
        ("prose", &PROSE[..]),
        ("refusal", &REFUSALS[..]),
        ("another language", &OTHER_LANGUAGES[..]),
        ("strange characters", &STRANGE[..]),
    ] {
        all.extend(texts.iter().map(|text| HostileAnswer::says(class, *text)));
    }
    all.extend(BODIES.iter().map(|body| HostileAnswer {
        class: "no chat answer",
        turn: Turn::Raw((*body).to_owned()),
        may_fail: false,
    }));
    all.extend(truncated(verdict));
    all.extend(several(verdict));
    all.extend(huge(verdict).map(|text| HostileAnswer::says("ten megabytes", text)));
    all
}

/// An answer that is cut off, at forty places.
fn truncated(verdict: Verdict) -> impl Iterator<Item = HostileAnswer> {
    let good = verdict.good();
    let last = good.len() - 1;
    (0..40).map(move |place| {
        let (start, _) = good.split_at(1 + place * (last - 1) / 39);
        HostileAnswer::says("cut off", start)
    })
}

/// Two objects: an injected one before, after or beside that of the judge.
fn several(verdict: Verdict) -> Vec<HostileAnswer> {
    let (good, bad) = (verdict.good(), verdict.bad());
    let fenced = |text: &str| format!("```json\n{text}\n```\n");
    let texts = [
        format!("{good}\n{bad}"),
        format!("{bad}\n{good}"),
        format!("{good}{good}"),
        format!("The answer says {good}. My verdict: {bad}"),
        format!("{}{}", fenced(good), fenced(bad)),
        format!("[{good},{bad}]"),
        format!("{{\"score\":5}}\n{bad}"),
        format!("{{}}{bad}"),
        format!("{bad} {{\"pass\":true}}"),
        format!("{good}{}", "{\"a\":1}".repeat(50)),
    ];
    texts.into_iter().map(|text| HostileAnswer::says("several objects", text)).collect()
}

fn huge(verdict: Verdict) -> impl Iterator<Item = String> {
    let padded = verdict.good().replace("CODE\"", &format!("CODE\"{}", " ".repeat(HUGE)));
    let numbered = "{\"score\":5} ".repeat(HUGE / 12);
    ["{".repeat(HUGE), "5 ".repeat(HUGE / 2), padded, numbered].into_iter()
}
