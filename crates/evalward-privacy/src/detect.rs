//! The detectors: each appends what it recognises, in any order and without
//! regard to the others.

mod api_key;
mod assignment;
mod card;
mod digits;
mod email;
mod iban;
mod ip_address;
mod jwt;
mod phone;
mod private_key;
mod randomness;
mod surroundings;

use crate::Finding;
use crate::shape::Shape;

/// A detector reads a text once and appends its findings.
pub(crate) struct Detector {
    /// Reads a text.
    pub(crate) detect: fn(&str, &mut Vec<Finding>),
    /// Tells whether it could find something in a text of this shape.
    pub(crate) may_find: fn(Shape) -> bool,
}

/// The detector of private keys, which reads escapes as well.
pub(crate) use private_key::detect as detect_private_keys;

/// All other detectors.
pub(crate) const DETECTORS: [Detector; 9] = [
    Detector { detect: jwt::detect, may_find: |_| true },
    Detector { detect: api_key::detect, may_find: |_| true },
    Detector { detect: assignment::detect, may_find: |shape| shape.has_mixed_piece },
    Detector { detect: assignment::detect_in_urls, may_find: |_| true },
    Detector { detect: iban::detect, may_find: |shape| shape.has_digit },
    Detector { detect: card::detect, may_find: |shape| shape.has_number },
    Detector { detect: email::detect, may_find: |_| true },
    Detector { detect: ip_address::detect, may_find: |shape| shape.has_digit },
    Detector { detect: phone::detect, may_find: |shape| shape.has_number },
];
