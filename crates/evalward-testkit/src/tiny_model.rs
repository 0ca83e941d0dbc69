//! An embedding model that is small enough to be made up.

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::Path;

use serde_json::{Map, Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The vocabulary.
const PIECES: [&str; 10] =
    ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "hello", "world", "##s", ".", "good", "bye"];

/// The length of a vector.
const SIZE: usize = 4;

/// The length of a vector within the layer.
const INNER: usize = 8;

/// Writes the files of a model with one layer and vectors of four numbers: `config.json`, `vocab.txt`, `model.safetensors`.
pub fn write_tiny_model(folder: &Path) {
    let write = |name: &str, bytes: &[u8]| {
        fs::write(folder.join(name), bytes).expect("a scratch folder can be written");
    };
    fs::create_dir_all(folder).expect("a scratch folder can be made");
    let config = json!({
        "model_type": "bert", "hidden_act": "gelu", "hidden_size": SIZE, "intermediate_size": INNER,
        "num_hidden_layers": 1, "num_attention_heads": 2, "max_position_embeddings": 16,
        "type_vocab_size": 1, "vocab_size": PIECES.len(), "layer_norm_eps": 1e-12,
    });
    write("config.json", config.to_string().as_bytes());
    write("vocab.txt", (PIECES.join("\n") + "\n").as_bytes());
    write("model.safetensors", &weights());
}

/// Returns a zip archive with the files of that model.
pub fn tiny_archive() -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    write_tiny_model(folder.path());
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for name in ["config.json", "vocab.txt", "model.safetensors"] {
        let bytes = fs::read(folder.path().join(name)).expect("the file was written");
        let started = writer.start_file(format!("tiny/model/{name}"), SimpleFileOptions::default());
        started.expect("the name is a plain one");
        writer.write_all(&bytes).expect("memory can be written");
    }
    writer.finish().expect("memory can be written").into_inner()
}

/// Returns the file of numbers: a fixed sequence between -1 and 1.
fn weights() -> Vec<u8> {
    let layer = "encoder.layer.0";
    let mut shapes = vec![
        ("embeddings.word_embeddings.weight".to_owned(), vec![PIECES.len(), SIZE]),
        ("embeddings.position_embeddings.weight".to_owned(), vec![16, SIZE]),
        ("embeddings.token_type_embeddings.weight".to_owned(), vec![1, SIZE]),
    ];
    let mut pair = |name: String, weight: Vec<usize>, bias: usize| {
        shapes.push((format!("{name}.weight"), weight));
        shapes.push((format!("{name}.bias"), vec![bias]));
    };
    for name in ["embeddings.LayerNorm".to_owned(), format!("{layer}.output.LayerNorm")] {
        pair(name, vec![SIZE], SIZE);
    }
    pair(format!("{layer}.attention.output.LayerNorm"), vec![SIZE], SIZE);
    for part in ["self.query", "self.key", "self.value", "output.dense"] {
        pair(format!("{layer}.attention.{part}"), vec![SIZE, SIZE], SIZE);
    }
    pair(format!("{layer}.intermediate.dense"), vec![INNER, SIZE], INNER);
    pair(format!("{layer}.output.dense"), vec![SIZE, INNER], SIZE);
    let mut header = Map::new();
    let mut numbers: Vec<u8> = Vec::new();
    let mut state: u32 = 1;
    for (name, shape) in shapes {
        let start = numbers.len();
        for _ in 0..shape.iter().product::<usize>() {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let [_, _, high, higher] = state.to_le_bytes();
            let number = f32::from(i16::from_le_bytes([high, higher])) / 32_768.0;
            numbers.extend(number.to_le_bytes());
        }
        let entry =
            json!({ "dtype": "F32", "shape": shape, "data_offsets": [start, numbers.len()] });
        header.insert(name, entry);
    }
    let header = Value::Object(header).to_string();
    let length = u64::try_from(header.len()).expect("a header is short");
    [&length.to_le_bytes(), header.as_bytes(), &numbers].concat()
}
