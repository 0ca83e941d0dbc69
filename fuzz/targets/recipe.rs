//! A recipe, and what is made from it.

#![no_main]

use std::sync::LazyLock;

use evalward_core::Example;
use evalward_dataset::{Dataset, GenerateOptions, Recipe, generate};
use evalward_fuzz::Scratch;
use libfuzzer_sys::fuzz_target;

static SCRATCH: LazyLock<Scratch> = LazyLock::new(|| {
    let scratch = Scratch::new();
    let lines = include_str!("../seeds/dataset_line/golden");
    scratch.write("dataset/dataset.toml", "name = \"fuzz\"\ntask_type = \"general\"\n");
    scratch.write("dataset/golden.jsonl", format!("{}\n", lines.trim_end()));
    scratch
});

fuzz_target!(|text: &str| {
    let path = SCRATCH.write("dataset/generate.toml", text);
    let recipe = match Recipe::read(&path) {
        Ok(recipe) => recipe,
        Err(error) => return drop(format!("{error}")),
    };
    if is_large(&recipe) {
        return;
    }
    let dataset = Dataset::open(SCRATCH.path("dataset")).expect("the dataset is a constant");
    let options = GenerateOptions { dry_run: true, ..GenerateOptions::default() };
    let generate = || generate(&dataset, &recipe, &options, &mut |_, _, _| {});
    match generate() {
        Ok(generated) => {
            assert_eq!(generate().expect("it was made before"), generated);
            for example in generated.examples {
                let mut again: Example =
                    serde_json::from_str(&example.to_line()).expect("the line is readable");
                // A line does not name the partition, since its file does.
                again.partition = example.partition;
                assert_eq!(again.content_hash(), example.content_hash());
            }
        }
        Err(error) => drop(format!("{error}")),
    }
});

/// What a recipe asks for is made, however much it is.
fn is_large(recipe: &Recipe) -> bool {
    let templates = recipe.templates.values().map(|it| it.count);
    let it = &recipe.adversarial;
    let families = [
        &it.injections,
        &it.empty,
        &it.whitespace,
        &it.punctuation,
        &it.huge,
        &it.off_scope,
        &it.other_language,
        &it.unicode,
    ];
    let families = families.into_iter().flatten().map(|it| it.count);
    let perturbations = recipe.perturbations.values().map(|it| it.settings().count);
    let mut lengths = recipe.perturbations.values().filter_map(|it| it.settings().characters);
    templates.chain(families).chain(perturbations).any(|count| count > 20)
        || lengths.any(|length| length > 50_000)
}
