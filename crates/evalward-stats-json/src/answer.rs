//! From a line to its answer.

use serde_json::{Map, Value};

use crate::failure::Failure;
use crate::{functions, ops};

/// Returns the names of all functions.
pub fn function_names() -> Vec<&'static str> {
    functions::all().map(|(name, _)| name).collect()
}

/// Returns the names of all procedures.
pub fn op_names() -> Vec<&'static str> {
    ops::names().collect()
}

/// Answers a request, in one line without a line end; a request that cannot be answered gets an `error`.
pub fn answer(line: &str) -> String {
    let (id, outcome) = match serde_json::from_str::<Value>(line) {
        Ok(Value::Object(mut request)) => {
            let id = request.remove("id").unwrap_or(Value::Null);
            (id, respond(request))
        }
        Ok(_) => {
            (Value::Null, Err(Failure::BadRequest("the line is not a JSON object".to_owned())))
        }
        Err(error) => {
            (Value::Null, Err(Failure::BadRequest(format!("the line is not JSON: {error}"))))
        }
    };
    let mut answer = Map::new();
    answer.insert("id".to_owned(), id);
    match outcome {
        Ok(fields) => answer.extend(fields),
        Err(failure) => {
            answer.insert("error".to_owned(), failure.to_json());
        }
    }
    Value::Object(answer).to_string()
}

fn respond(mut request: Map<String, Value>) -> Result<Map<String, Value>, Failure> {
    let bad = |text: String| Err(Failure::BadRequest(text));
    match (request.remove("function"), request.remove("op")) {
        (Some(Value::String(name)), None) => {
            let Some(function) = functions::find(&name) else {
                return bad(format!("there is no function `{name}`"));
            };
            let Some(input) = request.remove("input") else {
                return bad("the request has no `input`".to_owned());
            };
            if let Some((key, _)) = request.iter().next() {
                return bad(format!("unknown key `{key}`"));
            }
            let result = function(input)?;
            Ok(Map::from_iter([("result".to_owned(), result)]))
        }
        (None, Some(Value::String(name))) => match ops::find(&name) {
            Some(op) => op(Value::Object(request)),
            None => bad(format!("there is no op `{name}`")),
        },
        _ => bad("give either a `function` or an `op`, as a text".to_owned()),
    }
}
