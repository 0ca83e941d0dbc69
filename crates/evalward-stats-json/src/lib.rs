//! The functions of `evalward-stats` as JSON lines, one request and one answer a line.
//!
//! A request names a function (`{"id":1,"function":"welch_t","input":{…}}`) or a procedure (`{"id":2,"op":"compare",…}`); the
//! answer has the same id and a `result` or an `error`. This crate computes nothing itself and knows no file and no terminal.
//! The entry point is [`answer`].
//!
//! ```
//! let line = r#"{"id":1,"function":"sign_test","input":{"positive":8,"negative":2,"p0":0.5}}"#;
//! let answer = evalward_stats_json::answer(line);
//! assert!(answer.starts_with(r#"{"id":1,"result":{"#) && answer.contains(r#""p_two_sided":0.109375"#));
//! ```

mod answer;
mod failure;
mod functions;
mod input;
mod ops;

pub use answer::{answer, function_names, op_names};
