//! Nothing that names somebody or opens something gets past redaction.

use evalward_core::{Document, Interaction, InteractionId, Response, Timestamp, ToolCall, Usage};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{redact_comment, redact_id, redact_interaction};

const MAIL: &str = "jane@corp-mail.com";
const KEY: &str = "sk-proj-abcDEF123456ghiJKL7890";

fn id(text: &str) -> InteractionId {
    InteractionId::new(text).unwrap()
}

fn interaction(id_text: &str) -> Interaction {
    Interaction::new(id(id_text), Timestamp::from_millis(1_793_700_000_000))
}

/// An interaction with a text in every place that can hold one.
fn filled(text: &str) -> Interaction {
    let some = || Some(text.to_owned());
    let json = json!({"list": [text, {"deep": text}], "number": 3, "none": null, text: true});
    let mut filled = Interaction {
        trace_id: some(),
        session: some(),
        latency_millis: Some(7),
        service: some(),
        version: some(),
        environment: some(),
        error: some(),
        ..interaction("filled")
    };
    filled.input.insert(text.to_owned(), json.clone());
    filled.attributes.insert("attribute".to_owned(), json.clone());
    let document = Document { id: some(), reference: some(), text: some(), score: None };
    let call = ToolCall { id: some(), name: text.to_owned(), arguments: json };
    let step = serde_json::Map::from_iter([(text.to_owned(), Value::from(text))]);
    filled.response = Some(Response {
        output: text.to_owned(),
        context: vec![document],
        tool_calls: vec![call],
        steps: vec![step],
        usage: Some(Usage { input_tokens: Some(4), ..Usage::default() }),
        model: some(),
    });
    filled
}

#[test]
fn every_text_is_masked_and_the_rest_is_kept() {
    for (secret, mask) in [(MAIL, "[EMAIL]"), (KEY, "[API_KEY]"), ("+49 30 12345678", "[PHONE]")] {
        let text = format!("Ask {secret} now");
        let redacted = redact_interaction(filled(&text));
        assert_eq!(redacted.withheld, None);
        let json = serde_json::to_string(&redacted).unwrap();
        assert!(!json.contains(secret), "{json}");
        let mut expected = filled(&format!("Ask {mask} now"));
        // The trace keeps a name of its own, so that it still tells traces apart.
        expected.trace_id = redacted.trace_id.clone();
        assert_eq!(redacted, expected);
        assert!(redacted.trace_id.unwrap().starts_with("redacted-"));
    }
}

#[test]
fn a_clean_interaction_stays_what_it_is() {
    let mut clean = filled("Where is order 4711, from 2026-11-03?");
    clean.trace_id = Some("4bf92f3577b34da6a3ce929d0e0e4736".to_owned());
    assert_eq!(redact_interaction(clean.clone()), clean);
}

#[test]
fn a_card_needs_no_quotation_marks() {
    let mut paying = interaction("paying");
    paying.input.insert("card".to_owned(), json!([4_111_111_111_111_111_u64, 12, 1.5]));
    let redacted = redact_interaction(paying);
    assert_eq!(redacted.input["card"], json!(["[CARD]", 12, 1.5]));
}

#[test]
fn a_name_beside_it_gives_a_value_away() {
    let mut telling = interaction("telling");
    telling.input.insert(
        "customer".to_owned(),
        json!({"password": "Tr0ub4dor&3", "phone": 493_012_345_678_u64, "card": 4_111_111_111_111_111.0, "plan": 5_551_234_567_u64}),
    );
    telling.attributes.insert("api_key".to_owned(), json!("9f8e7d6c5b4a39281706"));
    let redacted = redact_interaction(telling);
    assert_eq!(
        redacted.input["customer"],
        json!({"password": "[PASSWORD]", "phone": "[PHONE]", "card": "[CARD]", "plan": 5_551_234_567_u64}),
    );
    assert_eq!(redacted.attributes["api_key"], json!("[API_KEY]"));
}

#[test]
fn what_could_not_be_read_back_is_withheld() {
    let nested = |levels: usize| (1..levels).fold(json!("deep"), |value, _| json!([value]));
    let kept = |place: fn(&mut Interaction, Value), levels: usize| {
        let mut deep = filled("harmless");
        // A document in a store has its text or a reference to it.
        deep.response.as_mut().unwrap().context[0].reference = None;
        place(&mut deep, nested(levels));
        let redacted = redact_interaction(deep);
        let stored = serde_json::to_string(&redacted).unwrap();
        assert_eq!(serde_json::from_str::<Interaction>(&stored).unwrap(), redacted);
        redacted.withheld
    };
    let places: [fn(&mut Interaction, Value); 4] = [
        |it, value| drop(it.input.insert("deep".to_owned(), value)),
        |it, value| drop(it.attributes.insert("deep".to_owned(), value)),
        |it, value| it.response.as_mut().unwrap().tool_calls[0].arguments = value,
        |it, value| drop(it.response.as_mut().unwrap().steps[0].insert("deep".to_owned(), value)),
    ];
    for place in places {
        assert_eq!(kept(place, 100), None);
        let reason = "the content is nested too deeply to be kept";
        assert_eq!(kept(place, 101).as_deref(), Some(reason));
        assert_eq!(kept(place, 127).as_deref(), Some(reason));
    }
}

#[test]
fn an_id_that_names_somebody_is_replaced_the_same_way_each_time() {
    let named = redact_id(id("jane@corp-mail.com-17"));
    assert_eq!(named, redact_id(id("jane@corp-mail.com-17")));
    assert_ne!(named, redact_id(id("jane@corp-mail.com-18")));
    for named in ["jane@corp-mail.com-17", "DE89370400440532013000", "+49 30 12345678"] {
        let kept = redact_id(id(named));
        assert!(kept.as_str().starts_with("redacted-"), "{kept}");
    }
    assert_eq!(redact_interaction(interaction("jane@corp-mail.com-17")).id, named);
    for kept in
        ["int-1", "4bf92f3577b34da6a3ce929d0e0e4736", "0193a5c2-7d1e-7b3a-9a51-4111111111ab"]
    {
        assert_eq!(redact_id(id(kept)).as_str(), kept);
    }
}

/// A text made of nothing but neighbours that hide each other: each pass of masking brings out one more.
fn stubborn() -> String {
    format!("a@b.de{}", "+49 30 1234567".repeat(40))
}

#[test]
fn what_cannot_be_masked_is_withheld_whole() {
    let stubborn = stubborn();
    assert!(evalward_privacy::try_redact(&stubborn).is_err(), "the text is not stubborn enough");
    let mut content = filled("harmless");
    content.attributes.insert("note".to_owned(), json!([[stubborn]]));
    let withheld = redact_interaction(content);
    let mut expected = Interaction {
        trace_id: Some("harmless".to_owned()),
        latency_millis: Some(7),
        service: Some("harmless".to_owned()),
        version: Some("harmless".to_owned()),
        environment: Some("harmless".to_owned()),
        error: Some("withheld".to_owned()),
        ..interaction("filled")
    };
    expected.withheld = Some("personal data or a secret is left after masking".to_owned());
    assert_eq!(withheld, expected);
    let withheld = redact_interaction(filled(&self::stubborn()));
    assert_eq!((withheld.service, withheld.version, withheld.environment), (None, None, None));
}

#[test]
fn a_comment_is_masked_or_dropped() {
    let comment = |text: &str| redact_comment(text.to_owned());
    assert_eq!(comment("ask jane@corp-mail.com").as_deref(), Some("ask [EMAIL]"));
    assert_eq!(comment(&stubborn()), None);
}

proptest! {
    #[test]
    fn nothing_is_left_to_find(
        before in "\\PC{0,30}",
        secret in prop::sample::select(&[MAIL, KEY, "DE89370400440532013000", "4111 1111 1111 1111"][..]),
        after in "\\PC{0,30}",
    ) {
        let redacted = redact_interaction(filled(&format!("{before}{secret}{after}")));
        let output = redacted.response.map(|response| response.output).unwrap_or_default();
        let left = evalward_privacy::find(&output).into_iter().filter(|it| !it.is_example).count();
        prop_assert_eq!(left, 0, "{}", output);
    }
}
