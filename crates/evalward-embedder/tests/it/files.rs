//! Files of models that are not what they should be.

use std::fs;
use std::sync::OnceLock;

use evalward_embedder::Model;
use evalward_testkit::{Scratch, write_tiny_model};
use proptest::prelude::*;

fn tiny() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    MODEL.get_or_init(|| {
        let scratch = Scratch::new();
        write_tiny_model(scratch.folder());
        Model::open(scratch.folder()).expect("the made-up model can be opened")
    })
}

/// Changes a file of the made-up model and returns the error of opening it, without the folder's name.
fn error_with(file: &str, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> String {
    let scratch = Scratch::new();
    write_tiny_model(scratch.folder());
    let path = scratch.folder().join(file);
    fs::write(&path, change(fs::read(&path).unwrap())).unwrap();
    let error = Model::open(scratch.folder()).unwrap_err().to_string();
    error.replace(&format!("{}/", scratch.folder().display()), "")
}

#[track_caller]
fn check(file: &str, from: &str, to: &str, expected: &str) {
    let change = |bytes: Vec<u8>| {
        let start = bytes.windows(from.len()).position(|part| part == from.as_bytes()).unwrap();
        [&bytes[..start], to.as_bytes(), &bytes[start + from.len()..]].concat()
    };
    assert_eq!(error_with(file, change), expected);
}

#[test]
fn what_is_wrong_with_the_numbers_is_said() {
    let weights = |change: fn(Vec<u8>) -> Vec<u8>| error_with("model.safetensors", change);
    insta::assert_snapshot!(weights(|_| Vec::new()), @"failed to read model file `model.safetensors`: it is shorter than eight bytes");
    insta::assert_snapshot!(weights(|bytes| bytes[..100].to_vec()), @"failed to read model file `model.safetensors`: its header is longer than the file; it is cut short or no safetensors file");
    insta::assert_snapshot!(weights(|bytes| [vec![255; 8], bytes].concat()), @"failed to read model file `model.safetensors`: its header is longer than the file; it is cut short or no safetensors file");
    let cut = weights(|bytes| bytes[..bytes.len() - 1].to_vec());
    assert!(cut.ends_with("lies beyond the end of the file, which is cut short"), "{cut}");
    let nan = weights(|mut bytes| {
        let end = bytes.len();
        bytes[end - 4..].copy_from_slice(&f32::NAN.to_le_bytes());
        bytes
    });
    assert!(nan.ends_with("holds a number that is not finite"), "{nan}");
    check(
        "model.safetensors",
        "[10,4]",
        "[4,10]",
        "failed to read model file `model.safetensors`: tensor `embeddings.word_embeddings.weight` has the shape [4, 10], not [10, 4]",
    );
    check(
        "model.safetensors",
        "self.key.bias",
        "self.kay.bias",
        "failed to read model file `model.safetensors`: it has no tensor `encoder.layer.0.attention.self.key.bias`",
    );
}

#[test]
fn what_is_wrong_with_the_other_files_is_said() {
    check(
        "config.json",
        "\"gelu\"",
        "\"relu\"",
        "failed to use the model in `config.json`: `hidden_act` is `relu`; only `gelu` is supported",
    );
    check(
        "config.json",
        "\"num_attention_heads\":2",
        "\"num_attention_heads\":3",
        "failed to use the model in `config.json`: `hidden_size` is no multiple of `num_attention_heads`",
    );
    check(
        "vocab.txt",
        "[SEP]",
        "[SAP]",
        "failed to read model file `vocab.txt`: it has no `[SEP]`",
    );
    let longer = error_with("vocab.txt", |bytes| [&bytes[..], b"more\n"].concat());
    insta::assert_snapshot!(longer, @"failed to read model file `vocab.txt`: it has 11 tokens, more than the 10 of `config.json`");
    let binary = error_with("vocab.txt", |_| vec![0xff]);
    assert!(binary.contains("it is not UTF-8"), "{binary}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever byte is changed, opening either fails with an error or gives a model that computes.
    #[test]
    fn no_change_of_a_byte_makes_it_panic(place in 0_usize..6000, byte: u8, which in 0_usize..3) {
        let scratch = Scratch::new();
        write_tiny_model(scratch.folder());
        let path = scratch.folder().join(["config.json", "vocab.txt", "model.safetensors"][which]);
        let mut bytes = fs::read(&path).unwrap();
        let place = place % bytes.len();
        bytes[place] = byte;
        fs::write(&path, bytes).unwrap();
        if let Ok(model) = Model::open(scratch.folder()) {
            prop_assert_eq!(model.embed(&["hello worlds."]).len(), 1);
        }
    }

    /// No text makes it panic, and the vector does not depend on the texts beside it.
    #[test]
    fn a_vector_depends_on_its_text_alone(texts in prop::collection::vec(".{0,40}|(hello|world|s|[.]| ){0,20}", 0..50)) {
        let model = tiny();
        for (text, vector) in texts.iter().zip(model.embed(&texts)) {
            let alone = model.embed(&[text]).remove(0);
            prop_assert!(vector.iter().zip(&alone).all(|(one, other)| (one - other).abs() < 1e-5));
        }
    }
}
