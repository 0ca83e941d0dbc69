//! Reads the reference fixtures: one JSON file per function, schema
//! `stats-fixture/1`, as the notes in the files define it.

use std::path::Path;

use serde_json::Value;

/// The cases of one function.
pub(crate) struct Fixture {
    root: Value,
}

/// One case of a fixture.
pub(crate) struct Case<'a> {
    fixture: &'a Fixture,
    value: &'a Value,
}

impl Fixture {
    /// Reads `tests/fixtures/<function>.json`.
    pub(crate) fn load(function: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/fixtures")
            .join(format!("{function}.json"));
        let text = std::fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("read {}: {error}", path.display()));
        let root: Value = serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("parse {}: {error}", path.display()));
        assert_eq!(root["schema"], "stats-fixture/1", "schema of {}", path.display());
        Self { root }
    }

    /// Returns the cases in file order.
    pub(crate) fn cases(&self) -> impl Iterator<Item = Case<'_>> {
        let cases = self.root["cases"].as_array().expect("a fixture has cases");
        assert!(!cases.is_empty(), "a fixture without cases proves nothing");
        cases.iter().map(|value| Case { fixture: self, value })
    }
}

impl Case<'_> {
    /// Returns the stable id of the case.
    pub(crate) fn id(&self) -> &str {
        self.value["id"].as_str().expect("a case has an id")
    }

    /// Tells whether the implementation must return a typed error.
    pub(crate) fn must_reject(&self) -> bool {
        self.value["must_reject"].as_bool().unwrap_or(false)
    }

    /// Returns an input that is a count.
    pub(crate) fn count(&self, name: &str) -> u64 {
        self.input(name).as_u64().unwrap_or_else(|| panic!("{}: `{name}` is no count", self.id()))
    }

    /// Returns an input that is a number.
    pub(crate) fn number(&self, name: &str) -> f64 {
        self.input(name).as_f64().unwrap_or_else(|| panic!("{}: `{name}` is no number", self.id()))
    }

    /// Returns an input that is an array or a generator; `null` becomes NaN.
    pub(crate) fn array(&self, name: &str) -> Vec<f64> {
        let input = self.input(name);
        if let Some(generator) = input.get("$gen") {
            return generate(generator);
        }
        let values = input.as_array().unwrap_or_else(|| panic!("{}: no array", self.id()));
        values.iter().map(|value| value.as_f64().unwrap_or(f64::NAN)).collect()
    }

    /// Compares results with an expected field, which may be one number or an
    /// array, within the case's tolerance.
    pub(crate) fn assert_field(&self, field: &str, got: &[f64]) {
        let expected = &self.value["expected"][field];
        let wanted: Vec<&Value> = match expected {
            Value::Array(values) => values.iter().collect(),
            single => vec![single],
        };
        assert_eq!(wanted.len(), got.len(), "{}: `{field}` has another length", self.id());
        let (rel, abs) = (self.tolerance(field, "rel"), self.tolerance(field, "abs"));
        for (wanted, got) in wanted.into_iter().zip(got) {
            let id = self.id();
            let wanted = wanted.as_f64().unwrap_or_else(|| panic!("{id}: `{field}` is undefined"));
            let error = (got - wanted).abs();
            assert!(
                error <= f64::max(abs, rel * wanted.abs()),
                "{id}: `{field}` is {got:e}, expected {wanted:e}, off by {error:e}"
            );
        }
    }

    /// Asserts that a case was rejected if and only if it must be, and returns
    /// the result of the others.
    pub(crate) fn accepted<T, E: std::fmt::Display>(&self, result: Result<T, E>) -> Option<T> {
        match result {
            Ok(_) if self.must_reject() => panic!("{}: must be rejected", self.id()),
            Ok(value) => Some(value),
            Err(_) if self.must_reject() => None,
            Err(error) => panic!("{}: failed to {error}", self.id()),
        }
    }

    fn input(&self, name: &str) -> &Value {
        &self.value["input"][name]
    }

    /// Returns the tolerance of the field, else of the case, else of the file.
    fn tolerance(&self, field: &str, kind: &str) -> f64 {
        let case = &self.value["tolerance"];
        let default = &self.fixture.root["tolerance"];
        [&case["fields"][field][kind], &case[kind], &default["fields"][field][kind], &default[kind]]
            .into_iter()
            .find_map(Value::as_f64)
            .unwrap_or_else(|| panic!("{}: no `{kind}` tolerance", self.id()))
    }
}

/// Expands a `$gen` object.
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
