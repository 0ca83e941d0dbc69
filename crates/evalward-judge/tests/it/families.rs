//! Families of models by their names.

use std::cmp::Ordering;

use evalward_judge::{FamilyMember, Kinship, families_of, family_names, kinship};
use proptest::prelude::*;

fn names(model: &str) -> Vec<&'static str> {
    families_of(model).into_iter().map(|member| member.family).collect()
}

fn kin(subject: &str, judge: &str) -> Kinship {
    kinship(&families_of(subject), &families_of(judge))
}

#[test]
fn names_of_every_provider_are_read() {
    for (family, models) in [
        (
            "gpt",
            &[
                "gpt-4o-mini-2024-07-18",
                "openai/gpt-4o",
                "azure/gpt-35-turbo-16k",
                "o3-mini",
                "openrouter/openai/o1-preview",
                "chatgpt-4o-latest",
                "ft:gpt-3.5-turbo-0125:acme::8XyZ",
                "openai/gpt-oss-20b",
                "GPT-4.1",
            ][..],
        ),
        (
            "claude",
            &[
                "claude-3-5-sonnet-20241022",
                "us.anthropic.claude-3-7-sonnet-20250219-v1:0",
                "anthropic.claude-v2:1",
                "claude-3-opus@20240229",
                "anthropic/claude-sonnet-4.5",
            ],
        ),
        (
            "gemini",
            &["models/gemini-1.5-pro-002", "vertex_ai/gemini-2.0-flash", "google/gemini-pro"],
        ),
        ("gemma", &["google/gemma-2-9b-it", "gemma3:4b-it-qat"]),
        (
            "llama",
            &[
                "meta-llama/Meta-Llama-3.1-8B-Instruct",
                "meta.llama3-1-70b-instruct-v1:0",
                "llama3.2:1b-instruct-q4_K_M",
                "codellama:7b",
                "lmsys/vicuna-7b-v1.5",
                "accounts/fireworks/models/llama-v3p1-8b-instruct",
            ],
        ),
        (
            "qwen",
            &[
                "Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
                "/models/qwen2.5-coder-1.5b-q4_k_m.gguf",
                "QwQ-32B",
            ],
        ),
        (
            "mistral",
            &["mistralai/Mixtral-8x7B-Instruct-v0.1", "open-mistral-nemo", "codestral-latest"],
        ),
        ("deepseek", &["deepseek-ai/DeepSeek-V3", "deepseek-chat"]),
        ("phi", &["microsoft/Phi-3.5-mini-instruct", "phi4:14b"]),
        ("command", &["cohere.command-r-plus-v1:0", "command-a-03-2025"]),
        ("grok", &["xai/grok-2-1212", "grok-4-fast"]),
        ("smollm", &["HuggingFaceTB/SmolLM2-1.7B-Instruct"]),
        ("nova", &["amazon.nova-pro-v1:0"]),
        ("pythia", &["EleutherAI/gpt-neox-20b", "EleutherAI/gpt-j-6b"]),
        ("gpt2", &["openai-community/gpt2-xl"]),
    ] {
        for model in models {
            assert_eq!(names(model), [family], "{model}");
        }
    }
}

#[test]
fn a_distilled_model_is_of_both_families() {
    assert_eq!(names("deepseek-ai/DeepSeek-R1-Distill-Qwen-7B"), ["deepseek", "qwen"]);
    assert_eq!(names("nvidia/Llama-3.1-Nemotron-70B-Instruct-HF"), ["llama", "nemotron"]);
}

#[test]
fn names_that_tell_nothing_have_no_family() {
    for model in [
        "",
        "judge-1",
        "support-bot",
        "ollama",
        "prod",
        "/",
        "\u{0}\u{301}",
        "fo3-mini",
        "philosophy",
        "commander",
    ] {
        assert_eq!(names(model), [""; 0], "{model}");
    }
    assert_eq!(kin("judge-1", "gpt-4o"), Kinship::Unknown);
    assert_eq!(kin("gpt-4o", "prod"), Kinship::Unknown);
}

#[test]
fn generations_are_in_order() {
    // Each is older than the next.
    for line in [
        &[
            "gpt-3.5-turbo",
            "gpt-4",
            "gpt-4-turbo-2024-04-09",
            "gpt-4o-mini",
            "gpt-4.1-nano",
            "gpt-5-mini",
        ][..],
        &[
            "anthropic.claude-v2",
            "claude-2.1",
            "claude-3-haiku-20240307",
            "claude-3-5-haiku-20241022",
            "claude-3-7-sonnet-latest",
            "claude-sonnet-4-20250514",
            "claude-opus-4-1",
            "claude-haiku-4-5",
        ],
        &[
            "llama2:7b",
            "meta-llama/Meta-Llama-3-8B",
            "meta.llama3-1-8b-instruct-v1:0",
            "Llama-3.2-1B",
            "llama3.3",
            "Llama-4-Scout-17B-16E",
        ],
        &["Qwen1.5-7B", "qwen2-7b-instruct", "Qwen2.5-0.5B", "qwen3:8b"],
        &["gemini-pro", "gemini-1.5-flash-8b", "gemini-2.0-flash", "gemini-2.5-pro"],
        &["phi-2", "Phi-3-mini-4k-instruct", "phi3.5", "phi-4"],
    ] {
        for pair in line.windows(2) {
            let (old, new) = (pair[0], pair[1]);
            let newer = kin(old, new);
            assert!(matches!(newer, Kinship::Newer { .. }), "{old} judged by {new}: {newer:?}");
            let older = kin(new, old);
            assert!(
                matches!(older, Kinship::Same { age: Some(Ordering::Less), .. }),
                "{new} judged by {old}: {older:?}"
            );
        }
    }
}

#[test]
fn sizes_and_dates_make_no_generation() {
    for (one, two) in [
        ("gpt-4o", "openai/gpt-4o-mini-2024-07-18"),
        ("llama3.1:8b", "meta-llama/Meta-Llama-3.1-70B-Instruct"),
        ("Qwen2.5-0.5B", "qwen2.5-coder-32b"),
        ("claude-3-5-sonnet-20240620", "us.anthropic.claude-3-5-haiku-20241022-v1:0"),
    ] {
        let found = kin(one, two);
        assert!(
            matches!(found, Kinship::Same { age: Some(Ordering::Equal), .. }),
            "{one} {two}: {found:?}"
        );
    }
}

#[test]
fn a_version_that_is_not_in_the_table_is_not_taken_for_one_that_is() {
    for model in ["llama-3.9-8b", "gpt-4x", "qwen2.7", "claude-9-opus", "gemma-7.1"] {
        let member = families_of(model).remove(0);
        assert_eq!(member.generation, None, "{model}");
    }
    // The size is no second half of the version.
    assert_eq!(families_of("qwen2-5b"), families_of("qwen2-7b"));
}

#[test]
fn of_several_families_the_worst_counts() {
    let distilled = "DeepSeek-R1-Distill-Llama-70B";
    assert!(matches!(kin("llama-2-7b", distilled), Kinship::Same { family: "llama", age: None }));
    assert_eq!(kin("deepseek-coder-6.7b", "deepseek-v3"), Kinship::Newer { family: "deepseek" });
    assert_eq!(kin("gpt-4o", "claude-3-5-sonnet"), Kinship::Apart);
}

#[test]
fn every_name_is_its_own_family() {
    for name in family_names() {
        assert_eq!(FamilyMember::of(name).unwrap().family, name);
    }
    assert_eq!(FamilyMember::of("no such"), None);
}

proptest! {
    #[test]
    fn nothing_a_model_is_called_can_panic(name in any::<String>(), other in "[a-z0-9:./_-]{0,40}") {
        let (one, two) = (families_of(&name), families_of(&other));
        // Whoever judges whom, a family that is shared is found from both sides.
        let (there, back) = (kinship(&one, &two), kinship(&two, &one));
        prop_assert_eq!(there == Kinship::Apart, back == Kinship::Apart);
        prop_assert_eq!(there == Kinship::Unknown, back == Kinship::Unknown);
    }

    #[test]
    fn case_and_separators_do_not_matter(separator in "[-_: /]", upper in any::<bool>()) {
        let parts = ["llama", "3", "1", "70b", "instruct"];
        let name = parts.join(&separator);
        let name = if upper { name.to_uppercase() } else { name };
        if separator != "/" {
            prop_assert_eq!(families_of(&name), families_of("llama-3.1-70b"));
        }
    }

    #[test]
    fn only_one_of_two_generations_is_newer(one in 0_usize..6, two in 0_usize..6) {
        let names = ["gpt-3.5-turbo", "gpt-4", "gpt-4-turbo", "gpt-4o", "gpt-4.1", "gpt-5"];
        let newer = |from: usize, by: usize| matches!(kin(names[from], names[by]), Kinship::Newer { .. });
        prop_assert_eq!(newer(one, two), one < two);
        prop_assert!(!(newer(one, two) && newer(two, one)));
    }
}

#[test]
fn a_name_of_ten_megabytes_is_read_at_once() {
    assert_eq!(names(&"gpt4".repeat(2_500_000)), ["gpt"]);
}
