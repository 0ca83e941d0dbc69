//! What a model is asked. `docs/datasets.md` shows it.

use evalward_core::ChatMessage;
use serde_json::json;

/// The version of the prompt; every change of its words is another one.
pub(super) const VERSION: u32 = 1;

const SYSTEM: &str = "\
You write texts in other words. For each text of the user you answer with a JSON list of texts that say the same, and nothing else.

- Keep the meaning: a question stays the same question, and is not answered.
- Keep every number, price, date, time, address and name as it is written.
- Deny what the text denies, and nothing else.
- Keep the language of the text.
- Use other words and another order of words, as another person would.";

/// A text in other words, which shows small models the form.
const EXAMPLE: &str = "At what time does the museum open on Saturdays?";

const EXAMPLE_ANSWERS: [&str; 3] = [
    "When can I get into the museum on Saturdays?",
    "I would like to see the museum on Saturdays. From what time is it open?",
    "What are the opening hours of the museum on Saturdays?",
];

/// Makes the messages that ask for paraphrases of a text.
pub(super) fn messages(text: &str, number: u32, instructions: Option<&str>) -> Vec<ChatMessage> {
    let more = instructions.map(|more| format!("\n- {}", more.trim())).unwrap_or_default();
    let number = usize::try_from(number).unwrap_or(usize::MAX);
    let shown: Vec<&str> = EXAMPLE_ANSWERS.into_iter().take(number).collect();
    vec![
        ChatMessage::text("system", format!("{SYSTEM}{more}")),
        ChatMessage::text("user", request(EXAMPLE, shown.len())),
        ChatMessage::text("assistant", json!(shown).to_string()),
        ChatMessage::text("user", request(text, number)),
    ]
}

fn request(text: &str, number: usize) -> String {
    if number == 1 {
        format!("In one other way:\n\n{text}")
    } else {
        format!("In {number} other ways:\n\n{text}")
    }
}

/// Makes the messages that ask once more after an answer that could not be read.
pub(super) fn again(answer: &str, problem: &str) -> [ChatMessage; 2] {
    let user = format!(
        "Your answer cannot be read: {problem}. Answer again, with one JSON list of texts and nothing else."
    );
    [ChatMessage::text("assistant", answer), ChatMessage::text("user", user)]
}

#[cfg(test)]
mod tests {
    use evalward_core::Digest;

    use super::*;

    #[test]
    fn other_words_are_another_version() {
        let messages = [messages("T", 1, None), messages("T", 3, Some("I"))].concat();
        let said = serde_json::json!([messages, again("A", "P")]);
        let hash = Digest::of_json(&said).short();
        assert_eq!((VERSION, hash.as_str()), (1, "35d189070d03"), "{said:#}");
    }
}
