//! A sentence embedding model that runs on this machine: vocabulary, encoder and the folder in which models are kept.
//!
//! The crate knows no network, no suite and no metric; whoever downloads a model hands it a file, and its hash is checked here.
