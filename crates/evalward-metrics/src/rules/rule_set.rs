//! All rules of one constraint, or of one example.

use evalward_core::{CountRange, Readability, Rules, TextList};
use serde_json::Value;

use super::assessment::Assessment;
use super::counts::{CountRule, Unit};
use super::edges::{Edge, EdgeRule};
use super::evaluation::Evaluation;
use super::expression::ExpressionRule;
use super::json::{JsonRule, SchemaRule};
use super::language::LanguageRule;
use super::links::LinksRule;
use super::output::Output;
use super::pattern::{Expectation, PatternRule};
use super::privacy::PrivacyRule;
use super::readability::ReadabilityRule;
use super::refusal::RefusalRule;
use super::texts::{Comparison, Occurrence, TextsRule};
use crate::folded::Case;
use crate::{MetricError, Place};

/// Compiled rules, at least one, in the order in which [`Rules`] declares them.
#[derive(Debug)]
pub(crate) struct RuleSet {
    rules: Vec<Rule>,
}

#[derive(Debug)]
enum Rule {
    Count(CountRule),
    Texts(TextsRule),
    Edge(EdgeRule),
    Pattern(PatternRule),
    Json(JsonRule),
    Schema(Box<SchemaRule>),
    Language(LanguageRule),
    Readability(ReadabilityRule),
    Links(LinksRule),
    Refusal(RefusalRule),
    Expression(ExpressionRule),
    Privacy(PrivacyRule),
}

impl RuleSet {
    /// Compiles every rule that is given.
    pub(crate) fn compile(rules: &Rules, place: &Place) -> Result<Self, MetricError> {
        if rules.is_empty() {
            return Err(MetricError::CannotFail { place: place.clone(), why: "it has no rule" });
        }
        // Taken apart by name, so that a word that is added to the rules cannot be forgotten here.
        let Rules {
            words,
            characters,
            sentences,
            tokens,
            includes_any,
            includes_all,
            excludes_any,
            excludes_all,
            case_sensitive,
            word_bounded,
            regex,
            not_regex,
            starts_with,
            ends_with,
            valid_json,
            json_schema,
            language,
            readability,
            allowed_links,
            refusal,
            expression,
            no_personal_data,
            no_secrets,
        } = rules;
        let mut compiler = Compiler {
            place,
            comparison: Comparison {
                case: Case::sensitive(*case_sensitive),
                word_bounded: *word_bounded,
            },
            rules: Vec::new(),
        };
        compiler.count(Unit::Words, *words)?;
        compiler.count(Unit::Characters, *characters)?;
        compiler.count(Unit::Sentences, *sentences)?;
        compiler.count(Unit::Tokens, *tokens)?;
        compiler.texts(Occurrence::IncludesAny, includes_any)?;
        compiler.texts(Occurrence::IncludesAll, includes_all)?;
        compiler.texts(Occurrence::ExcludesAny, excludes_any)?;
        compiler.texts(Occurrence::ExcludesAll, excludes_all)?;
        compiler.pattern(Expectation::Match, regex.as_deref())?;
        compiler.pattern(Expectation::NoMatch, not_regex.as_deref())?;
        compiler.edge(Edge::Start, starts_with)?;
        compiler.edge(Edge::End, ends_with)?;
        compiler.rules.extend(valid_json.map(|expected| Rule::Json(JsonRule { expected })));
        compiler.schema(json_schema.as_ref())?;
        compiler.language(language.as_deref())?;
        compiler.readability(*readability)?;
        compiler.links(allowed_links.as_deref())?;
        compiler.rules.extend(refusal.map(|expected| Rule::Refusal(RefusalRule { expected })));
        compiler.expression(expression.as_deref())?;
        compiler.privacy(PrivacyRule::PersonalData, *no_personal_data);
        compiler.privacy(PrivacyRule::Secrets, *no_secrets);
        Ok(Self { rules: compiler.rules })
    }

    /// Evaluates every rule, the later ones also where an earlier one is broken.
    pub(crate) fn evaluate(&self, output: &Output<'_>) -> Evaluation {
        let assess = |rule: &Rule| (rule.name(), rule.assess(output));
        self.rules.iter().map(assess).collect()
    }
}

/// Collects the rules that are given.
struct Compiler<'a> {
    place: &'a Place,
    comparison: Comparison,
    rules: Vec<Rule>,
}

impl Compiler<'_> {
    fn count(&mut self, unit: Unit, range: Option<CountRange>) -> Result<(), MetricError> {
        if let Some(range) = range {
            self.rules.push(Rule::Count(CountRule::compile(unit, range, self.place)?));
        }
        Ok(())
    }

    fn texts(&mut self, occurrence: Occurrence, texts: &TextList) -> Result<(), MetricError> {
        if !texts.is_empty() {
            let rule = TextsRule::compile(occurrence, texts, self.comparison, self.place)?;
            self.rules.push(Rule::Texts(rule));
        }
        Ok(())
    }

    fn pattern(
        &mut self,
        expectation: Expectation,
        pattern: Option<&str>,
    ) -> Result<(), MetricError> {
        if let Some(pattern) = pattern {
            let rule = PatternRule::compile(pattern, expectation, self.place)?;
            self.rules.push(Rule::Pattern(rule));
        }
        Ok(())
    }

    fn edge(&mut self, edge: Edge, texts: &TextList) -> Result<(), MetricError> {
        if !texts.is_empty() {
            let rule = EdgeRule::compile(edge, texts, self.comparison, self.place)?;
            self.rules.push(Rule::Edge(rule));
        }
        Ok(())
    }

    fn schema(&mut self, schema: Option<&Value>) -> Result<(), MetricError> {
        if let Some(schema) = schema {
            self.rules.push(Rule::Schema(Box::new(SchemaRule::compile(schema, self.place)?)));
        }
        Ok(())
    }

    fn language(&mut self, code: Option<&str>) -> Result<(), MetricError> {
        if let Some(code) = code {
            self.rules.push(Rule::Language(LanguageRule::compile(code, self.place)?));
        }
        Ok(())
    }

    fn readability(&mut self, rule: Option<Readability>) -> Result<(), MetricError> {
        if let Some(rule) = rule {
            self.rules.push(Rule::Readability(ReadabilityRule::compile(rule, self.place)?));
        }
        Ok(())
    }

    fn links(&mut self, hosts: Option<&[String]>) -> Result<(), MetricError> {
        if let Some(hosts) = hosts {
            self.rules.push(Rule::Links(LinksRule::compile(hosts, self.place)?));
        }
        Ok(())
    }

    fn expression(&mut self, source: Option<&str>) -> Result<(), MetricError> {
        if let Some(source) = source {
            self.rules.push(Rule::Expression(ExpressionRule::compile(source, self.place)?));
        }
        Ok(())
    }

    fn privacy(&mut self, rule: PrivacyRule, wanted: bool) {
        if wanted {
            self.rules.push(Rule::Privacy(rule));
        }
    }
}

impl Rule {
    const fn name(&self) -> &'static str {
        match self {
            Self::Count(rule) => rule.name(),
            Self::Texts(rule) => rule.name(),
            Self::Edge(rule) => rule.name(),
            Self::Pattern(rule) => rule.name(),
            Self::Json(_) => JsonRule::NAME,
            Self::Schema(_) => SchemaRule::NAME,
            Self::Language(_) => LanguageRule::NAME,
            Self::Readability(_) => ReadabilityRule::NAME,
            Self::Links(_) => LinksRule::NAME,
            Self::Refusal(_) => RefusalRule::NAME,
            Self::Expression(_) => ExpressionRule::NAME,
            Self::Privacy(rule) => rule.name(),
        }
    }

    fn assess(&self, output: &Output<'_>) -> Assessment {
        match self {
            Self::Count(rule) => rule.assess(output.text),
            Self::Texts(rule) => rule.assess(output),
            Self::Edge(rule) => rule.assess(output),
            Self::Pattern(rule) => rule.assess(output.text),
            Self::Json(rule) => rule.assess(output.text),
            Self::Schema(rule) => rule.assess(output.text),
            Self::Language(rule) => rule.assess(output.text),
            Self::Readability(rule) => rule.assess(output.text),
            Self::Links(rule) => rule.assess(output.text),
            Self::Refusal(rule) => rule.assess(output.text),
            Self::Expression(rule) => rule.assess(output),
            Self::Privacy(rule) => rule.assess(output),
        }
    }
}
