//! `docs/sandbox.md` names a test for every fact about AWS that the sandbox shows, and each is there.

use std::path::Path;

use tested_facts::{Kind, Sources, read};

const HEADING: &str = "\n## What AWS does, and the sandbox too\n";

#[test]
fn every_fact_has_a_test_that_is_there() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = std::fs::read_to_string(repository.join("docs/sandbox.md")).unwrap();
    let (_, rest) = text.split_once(HEADING).expect("the section with the facts");
    let (section, _) = rest.split_once("\n## ").expect("a section after it");
    let rows = read(section, &[Kind { letter: 'S', asks: &["fact"] }])
        .unwrap_or_else(|problems| panic!("\n{}", problems.join("\n")));
    let problems = Sources::new(repository).problems(&rows);
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}
