//! Rules of what containers get from the host: logs, mounts and Linux features.

use serde_json::{Value, json};

use super::{CONTAINER, SIDECAR, assert_limits, config_with, refusal, render};

#[test]
fn logs_go_where_fargate_can_send_them() {
    let driver = |driver: &str| json!({ "logDriver": driver });
    let splunk = json!({"logDriver": "splunk", "options": {"splunk-token": "hunter2"}});
    let without = |option: &str| {
        let mut log = json!({"logDriver": "awslogs", "options": {
            "awslogs-group": "g", "awslogs-region": "r", "awslogs-stream-prefix": "p",
        }});
        log["options"].as_object_mut().unwrap().remove(option);
        log
    };
    let mut secret = without("awslogs-group");
    secret["secretOptions"] = json!([{"name": "awslogs-group", "valueFrom": "/g"}]);
    let place = ".logConfiguration";
    assert_limits(
        &CONTAINER,
        &[
            (
                "LogConfiguration",
                driver("json-file"),
                splunk,
                ".logConfiguration.logDriver",
                "`awslogs`",
            ),
            ("LogConfiguration", without("awslogs-group"), secret, place, "`awslogs-group`"),
            ("LogConfiguration", without("awslogs-region"), without(""), place, "`awslogs-region`"),
            (
                "LogConfiguration",
                without("awslogs-stream-prefix"),
                without(""),
                place,
                "stream-prefix",
            ),
            (
                "LogConfiguration",
                driver("awsfirelens"),
                without(""),
                place,
                "a `firelensConfiguration`",
            ),
            ("LogConfiguration", json!({}), without(""), place, "`logDriver` is missing"),
        ],
    );
    let router = json!({"type": "fluentbit"});
    let mut config = config_with(&SIDECAR, "firelensConfiguration", &router);
    let (at, why) = refusal(&config);
    assert_eq!(at, "Apps.shop.ContainerDefinitionTemplates[1].firelensConfiguration");
    assert!(why.contains("no container logs through it"), "{why}");
    config.pointer_mut(CONTAINER.0).unwrap()["LogConfiguration"] = driver("awsfirelens");
    render(&config).unwrap();
}

#[test]
fn mounts_are_of_what_is_there() {
    let mount = |volume: &str| json!([{"sourceVolume": volume, "containerPath": "/data"}]);
    let from = |container: &str| json!([{ "sourceContainer": container }]);
    let volume = ".mountPoints[0].sourceVolume";
    let container = ".volumesFrom[0].sourceContainer";
    assert_limits(
        &CONTAINER,
        &[
            ("MountPoints", mount("date"), mount("data"), volume, "has no volume `date`"),
            (
                "MountPoints",
                json!([{"containerPath": "/data"}]),
                mount("cache"),
                ".mountPoints[0]",
                "`sourceVolume` is missing",
            ),
            ("VolumesFrom", from("slide"), from("side"), container, "no container `slide`"),
        ],
    );
}

#[test]
fn what_fargate_has_not_is_left_out() {
    let why = "a task on Fargate can't have it";
    let gpu = json!([{"type": "GPU", "value": "1"}]);
    let host = json!([{"hostname": "a", "ipAddress": "10.0.0.1"}]);
    assert_limits(
        &CONTAINER,
        &[
            ("disableNetworking", json!(true), json!(false), ".disableNetworking", why),
            ("dnsSearchDomains", json!(["a.b"]), json!([]), ".dnsSearchDomains", why),
            ("dnsServers", json!(["10.0.0.2"]), json!([]), ".dnsServers", why),
            ("dockerSecurityOptions", json!(["label:x"]), json!([]), ".dockerSecurityOptions", why),
            ("extraHosts", host, json!([]), ".extraHosts", why),
            ("hostname", json!("shop"), json!(""), ".hostname", why),
            ("links", json!(["side"]), json!([]), ".links", why),
            ("privileged", json!(true), json!(false), ".privileged", why),
            ("resourceRequirements", gpu, json!([]), ".resourceRequirements", why),
        ],
    );
    let linux = |member: &str, value: Value| {
        let mut linux = json!({"initProcessEnabled": true});
        linux[member] = value;
        linux
    };
    let device = json!([{"hostPath": "/dev/fuse"}]);
    let tmpfs = json!([{"containerPath": "/tmp", "size": 64}]);
    let add = |name: &str| linux("capabilities", json!({"add": [name], "drop": ["ALL"]}));
    let added = ".linuxParameters.capabilities.add[0]";
    assert_limits(
        &CONTAINER,
        &[
            (
                "LinuxParameters",
                linux("devices", device),
                linux("tmpfs", tmpfs),
                ".linuxParameters.devices",
                why,
            ),
            (
                "LinuxParameters",
                linux("sharedMemorySize", json!(64)),
                linux("devices", json!([])),
                ".linuxParameters.sharedMemorySize",
                why,
            ),
            (
                "LinuxParameters",
                linux("maxSwap", json!(1)),
                linux("maxSwap", json!(0)),
                ".linuxParameters.maxSwap",
                why,
            ),
            (
                "LinuxParameters",
                linux("swappiness", json!(60)),
                linux("swappiness", json!(null)),
                ".linuxParameters.swappiness",
                why,
            ),
            ("LinuxParameters", add("NET_ADMIN"), add("SYS_PTRACE"), added, "but SYS_PTRACE"),
        ],
    );
}

#[test]
fn ulimits_are_known_and_in_order() {
    let ulimit = |name: &str, soft: i64, hard: i64| json!([{"name": name, "softLimit": soft, "hardLimit": hard}]);
    let soft = ".ulimits[0].softLimit";
    assert_limits(
        &CONTAINER,
        &[
            (
                "Ulimits",
                ulimit("files", 1, 2),
                ulimit("nofile", 1, 2),
                ".ulimits[0].name",
                "`nofile`",
            ),
            (
                "Ulimits",
                ulimit("nofile", 3, 2),
                ulimit("nofile", 2, 2),
                soft,
                "the `hardLimit` of 2",
            ),
            ("Ulimits", ulimit("core", 3, 2), ulimit("core", 3, -1), soft, "the `hardLimit` of 2"),
            (
                "Ulimits",
                json!([{"name": "core"}]),
                json!([]),
                ".ulimits[0]",
                "`softLimit` is missing",
            ),
        ],
    );
}
