//! From failures in production to reviewed examples: fingerprints and patterns, candidates, review, promotion.
//!
//! Under construction.
