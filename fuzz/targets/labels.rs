//! Files of labels.

#![no_main]

use std::sync::LazyLock;

use evalward_dataset::{LabelValue, rated_answers, read_labels};
use evalward_fuzz::Scratch;
use libfuzzer_sys::fuzz_target;

static SCRATCH: LazyLock<Scratch> = LazyLock::new(Scratch::new);

fuzz_target!(|file: &[u8]| {
    let path = SCRATCH.write("labels.jsonl", file);
    match read_labels(&path) {
        Ok(labels) => {
            let values: Vec<LabelValue> =
                labels.iter().filter_map(|label| label.value.value).collect();
            let ratings = values.iter().filter(|value| value.is_rating()).count();
            assert!(ratings == 0 || ratings == values.len(), "labels of two kinds");
            let lines = labels.len();
            let answers = rated_answers(labels);
            let raters: usize = answers.iter().map(|answer| answer.value.raters.len()).sum();
            assert_eq!(raters, lines, "a label is lost");
        }
        Err(error) => drop(format!("{error}")),
    }
});
