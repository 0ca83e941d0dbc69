//! Names of models, as letters and numbers.

/// The most pieces of a name that are looked at; no real name has as many.
const MOST: usize = 64;

/// A run of letters or a run of digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) text: String,
    /// What stands before it; nothing at the start and where it follows the piece before at once, as `3` in `llama3`.
    pub(super) separator: Option<char>,
}

impl Piece {
    pub(super) fn is_number(&self) -> bool {
        self.text.starts_with(|it: char| it.is_ascii_digit())
    }
}

/// Takes a name apart; case and separators do not matter to what is compared.
pub(super) fn pieces(name: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut separator = None;
    let mut kind = None;
    for character in name.chars() {
        let here = match character {
            '0'..='9' => Some(true),
            it if it.is_alphanumeric() => Some(false),
            _ => None,
        };
        match (here, pieces.last_mut()) {
            (None, _) => separator = Some(character),
            (Some(_), Some(last)) if here == kind => last.text.extend(character.to_lowercase()),
            (Some(_), _) => {
                if pieces.len() == MOST {
                    break;
                }
                let text = character.to_lowercase().collect();
                pieces.push(Piece { text, separator: separator.take() });
            }
        }
        kind = here;
    }
    pieces
}

/// Returns whether a known name stands at the start of a model's pieces, and as a whole: `gpt-4` does not stand in `gpt-4o`, nor
/// `llama-3` in `llama-3.1`, nor `qwen-2.5` in `qwen-2-5b`.
pub(super) fn stands_at_start(known: &[Piece], model: &[Piece]) -> bool {
    if known.len() > model.len() || !known.iter().zip(model).all(|(a, b)| a.text == b.text) {
        return false;
    }
    let (Some(last), Some(next)) = (known.last(), model.get(known.len())) else { return true };
    match (last.is_number(), next.separator) {
        (true, None) => false,
        (true, Some('.')) => !next.is_number(),
        (false, None) => next.is_number(),
        (_, Some(_)) => true,
    }
}
