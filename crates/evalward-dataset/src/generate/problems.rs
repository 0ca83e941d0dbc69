//! What makes no sense in a recipe that could be read.

use evalward_core::Partition;

use super::files::{read_lines, values_of_file};
use super::recipe::{ParaphraseRecipe, Perturbation, PerturbationRecipe, Recipe, SlotRecipe};
use super::templates;

/// The keys that lead to what is wrong, and what is.
type Problem = (Vec<String>, String);

/// Collects problems, so that all are shown at once.
struct Problems<'a> {
    recipe: &'a Recipe,
    found: Vec<Problem>,
}

/// Returns everything that makes no sense, the files that the recipe names included.
pub(super) fn find(recipe: &Recipe) -> Vec<Problem> {
    let mut problems = Problems { recipe, found: Vec::new() };
    problems.name();
    for (id, template) in &recipe.templates {
        let keys = ["templates", id];
        problems.target(&keys, template.count, template.partition);
        problems.found.extend(templates::problems(id, template));
        for (name, slot) in &template.slots {
            problems.slot(&["templates", id, "slots", name], slot);
        }
    }
    for (id, rule) in &recipe.perturbations {
        let keys = ["perturbations", id, rule.kind()];
        let settings = rule.settings();
        problems.target(&keys, settings.count, settings.partition);
        problems.parents(&keys, &settings.from);
        problems.perturbation(&keys, rule);
    }
    for (id, rule) in &recipe.paraphrases {
        let keys = ["paraphrases", id];
        problems.target(&keys, rule.count, rule.partition);
        problems.parents(&keys, &rule.from);
        problems.paraphrase(&keys, rule);
    }
    for (kind, family) in recipe.adversarial.families() {
        let keys = ["adversarial", kind];
        problems.target(&keys, family.count, family.partition);
        problems.lines(&keys, family.file.as_deref());
    }
    problems.found
}

impl Problems<'_> {
    /// Adds a problem with a key of a table, under the table's name.
    fn add(&mut self, table: &[&str], key: &str, problem: impl AsRef<str>) {
        let message = format!("`{}`: {}", table.join("."), problem.as_ref());
        let keys = table.iter().chain([&key]).map(|key| (*key).to_owned());
        self.found.push((keys.collect(), message));
    }

    fn name(&mut self) {
        let name = &self.recipe.name;
        let is_plain =
            |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
        if name.is_empty() || name.len() > 60 || !name.chars().all(is_plain) {
            let message =
                format!("`name` is `{name}`; it has letters, digits, `-` and `_`, at most 60");
            self.found.push((vec!["name".to_owned()], message));
        }
        let recipe = self.recipe;
        let makes_nothing = recipe.templates.is_empty()
            && recipe.perturbations.is_empty()
            && recipe.paraphrases.is_empty()
            && recipe.adversarial.families().is_empty();
        if makes_nothing {
            let message = "the recipe makes nothing; add `templates`, `perturbations`, `paraphrases` or `adversarial`";
            self.found.push((Vec::new(), message.to_owned()));
        }
    }

    /// Checks how much is made, and into which partition.
    fn target(&mut self, table: &[&str], count: u32, partition: Partition) {
        if count == 0 {
            self.add(
                table,
                "count",
                "`count` is 0, so nothing is made; raise it, or remove the table",
            );
        }
        if matches!(partition, Partition::Golden | Partition::Regression) {
            let problem = format!(
                "`partition` is `{partition}`, whose examples people write and approve; use `distribution` or `adversarial`"
            );
            self.add(table, "partition", problem);
        }
    }

    fn parents(&mut self, table: &[&str], from: &[Partition]) {
        if from.is_empty() {
            self.add(table, "from", "`from` names no partition, so there is nothing to change");
        }
    }

    fn slot(&mut self, table: &[&str], slot: &SlotRecipe) {
        if slot.values.is_empty() && slot.file.is_none() {
            return self.add(table, "values", "a slot needs `values` or a `file`");
        }
        if slot.column.is_some() && slot.file.is_none() {
            self.add(table, "column", "`column` needs a `file`");
        }
        match values_of_file(&self.recipe.folder, slot) {
            Err((key, problem)) => self.add(table, key, problem),
            Ok(values) if values.is_empty() && slot.values.is_empty() => {
                self.add(table, "file", "the file has no value");
            }
            Ok(_) => {}
        }
        if slot.weights.is_empty() {
            return;
        }
        if slot.file.is_some() || slot.weights.len() != slot.values.len() {
            let problem = "`weights` has one number for each of `values`, and goes with no `file`";
            self.add(table, "weights", problem);
        } else if slot.weights.iter().all(|weight| *weight == 0) {
            self.add(table, "weights", "all `weights` are 0");
        }
    }

    fn perturbation(&mut self, table: &[&str], rule: &PerturbationRecipe) {
        use PerturbationRecipe as Kind;
        let Perturbation { rate, style, characters, file, .. } = rule.settings();
        let takes_rate = matches!(
            rule,
            Kind::Typos(_) | Kind::Spacing(_) | Kind::Homoglyphs(_) | Kind::Truncation(_)
        );
        let given = [
            ("rate", rate.is_some(), takes_rate),
            ("style", style.is_some(), matches!(rule, Kind::Case(_))),
            ("characters", characters.is_some(), matches!(rule, Kind::VeryLong(_))),
            ("file", file.is_some(), matches!(rule, Kind::Injection(_))),
        ];
        for (key, is_given, is_used) in given {
            if is_given && !is_used {
                self.add(table, key, format!("`{key}` has no effect here; remove it"));
            }
        }
        if takes_rate && rate.is_some_and(|rate| !(rate > 0.0 && rate <= 1.0)) {
            self.add(table, "rate", "`rate` is above 0 and at most 1");
        }
        if characters.is_some_and(|characters| characters > 1_000_000) {
            self.add(table, "characters", "`characters` is at most 1000000");
        }
        if matches!(rule, Kind::Injection(_)) {
            self.lines(table, file.as_deref());
        }
    }

    fn paraphrase(&mut self, table: &[&str], rule: &ParaphraseRecipe) {
        if !(1..=20).contains(&rule.per_parent) {
            self.add(table, "per_parent", "`per_parent` is from 1 to 20");
        }
        match (rule.openai, rule.anthropic) {
            (None, None) => {
                let problem = format!("no model is named; add `[{}.openai]`", table.join("."));
                self.add(table, "openai", problem);
            }
            (Some(_), Some(_)) => {
                self.add(
                    table,
                    "anthropic",
                    "two models are named; remove `openai` or `anthropic`",
                );
            }
            _ => {}
        }
    }

    /// Checks that a file of lines can be read.
    fn lines(&mut self, table: &[&str], file: Option<&str>) {
        let Some(file) = file else { return };
        if let Err(problem) = read_lines(&self.recipe.folder.join(file)) {
            self.add(table, "file", problem);
        }
    }
}
