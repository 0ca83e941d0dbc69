//! A suite file.

#![no_main]

use std::sync::LazyLock;

use evalward_config::{LoadOptions, load};
use evalward_fuzz::Scratch;
use libfuzzer_sys::fuzz_target;

static SCRATCH: LazyLock<Scratch> = LazyLock::new(Scratch::new);

fuzz_target!(|text: &str| {
    let path = SCRATCH.write("evalward.toml", text);
    if let Err(errors) = load(&path, &LoadOptions::default()) {
        drop(format!("{errors} {errors:?}"));
    }
});
