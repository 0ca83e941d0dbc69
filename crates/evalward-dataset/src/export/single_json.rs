//! The form with all examples in one JSON object.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{failed, fields_of};
use crate::{Dataset, DatasetError};

/// The fields that every example shows, in this order, even when they are empty.
const FIXED: [&str; 7] =
    ["id", "partition", "input", "expected_output", "metadata", "created_at", "tags"];

pub(super) fn write(dataset: &Dataset, out: &mut dyn Write) -> Result<u64, DatasetError> {
    let manifest = dataset.manifest();
    let (name, task_type) = (Value::from(&*manifest.name), Value::from(&*manifest.task_type));
    write!(out, "{{\n  \"name\": {name},\n  \"task_type\": {task_type},\n  \"examples\": [")
        .map_err(failed(dataset))?;
    let mut count = 0_u64;
    for example in dataset.all_examples() {
        let example = example?.value;
        let mut fields = fields_of(&example);
        let fixed = FIXED.map(|field| {
            let value = fields.remove(field).unwrap_or_else(|| match field {
                "partition" => example.partition.name().into(),
                "metadata" => json!({}),
                "tags" => json!([]),
                _ => Value::Null,
            });
            (field.to_owned(), value)
        });
        let separator = if count == 0 { "\n    {" } else { ",\n    {" };
        write!(out, "{separator}")
            .and_then(|()| write_fields(fixed.into_iter().chain(fields), out))
            .and_then(|()| write!(out, "\n    }}"))
            .map_err(failed(dataset))?;
        count += 1;
    }
    let end = if count == 0 { "]\n}\n" } else { "\n  ]\n}\n" };
    out.write_all(end.as_bytes()).map_err(failed(dataset))?;
    Ok(count)
}

fn write_fields(
    fields: impl Iterator<Item = (String, Value)>,
    out: &mut dyn Write,
) -> io::Result<()> {
    for (index, (field, value)) in fields.enumerate() {
        let separator = if index == 0 { "" } else { "," };
        // A line end inside a text is escaped, so every line end is one of the layout.
        let pretty = serde_json::to_string_pretty(&value)?.replace('\n', "\n      ");
        write!(out, "{separator}\n      {}: {pretty}", Value::from(field))?;
    }
    Ok(())
}
