use serde_json::{Value, json};

use super::{elsewhere, one, refused, taken, task};

#[test]
fn a_task_definition_has_64_kib_at_most() {
    let long = |length: usize| one(json!({"command": ["x".repeat(length)]}));
    let message = refused(long(65_536));
    assert!(message.starts_with("Actual length: '65"), "{message}");
    assert!(message.ends_with("'. Max allowed length is '65536' bytes."), "{message}");
    taken(long(65_000));
}

#[test]
fn ephemeral_storage_is_from_21_to_200_gib() {
    let storage = |size: Value| task(json!({"ephemeralStorage": {"sizeInGiB": size}}));
    for size in [20, 201] {
        assert!(refused(storage(json!(size))).contains("between 21 and 200"));
    }
    assert!(refused(storage(json!(null))).contains("'sizeInGiB'"));
    taken(storage(json!(21)));
    taken(storage(json!(200)));
}

#[test]
fn a_platform_is_one_that_there_is() {
    let platform = |family: &str, cpu: &str| {
        let platform = json!({"operatingSystemFamily": family, "cpuArchitecture": cpu});
        elsewhere(json!({"runtimePlatform": platform}))
    };
    assert!(refused(platform("PLAN9", "X86_64")).contains("'PLAN9'"));
    assert!(refused(platform("LINUX", "Z80")).contains("'Z80'"));
    assert!(refused(platform("WINDOWS_SERVER_2022_CORE", "ARM64")).contains("Windows"));
    taken(platform("LINUX", "ARM64"));
    taken(platform("WINDOWS_SERVER_2022_CORE", "X86_64"));
}

#[test]
fn modes_are_words_that_there_are() {
    for (member, good) in [("pidMode", "host"), ("ipcMode", "none")] {
        assert!(refused(elsewhere(json!({member: "global"}))).contains("'global'"));
        taken(elsewhere(json!({member: good})));
    }
}

#[test]
fn a_proxy_is_a_container_of_the_task() {
    let proxy = |name: &str| task(json!({"proxyConfiguration": {"containerName": name}}));
    assert!(refused(proxy("envoy")).contains("'envoy'"));
    taken(proxy("web"));
}

#[test]
fn a_tag_has_letters_digits_blanks_and_a_few_marks() {
    let tagged = |value: &str| task(json!({"tags": [{"key": "note", "value": value}]}));
    let mut bench = super::Bench::new();
    let (code, _) = bench.refused("RegisterTaskDefinition", tagged("a;b"));
    assert_eq!(code, "InvalidParameterException");
    taken(tagged("\u{e9} 1_.:/=+-@"));
}
