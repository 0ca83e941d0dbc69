//! The files of an embedding model, each above a NUL: `config.json`, `vocab.txt`, and `model.safetensors` as the rest.

#![no_main]

use std::sync::LazyLock;

use evalward_embedder::Model;
use evalward_fuzz::Scratch;
use libfuzzer_sys::fuzz_target;

static SCRATCH: LazyLock<Scratch> = LazyLock::new(Scratch::new);

fuzz_target!(|files: &[u8]| {
    let mut parts = files.splitn(3, |byte| *byte == 0);
    for name in ["config.json", "vocab.txt", "model.safetensors"] {
        SCRATCH.write(name, parts.next().unwrap_or_default());
    }
    let model = match Model::open(SCRATCH.folder()) {
        Ok(model) => model,
        Err(error) => return drop(format!("{error}")),
    };
    let texts = ["", "hello worlds.", "good \u{301}bye [SEP] 中"];
    let vectors = model.embed(&texts);
    assert_eq!(vectors.len(), texts.len());
    for (text, vector) in texts.iter().zip(&vectors) {
        assert_eq!(vector.len(), model.dimensions());
        assert!(model.tokens(text).len() <= model.most_tokens());
    }
    // Numbers of any size may overflow within the model, which is told where it is used.
    let bits = |vectors: &[Vec<f32>]| -> Vec<u32> {
        vectors.iter().flatten().map(|number| number.to_bits()).collect()
    };
    assert_eq!(bits(&model.embed(&texts)), bits(&vectors), "two vectors of one text");
});
