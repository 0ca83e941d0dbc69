//! The monitor's file.

#![no_main]

use std::sync::LazyLock;

use evalward_config::{LoadOptions, load_monitor};
use evalward_fuzz::Scratch;
use libfuzzer_sys::fuzz_target;

static SCRATCH: LazyLock<Scratch> = LazyLock::new(|| {
    let scratch = Scratch::new();
    scratch.write("evalward.toml", include_str!("../seeds/suite/support"));
    scratch
});

fuzz_target!(|text: &str| {
    let path = SCRATCH.write("monitor.toml", text);
    if let Err(errors) = load_monitor(&path, &LoadOptions::default()) {
        drop(format!("{errors} {errors:?}"));
    }
});
