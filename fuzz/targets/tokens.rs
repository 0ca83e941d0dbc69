//! A vocabulary above the first NUL and a text below it.

#![no_main]

use std::sync::LazyLock;

use evalward_embedder::Model;
use evalward_fuzz::Scratch;
use libfuzzer_sys::fuzz_target;

/// The files of a model of ten pieces.
const TINY: &[u8] = include_bytes!("../seeds/model/tiny");

struct Fixed {
    scratch: Scratch,
    /// For texts that come without a vocabulary.
    model: Model,
}

static FIXED: LazyLock<Fixed> = LazyLock::new(|| {
    let scratch = Scratch::new();
    let mut parts = TINY.splitn(3, |byte| *byte == 0);
    for name in ["config.json", "vocab.txt", "model.safetensors"] {
        scratch.write(name, parts.next().unwrap_or_default());
    }
    let model = Model::open(scratch.folder()).expect("the model is a constant");
    Fixed { scratch, model }
});

fuzz_target!(|text: &str| {
    let fixed = &*FIXED;
    let Some((vocabulary, text)) = text.split_once('\0') else { return check(&fixed.model, text) };
    fixed.scratch.write("vocab.txt", vocabulary);
    if let Ok(model) = Model::open(fixed.scratch.folder()) {
        check(&model, text);
    }
});

fn check(model: &Model, text: &str) {
    let tokens = model.tokens(text);
    assert!(tokens.len() >= 2 && tokens.len() <= model.most_tokens(), "{}", tokens.len());
    assert_eq!(tokens, model.tokens(text));
    // A token that the model has no numbers for would end it.
    let vectors = model.embed(&[text]);
    let length: f32 = vectors[0].iter().map(|number| number * number).sum();
    assert!((length - 1.0).abs() < 1e-3, "the vector has the squared length {length}");
}
