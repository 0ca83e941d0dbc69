//! Files of labels.

#![no_main]

use std::sync::LazyLock;

use evalward_dataset::{AnswerLabel, read_labels};
use evalward_fuzz::Scratch;
use libfuzzer_sys::fuzz_target;

static SCRATCH: LazyLock<Scratch> = LazyLock::new(Scratch::new);

fuzz_target!(|file: &[u8]| {
    let path = SCRATCH.write("labels.jsonl", file);
    match read_labels(&path) {
        Ok(labels) => {
            let is_rating = |label: &AnswerLabel| label.value.is_rating();
            let ratings = labels.iter().filter(|label| is_rating(&label.value)).count();
            assert!(ratings == 0 || ratings == labels.len(), "labels of two kinds");
        }
        Err(error) => drop(format!("{error}")),
    }
});
