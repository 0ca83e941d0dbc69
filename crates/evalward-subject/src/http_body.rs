//! The body of a request as a JSON template.

use std::fmt;

use evalward_core::Example;
use minijinja::Environment;
use minijinja::value::{Serde, Value as TemplateValue};
use serde_json::{Map, Value};

use crate::SubjectError;
use crate::template::{environment, variables};
use crate::undefined::explain;

/// The name that errors give the body.
const NAME: &str = "body";

/// A JSON value whose texts are templates; keys are taken as they are.
pub(crate) struct BodyTemplate {
    environment: Environment<'static>,
    root: Node,
}

#[derive(Debug)]
enum Node {
    Plain(Value),
    /// A text that is exactly one expression, which gives its value instead of its text.
    Expression(String),
    /// A text with the name of its template.
    Text(String),
    List(Vec<Self>),
    Object(Vec<(String, Self)>),
}

impl BodyTemplate {
    /// Parses the texts of a JSON value.
    pub(crate) fn new(value: Value) -> Result<Self, SubjectError> {
        let mut environment = environment();
        let root = parse(&mut environment, value, NAME.to_owned())?;
        Ok(Self { environment, root })
    }

    /// Fills in an example, or says as a sentence why it cannot.
    pub(crate) fn render(&self, example: &Example) -> Result<Value, String> {
        let variables = TemplateValue::from(Serde(variables(example)));
        self.fill(&self.root, &variables).map_err(|error| explain(&error, NAME, example))
    }

    fn fill(&self, node: &Node, variables: &TemplateValue) -> Result<Value, minijinja::Error> {
        match node {
            Node::Plain(value) => Ok(value.clone()),
            Node::Text(name) => {
                self.environment.get_template(name)?.render(variables.clone()).map(Value::from)
            }
            Node::Expression(expression) => self.evaluate(expression, variables),
            Node::List(items) => items.iter().map(|item| self.fill(item, variables)).collect(),
            Node::Object(fields) => {
                let mut filled = Map::new();
                for (key, field) in fields {
                    filled.insert(key.clone(), self.fill(field, variables)?);
                }
                Ok(Value::Object(filled))
            }
        }
    }

    fn evaluate(
        &self,
        expression: &str,
        variables: &TemplateValue,
    ) -> Result<Value, minijinja::Error> {
        use minijinja::{Error, ErrorKind};
        let value = self.environment.compile_expression(expression)?.eval(variables.clone())?;
        if value.is_undefined() {
            return Err(Error::new(
                ErrorKind::UndefinedError,
                format!("`{expression}` is undefined"),
            ));
        }
        serde_json::to_value(&value)
            .map_err(|error| Error::new(ErrorKind::BadSerialization, error.to_string()))
    }
}

impl fmt::Debug for BodyTemplate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("BodyTemplate").field("root", &self.root).finish_non_exhaustive()
    }
}

fn parse(
    environment: &mut Environment<'static>,
    value: Value,
    place: String,
) -> Result<Node, SubjectError> {
    match value {
        Value::String(text)
            if text.contains("{{") || text.contains("{%") || text.contains("{#") =>
        {
            parse_text(environment, text, place)
        }
        Value::Array(items) => {
            let mut nodes = Vec::with_capacity(items.len());
            for (index, item) in items.into_iter().enumerate() {
                nodes.push(parse(environment, item, format!("{place}[{index}]"))?);
            }
            Ok(Node::List(nodes))
        }
        Value::Object(fields) => {
            let mut nodes = Vec::with_capacity(fields.len());
            for (key, field) in fields {
                let node = parse(environment, field, format!("{place}.{key}"))?;
                nodes.push((key, node));
            }
            Ok(Node::Object(nodes))
        }
        plain => Ok(Node::Plain(plain)),
    }
}

fn parse_text(
    environment: &mut Environment<'static>,
    text: String,
    place: String,
) -> Result<Node, SubjectError> {
    let inner = text.trim().strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}"));
    if let Some(expression) = inner.map(str::trim)
        && environment.compile_expression_owned(expression.to_owned()).is_ok()
    {
        return Ok(Node::Expression(expression.to_owned()));
    }
    environment.add_template_owned(place.clone(), text).map_err(|error| {
        SubjectError::Template {
            name: place.clone(),
            line: error.line().unwrap_or(1),
            reason: error.detail().map_or_else(|| error.kind().to_string(), str::to_owned),
        }
    })?;
    Ok(Node::Text(place))
}
