//! Metrics that compare what an output holds: JSON, a number, a label.

mod classification;
mod json_fields;
mod json_match;
mod json_text;
mod number_text;
mod numeric;

pub use classification::{Classification, ClassificationOptions};
pub use json_fields::ExtraFields;
pub use json_match::{JsonMatch, JsonMatchOptions};
pub use number_text::{DecimalMark, PercentSign};
pub use numeric::{Numeric, NumericOptions, PickNumber};
