//! Embeds texts from stdin, a JSON string a line, and prints the tokens and the vector of each as a JSON object a line.
//!
//! `cargo run --release --package evalward-embedder --example embed FOLDER [tokens]`; with `tokens` no vector is computed.

use std::error::Error;
use std::io::{self, BufRead, BufWriter, Write};
use std::path::PathBuf;

use evalward_embedder::Model;
use serde_json::json;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let folder = arguments.next().ok_or("the first argument is the folder of a model")?;
    let with_vectors = arguments.next().is_none();
    let model = Model::open(&PathBuf::from(folder))?;
    let texts: Vec<String> = io::stdin()
        .lock()
        .lines()
        .map(|line| Ok(serde_json::from_str(&line?)?))
        .collect::<Result<_, Box<dyn Error>>>()?;
    let mut out = BufWriter::new(io::stdout().lock());
    let vectors = if with_vectors { model.embed(&texts) } else { vec![Vec::new(); texts.len()] };
    for (text, vector) in texts.iter().zip(vectors) {
        writeln!(out, "{}", json!({ "tokens": model.tokens(text), "vector": vector }))?;
    }
    Ok(out.flush()?)
}
