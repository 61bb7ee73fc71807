use serde_json::{Value, json};

use super::{of, one, one_elsewhere, refused, side, taken, task, web};

#[test]
fn a_task_has_10_containers_at_most() {
    let many = |count: usize| {
        let sides = (1..count).map(|number| side(json!({"name": format!("side-{number}")})));
        task(of(&std::iter::once(web(json!({}))).chain(sides).collect::<Vec<_>>()))
    };
    assert_eq!(refused(many(11)), "Too many containers.");
    taken(many(10));
}

#[test]
fn a_name_has_letters_digits_hyphens_and_underscores() {
    assert!(refused(one(json!({"name": "web.1"}))).starts_with("Container name is invalid"));
    assert!(
        refused(one(json!({"name": "w".repeat(256)}))).starts_with("Container name is invalid")
    );
    taken(one(json!({"name": "Web_1-b"})));
}

#[test]
fn a_secret_and_a_variable_have_names_of_their_own() {
    let both = |secret: &str| {
        one(json!({
            "environment": [{"name": "KEY", "value": "1"}],
            "secrets": [{"name": secret, "valueFrom": "/key"}],
        }))
    };
    assert_eq!(
        refused(both("KEY")),
        "The secret name must be unique and not shared with any new or existing environment variables \
         set on the container, such as 'KEY'."
    );
    taken(both("OTHER"));
}

#[test]
fn secrets_need_an_execution_role() {
    let container = web(json!({"secrets": [{"name": "KEY", "valueFrom": "/key"}]}));
    let with =
        |role: Value| task(json!({"executionRoleArn": role, "containerDefinitions": [container]}));
    for none in [json!(null), json!("")] {
        assert_eq!(
            refused(with(none)),
            "When you are specifying container secrets, you must also specify a value for \
             'executionRoleArn'."
        );
    }
    taken(with(json!("ecs-execution")));
}

#[test]
fn a_health_check_keeps_its_bounds() {
    let check = |member: &str, value: i64| {
        one(json!({"healthCheck": {"command": ["CMD", "true"], member: value}}))
    };
    for (member, least, most) in
        [("interval", 5, 300), ("timeout", 2, 60), ("retries", 1, 10), ("startPeriod", 0, 300)]
    {
        for outside in [least - 1, most + 1] {
            assert_eq!(
                refused(check(member, outside)),
                format!(
                    "Invalid value {outside} for 'containerDefinitions.healthCheck.{member}'. It must \
                     be between {least} and {most}."
                )
            );
        }
        taken(check(member, least));
        taken(check(member, most));
    }
}

#[test]
fn a_health_check_has_a_command_of_any_words() {
    let check = |command: Value| one(json!({"healthCheck": {"command": command}}));
    assert!(refused(check(json!([]))).contains("must have a command"));
    assert!(refused(check(json!(null))).contains("Missing required field 'command'"));
    taken(check(json!(["/healthcheck"])));
}

#[test]
fn a_dependency_is_another_container() {
    let depends = |on: &str| json!([{"containerName": on, "condition": "START"}]);
    let first = |on: &str| task(of(&[web(json!({"dependsOn": depends(on)})), side(json!({}))]));
    assert!(refused(first("nobody")).contains("which does not exist"));
    assert!(refused(first("web")).contains("cannot depend on itself"));
    taken(first("side"));
}

#[test]
fn dependencies_have_no_cycle() {
    let depends = |on: &str| json!([{"containerName": on, "condition": "START"}]);
    let ring = |last: Value| {
        task(of(&[
            web(json!({"dependsOn": depends("a")})),
            side(json!({"name": "a", "dependsOn": depends("b")})),
            side(json!({"name": "b", "dependsOn": last})),
        ]))
    };
    assert!(refused(ring(depends("web"))).contains("cannot have a cycle"));
    taken(ring(json!([])));
}

#[test]
fn what_has_to_end_is_not_essential() {
    for condition in ["COMPLETE", "SUCCESS"] {
        let waits = json!({"dependsOn": [{"containerName": "side", "condition": condition}]});
        let after = |other: Value| task(of(&[web(waits.clone()), side(other)]));
        assert_eq!(
            refused(after(json!({"essential": true}))),
            "A dependency container with SUCCESS or COMPLETE condition cannot be an essential container"
        );
        taken(after(json!({})));
    }
}

#[test]
fn what_has_to_be_healthy_has_a_health_check() {
    let waits = json!({"dependsOn": [{"containerName": "side", "condition": "HEALTHY"}]});
    let after = |other: Value| task(of(&[web(waits.clone()), side(other)]));
    assert!(refused(after(json!({}))).contains("has no health check"));
    taken(after(json!({"healthCheck": {"command": ["CMD", "true"]}})));
}

#[test]
fn a_restart_policy_keeps_its_bounds() {
    let policy = |change: Value| one(json!({"restartPolicy": change}));
    let codes =
        |count: i64| json!({"enabled": false, "ignoredExitCodes": (0..count).collect::<Vec<_>>()});
    assert!(refused(policy(json!({}))).contains("Missing required field 'enabled'"));
    assert!(refused(policy(codes(51))).contains("at most 50 items"));
    taken(policy(codes(50)));
    let period = |seconds: i64| policy(json!({"enabled": false, "restartAttemptPeriod": seconds}));
    for seconds in [59, 1801] {
        assert!(refused(period(seconds)).contains("between 60 and 1800"));
    }
    taken(period(60));
}

#[test]
fn lists_of_files_have_their_lengths() {
    let files = |count: usize| {
        one(json!({"environmentFiles": vec![json!({"value": "a", "type": "s3"}); count]}))
    };
    assert!(refused(files(11)).contains("at most 10 items"));
    taken(files(10));
    let specs =
        |count: usize| one_elsewhere(json!({"credentialSpecs": vec!["credentialspec:a"; count]}));
    assert!(refused(specs(2)).contains("at most 1 items"));
    taken(specs(1));
}

#[test]
fn an_unknown_word_is_refused_wherever_a_member_has_words() {
    for (container, word) in [
        (json!({"versionConsistency": "maybe"}), "maybe"),
        (json!({"portMappings": [{"containerPort": 1, "appProtocol": "gopher"}]}), "gopher"),
        (json!({"dependsOn": [{"containerName": "side", "condition": "SOON"}]}), "SOON"),
        (json!({"ulimits": [{"name": "patience", "softLimit": 1, "hardLimit": 1}]}), "patience"),
        (json!({"logConfiguration": {"logDriver": "paper"}}), "paper"),
        (json!({"firelensConfiguration": {"type": "logstash"}}), "logstash"),
        (json!({"resourceRequirements": [{"type": "TPU", "value": "1"}]}), "TPU"),
        (json!({"environmentFiles": [{"type": "ftp", "value": "x"}]}), "ftp"),
        (
            json!({"linuxParameters": {"devices": [{"hostPath": "/", "permissions": ["sell"]}]}}),
            "sell",
        ),
    ] {
        let message = refused(task(of(&[web(container), side(json!({}))])));
        assert!(
            message.starts_with(&format!("Invalid value '{word}' for 'containerDef")),
            "{message}"
        );
    }
    taken(one(json!({"versionConsistency": "enabled"})));
    taken(one(json!({"portMappings": [{"containerPort": 1, "appProtocol": "http2"}]})));
}

#[test]
fn a_structure_has_what_it_needs() {
    for (container, missing) in [
        (json!({"secrets": [{"name": "A"}]}), "valueFrom"),
        (json!({"repositoryCredentials": {}}), "credentialsParameter"),
        (json!({"environmentFiles": [{"type": "s3"}]}), "value"),
        (json!({"dependsOn": [{"containerName": "side"}]}), "condition"),
        (json!({"extraHosts": [{"hostname": "a"}]}), "ipAddress"),
        (json!({"ulimits": [{"name": "nofile", "softLimit": 1}]}), "hardLimit"),
        (json!({"logConfiguration": {}}), "logDriver"),
        (json!({"resourceRequirements": [{"value": "1"}]}), "type"),
        (json!({"firelensConfiguration": {}}), "type"),
        (json!({"linuxParameters": {"tmpfs": [{"containerPath": "/tmp"}]}}), "size"),
        (json!({"linuxParameters": {"devices": [{}]}}), "hostPath"),
    ] {
        let message = refused(task(of(&[web(container), side(json!({}))])));
        assert!(message.starts_with(&format!("Missing required field '{missing}'")), "{message}");
    }
    taken(one(json!({"ulimits": [{"name": "nofile", "softLimit": 1, "hardLimit": 1}]})));
}

#[test]
fn a_member_of_another_kind_is_not_read() {
    let code = |container: Value| {
        let mut bench = super::Bench::new();
        bench.refused("RegisterTaskDefinition", task(of(&[web(container)]))).0
    };
    for bad in [
        json!({"cpu": "10"}),
        json!({"hostname": 1}),
        json!({"privileged": "yes"}),
        json!({"healthCheck": ["CMD"]}),
        json!({"healthCheck": {"command": "true"}}),
        json!({"dependsOn": {"containerName": "side", "condition": "START"}}),
        json!({"restartPolicy": {"enabled": false, "ignoredExitCodes": ["1"]}}),
    ] {
        assert_eq!(code(bad.clone()), "SerializationException", "{bad}");
    }
    taken(one(json!({"cpu": 10, "user": "1000", "readonlyRootFilesystem": true})));
}

#[test]
fn an_image_has_255_characters_of_few_kinds() {
    assert!(refused(one(json!({"image": "web 1"}))).contains("invalid characters"));
    assert!(refused(one(json!({"image": "w".repeat(256)}))).contains("255 characters or less"));
    let digest = format!("{}@sha256:{}", "w".repeat(255), "0".repeat(64));
    taken(one(json!({"image": digest})));
}
