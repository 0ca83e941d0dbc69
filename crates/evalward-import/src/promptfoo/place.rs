//! Where demands go: into an example's own checks, its right answers, or a metric of the suite.

use std::collections::{BTreeMap, BTreeSet};

use evalward_core::{Example, ExampleId, Partition, Rules};
use serde_json::{Map, Value, json};

use super::ask::{Asked, ask};
use super::assertion::{Assertion, Demand, Measure, slug};
use super::merge::merge;
use super::names::Names;
use super::test::Case;
use crate::remark::Remarks;
use crate::suite::MetricDraft;

/// Examples with the metrics that their assertions ask for.
#[derive(Debug, Default)]
pub(super) struct Placed {
    pub(super) examples: Vec<Example>,
    pub(super) metrics: Vec<MetricDraft>,
    ids: Names,
}

/// Makes an example of each case, and the metrics that all of them need.
pub(super) fn place(cases: &[Case], partition: Partition, remarks: &mut Remarks) -> Placed {
    let mut placing = Placing::default();
    for (number, case) in cases.iter().enumerate() {
        placing.examples.push(example(case, partition));
        placing.case(number, case, remarks);
    }
    placing.finish()
}

fn example(case: &Case, partition: Partition) -> Example {
    let id = ExampleId::new(case.id.clone()).expect("a number makes a short id");
    let mut example = Example::with_id(id, partition);
    example.input = case.vars.clone().into_iter().collect();
    example.metadata = case.metadata.clone().into_iter().collect();
    if let Some(description) = &case.description {
        example.metadata.insert("description".to_owned(), json!(description));
    }
    example
}

/// A metric, with the examples that it is for.
struct Wanted {
    measure: Measure,
    is_gating: bool,
    examples: BTreeSet<usize>,
}

/// A rule of the suite, with the examples that it is for.
struct WantedRule {
    name: String,
    rules: Rules,
    is_gating: bool,
    examples: BTreeSet<usize>,
}

#[derive(Default)]
struct Placing {
    examples: Vec<Example>,
    measures: Vec<Wanted>,
    rules: Vec<WantedRule>,
    /// The place of each rule, by its JSON and whether it gates.
    known_rules: BTreeMap<(String, bool), usize>,
}

/// Rules that the same examples need.
struct Group {
    examples: BTreeSet<usize>,
    is_gating: bool,
    rules: Map<String, Value>,
    names: Names,
}

impl Placing {
    fn case(&mut self, number: usize, case: &Case, remarks: &mut Remarks) {
        let mut asked = ask(case, remarks);
        // What needs the right answer goes first; an equality can also be a rule.
        asked.sort_by_key(|asked| match &asked.demand {
            Demand::Measure(measure) => measure.as_rules.is_some(),
            Demand::Rules(_) => true,
        });
        for asked in asked {
            self.one(number, &asked, remarks);
        }
    }

    fn one(&mut self, number: usize, asked: &Asked<'_>, remarks: &mut Remarks) {
        match &asked.demand {
            Demand::Rules(rules) => self.rule(number, asked, rules),
            Demand::Measure(measure) => {
                if self.set_references(number, &measure.references) {
                    self.measure(number, measure, asked.is_gating());
                } else if let Some(rules) = &measure.as_rules {
                    self.rule(number, asked, rules);
                } else {
                    let text = "the test compares with another right answer already; an example has one set of them";
                    remarks.not_translated(&asked.assertion.place, asked.assertion.name(), text);
                }
            }
        }
    }

    /// Sets the right answers of an example; `false` where it has others.
    fn set_references(&mut self, number: usize, references: &[String]) -> bool {
        let Some(example) = self.examples.get_mut(number) else { return false };
        let Some((first, more)) = references.split_first() else { return true };
        if example.expected_output.is_none() {
            example.expected_output = Some(first.clone());
            example.acceptable_outputs = more.to_vec();
            return true;
        }
        example.references().eq(references.iter().map(String::as_str))
    }

    fn measure(&mut self, number: usize, measure: &Measure, is_gating: bool) {
        let same = |wanted: &&mut Wanted| {
            wanted.measure.kind == measure.kind
                && wanted.measure.keys == measure.keys
                && wanted.is_gating == is_gating
        };
        match self.measures.iter_mut().find(same) {
            Some(wanted) => drop(wanted.examples.insert(number)),
            None => self.measures.push(Wanted {
                measure: measure.clone(),
                is_gating,
                examples: BTreeSet::from([number]),
            }),
        }
    }

    fn rule(&mut self, number: usize, asked: &Asked<'_>, rules: &Rules) {
        if asked.is_gating()
            && !asked.is_for_all()
            && let Some(example) = self.examples.get_mut(number)
        {
            let mut checks = example.checks.clone().unwrap_or_default();
            if merge(&mut checks, rules) {
                example.checks = Some(checks);
                return;
            }
        }
        let is_gating = asked.is_gating();
        let key = (json!(rules).to_string(), is_gating);
        if let Some(rule) = self.known_rules.get(&key).and_then(|at| self.rules.get_mut(*at)) {
            rule.examples.insert(number);
            return;
        }
        self.known_rules.insert(key, self.rules.len());
        self.rules.push(WantedRule {
            name: name_of(asked.assertion),
            rules: rules.clone(),
            is_gating,
            examples: BTreeSet::from([number]),
        });
    }

    fn finish(self) -> Placed {
        let mut placed = Placed { examples: self.examples, ..Placed::default() };
        for wanted in self.measures {
            let keys = wanted.measure.keys;
            placed.add(
                wanted.measure.kind,
                wanted.measure.kind,
                keys,
                wanted.is_gating,
                &wanted.examples,
            );
        }
        let mut groups: Vec<Group> = Vec::new();
        let mut known = BTreeMap::new();
        for WantedRule { name, rules, is_gating, examples } in self.rules {
            let at = *known.entry((examples, is_gating)).or_insert_with_key(|(examples, _)| {
                let (rules, names) = (Map::new(), Names::default());
                groups.push(Group { examples: examples.clone(), is_gating, rules, names });
                groups.len() - 1
            });
            if let Some(Group { rules: named, names, .. }) = groups.get_mut(at) {
                named.insert(names.take(&name), json!(rules));
            }
        }
        for Group { examples, is_gating, rules, .. } in groups {
            placed.add("rules", "constraints", rules, is_gating, &examples);
        }
        placed
    }
}

impl Placed {
    fn add(
        &mut self,
        id: &str,
        kind: &'static str,
        mut keys: Map<String, Value>,
        is_gating: bool,
        examples: &BTreeSet<usize>,
    ) {
        let id = self.ids.take(id);
        if examples.len() < self.examples.len() {
            for number in examples {
                if let Some(example) = self.examples.get_mut(*number) {
                    example.tags.push(id.clone());
                }
            }
            keys.insert("where".to_owned(), json!({"tags_any": [id]}));
        }
        if !is_gating {
            keys.insert("gating".to_owned(), json!(false));
        }
        self.metrics.push(MetricDraft { id, kind, keys });
    }
}

fn name_of(assertion: &Assertion) -> String {
    let value = match &assertion.value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    let not = if assertion.is_negated { "not " } else { "" };
    let name = slug(&format!("{not}{} {value}", assertion.kind), 40);
    // These words are keys of every metric's table.
    if matches!(name.as_str(), "where" | "gating" | "margin" | "threshold") {
        format!("{name}_rule")
    } else {
        name
    }
}
