//! How many tokens a request takes.

use std::io;

use serde::Deserialize;
use serde_json::Value;

/// The bytes of a token, of JSON with English text.
const BYTES: u64 = 4;

/// Returns how many tokens a request may take: those of its text, and the most that it lets the answer have.
pub(in super::super) fn estimated_tokens(body: &Value) -> u64 {
    let mut length = Length(0);
    // Counting cannot fail, and a body without an end was never built.
    if serde_json::to_writer(&mut length, body).is_err() {
        return 0;
    }
    let answer = ["max_tokens", "max_completion_tokens"].iter().find_map(|key| body[key].as_u64());
    (length.0 / BYTES).saturating_add(answer.unwrap_or(0))
}

/// Returns how many tokens an answer says were used.
pub(in super::super) fn used_tokens(body: &[u8]) -> Option<u64> {
    let Answer { usage } = serde_json::from_slice(body).ok()?;
    let input = usage.prompt.or(usage.input);
    let output = usage.completion.or(usage.output).unwrap_or(0);
    input.map(|input| input.saturating_add(output)).or(usage.total)
}

#[derive(Deserialize)]
struct Answer {
    usage: Used,
}

#[derive(Deserialize)]
struct Used {
    #[serde(rename = "prompt_tokens")]
    prompt: Option<u64>,
    #[serde(rename = "completion_tokens")]
    completion: Option<u64>,
    #[serde(rename = "input_tokens")]
    input: Option<u64>,
    #[serde(rename = "output_tokens")]
    output: Option<u64>,
    #[serde(rename = "total_tokens")]
    total: Option<u64>,
}

struct Length(u64);

impl io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_request_takes_its_text_and_what_its_answer_may_have() {
        let text = "word ".repeat(80);
        assert_eq!(estimated_tokens(&json!({"input": text})), 103);
        assert_eq!(estimated_tokens(&json!({"input": text, "max_tokens": 50})), 157);
        assert_eq!(estimated_tokens(&json!({"max_completion_tokens": u64::MAX})), u64::MAX);
        assert_eq!(estimated_tokens(&json!([1, 2])), 1);
    }

    #[test]
    fn usage_is_read_as_each_protocol_tells_it() {
        let used = |body: Value| used_tokens(body.to_string().as_bytes());
        let openai = json!({"usage": {"prompt_tokens": 12, "completion_tokens": 3}});
        assert_eq!(used(openai), Some(15));
        let anthropic = json!({"usage": {"input_tokens": 7, "output_tokens": 5}});
        assert_eq!(used(anthropic), Some(12));
        let embeddings = json!({"usage": {"prompt_tokens": 8, "total_tokens": 8}});
        assert_eq!(used(embeddings), Some(8));
        assert_eq!(used(json!({"usage": {}})), None);
        assert_eq!(used(json!({"usage": {"prompt_tokens": -1}})), None);
        assert_eq!(used_tokens(b"\xff"), None);
    }
}
