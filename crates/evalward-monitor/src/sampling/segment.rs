//! The segment of an interaction: the values of the configured properties, such as `service=support,hour=14`.

use std::borrow::Cow;

use evalward_config::SegmentKey;
use evalward_core::Interaction;
use serde_json::Value;

const HOUR_MILLIS: i64 = 3_600_000;

/// The longest value of a part; what varies beyond it is no property to segment by.
const VALUE_CHARACTERS: usize = 64;

/// Returns the parts of an interaction's segment, in the order of the keys; a property that it lacks has no part.
pub(super) fn parts(keys: &[SegmentKey], interaction: &Interaction) -> Vec<String> {
    keys.iter().filter_map(|key| Some(part(&key.name(), &value(key, interaction)?))).collect()
}

/// Returns a part, in which the value has no sign that means something in a segment.
pub(super) fn part(name: &str, value: &str) -> String {
    let clean = |character: char| {
        if character.is_control() || matches!(character, ',' | '=') { '_' } else { character }
    };
    let value: String = value.trim().chars().take(VALUE_CHARACTERS).map(clean).collect();
    format!("{name}={value}")
}

fn value<'a>(key: &SegmentKey, interaction: &'a Interaction) -> Option<Cow<'a, str>> {
    let text = |text: &'a Option<String>| text.as_deref().map(Cow::Borrowed);
    let value = match key {
        SegmentKey::Hour => {
            let hour = interaction.started_at.as_millis().div_euclid(HOUR_MILLIS).rem_euclid(24);
            Some(Cow::Owned(format!("{hour:02}")))
        }
        SegmentKey::Service => text(&interaction.service),
        SegmentKey::Environment => text(&interaction.environment),
        SegmentKey::Version => text(&interaction.version),
        SegmentKey::Model => interaction.response.as_ref().and_then(|it| text(&it.model)),
        SegmentKey::Attribute(name) => match interaction.attributes.get(name)? {
            Value::String(text) => Some(Cow::Borrowed(text.as_str())),
            Value::Number(number) => Some(Cow::Owned(number.to_string())),
            Value::Bool(truth) => Some(Cow::Owned(truth.to_string())),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        },
    };
    value.filter(|value| !value.trim().is_empty())
}
