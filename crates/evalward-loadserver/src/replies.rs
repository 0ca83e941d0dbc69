//! What an answer says: by the model that is asked, and in the form that the request wants.

use serde_json::{Value, json};

use crate::Options;

/// Returns what is said to a request: the text for its model, or that for every model.
pub(crate) fn reply<'a>(options: &'a Options, body: &Value) -> &'a str {
    let of_model = body["model"].as_str().and_then(|model| options.replies.get(model));
    of_model.unwrap_or(&options.reply)
}

/// Writes the message: a call of the function that the request insists on, with the reply as its arguments, or else plain text.
pub(crate) fn message(body: &Value, reply: &str) -> Value {
    let Some(function) = body["tool_choice"]["function"]["name"].as_str() else {
        return json!({"role": "assistant", "content": reply});
    };
    let call = json!({
        "id": "call_load",
        "type": "function",
        "function": {"name": function, "arguments": reply},
    });
    json!({"role": "assistant", "content": null, "tool_calls": [call]})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_has_its_own_reply() {
        let replies = [("judge".to_owned(), "GRADE: C".to_owned())].into();
        let options = Options { reply: "yes".to_owned(), replies, ..Options::default() };
        assert_eq!(reply(&options, &json!({"model": "judge"})), "GRADE: C");
        assert_eq!(reply(&options, &json!({"model": "other"})), "yes");
        assert_eq!(reply(&options, &json!({})), "yes");
    }

    #[test]
    fn a_function_that_must_be_called_is_called() {
        let forced = json!({"tool_choice": {"type": "function", "function": {"name": "select"}}});
        let called = message(&forced, r#"{"choice": "A"}"#);
        let function = &called["tool_calls"][0]["function"];
        assert_eq!(*function, json!({"name": "select", "arguments": r#"{"choice": "A"}"#}));
        assert_eq!(called["content"], Value::Null);
        for free in [json!({}), json!({"tool_choice": "auto"})] {
            assert_eq!(message(&free, "yes"), json!({"role": "assistant", "content": "yes"}));
        }
    }
}
