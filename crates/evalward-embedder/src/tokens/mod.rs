//! From a text to the numbers of its tokens, as BERT's uncased tokenizer counts them.

mod characters;
mod clean;
mod split;
mod vocabulary;

pub(crate) use vocabulary::Vocabulary;
