//! The form with all examples in one JSON object, read one example at a time.

use std::cell::Cell;
use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::rc::Rc;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::Heading;
use super::convert::Raw;
use crate::json::message_of;
use crate::suggest::{humanize, unknown_name};
use crate::{DatasetError, Place};

const FIELDS: [&str; 3] = ["name", "task_type", "examples"];

pub(super) fn read(
    path: &Path,
    add: &mut dyn FnMut(Raw) -> Result<(), DatasetError>,
) -> Result<Heading, DatasetError> {
    let file = File::open(path).map_err(DatasetError::io("open", path))?;
    let position = Rc::new(Cell::new(Position { line: 1, column: 0 }));
    let reader = Tracking { bytes: BufReader::new(file), position: Rc::clone(&position) };
    let mut failure = None;
    let mut deserializer = serde_json::Deserializer::from_reader(reader);
    let whole = Whole { path, position: &position, add, failure: &mut failure };
    let result = whole.deserialize(&mut deserializer).and_then(|heading| {
        deserializer.end()?;
        Ok(heading)
    });
    result.map_err(|error| {
        if let Some(failure) = failure {
            return failure;
        }
        if error.is_io() {
            return DatasetError::io("read", path)(error.into());
        }
        let Position { line, column } = position.get();
        let place = Place::new(path, line, column.max(1));
        DatasetError::malformed(place, humanize(&message_of(&error)))
    })
}

/// Where the reader is; columns count characters.
#[derive(Clone, Copy)]
struct Position {
    line: u64,
    column: u64,
}

/// A reader that knows where it is, since `serde_json` reads byte by byte.
struct Tracking<R> {
    bytes: R,
    position: Rc<Cell<Position>>,
}

impl<R: Read> Read for Tracking<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.bytes.read(buffer)?;
        let mut at = self.position.get();
        for byte in buffer.iter().take(read) {
            match byte {
                b'\n' => at = Position { line: at.line + 1, column: 0 },
                byte if (byte & 0xC0) != 0x80 => at.column += 1,
                _ => {}
            }
        }
        self.position.set(at);
        Ok(read)
    }
}

/// The top of the file.
struct Whole<'a> {
    path: &'a Path,
    position: &'a Cell<Position>,
    add: &'a mut dyn FnMut(Raw) -> Result<(), DatasetError>,
    /// The error that ended the reading, which serde's own error cannot carry.
    failure: &'a mut Option<DatasetError>,
}

impl<'de> DeserializeSeed<'de> for Whole<'_> {
    type Value = Heading;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Heading, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Whole<'_> {
    type Value = Heading;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object with `name`, `task_type` and `examples`")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Heading, A::Error> {
        let mut heading = Heading::default();
        let mut has_examples = false;
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "name" => heading.name = Some(map.next_value()?),
                "task_type" => heading.task_type = Some(map.next_value()?),
                "examples" if has_examples => return Err(de::Error::duplicate_field("examples")),
                "examples" => {
                    map.next_value_seed(List(&mut self))?;
                    has_examples = true;
                }
                other => {
                    let message = unknown_name("unknown field", other, &FIELDS);
                    return Err(de::Error::custom(message));
                }
            }
        }
        if has_examples { Ok(heading) } else { Err(de::Error::missing_field("examples")) }
    }
}

/// The list of examples.
struct List<'a, 'b>(&'a mut Whole<'b>);

impl<'de> DeserializeSeed<'de> for List<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for List<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of examples")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut index = 0_u64;
        let start = Cell::new(self.0.position.get());
        while let Some(fields) =
            list.next_element_seed(Element { start: &start, at: self.0.position })?
        {
            let Position { line, column } = start.get();
            let place = Place::new(self.0.path, line, column.max(1));
            let raw = Raw { place, label: format!("`examples[{index}]`"), fields };
            (self.0.add)(raw).map_err(|error| {
                *self.0.failure = Some(error);
                de::Error::custom("the import was refused")
            })?;
            index += 1;
        }
        Ok(())
    }
}

/// One example; notes where it starts.
struct Element<'a> {
    start: &'a Cell<Position>,
    at: &'a Cell<Position>,
}

impl<'de> DeserializeSeed<'de> for Element<'_> {
    type Value = Map<String, Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        self.start.set(self.at.get());
        de::Deserialize::deserialize(deserializer)
    }
}
