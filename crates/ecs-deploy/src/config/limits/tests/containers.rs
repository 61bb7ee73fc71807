//! Rules of containers.

use serde_json::{Value, json};

use super::{APP, CONTAINER, ENVIRONMENT, SIDECAR, assert_limits, config_with, refusal, render};

/// The containers of the config, and some more.
fn containers(more: usize) -> Value {
    let mut containers = json!([
        {"Name": "shop", "Image": "shop:1", "PortMappings": [{"containerPort": 8080}]},
    ]);
    let more = (0..more).map(|n| json!({"Name": format!("more-{n}"), "Image": "more:1"}));
    containers.as_array_mut().unwrap().extend(more);
    containers
}

#[test]
fn sizes_fit_into_the_task() {
    assert_limits(
        &CONTAINER,
        &[
            ("memory", json!(513), json!(512), ".memory", "more than the 512 MiB"),
            (
                "memoryReservation",
                json!(513),
                json!(512),
                ".memoryReservation",
                "more than the 512",
            ),
            ("memory", json!(3), json!(4), ".memory", "4 MiB are the least"),
            ("memory", json!(-1), json!(6), ".memory", "4 MiB are the least"),
        ],
    );
    let mut config = config_with(&CONTAINER, "memory", &json!(128));
    let container = config.pointer_mut(CONTAINER.0).unwrap();
    container["memoryReservation"] = 129.into();
    assert!(refusal(&config).1.contains("more than the container's `memory` of 128"));
    config.pointer_mut(CONTAINER.0).unwrap()["memoryReservation"] = 128.into();
    render(&config).unwrap();
    let mut config = config_with(&CONTAINER, "cpu", &json!(200));
    config.pointer_mut(SIDECAR.0).unwrap()["cpu"] = 57.into();
    let (at, why) = refusal(&config);
    assert_eq!(at, "Apps.shop.Environments.dev.CPU");
    assert!(why.contains("257 together, more than the task's `CPU` of 256"), "{why}");
    config.pointer_mut(SIDECAR.0).unwrap()["cpu"] = 56.into();
    render(&config).unwrap();
}

#[test]
fn there_are_ten_at_most_and_one_is_essential() {
    let none = json!([
        {"Name": "shop", "Image": "shop:1", "Essential": false, "PortMappings": [{"containerPort": 80}]},
    ]);
    let place = ".ContainerDefinitionTemplates";
    assert_limits(
        &APP,
        &[
            (&place[1..], containers(10), containers(9), place, "there are 11 containers"),
            (&place[1..], none, containers(0), place, "no container is essential"),
        ],
    );
}

#[test]
fn the_whole_definition_has_64_kib_at_most() {
    let variable = |length| json!([{"name": "LONG", "value": "x".repeat(length)}]);
    let place = "/Apps/shop/ContainerDefinitionTemplates/0/Environment".rsplit_once('/').unwrap().1;
    let (at, why) = refusal(&config_with(&CONTAINER, place, &variable(65_536)));
    assert_eq!(at, "Apps.shop.ContainerDefinitionTemplates");
    assert!(why.contains("AWS takes 65536 at most"), "{why}");
    render(&config_with(&CONTAINER, place, &variable(63_000))).unwrap();
}

#[test]
fn ports_are_those_of_one_network_interface() {
    let mapping = |more: Value| {
        let mut mapping = json!([{"containerPort": 9000}]);
        mapping[0].as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        mapping
    };
    let named = |name: &str| mapping(json!({"name": name}));
    let range = |range: &str| json!([{"containerPortRange": range}]);
    let first = ".portMappings[0]";
    let host = ".portMappings[0].hostPort";
    let name = ".portMappings[0].name";
    let ranges = ".portMappings[0].containerPortRange";
    let other = json!({"hostPort": 9001});
    assert_limits(
        &SIDECAR,
        &[
            (
                "PortMappings",
                mapping(other),
                mapping(json!({"hostPort": 9000})),
                host,
                "set it to 9000",
            ),
            (
                "PortMappings",
                mapping(json!({"hostPort": 80})),
                mapping(json!({"hostPort": 0})),
                host,
                "80",
            ),
            (
                "PortMappings",
                json!([{}]),
                json!([{"containerPort": 1}]),
                first,
                "`containerPort` is missing",
            ),
            (
                "PortMappings",
                json!([{"containerPort": 65536}]),
                json!([{"containerPort": 65535}]),
                ".portMappings[0].containerPort",
                "1 to 65535",
            ),
            (
                "PortMappings",
                mapping(json!({"containerPortRange": "1-2"})),
                range("1-2"),
                ranges,
                "not both",
            ),
            ("PortMappings", range("9010-9000"), range("9000-9010"), ranges, "the lower first"),
            ("PortMappings", range("9000"), range("8081-65535"), ranges, "a form like"),
            (
                "PortMappings",
                json!([{"containerPortRange": "9000-9010", "hostPort": 9000}]),
                range("9000-9010"),
                host,
                "AWS sets it",
            ),
            (
                "PortMappings",
                json!([{"containerPort": 8080}]),
                json!([{"containerPort": 8080, "protocol": "udp"}]),
                first,
                "mapped twice",
            ),
            (
                "PortMappings",
                json!([{"containerPort": 9005}, {"containerPortRange": "9000-9010"}]),
                json!([{"containerPort": 9011}, {"containerPortRange": "9000-9010"}]),
                ".portMappings[1]",
                "mapped twice",
            ),
            ("PortMappings", named("Web"), named("web_1-a"), name, "lower-case"),
            ("PortMappings", named("-web"), named("web-"), name, "no hyphen first"),
            (
                "PortMappings",
                json!([{"containerPort": 1, "name": "a"}, {"containerPort": 2, "name": "a"}]),
                json!([{"containerPort": 1, "name": "a"}, {"containerPort": 2, "name": "b"}]),
                ".portMappings[1].name",
                "two port mappings of the task are named `a`",
            ),
            // AWS takes every other word for tcp.
            (
                "PortMappings",
                json!([{"containerPort": 8080, "protocol": "TCP"}]),
                json!([{"containerPort": 9000, "protocol": "sctp"}]),
                first,
                "mapped twice",
            ),
        ],
    );
}

#[test]
fn variables_have_one_source() {
    let secrets = |names: [&str; 2]| {
        json!(names.map(|name| json!({"name": name, "valueFrom": "/shop/hunter2"})))
    };
    let files = |count: usize| {
        json!(vec![json!({"value": "arn:aws:s3:::files/a.env", "type": "s3"}); count])
    };
    let file = |value: &str| json!([{"value": value, "type": "s3"}]);
    assert_limits(
        &CONTAINER,
        &[
            ("Secrets", secrets(["A", "A"]), secrets(["A", "a"]), ".secrets[1]", "two secrets `A`"),
            (
                "Secrets",
                secrets(["A", "PASSWORD"]),
                secrets(["A", "OTHER"]),
                ".secrets[1]",
                "`PASSWORD` is in `environment` as well",
            ),
            ("environmentFiles", files(11), files(10), ".environmentFiles", "there are 11 files"),
            (
                "environmentFiles",
                file("s3://hunter2/a.env"),
                file("arn:aws:s3:::hunter2/a.env"),
                ".environmentFiles[0].value",
                "the ARN of a file",
            ),
        ],
    );
    let twice = json!([{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]);
    render(&config_with(&CONTAINER, "Environment", &twice)).unwrap();
}

#[test]
fn what_is_waited_for_can_come() {
    let on = |name: &str, condition: &str| json!([{"containerName": name, "condition": condition}]);
    let place = ".dependsOn[0]";
    let name = ".dependsOn[0].containerName";
    let condition = ".dependsOn[0].condition";
    assert_limits(
        &SIDECAR,
        &[
            ("DependsOn", on("shopp", "START"), on("shop", "START"), name, "no container `shopp`"),
            ("DependsOn", on("side", "START"), on("setup", "START"), place, "waits for itself"),
            (
                "DependsOn",
                on("setup", "HEALTHY"),
                on("shop", "HEALTHY"),
                condition,
                "no `healthCheck`",
            ),
            ("DependsOn", on("shop", "SUCCESS"), on("setup", "SUCCESS"), condition, "is essential"),
            (
                "DependsOn",
                on("shop", "COMPLETE"),
                on("setup", "COMPLETE"),
                condition,
                "is essential",
            ),
            ("DependsOn", on("shop", "READY"), on("shop", "START"), condition, "`HEALTHY`"),
        ],
    );
    let mut config = config_with(&SIDECAR, "DependsOn", &on("setup", "START"));
    let setup = "/Apps/shop/ContainerDefinitionTemplates/2";
    config.pointer_mut(setup).unwrap()["DependsOn"] = on("side", "START");
    let (at, why) = refusal(&config);
    assert_eq!(at, "Apps.shop.ContainerDefinitionTemplates[1].dependsOn");
    assert!(why.contains("`side` waits for containers that wait for it"), "{why}");
    config.pointer_mut(setup).unwrap()["DependsOn"] = on("shop", "START");
    render(&config).unwrap();
}

#[test]
fn health_checks_have_bounds() {
    let check = |member: &str, number: i64| {
        let mut check = json!({"command": ["CMD", "true"]});
        check[member] = number.into();
        check
    };
    let command = |words: &[&str]| json!({ "command": words });
    assert_limits(
        &CONTAINER,
        &[
            (
                "HealthCheck",
                check("interval", 4),
                check("interval", 5),
                ".healthCheck.interval",
                "5 to 300",
            ),
            (
                "HealthCheck",
                check("interval", 301),
                check("interval", 300),
                ".healthCheck.interval",
                "301",
            ),
            (
                "HealthCheck",
                check("timeout", 1),
                check("timeout", 2),
                ".healthCheck.timeout",
                "2 to 60",
            ),
            (
                "HealthCheck",
                check("timeout", 61),
                check("timeout", 60),
                ".healthCheck.timeout",
                "61",
            ),
            (
                "HealthCheck",
                check("retries", 0),
                check("retries", 1),
                ".healthCheck.retries",
                "1 to 10",
            ),
            (
                "HealthCheck",
                check("retries", 11),
                check("retries", 10),
                ".healthCheck.retries",
                "11",
            ),
            (
                "HealthCheck",
                check("startPeriod", -1),
                check("startPeriod", 0),
                ".healthCheck.startPeriod",
                "-1",
            ),
            (
                "HealthCheck",
                check("startPeriod", 301),
                check("startPeriod", 300),
                ".healthCheck.startPeriod",
                "0 to 300",
            ),
            // AWS runs a command without `CMD`, too.
            (
                "HealthCheck",
                command(&[]),
                command(&["/healthcheck"]),
                ".healthCheck",
                "`command` is missing",
            ),
        ],
    );
}

#[test]
fn ends_and_restarts_have_bounds() {
    let policy = |seconds: i64| json!({"enabled": true, "restartAttemptPeriod": seconds});
    let codes =
        |count: i64| json!({"enabled": true, "ignoredExitCodes": (0..count).collect::<Vec<_>>()});
    let period = ".restartPolicy.restartAttemptPeriod";
    let ignored = ".restartPolicy.ignoredExitCodes";
    assert_limits(
        &CONTAINER,
        &[
            ("StopTimeout", json!(121), json!(120), ".stopTimeout", "2 to 120 seconds on Fargate"),
            ("StopTimeout", json!(1), json!(2), ".stopTimeout", "2 to 120 seconds on Fargate"),
            ("StartTimeout", json!(1), json!(2), ".startTimeout", "2 seconds are the least"),
            ("RestartPolicy", policy(59), policy(60), period, "60 to 1800"),
            ("RestartPolicy", policy(1801), policy(1800), period, "60 to 1800"),
            ("RestartPolicy", codes(51), codes(50), ignored, "there are 51 exit codes"),
            (
                "RestartPolicy",
                json!({}),
                json!({"enabled": false}),
                ".restartPolicy",
                "`enabled` is missing",
            ),
        ],
    );
}

#[test]
fn structures_have_the_members_that_they_need() {
    let credentials = |parameter: &str| json!({ "credentialsParameter": parameter });
    assert_limits(
        &CONTAINER,
        &[
            (
                "Secrets",
                json!([{"name": "A"}]),
                json!([{"name": "A", "valueFrom": "/a"}]),
                ".secrets[0]",
                "`valueFrom` is missing",
            ),
            (
                "dependsOn",
                json!([{"containerName": "side"}]),
                json!([{"containerName": "side", "condition": "START"}]),
                ".dependsOn[0]",
                "`condition` is missing",
            ),
            (
                "environmentFiles",
                json!([{"value": "arn:aws:s3:::a/b.env"}]),
                json!([{"value": "arn:aws:s3:::a/b.env", "type": "s3"}]),
                ".environmentFiles[0]",
                "`type` is missing",
            ),
            (
                "repositoryCredentials",
                credentials(""),
                credentials("arn:aws:secretsmanager:us-east-1:222222222222:secret:x"),
                ".repositoryCredentials",
                "`credentialsParameter` is missing",
            ),
        ],
    );
    let mut config = config_with(&SIDECAR, "firelensConfiguration", &json!({}));
    config.pointer_mut(CONTAINER.0).unwrap()["LogConfiguration"] =
        json!({"logDriver": "awsfirelens"});
    assert!(refusal(&config).1.contains("`type` is missing"));
}

#[test]
fn an_execution_role_is_there_where_it_is_needed() {
    let role = ".ExecutionRoleArn";
    let why = "needs an `ExecutionRoleArn`";
    assert_limits(&ENVIRONMENT, &[("ExecutionRoleArn", json!(""), json!("ecs"), role, why)]);
    let registry = "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:1";
    let mut config = config_with(&ENVIRONMENT, "ExecutionRoleArn", &Value::Null);
    let containers = |container: Value| {
        let mut all = containers(0);
        all[0].as_object_mut().unwrap().extend(container.as_object().unwrap().clone());
        all
    };
    for (needs, taken, words) in [
        (
            json!({"secrets": [{"name": "A", "valueFrom": "/a"}]}),
            json!({"secrets": []}),
            "`secrets`",
        ),
        (
            json!({"logConfiguration": {"logDriver": "awslogs", "options": {
                "awslogs-group": "g", "awslogs-region": "r", "awslogs-stream-prefix": "p",
            }}}),
            json!({"logConfiguration": {"logDriver": "splunk"}}),
            "awslogs",
        ),
        (
            json!({"Image": registry}),
            json!({"Image": "public.ecr.aws/x/shop:1"}),
            "an image of ECR",
        ),
    ] {
        config["Apps"]["shop"]["ContainerDefinitionTemplates"] = containers(needs);
        let (at, why) = refusal(&config);
        assert_eq!(at, "Apps.shop.Environments.dev");
        assert!(why.contains(words), "{why}");
        config["Apps"]["shop"]["ContainerDefinitionTemplates"] = containers(taken);
        render(&config).unwrap();
    }
}
