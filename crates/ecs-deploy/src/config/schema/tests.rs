use std::path::PathBuf;

use super::*;
use crate::config::file::File;
use crate::config::read::Reader;
use crate::config::source::Source;
use crate::config::syntax;
use crate::config::tests::{assert_snapshot, fixtures};

/// Whether the reader takes the file, names and templates aside.
fn is_read(config: &Value) -> bool {
    let source = Source { file: "test".into(), text: config.to_string() };
    let value = syntax::parse(&source).unwrap();
    let reader = Reader::new(&source);
    File::read(&reader.cursor(&value)).is_ok()
}

/// A value of a shape with every member that there can be. A duration is a text that every other
/// member takes, too.
fn sample(shape: &Shape, spell: fn(&str) -> String) -> Value {
    match shape {
        Shape::Text => json!("5m"),
        Shape::Integer => json!(7),
        Shape::Boolean => json!(true),
        Shape::List(element) => json!([sample(element, spell)]),
        Shape::Map(element) => json!({"key": sample(element, spell)}),
        Shape::Struct(members) => {
            members.iter().map(|(name, shape)| (spell(name), sample(shape, spell))).collect()
        }
        Shape::Elsewhere(_) => Value::Null,
    }
}

/// The pointers to all values in a value.
fn pointers(value: &Value) -> Vec<String> {
    let below = |key: &str, value: &Value| {
        let inner = pointers(value).into_iter().map(|pointer| format!("/{key}{pointer}"));
        inner.collect::<Vec<_>>()
    };
    let inner: Vec<String> = match value {
        Value::Array(all) => {
            all.iter().enumerate().flat_map(|(i, it)| below(&i.to_string(), it)).collect()
        }
        Value::Object(all) => all.iter().flat_map(|(key, it)| below(key, it)).collect(),
        _ => Vec::new(),
    };
    std::iter::once(String::new()).chain(inner).collect()
}

fn all_values() -> [Value; 8] {
    [
        json!("5m"),
        json!(7),
        json!(1.5),
        json!(1_i64 << 40),
        json!(true),
        json!([]),
        json!({}),
        json!(null),
    ]
}

fn assert_agrees_with_the_reader(full: &Value) {
    let schema = jsonschema::draft7::new(&schema()).unwrap();
    assert!(schema.is_valid(full) && is_read(full), "{:?}", schema.iter_errors(full).next());
    let pointers = pointers(full);
    // The root can be nothing but an object: `null` in its place would be an absent file.
    for pointer in &pointers[1..] {
        for value in all_values() {
            let mut config = full.clone();
            *config.pointer_mut(pointer).unwrap() = value.clone();
            let (valid, read) = (schema.is_valid(&config), is_read(&config));
            assert_eq!(valid, read, "{pointer} as {value}: schema and reader");
        }
    }
}

#[test]
fn the_schema_takes_the_types_that_the_reader_takes() {
    assert_agrees_with_the_reader(&sample(&Shape::Struct(FILE), str::to_owned));
}

#[test]
fn the_schema_takes_members_in_any_case() {
    assert_agrees_with_the_reader(&sample(&Shape::Struct(FILE), str::to_ascii_uppercase));
}

#[test]
fn the_schema_refuses_what_is_no_member() {
    let schema = jsonschema::draft7::new(&schema()).unwrap();
    for config in [json!({"Aps": {}}), json!({"Apps": {"a": {"TaskSet": {"tasks": 1}}}})] {
        assert!(!schema.is_valid(&config), "{config}");
    }
}

#[test]
fn the_committed_schema_is_the_one_of_this_version_and_takes_the_configs_here() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
    assert_snapshot(root.join("docs/deploy-config.schema.json"), &text);
    let schema = jsonschema::draft7::new(&schema()).unwrap();
    let read = |path: PathBuf| std::fs::read_to_string(path).unwrap().parse::<Value>().unwrap();
    let real_life = std::fs::read_dir(root.join("fixtures/real-life")).unwrap();
    let real_life = real_life.map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    let others = [
        root.join("deploy-config.example.json"),
        root.join("fixtures/one-account.json"),
        root.join("fixtures/without-artifact-db.json"),
        fixtures().join("real.json"),
        fixtures().join("members.json"),
    ];
    for path in real_life.chain(others) {
        let errors: Vec<_> =
            schema.iter_errors(&read(path.clone())).map(|error| error.to_string()).collect();
        assert_eq!(errors, [""; 0], "{}", path.display());
    }
}
