//! Questions and answers in the form of the chat API.

use regex::Regex;
use serde_json::{Value, json};

use crate::replies::message;

/// Returns the text of the last message of a request.
pub(crate) fn question(body: &Value) -> &str {
    let messages = body["messages"].as_array();
    messages.and_then(|it| it.last()?["content"].as_str()).unwrap_or_default()
}

/// Writes what a reply says to a question: each `$1` in it is what the first group of the expression matches there.
///
/// A judge's answer has to repeat the code of its request.
pub(crate) fn reply_to(question: &str, reply: &str, repeated: Option<&Regex>) -> String {
    let group = repeated.and_then(|it| it.captures(question)?.get(1));
    group.map_or_else(|| reply.to_owned(), |group| reply.replace("$1", group.as_str()))
}

/// Writes an answer; four characters count as a token.
pub(crate) fn answer(body: &Value, reply: &str) -> Value {
    let (input, output) = (question(body).len() / 4, reply.len().div_ceil(4));
    json!({
        "id": "chatcmpl-load",
        "object": "chat.completion",
        "created": 0,
        "model": body["model"],
        "choices": [{
            "index": 0,
            "finish_reason": "stop",
            "message": message(body, reply),
        }],
        "usage": {"prompt_tokens": input, "completion_tokens": output, "total_tokens": input + output},
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_repeats_what_the_question_says() {
        let code = Regex::new(r"code is (\w+)").unwrap();
        let reply = r#"{"code": "$1", "score": 5}"#;
        assert_eq!(
            reply_to("The code is a1b2.", reply, Some(&code)),
            r#"{"code": "a1b2", "score": 5}"#
        );
        assert_eq!(reply_to("There is none.", reply, Some(&code)), reply);
        assert_eq!(reply_to("The code is a1b2.", reply, None), reply);
    }
}
