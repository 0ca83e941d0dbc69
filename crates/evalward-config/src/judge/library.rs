//! The judges that evalward brings along.

/// The names of the judges that evalward brings along, with their files.
pub const LIBRARY: [(&str, &str); 9] = [
    ("answer_relevance", include_str!("library/answer_relevance.toml")),
    ("context_relevance", include_str!("library/context_relevance.toml")),
    ("correctness", include_str!("library/correctness.toml")),
    ("faithfulness", include_str!("library/faithfulness.toml")),
    ("helpfulness", include_str!("library/helpfulness.toml")),
    ("instruction_following", include_str!("library/instruction_following.toml")),
    ("preference", include_str!("library/preference.toml")),
    ("safety", include_str!("library/safety.toml")),
    ("tone", include_str!("library/tone.toml")),
];
