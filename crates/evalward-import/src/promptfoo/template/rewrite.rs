//! From a template of Nunjucks over variables to one of ours over the input.

use std::collections::BTreeSet;

use super::render::{FILTERS, environment, own_word};
use super::tokens::{Part, Token, split, tokens};

/// A template of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Translated {
    pub(crate) text: String,
    /// The variables that the input must have; those with a default, or that are asked for, may be absent.
    pub(crate) variables: BTreeSet<String>,
}

/// Why a template has no counterpart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The line in the template, from 1.
    pub(crate) line: u64,
    pub(crate) reason: String,
}

/// Translates a template; those in `objects` are variables whose values are maps, which are written as JSON.
pub(crate) fn translate(text: &str, objects: &BTreeSet<String>) -> Result<Translated, Problem> {
    let Some(parts) = split(text) else {
        return Ok(Translated { text: raw(text), variables: BTreeSet::new() });
    };
    let common = in_common(&parts)?;
    let environment = environment();
    let template = environment.template_from_str(&common).map_err(|error| Problem {
        line: error.line().unwrap_or(1).try_into().unwrap_or(1),
        reason: error.detail().map_or_else(|| error.kind().to_string(), str::to_owned),
    })?;
    let mut variables: BTreeSet<String> =
        template.undeclared_variables(false).into_iter().collect();
    variables.retain(|name| !matches!(name.as_str(), "range" | "loop" | "dict" | "namespace"));
    for (name, reason) in OF_PROMPTFOO {
        if variables.contains(*name) {
            return Err(Problem { line: 1, reason: format!("`{name}`: {reason}") });
        }
    }
    let mut written = String::with_capacity(text.len());
    let mut needed = BTreeSet::new();
    for part in split(&common).unwrap_or_default() {
        match part {
            Part::Text(text) => written.push_str(text),
            Part::Code { open, code, close } => {
                needed.extend(needed_in(code, &variables));
                written.push_str(open);
                written.push_str(&over_input(code, &variables, objects, open));
                written.push_str(close);
            }
        }
    }
    Ok(Translated { text: keep_last_line_end(written), variables: needed })
}

/// What promptfoo offers to templates beside the variables.
const OF_PROMPTFOO: &[(&str, &str)] = &[
    ("env", "templates here do not read the environment"),
    ("_conversation", "earlier turns are part of `input.messages` here"),
];

/// Both languages drop nothing in the middle, but ours drops one line end at the end.
pub(super) fn keep_last_line_end(mut text: String) -> String {
    if text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// Marks a text as one without any code.
fn raw(text: &str) -> String {
    keep_last_line_end(format!("{{% raw %}}{text}{{% endraw %}}"))
}

/// Writes code in the words that both languages know.
pub(super) fn in_common(parts: &[Part<'_>]) -> Result<String, Problem> {
    let mut written = String::new();
    let mut line = 1;
    for part in parts {
        let start = written.len();
        match part {
            Part::Text(text) => {
                written.push_str(&text.replace("verbatim %}", "raw %}"));
            }
            Part::Code { open, code, close } => {
                written.push_str(open);
                written.push_str(&common_code(code).map_err(|reason| Problem { line, reason })?);
                written.push_str(close);
            }
        }
        let ends = written.split_at(start).1.matches('\n').count();
        line = line.saturating_add(u64::try_from(ends).unwrap_or(u64::MAX));
    }
    Ok(written)
}

fn common_code(code: &str) -> Result<String, String> {
    let tokens = tokens(code);
    let mut written = String::new();
    let mut before = None;
    for (at, token) in tokens.iter().enumerate() {
        let word = match (*token, before) {
            (Token::Name(name), Some(Token::Sign("|"))) => own_filter(name)?,
            (Token::Name("elseif"), None) => "elif",
            (Token::Sign("==="), _) => "==",
            (Token::Sign("!=="), _) => "!=",
            (Token::Sign(sign @ ("&&" | "||")), _) => {
                return Err(format!("`{sign}` is no operator of templates"));
            }
            (Token::Name(name), Some(Token::Sign("."))) if is_called(&tokens, at) => {
                return Err(format!("`{name}()` is a method of JavaScript"));
            }
            (
                Token::Name(
                    name @ ("asyncEach" | "asyncAll" | "switch" | "import" | "include" | "extends"
                    | "block"),
                ),
                None,
            ) => {
                return Err(format!("the tag `{name}` has no counterpart"));
            }
            (Token::Name(name), _) => own_word(name),
            (token, _) => token.text(),
        };
        written.push_str(word);
        if !matches!(token, Token::Space(_)) {
            before = Some(*token);
        }
    }
    Ok(written)
}

fn own_filter(name: &str) -> Result<&str, String> {
    let own = match name {
        "dump" => "tojson",
        name => name,
    };
    if FILTERS.contains(&own) {
        Ok(own)
    } else {
        Err(format!("the filter `{name}` has no counterpart"))
    }
}

fn is_called(tokens: &[Token<'_>], at: usize) -> bool {
    let after = tokens.get(at + 1..).unwrap_or_default();
    let next = after.iter().find(|token| !matches!(token, Token::Space(_)));
    next == Some(&Token::Sign("("))
}

/// Puts `input.` before each name that is a variable.
fn over_input(
    code: &str,
    variables: &BTreeSet<String>,
    objects: &BTreeSet<String>,
    open: &str,
) -> String {
    let tokens = tokens(code);
    let words: Vec<Token<'_>> =
        tokens.iter().copied().filter(|token| !matches!(token, Token::Space(_))).collect();
    if let (true, [Token::Name(name)]) = (open.starts_with("{{"), words.as_slice())
        && variables.contains(*name)
        && objects.contains(*name)
    {
        return format!(" {} | tojson ", from_input(name));
    }
    let mut written = String::new();
    let mut before = None;
    for (at, token) in tokens.iter().enumerate() {
        match *token {
            Token::Name(name)
                if variables.contains(name)
                    && !matches!(before, Some(Token::Sign("." | "|")))
                    && !is_argument_name(&tokens, at) =>
            {
                written.push_str(&from_input(name));
            }
            token => written.push_str(token.text()),
        }
        if !matches!(token, Token::Space(_)) {
            before = Some(*token);
        }
    }
    written
}

/// Returns the variables in code that must be there.
fn needed_in(code: &str, variables: &BTreeSet<String>) -> Vec<String> {
    let words: Vec<Token<'_>> =
        tokens(code).into_iter().filter(|token| !matches!(token, Token::Space(_))).collect();
    let mut needed = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let Token::Name(name) = word else { continue };
        let before = at.checked_sub(1).and_then(|at| words.get(at));
        let is_member = matches!(before, Some(Token::Sign("." | "|")));
        let may_be_absent = matches!(
            (words.get(at + 1), words.get(at + 2)),
            (Some(Token::Sign("|")), Some(Token::Name("default" | "d")))
                | (Some(Token::Name("is")), _)
        );
        if variables.contains(*name) && !is_member && !may_be_absent {
            needed.push((*name).to_owned());
        }
    }
    needed
}

fn from_input(name: &str) -> String {
    format!("input.{name}")
}

fn is_argument_name(tokens: &[Token<'_>], at: usize) -> bool {
    tokens.get(at + 1) == Some(&Token::Sign("=")) && tokens.first() != Some(&Token::Name("set"))
}
