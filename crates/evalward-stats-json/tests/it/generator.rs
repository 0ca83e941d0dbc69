//! Expands `$gen`, the notation of the fixtures for large inputs.

use serde_json::{Map, Value};

/// Replaces every `$gen` object by its numbers.
pub(crate) fn expand(value: &Value) -> Value {
    match value {
        Value::Object(fields) => match fields.get("$gen") {
            Some(generator) => generate(generator).into(),
            None => {
                let fields = fields.iter().map(|(key, value)| (key.clone(), expand(value)));
                Value::Object(fields.collect::<Map<_, _>>())
            }
        },
        Value::Array(items) => items.iter().map(expand).collect(),
        other => other.clone(),
    }
}

fn generate(generator: &Value) -> Vec<f64> {
    let number = |name: &str| generator[name].as_f64().unwrap_or_else(|| panic!("no `{name}`"));
    let numbers = |name: &str| -> Vec<f64> {
        let values = generator[name].as_array().unwrap_or_else(|| panic!("no `{name}`"));
        values.iter().filter_map(Value::as_f64).collect()
    };
    let uniforms = uniforms(
        generator["seed"].as_u64().expect("a generator has a seed"),
        generator["n"].as_u64().expect("a generator has a size"),
    );
    match generator["kind"].as_str() {
        Some("uniform") => {
            let (lo, hi) = (number("lo"), number("hi"));
            uniforms.map(|u| lo + (hi - lo) * u).collect()
        }
        Some("bernoulli") => {
            let p = number("p");
            uniforms.map(|u| f64::from(u8::from(u < p))).collect()
        }
        Some("ordinal") => {
            let (bounds, levels) = (numbers("cum_probs"), numbers("levels"));
            uniforms.map(|u| levels[bounds.iter().filter(|bound| **bound <= u).count()]).collect()
        }
        kind => panic!("unknown generator {kind:?}"),
    }
}

/// Returns `n` uniform numbers by splitmix64.
fn uniforms(seed: u64, n: u64) -> impl Iterator<Item = f64> {
    (1..=n).map(move |i| {
        let mut z = seed.wrapping_add(i.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        let high = u32::try_from(z >> 32).expect("32 bits");
        let low = u32::try_from((z >> 11) & 0x1F_FFFF).expect("21 bits");
        (f64::from(high) * 2_097_152.0 + f64::from(low)) * 2.0_f64.powi(-53)
    })
}

#[test]
fn the_generator_reproduces_its_test_vector() {
    let first: Vec<f64> = uniforms(11, 3).collect();
    assert_eq!(first, [0.316_244_392_920_908_2, 0.262_365_151_773_718_2, 0.638_042_342_018_348_5]);
}
