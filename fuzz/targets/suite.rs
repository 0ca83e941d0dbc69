//! A suite file.

#![no_main]

use evalward_config::{LoadOptions, load};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    // The loader reads paths; a name of its own for each process keeps parallel jobs apart.
    let path = std::env::temp_dir().join(format!("evalward-fuzz-{}.toml", std::process::id()));
    if std::fs::write(&path, text).is_ok()
        && let Err(errors) = load(&path, &LoadOptions::default())
    {
        let _ = format!("{errors} {errors:?}");
    }
});
