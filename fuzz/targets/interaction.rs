//! An interaction in the form that the monitor takes.

#![no_main]

use evalward_fuzz::native_item;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| native_item(body));
