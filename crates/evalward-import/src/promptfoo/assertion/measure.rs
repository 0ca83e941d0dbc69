//! Assertions that become metrics.

use serde_json::{Map, Value, json};

use super::demand::{Measure, Translated};
use super::read::Assertion;

/// Translates an assertion on a score with a threshold.
pub(super) fn measure(assertion: &Assertion, value: Value) -> Result<Translated, String> {
    if assertion.is_negated {
        return Err("a metric has a bound on one side only".to_owned());
    }
    let threshold = |default: Option<f64>| {
        assertion.threshold.or(default).ok_or("it has no `threshold`".to_owned())
    };
    let score = |default: f64| match threshold(Some(default))? {
        low if low <= 0.0 => {
            Err(format!("it can never fail: every score reaches its threshold of {low}"))
        }
        high if high > 1.0 => {
            Err(format!("it can never hold: no score reaches its threshold of {high}"))
        }
        threshold => Ok(threshold),
    };
    match assertion.kind.as_str() {
        "levenshtein" => {
            let keys = json!({"measure": "distance", "threshold": threshold(Some(5.0))?});
            Ok(Translated::measure(compared("levenshtein", keys, texts(value)?)))
        }
        "rouge-n" => {
            let keys = json!({"variant": "rouge1", "threshold": score(0.75)?});
            let difference = "words are those of rouge-score, letters and digits alone; promptfoo takes punctuation marks for words too, so scores differ";
            Ok(Translated::measure(compared("rouge", keys, texts(value)?)).but(difference))
        }
        "bleu" => {
            let keys = json!({
                "tokenizer": "none",
                "lowercase": true,
                "smoothing": "floor",
                "smoothing_value": 1e-7,
                "threshold": score(0.5)? * 100.0,
            });
            let difference = "scores go from 0 to 100, and differ where no n-gram of an order matches, or where there are several right answers";
            Ok(Translated::measure(compared("bleu", keys, texts(value)?)).but(difference))
        }
        "similar" | "similar:cosine" => {
            let keys = json!({"threshold": score(0.75)?});
            let difference = "the local embedding model is another than promptfoo's, so scores differ; calibrate the threshold";
            Ok(Translated::measure(compared("semantic_similarity", keys, texts(value)?))
                .but(difference))
        }
        "latency" => Ok(Translated::measure(bound("latency", threshold(None)?))),
        "cost" => {
            let difference = "promptfoo knows what models cost; here the response tells it, or the `price` of the subject";
            Ok(Translated::measure(bound("cost", threshold(None)?)).but(difference))
        }
        "similar:dot" | "similar:euclidean" => {
            Err("embeddings are compared by their cosine alone".to_owned())
        }
        _ => Err("it has no counterpart yet".to_owned()),
    }
}

fn compared(kind: &'static str, keys: Value, references: Vec<String>) -> Measure {
    Measure { kind, keys: object(keys), references, as_rules: None }
}

fn bound(kind: &'static str, threshold: f64) -> Measure {
    let keys = object(json!({"threshold": threshold}));
    Measure { kind, keys, references: Vec::new(), as_rules: None }
}

fn object(keys: Value) -> Map<String, Value> {
    match keys {
        Value::Object(keys) => keys,
        _ => Map::new(),
    }
}

fn texts(value: Value) -> Result<Vec<String>, String> {
    let texts = match value {
        Value::String(text) => vec![text],
        Value::Array(items) => {
            let text = |item: Value| item.as_str().map(str::to_owned);
            items
                .into_iter()
                .map(text)
                .collect::<Option<_>>()
                .ok_or("its list has a value that is no text")?
        }
        _ => return Err("it has no text to compare with".to_owned()),
    };
    if texts.is_empty() {
        return Err("it has no text to compare with".to_owned());
    }
    Ok(texts)
}
