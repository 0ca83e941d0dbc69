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

/// A detector reads a text once and appends its findings.
pub(crate) type Detector = fn(&str, &mut Vec<Finding>);

/// All detectors.
pub(crate) const DETECTORS: [Detector; 9] = [
    private_key::detect,
    jwt::detect,
    api_key::detect,
    assignment::detect,
    iban::detect,
    card::detect,
    email::detect,
    ip_address::detect,
    phone::detect,
];
