//! Where in a JSON text a value stands.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::value::RawValue;

/// Returns the bytes of the value that a JSON Pointer (RFC 6901) names, where the text has it.
///
/// Of a key that occurs twice the last counts, as in the value that the text is read as.
pub(super) fn span_of(text: &str, pointer: &str) -> Option<Range<usize>> {
    let mut value: &RawValue = serde_json::from_str(text).ok()?;
    for token in pointer.split('/').skip(1) {
        value = child(value.get(), &token.replace("~1", "/").replace("~0", "~"))?;
    }
    let start = value.get().as_ptr().addr().checked_sub(text.as_ptr().addr())?;
    Some(start..start + value.get().len())
}

fn child<'a>(text: &'a str, token: &str) -> Option<&'a RawValue> {
    if text.starts_with('[') {
        let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
        return items.get(token.parse::<usize>().ok()?).copied();
    }
    let fields: BTreeMap<Cow<'_, str>, &RawValue> = serde_json::from_str(text).ok()?;
    fields.get(token).copied()
}
