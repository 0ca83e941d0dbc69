//! The table of families.

use std::sync::LazyLock;

use serde::Deserialize;

use super::name::{Piece, pieces, stands_at_start};

/// A family that a model belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FamilyMember {
    /// The family's name.
    pub family: &'static str,
    /// Which generation it is, the oldest first; absent where the name does not tell.
    pub generation: Option<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    family: Vec<Family>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Family {
    name: String,
    words: Vec<String>,
    generations: Vec<Vec<String>>,
}

/// A name of the table, taken apart.
struct Known {
    pieces: Vec<Piece>,
    family: usize,
    generation: Option<usize>,
}

struct Table {
    families: Vec<Family>,
    known: Vec<Known>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let file: File =
        toml::from_str(include_str!("families.toml")).expect("the table is part of the program");
    let mut known = Vec::new();
    for (index, family) in file.family.iter().enumerate() {
        let mut add = |name: &String, generation| {
            known.push(Known { pieces: pieces(name), family: index, generation });
        };
        for word in &family.words {
            add(word, None);
        }
        for (generation, names) in family.generations.iter().enumerate() {
            for name in names {
                add(name, Some(generation));
            }
        }
    }
    // Longer names first, and those that tell a generation: what is found first is the best.
    known.sort_by_key(|known| {
        (std::cmp::Reverse(known.pieces.len()), known.generation.is_none(), known.family)
    });
    Table { families: file.family, known }
});

/// Returns the names of all families, sorted.
pub fn family_names() -> Vec<&'static str> {
    let mut names: Vec<&str> = TABLE.families.iter().map(|family| family.name.as_str()).collect();
    names.sort_unstable();
    names
}

impl FamilyMember {
    /// Makes a member whose generation is not told; nothing where there is no such family.
    pub fn of(family: &str) -> Option<Self> {
        let known = TABLE.families.iter().find(|known| known.name == family)?;
        Some(Self { family: &known.name, generation: None })
    }
}

/// Returns the families that a model belongs to by its name, whatever provider's prefix or form of numbers stands around it.
///
/// Most models belong to one. A model that was distilled into one of another family tells both; a name that nobody knows has none.
pub fn families_of(model: &str) -> Vec<FamilyMember> {
    let last = model.trim_end_matches('/').rsplit('/').next().unwrap_or(model);
    let found = scan(last);
    // An account's name, such as `meta-llama/`, tells something only where the model's does not.
    if found.is_empty() { scan(model) } else { found }
}

fn scan(name: &str) -> Vec<FamilyMember> {
    let pieces = pieces(name);
    let mut members: Vec<FamilyMember> = Vec::new();
    let mut rest = pieces.as_slice();
    let mut is_first = true;
    while let Some(piece) = rest.first() {
        let starts_word = is_first || piece.separator.is_some();
        is_first = false;
        let known = TABLE.known.iter().find(|it| starts_word && stands_at_start(&it.pieces, rest));
        let taken = known.map_or(1, |known| known.pieces.len());
        if let Some(known) = known {
            let family = TABLE.families[known.family].name.as_str();
            match members.iter_mut().find(|member| member.family == family) {
                Some(member) => member.generation = member.generation.or(known.generation),
                None => members.push(FamilyMember { family, generation: known.generation }),
            }
        }
        rest = rest.get(taken..).unwrap_or_default();
    }
    members
}
