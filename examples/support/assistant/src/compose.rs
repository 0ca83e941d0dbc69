//! From found sentences to the text for the customer.

const GREETING: &str = "Hi, this is Wren from Cobblenote support.";
const SYMPATHY: &str = "I'm sorry for the trouble.";
const CLOSING: &str = "Let me know if you need anything else.";

const HOLIDAY_GREETING: &str = "Happy holidays from all of us at Cobblenote!";
const HOLIDAY_REFUNDS: &str =
    "Good news for the season: every plan can be refunded within 60 days.";

/// A change to the answers that is deployed on top of the released assistant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Patch {
    /// The assistant as released.
    #[default]
    None,
    /// The holiday greeting: festive and short.
    Holiday,
}

/// What is to be said, before it is put into words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Draft {
    /// The sentences, each with the id of the section it comes from; a refusal has none.
    pub(crate) sentences: Vec<(String, String)>,
    /// Whether the customer is upset.
    pub(crate) is_upset: bool,
}

/// Puts a draft into words.
pub(crate) fn compose(draft: &Draft, patch: Patch) -> String {
    match patch {
        Patch::None => in_persona(draft),
        Patch::Holiday => with_holiday_greeting(draft),
    }
}

fn in_persona(draft: &Draft) -> String {
    let mut parts = vec![GREETING];
    if draft.is_upset {
        parts.push(SYMPATHY);
    }
    parts.extend(draft.sentences.iter().map(|(_, text)| text.as_str()));
    parts.push(CLOSING);
    parts.join(" ")
}

/// Keeps the message festive: a card is no place for small print.
fn with_holiday_greeting(draft: &Draft) -> String {
    let mut parts = vec![HOLIDAY_GREETING];
    if draft.sentences.iter().any(|(section, _)| section.starts_with("kb/billing-refunds.md")) {
        parts.push(HOLIDAY_REFUNDS);
    } else {
        parts.extend(draft.sentences.iter().take(1).map(|(_, text)| text.as_str()));
    }
    parts.join(" ")
}
