//! The sheet as one page that needs no network.

use std::borrow::Cow;

use evalward_core::visible;
use serde_json::{Value, json};

use super::{Sheet, SheetText};

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Writes a rater's page: one file, which loads nothing, keeps what was answered in the browser and saves it as a file.
pub fn page(sheet: &Sheet, texts: &[SheetText], rater: &str) -> String {
    let answers: Vec<Value> = sheet
        .order_for(rater)
        .into_iter()
        .filter_map(|index| texts.get(index))
        .map(shown)
        .collect();
    let data = json!({
        "sheet": sheet.name(),
        "rater": rater,
        "questions": sheet.questions,
        "claim_labels": sheet.claim_labels,
        "answers": answers,
    });
    PAGE.replace("/*STYLE*/", STYLE)
        .replace("/*SCRIPT*/", SCRIPT)
        .replace("/*DATA*/", &script_safe(&data.to_string()))
}

fn shown(text: &SheetText) -> Value {
    // A text that reorders what stands around it would be shown as something else than it is.
    let seen = |text: &String| visible(text).into_owned();
    json!({
        "code": text.code,
        "input": seen(&text.input),
        "context": text.context.as_ref().map(seen),
        "reference": text.reference.as_ref().map(seen),
        "output": seen(&text.output),
    })
}

/// Escapes what could end the element that holds the JSON.
fn script_safe(json: &str) -> Cow<'_, str> {
    if json.contains(['<', '>', '&']) {
        Cow::Owned(json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026"))
    } else {
        Cow::Borrowed(json)
    }
}
