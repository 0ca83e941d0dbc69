//! Small texts that become other texts.

/// Splits a list as promptfoo writes it: at commas, with texts in double quotes kept whole.
pub(super) fn comma_separated(list: &str) -> Result<Vec<String>, String> {
    let mut texts = Vec::new();
    let mut rest = list;
    loop {
        rest = rest.trim_start_matches(|letter: char| letter.is_whitespace() || letter == ',');
        let Some(first) = rest.chars().next() else { return Ok(texts) };
        if first != '"' {
            let (text, after) = rest.split_at(rest.find(',').unwrap_or(rest.len()));
            texts.push(text.trim().to_owned());
            rest = after;
            continue;
        }
        let (text, after) = in_quotes(rest.split_at(1).1)?;
        texts.push(text);
        rest = after.trim_start();
        if !rest.is_empty() && !rest.starts_with(',') {
            return Err("expected a comma after a text in quotes".to_owned());
        }
    }
}

fn in_quotes(text: &str) -> Result<(String, &str), String> {
    let mut content = String::new();
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let next = letters.peek().map(|(_, letter)| *letter);
        match (letter, next) {
            ('\\', Some(escaped @ ('"' | '\\'))) | ('"', Some(escaped @ '"')) => {
                content.push(escaped);
                letters.next();
            }
            ('"', _) => return Ok((content, text.split_at(at + 1).1)),
            (letter, _) => content.push(letter),
        }
    }
    Err("a text in quotes does not end".to_owned())
}

/// Makes a name of letters, digits and `_` from a text.
pub(crate) fn slug(text: &str, longest: usize) -> String {
    let mut name = String::new();
    for letter in text.chars().flat_map(char::to_lowercase) {
        if letter.is_ascii_alphanumeric() {
            name.push(letter);
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
        if name.len() >= longest {
            break;
        }
    }
    name.trim_end_matches('_').to_owned()
}
