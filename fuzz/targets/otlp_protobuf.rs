//! A trace request of OTLP in protobuf.

#![no_main]

use evalward_fuzz::spans_of_protobuf;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| spans_of_protobuf(body));
