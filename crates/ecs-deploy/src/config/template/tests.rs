use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::config::Config;
use crate::names::BuildNumber;

const EXAMPLE: &str = include_str!("../../../../../deploy-config.example.json");

fn target() -> Target {
    Config::parse(EXAMPLE, "test").unwrap().target("shop", "dev").unwrap()
}

fn values() -> TemplateValues {
    let tags = [("SHA", "abc"), ("a-b", "dashed"), ("0", "zero"), ("a}}b", "braces")];
    TemplateValues {
        value: String::from("shop:abc"),
        build_number: BuildNumber(7),
        tags: tags.map(|(k, v)| (k.to_owned(), v.to_owned())).into(),
    }
}

/// The text as the only string of a file, with its source.
fn only_string(text: &str) -> (Source, Text) {
    let source = Source { file: "test".into(), text: json!(text).to_string() };
    let at = At { path: "".into(), offset: 0 };
    (source, Text { value: text.to_owned(), at })
}

fn render_with(text: &str, values: &TemplateValues) -> Result<String, String> {
    let (source, text) = only_string(text);
    let template = Template::after_deploy(&text, &source).map_err(|e| e.to_string())?;
    let renderer = Renderer::new(&source, &target(), values);
    let renderer = renderer.with_task_definition(String::from("shop-dev:3"));
    renderer.render(&template).map_err(|e| e.to_string())
}

fn render(text: &str) -> Result<String, String> {
    render_with(text, &values())
}

#[test]
fn every_form_that_existing_files_hold_is_rendered() {
    for (text, expected) in [
        ("{{.Environment}}", "dev"),
        ("{{ .Region }}/{{.Account}}", "us-east-1/222222222222"),
        ("{{.Artifact.Value}} {{.Artifact.BuildNumber}}", "shop:abc 7"),
        ("{{.Artifact.Tags.SHA}}", "abc"),
        ("{{index .Artifact.Tags `a-b`}}", "dashed"),
        ("{{ index  .Artifact.Tags `0` }}", "zero"),
        ("{{index .Artifact.Tags `a}}b`}}", "braces"),
        ("{{.TaskDefinition}}", "shop-dev:3"),
        ("a \n{{- .Region -}} \t b", "aus-east-1b"),
        ("a {{ .Region -}} b", "a us-east-1b"),
    ] {
        assert_eq!(render(text).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn literal_text_passes_untouched() {
    for text in ["", r"C:\", "{}", "{ {x} }", "}}", "a\\", "<&>\"'", "# > ! / &"] {
        assert_eq!(render(text).as_deref(), Ok(text));
        let both = format!("{text}\\{{{{.Environment}}}}{text}");
        assert_eq!(render(&both).unwrap(), format!("{text}\\dev{text}"));
    }
}

#[test]
fn all_else_of_both_template_languages_is_refused() {
    for text in [
        "{{}}",
        "{{.}}",
        "{{if .Region}}",
        "{{end}}",
        "{{range .Artifact.Tags}}",
        "{{.Region | printf}}",
        "{{printf `x`}}",
        "{{\"x\"}}",
        "{{`x`}}",
        "{{$x := 1}}",
        "{{/* note */}}",
        "{{len .Region}}",
        "{{#if this}}",
        "{{>part}}",
        "{{!note}}",
        "{{{.Region}}}",
        "{{&.Region}}",
        "{{Region}}",
        "{{this.Region}}",
        "{{@root.Region}}",
        "{{lookup . 'x'}}",
        "{{.Artifact.[Value]}}",
        "{{-.Region}}",
        "{{index .Artifact.Tags \"a\"}}",
        "{{index .Artifact `Value`}}",
        "{{index .Artifact.Tags `a]b`}}",
    ] {
        let error = render(text).unwrap_err();
        assert!(error.contains("not supported"), "{text}: {error}");
    }
}

#[test]
fn unknown_names_are_errors_that_name_the_known_ones() {
    for text in [
        "{{.Enviroment}}",
        "{{.Artifact}}",
        "{{.Artifact.Tags}}",
        "{{.Artifact.Tags.A.B}}",
        "{{.region}}",
    ] {
        let error = render(text).unwrap_err();
        assert!(error.contains("known are .Environment, .Region"), "{text}: {error}");
    }
    assert!(render("{{.Enviroment}}").unwrap_err().ends_with("did you mean `.Environment`?"));
    let missing = render("ab{{.Artifact.Tags.OTHER}}").unwrap_err();
    assert!(missing.starts_with("test:1:4: `.Artifact.Tags.OTHER` has no value"), "{missing}");
    assert!(missing.contains("`SHA`"), "{missing}");
    assert!(render("{{.Region").unwrap_err().contains("never closed"));
}

#[test]
fn the_task_definition_is_unknown_before_a_deploy() {
    let (source, text) = only_string("{{.TaskDefinition}}");
    let error = Template::before_deploy(&text, &source).unwrap_err().to_string();
    assert!(error.contains("post-deploy commands only"), "{error}");
}

proptest! {
    #[test]
    fn no_text_makes_a_template_panic(text in "(\\{\\{|\\}\\}|[-`. ]|index|\\.Artifact\\.Tags|.){0,12}") {
        let _ = render(&text);
    }

    #[test]
    fn a_value_is_put_in_as_it_is(value in any::<String>(), tag in any::<String>()) {
        let tags = BTreeMap::from([(String::from("T"), tag.clone())]);
        let values = TemplateValues { value: value.clone(), tags, ..values() };
        let rendered = render_with("<{{.Artifact.Value}}|{{.Artifact.Tags.T}}>", &values);
        prop_assert_eq!(rendered.unwrap(), format!("<{value}|{tag}>"));
    }
}
