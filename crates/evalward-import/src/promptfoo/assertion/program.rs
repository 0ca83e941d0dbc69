//! Programs of one comparison, such as `output.length < 100` or `'yes' in output.lower()`, as expressions.

use serde_json::{Map, Value};

use super::calls::held;
use super::condition::{joined, quoted};
use super::demand::Translated;
use super::pattern::from_javascript;
use super::read::Assertion;
use super::sign::{Sign, signs};

/// Why a program has no counterpart.
pub(super) const NO_COUNTERPART: &str =
    "a program judges the answer; write it as a metric of your own, `[metrics.<id>.command]`";

/// `javascript` and `python`, where the program is one condition on the output and the variables.
pub(super) fn program(
    assertion: &Assertion,
    value: &Value,
    vars: &Map<String, Value>,
) -> Result<Translated, String> {
    let text = value.as_str().filter(|_| assertion.threshold.is_none());
    let text = text.map(str::trim).filter(|text| !text.contains('\n'));
    let is_python = assertion.kind == "python";
    let condition = text.and_then(|text| {
        let text = if is_python { text } else { text.trim_end_matches(';') };
        let mut reader = Reader { signs: signs(text)?, at: 0, is_python, vars };
        let condition = reader.either()?;
        (reader.at == reader.signs.len() && condition.kind == Kind::Truth).then_some(condition)
    });
    Ok(held(assertion, condition.ok_or(NO_COUNTERPART)?.text))
}

/// What a part of a program is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Truth,
    List,
}

/// A part of a program, as an expression has it.
#[derive(Clone, Debug)]
struct Part {
    text: String,
    kind: Kind,
}

impl Part {
    fn new(kind: Kind, text: impl Into<String>) -> Self {
        Self { text: text.into(), kind }
    }

    fn truth(text: String) -> Self {
        Self::new(Kind::Truth, text)
    }

    fn of(self, kind: Kind) -> Option<Self> {
        (self.kind == kind).then_some(self)
    }
}

/// Reads a program; whatever it does not know is `None`.
struct Reader<'a> {
    signs: Vec<Sign<'a>>,
    at: usize,
    is_python: bool,
    vars: &'a Map<String, Value>,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<Sign<'a>> {
        self.signs.get(self.at).copied()
    }

    fn next(&mut self) -> Option<Sign<'a>> {
        let sign = self.peek()?;
        self.at += 1;
        Some(sign)
    }

    /// Takes a mark or word if it is next.
    fn takes(&mut self, text: &str) -> bool {
        let is_next =
            matches!(self.peek(), Some(Sign::Mark(next) | Sign::Word(next)) if next == text);
        self.at += usize::from(is_next);
        is_next
    }

    fn demand(&mut self, text: &str) -> Option<()> {
        self.takes(text).then_some(())
    }

    fn either(&mut self) -> Option<Part> {
        self.joined(if self.is_python { "or" } else { "||" }, "or", Self::both)
    }

    fn both(&mut self) -> Option<Part> {
        self.joined(if self.is_python { "and" } else { "&&" }, "and", Self::opposite)
    }

    fn joined(
        &mut self,
        word: &str,
        own: &str,
        part: impl Fn(&mut Self) -> Option<Part>,
    ) -> Option<Part> {
        let first = part(self)?;
        let mut texts = vec![first.text.clone()];
        while self.takes(word) {
            texts.push(part(self)?.of(Kind::Truth)?.text);
        }
        if texts.len() == 1 {
            return Some(first);
        }
        first.of(Kind::Truth)?;
        joined(texts, own).map(Part::truth)
    }

    fn opposite(&mut self) -> Option<Part> {
        if self.takes(if self.is_python { "not" } else { "!" }) {
            let part = if self.is_python { self.opposite()? } else { self.member()? };
            let text = part.of(Kind::Truth)?.text;
            return Some(Part::truth(format!("not ({text})")));
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Option<Part> {
        let mut left = self.member()?;
        let mut compared = Vec::new();
        while let Some(operator) = self.operator() {
            let right = self.member()?;
            compared.push(comparison(&left, operator, &right)?);
            left = right;
            // Only Python compares several at once.
            if !self.is_python {
                break;
            }
        }
        match compared.len() {
            0 => Some(left),
            _ => joined(compared, "and").map(Part::truth),
        }
    }

    fn operator(&mut self) -> Option<&'static str> {
        let own = match (self.peek()?, self.is_python) {
            (Sign::Mark("==" | "==="), false) | (Sign::Mark("=="), true) => "==",
            (Sign::Mark("!=" | "!=="), false) | (Sign::Mark("!="), true) => "!=",
            (Sign::Mark("<"), _) => "<",
            (Sign::Mark("<="), _) => "<=",
            (Sign::Mark(">"), _) => ">",
            (Sign::Mark(">="), _) => ">=",
            (Sign::Word("in"), true) => "in",
            (Sign::Word("not"), true) if self.signs.get(self.at + 1) == Some(&Sign::Word("in")) => {
                self.at += 1;
                "not in"
            }
            _ => return None,
        };
        self.at += 1;
        Some(own)
    }

    /// Reads a value with what is asked of it: `output.trim().length`.
    fn member(&mut self) -> Option<Part> {
        let mut part = self.value()?;
        while self.takes(".") {
            let Sign::Word(name) = self.next()? else { return None };
            if name == "length" && !self.is_python {
                part = length(&part)?;
                continue;
            }
            self.demand("(")?;
            let argument = if self.takes(")") {
                None
            } else {
                let argument = self.either()?.of(Kind::Text)?;
                self.demand(")")?;
                Some(argument.text)
            };
            part = method(&part.of(Kind::Text)?.text, name, argument.as_deref(), self.is_python)?;
        }
        Some(part)
    }

    fn value(&mut self) -> Option<Part> {
        match self.next()? {
            Sign::Text(text) => Some(Part::new(Kind::Text, quoted(text))),
            Sign::Number(number) => Some(Part::new(Kind::Number, number)),
            Sign::Pattern(pattern, flags) if !self.is_python => self.test(pattern, flags),
            Sign::Mark("(") => {
                let part = self.either()?;
                self.demand(")")?;
                Some(part)
            }
            Sign::Word("output") => Some(Part::new(Kind::Text, "output")),
            Sign::Word("context") => self.variable(),
            Sign::Word("len") if self.is_python => {
                self.demand("(")?;
                let part = self.either()?;
                self.demand(")")?;
                length(&part)
            }
            _ => None,
        }
    }

    /// Reads what follows a pattern: `.test(output)`.
    fn test(&mut self, pattern: &str, flags: &str) -> Option<Part> {
        self.demand(".")?;
        self.demand("test")?;
        self.demand("(")?;
        let text = self.either()?.of(Kind::Text)?.text;
        self.demand(")")?;
        let own = from_javascript(pattern).ok()?;
        let own = match flags {
            "" => own,
            // JavaScript folds the case of letters beyond ASCII by rules of its own.
            "i" if pattern.is_ascii() && own == pattern => format!("(?i-u:{own})"),
            _ => return None,
        };
        Some(Part::truth(format!("{text} is matching({})", quoted(&own))))
    }

    /// Reads what follows `context`: `.vars.name` or `['vars']['name']`.
    fn variable(&mut self) -> Option<Part> {
        if self.key()? != "vars" {
            return None;
        }
        let name = self.key()?;
        let kind = match self.vars.get(name)? {
            Value::String(_) => Kind::Text,
            Value::Number(_) => Kind::Number,
            Value::Bool(_) => Kind::Truth,
            _ => return None,
        };
        Some(Part::new(kind, format!("input[{}]", quoted(name))))
    }

    fn key(&mut self) -> Option<&'a str> {
        if self.takes("[") {
            let Sign::Text(name) = self.next()? else { return None };
            self.demand("]")?;
            return Some(name);
        }
        if self.is_python {
            return None;
        }
        self.demand(".")?;
        match self.next()? {
            Sign::Word(name) => Some(name),
            _ => None,
        }
    }
}

fn comparison(left: &Part, operator: &str, right: &Part) -> Option<String> {
    let fits = match operator {
        "==" | "!=" => left.kind == right.kind && matches!(left.kind, Kind::Text | Kind::Number),
        "in" | "not in" => left.kind == Kind::Text && right.kind == Kind::Text,
        _ => left.kind == Kind::Number && right.kind == Kind::Number,
    };
    fits.then(|| format!("{} {operator} {}", left.text, right.text))
}

fn length(of: &Part) -> Option<Part> {
    let has_length = matches!(of.kind, Kind::Text | Kind::List);
    has_length.then(|| Part::new(Kind::Number, format!("{}|length", of.text)))
}

/// Writes a method of a text.
fn method(text: &str, name: &str, argument: Option<&str>, is_python: bool) -> Option<Part> {
    Some(match (name, argument, is_python) {
        ("toLowerCase", None, false) | ("lower", None, true) => {
            Part::new(Kind::Text, format!("{text}|lower"))
        }
        ("toUpperCase", None, false) | ("upper", None, true) => {
            Part::new(Kind::Text, format!("{text}|upper"))
        }
        ("trim", None, false) | ("strip", None, true) => {
            Part::new(Kind::Text, format!("{text}|trim"))
        }
        ("split", None, true) => Part::new(Kind::List, format!("{text}|split")),
        ("split", Some(at), _) if at != "''" => {
            Part::new(Kind::List, format!("{text}|split({at})"))
        }
        ("includes", Some(part), false) => Part::truth(format!("{part} in {text}")),
        ("startsWith", Some(start), false) | ("startswith", Some(start), true) => {
            Part::truth(format!("{text} is startingwith({start})"))
        }
        ("endsWith", Some(end), false) | ("endswith", Some(end), true) => {
            Part::truth(format!("{text} is endingwith({end})"))
        }
        _ => return None,
    })
}
