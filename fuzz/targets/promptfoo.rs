//! A configuration of promptfoo as YAML or JSON, and behind NULs its table of tests and its prompt.

#![no_main]

use std::sync::LazyLock;

use evalward_config::{LoadOptions, load};
use evalward_core::Example;
use evalward_fuzz::Scratch;
use evalward_import::{Format, TranslateOptions, WriteOptions, translate, write};
use libfuzzer_sys::fuzz_target;

static SCRATCH: LazyLock<Scratch> = LazyLock::new(Scratch::new);

fuzz_target!(|text: &str| {
    let mut parts = text.splitn(3, '\0');
    let file = parts.next().unwrap_or_default();
    // Patterns of file names, and names outside of the folder, would read this machine.
    if file.contains("**") || file.contains("..") || file.contains("file:///") {
        return;
    }
    let extension = if file.trim_start().starts_with('{') { "json" } else { "yaml" };
    let path = SCRATCH.write(&format!("in/promptfooconfig.{extension}"), file);
    SCRATCH.write("in/tests.csv", parts.next().unwrap_or("question,__expected\na,b\n"));
    SCRATCH.write("in/prompt.txt", parts.next().unwrap_or("Say {{ question }}"));
    let options = TranslateOptions::default();
    let translation = match translate(Format::Promptfoo, &path, &options) {
        Ok(translation) => translation,
        Err(error) => return drop(format!("{error}")),
    };
    let again = translate(Format::Promptfoo, &path, &options);
    assert_eq!(again.expect("it was translated before"), translation);
    for (path, text) in &translation.files {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("toml") => drop(toml::from_str::<toml::Table>(text).expect("TOML is readable")),
            Some("jsonl") if path.ends_with("distribution.jsonl") => {
                for line in text.lines() {
                    serde_json::from_str::<Example>(line).expect("an example is readable");
                }
            }
            _ => {}
        }
    }
    SCRATCH.remove("out");
    let out = SCRATCH.path("out");
    write(&translation, &out, WriteOptions::default()).expect("the folder is free");
    if let Err(errors) = load(&out.join("evalward.toml"), &LoadOptions::default()) {
        drop(format!("{errors} {errors:?}"));
    }
});
