//! What stands behind an escaped line break is found as if the line were real.

use evalward_privacy::{redact, try_redact_named};

const LINES: &str = "card\n4111 1111 1111 1111\nIBAN\tDE89370400440532013000\ncall\r\n+49 30 12345678\n\
                     key\nsk-proj-abcDEF123456ghiJKL7890\nmail\njane@corp-mail.com";
const MASKED: &str = "card\n[CARD]\nIBAN\t[IBAN]\ncall\r\n[PHONE]\nkey\n[API_KEY]\nmail\n[EMAIL]";

fn json(text: &str) -> String {
    format!(
        "\"{}\"",
        text.replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('\n', "\\n")
            .replace('\t', "\\t")
            .replace('\r', "\\r")
    )
}

#[test]
fn json_as_a_text_is_masked_like_the_text_in_it() {
    assert_eq!(redact(LINES), MASKED);
    assert_eq!(redact(&json(LINES)), json(MASKED));
    assert_eq!(redact(&json(&json(LINES))), json(&json(MASKED)));
}

#[test]
fn a_password_is_found_in_json_within_json() {
    let inner = r#"{"password":"Tr0ub4dor&3","user":"joe"}"#;
    let masked = r#"{"password":"[PASSWORD]","user":"joe"}"#;
    assert_eq!(redact(inner), masked);
    assert_eq!(redact(&json(inner)), json(masked));
    assert_eq!(redact(&json(&json(inner))), json(&json(masked)));
}

#[test]
fn a_private_key_of_one_line_is_masked_whole() {
    let (edge, body) = ("PRIVATE KEY-----", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC");
    let key = format!("-----BEGIN {edge}\n{body}\n{body}\n-----END {edge}");
    assert_eq!(redact(&json(&key)), "\"[PRIVATE_KEY]\"");
}

#[test]
fn other_backslashes_hide_and_show_nothing() {
    for text in [r"C:\temp\new\readme 2026", r"\", r"a\\", r"\d+ of \w", r"ticket\\nine"] {
        assert_eq!(redact(text), text);
    }
}

#[test]
fn a_name_gives_its_value_away() {
    let check = |name: &str, value: &str, expected: &str| {
        assert_eq!(try_redact_named(name, value).as_deref(), Ok(expected), "{name}");
    };
    check("password", "Tr0ub4dor&3", "[PASSWORD]");
    check("db_password", "Tr0ub4dor&3", "[PASSWORD]");
    check("api_key", "9f8e7d6c5b4a39281706", "[API_KEY]");
    check("user.phone", "5551234567", "[PHONE]");
    check("customer_phone_number", "5551234567", "[PHONE]");
    check("order", "5551234567", "5551234567");
    check("llm.token_count", "5551234567", "5551234567");
    check("password", "Is jane@corp-mail.com in?", "Is [EMAIL] in?");
    check("password", "How do I reset it in 2026?", "How do I reset it in 2026?");
}
