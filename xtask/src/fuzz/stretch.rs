//! Long inputs made from short ones, to find time that grows with the square of a length.
//!
//! A fuzzer that is rewarded for new code keeps its inputs short. Repeating one piece in place keeps the form of the rest, so
//! that the long part reaches what reads it.

/// The length of the repeated part.
const BYTES: usize = 1 << 17;

/// How many places of an input are stretched.
const PLACES: usize = 12;

/// The lengths of the pieces that are repeated.
const PIECES: [usize; 3] = [1, 2, 7];

/// Makes long inputs: at each of some places a piece is repeated until it is long, and once the whole.
pub(super) fn stretched(input: &[u8]) -> Vec<Vec<u8>> {
    let mut inputs = Vec::new();
    if input.is_empty() {
        return inputs;
    }
    inputs.push(repeated(input));
    for place in 0..PLACES.min(input.len()) {
        let (before, rest) = input.split_at(place * input.len() / PLACES.min(input.len()));
        for length in PIECES.into_iter().filter(|length| *length <= rest.len()) {
            let (piece, after) = rest.split_at(length);
            inputs.push([before, &repeated(piece), after].concat());
        }
    }
    inputs
}

fn repeated(piece: &[u8]) -> Vec<u8> {
    piece.repeat(BYTES.div_ceil(piece.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_is_repeated_in_place() {
        let inputs = stretched(b"[\"ab\"]");
        assert_eq!(inputs.len(), 1 + 6 + 5);
        assert!(inputs.iter().all(|input| input.len() >= BYTES));
        let brackets = inputs.iter().find(|input| input.starts_with(b"[[["));
        assert!(brackets.is_some_and(|input| input.ends_with(b"[[\"ab\"]")));
        assert!(inputs.iter().any(|input| input.ends_with(b"bb\"]")));
    }

    #[test]
    fn nothing_is_made_of_nothing() {
        assert!(stretched(b"").is_empty());
    }
}
