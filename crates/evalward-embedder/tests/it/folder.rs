//! The folder of models: finding, adding, listing.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use evalward_embedder::{
    AddOptions, DEFAULT_MODEL, EmbedderError, ModelState, add, default_models_dir, find, list,
};
use evalward_testkit::{Scratch, write_tiny_model};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const TINY: AddOptions<'_> = AddOptions { name: Some("tiny"), source: None };

/// Makes the made-up model in the folder `origin`.
fn origin(scratch: &Scratch) -> PathBuf {
    let folder = scratch.folder().join("origin");
    write_tiny_model(&folder);
    folder
}

/// Packs the files of a folder below a path.
fn pack(folder: &Path, below: &str, archive: &Path) {
    let mut writer = ZipWriter::new(File::create(archive).unwrap());
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        writer.start_file(format!("{below}{name}"), SimpleFileOptions::default()).unwrap();
        writer.write_all(&fs::read(&path).unwrap()).unwrap();
    }
    writer.finish().unwrap();
}

#[test]
fn the_folder_of_models_is_the_first_that_the_environment_names() {
    let check = |variables: &[(&str, &str)], expected: Option<&str>| {
        let lookup = |name: &str| {
            let found = variables.iter().find(|(variable, _)| *variable == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        assert_eq!(default_models_dir(lookup).ok(), expected.map(PathBuf::from));
    };
    let home = ("HOME", "/h");
    check(&[home, ("XDG_CACHE_HOME", "/c"), ("EVALWARD_MODELS_DIR", "/m")], Some("/m"));
    check(
        &[home, ("XDG_CACHE_HOME", "/c"), ("EVALWARD_MODELS_DIR", "")],
        Some("/c/evalward/models"),
    );
    check(&[home], Some("/h/.cache/evalward/models"));
    check(&[], None);
}

#[test]
fn a_missing_model_says_what_to_do() {
    let scratch = Scratch::new();
    let hint = |name: &str| find(name, scratch.folder()).unwrap_err().hint().unwrap_or_default();
    insta::assert_snapshot!(hint(DEFAULT_MODEL), @"`evalward models pull all-minilm-l6-v2` downloads it; without a network, `evalward models add PATH` takes it from a file");
    insta::assert_snapshot!(hint("all-minilm-l6"), @"did you mean `all-minilm-l6-v2`? `evalward models list` shows all");
    insta::assert_snapshot!(hint("other"), @"`evalward models add PATH --name other` takes it from a file or folder");
    for name in ["", "../x", "A", ".hidden", "a/b"] {
        assert!(matches!(find(name, scratch.folder()), Err(EmbedderError::ModelName { .. })));
    }
}

#[test]
fn a_model_is_taken_from_a_folder_an_archive_or_its_numbers() {
    let scratch = Scratch::new();
    let folder = origin(&scratch);
    let archive = scratch.folder().join("tiny.whl");
    pack(&folder, "package/model/", &archive);
    for (number, from) in [&folder, &archive, &folder.join("model.safetensors")].iter().enumerate()
    {
        let models = scratch.folder().join(format!("models-{number}"));
        let added = add(from, &models, TINY).unwrap();
        assert_eq!(added, find("tiny", &models).unwrap());
        let listed = list(&models, true);
        let tiny = listed.iter().find(|model| model.name == "tiny").unwrap();
        assert_eq!((&tiny.state, tiny.dimensions), (&ModelState::Complete, Some(4)));
        // Nothing of the way there is left.
        let mut names: Vec<_> = fs::read_dir(&models)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, [".lock", "tiny"]);
    }
}

#[test]
fn a_model_takes_the_place_of_an_older_one_also_when_two_do_it_at_once() {
    let scratch = Scratch::new();
    let folder = origin(&scratch);
    let models = scratch.folder().join("models");
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| add(&folder, &models, TINY).unwrap());
        }
    });
    assert_eq!(list(&models, true).iter().filter(|model| model.name == "tiny").count(), 1);
    assert_eq!(fs::read_dir(&models).unwrap().count(), 2);
}

#[test]
fn damage_is_listed() {
    let scratch = Scratch::new();
    let models = scratch.folder().join("models");
    let added = add(&origin(&scratch), &models, TINY).unwrap();
    let state = |verify: bool| {
        let tiny = list(&models, verify).into_iter().find(|model| model.name == "tiny");
        tiny.unwrap().state
    };
    let vocabulary = added.path().join("vocab.txt");
    let text = fs::read_to_string(&vocabulary).unwrap();
    fs::write(&vocabulary, text.replace("good", "evil")).unwrap();
    assert_eq!(state(false), ModelState::Complete);
    let ModelState::Damaged(problems) = state(true) else { panic!("the damage was not seen") };
    assert!(problems[0].starts_with("`vocab.txt` has the SHA-256"), "{problems:?}");
    fs::remove_file(&vocabulary).unwrap();
    assert_eq!(state(false), ModelState::Damaged(vec!["`vocab.txt` is missing".to_owned()]));
}

#[test]
fn what_is_not_the_model_is_refused_and_leaves_nothing_behind() {
    let scratch = Scratch::new();
    let folder = origin(&scratch);
    let models = scratch.folder().join("models");
    let refused = |from: &Path, name: Option<&str>| {
        let error = add(from, &models, AddOptions { name, source: None }).unwrap_err();
        assert!(list(&models, false).iter().all(|model| model.state == ModelState::Missing));
        error.to_string().replace(&scratch.folder().display().to_string(), "DIR")
    };
    let wrong = refused(&folder, Some(DEFAULT_MODEL));
    let head = "failed to find a model in `DIR/origin`: `config.json`: its SHA-256 is ";
    assert!(wrong.starts_with(head), "{wrong}");
    insta::assert_snapshot!(refused(&folder, None), @"failed to find a model in `DIR/origin`: it is none of the known models; say by `--name` what it is called");
    insta::assert_snapshot!(refused(scratch.folder(), Some("tiny")), @"failed to find a model in `DIR`: it holds no `model.safetensors`");
    insta::assert_snapshot!(refused(&scratch.folder().join("nowhere"), Some("tiny")), @"failed to read `DIR/nowhere`");
    insta::assert_snapshot!(refused(&folder, Some("../tiny")), @"failed to use `../tiny` as the name of a model: it has small letters, digits, `-`, `_` and `.`, and starts with a letter or digit");
    scratch.file("text.zip", "no archive");
    let text = refused(&scratch.folder().join("text.zip"), Some("tiny"));
    assert!(text.starts_with("failed to find a model in `DIR/text.zip`: it is no zip archive"));
    scratch.file("origin/1_Pooling/config.json", "{\"pooling_mode_mean_tokens\": false}");
    let pooling = refused(&folder, Some("tiny"));
    assert!(
        pooling
            .ends_with("only the mean of the tokens' vectors is supported, and it takes another")
    );
    fs::remove_dir_all(folder.join("1_Pooling")).unwrap();
    let weights = fs::read(folder.join("model.safetensors")).unwrap();
    fs::write(folder.join("model.safetensors"), &weights[..weights.len() - 4]).unwrap();
    let cut = refused(&folder, Some("tiny"));
    assert!(cut.starts_with("failed to find a model in `DIR/origin`: `model.safetensors`: tensor"));
    assert!(cut.ends_with("lies beyond the end of the file, which is cut short"), "{cut}");
    fs::write(folder.join("model.safetensors"), weights).unwrap();
    fs::remove_file(folder.join("vocab.txt")).unwrap();
    insta::assert_snapshot!(refused(&folder, Some("tiny")), @"failed to find a model in `DIR/origin`: it holds no `vocab.txt` beside `model.safetensors`");
}
