//! Rules of whole tasks and of task sets.

use serde_json::{Value, json};

use super::{APP, CONFIG, ENVIRONMENT, Root, assert_limits, config_with, refusal, render};

/// The config with a size of its task.
fn sized(cpu: &str, memory: &str) -> Value {
    let mut config: Value = serde_json::from_str(CONFIG).unwrap();
    let environment = config.pointer_mut(ENVIRONMENT.0).unwrap();
    environment["CPU"] = cpu.into();
    environment["Memory"] = memory.into();
    config
}

#[test]
fn fargate_has_the_sizes_that_are_documented_and_no_other() {
    let mut sizes = 0;
    for (cpu, from, to, step) in [
        (512, 1024, 4096, 1024),
        (1024, 2048, 8192, 1024),
        (2048, 4096, 16384, 1024),
        (4096, 8192, 30720, 1024),
        (8192, 16384, 61440, 4096),
        (16384, 32768, 122_880, 8192),
    ] {
        let cpu = cpu.to_string();
        for memory in (from..=to).step_by(step) {
            render(&sized(&cpu, &memory.to_string())).unwrap();
            sizes += 1;
        }
        for memory in [from - step, to + step, from + step / 2] {
            let (at, why) = refusal(&sized(&cpu, &memory.to_string()));
            assert_eq!(at, "Apps.shop.Environments.dev.Memory");
            assert!(
                why.contains(&format!("with a `CPU` of {cpu}, `Memory` is {from} to {to}")),
                "{why}"
            );
        }
    }
    assert_eq!(sizes, 4 + 7 + 13 + 23 + 12 + 12);
}

#[test]
fn the_smallest_and_the_largest_size_are_single_ones() {
    for memory in ["512", "1024", "2048", "0.5 GB", "1GB", "2 gb"] {
        render(&sized("256", memory)).unwrap();
    }
    for memory in ["61440", "122880", "249856", "244 GB"] {
        render(&sized("32 vCPU", memory)).unwrap();
    }
    let (_, why) = refusal(&sized(".25 vCPU", "1536"));
    assert!(why.contains("one of 512, 1024, 2048"), "{why}");
    let (_, why) = refusal(&sized("32768", "65536"));
    assert!(why.contains("one of 61440, 122880, 249856"), "{why}");
}

#[test]
fn a_size_has_both_numbers_and_a_cpu_of_fargate() {
    let both = "Fargate needs both sizes";
    assert_limits(
        &ENVIRONMENT,
        &[
            ("CPU", Value::Null, json!("256"), "", both),
            ("CPU", json!(""), json!(".25 vCPU"), ".CPU", both),
            ("Memory", Value::Null, json!("512"), "", both),
            ("Memory", json!(""), json!("0.5 GB"), ".Memory", both),
            ("CPU", json!("128"), json!("0.25 vCPU"), ".CPU", "`CPU` is one of 256, 512"),
            ("CPU", json!("0.3 vCPU"), json!("0256"), ".CPU", "`CPU` is one of 256, 512"),
        ],
    );
    let mut config = sized("512", "1024");
    config["Apps"]["shop"]["TaskDefinition"]["RuntimePlatform"] =
        json!({"OperatingSystemFamily": "WINDOWS_SERVER_2022_CORE"});
    assert!(refusal(&config).1.contains("a `CPU` of 1024 or more"));
    let environment = config.pointer_mut(ENVIRONMENT.0).unwrap();
    environment["CPU"] = "1024".into();
    environment["Memory"] = "2048".into();
    render(&config).unwrap();
}

#[test]
fn volumes_are_of_a_kind_that_fargate_has() {
    let volume = |more: Value| {
        let mut volumes = json!([{"Name": "data"}]);
        volumes[0].as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        volumes
    };
    let docker = volume(json!({"dockerVolumeConfiguration": {"scope": "task"}}));
    let path = |path: &str| volume(json!({"host": {"sourcePath": path}}));
    let names = |second: &str| json!([{"Name": "data"}, {"Name": second}]);
    let first = ".TaskDefinition.volumes[0]";
    assert_limits(
        &APP,
        &[
            (
                "TaskDefinition/Volumes",
                docker,
                volume(json!({})),
                ".TaskDefinition.volumes[0].dockerVolumeConfiguration",
                "no Docker volumes",
            ),
            (
                "TaskDefinition/Volumes",
                path("/srv"),
                volume(json!({"host": {}})),
                ".TaskDefinition.volumes[0].host.sourcePath",
                "no folders of a host",
            ),
            (
                "TaskDefinition/Volumes",
                names("data"),
                names("Data"),
                ".TaskDefinition.volumes[1].name",
                "two volumes are named `data`",
            ),
        ],
    );
    let efs = |more: Value| {
        let mut efs = json!({"fileSystemId": "fs-1"});
        efs.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        volume(json!({ "efsVolumeConfiguration": efs }))
    };
    let encrypted = |authorization: Value| {
        efs(json!({"transitEncryption": "ENABLED", "authorizationConfig": authorization}))
    };
    let plain = |authorization: Value| efs(json!({ "authorizationConfig": authorization }));
    let (iam, point) = (json!({"iam": "ENABLED"}), json!({"accessPointId": "fsap-1"}));
    let rooted = |root: &str| {
        let mut volumes = encrypted(json!({"accessPointId": "fsap-1"}));
        volumes[0]["efsVolumeConfiguration"]["rootDirectory"] = root.into();
        volumes
    };
    let system = ".TaskDefinition.volumes[0].efsVolumeConfiguration";
    let at_volumes = "TaskDefinition/Volumes";
    assert_limits(
        &APP,
        &[
            (
                at_volumes,
                plain(iam.clone()),
                encrypted(iam),
                system,
                "`iam` needs `transitEncryption`",
            ),
            (at_volumes, plain(point.clone()), encrypted(point), system, "an access point needs"),
            (
                at_volumes,
                efs(json!({"transitEncryptionPort": 2049})),
                efs(json!({"transitEncryptionPort": 2049, "transitEncryption": "ENABLED"})),
                system,
                "`transitEncryptionPort` needs",
            ),
            (
                at_volumes,
                efs(json!({"transitEncryption": "yes"})),
                efs(json!({"transitEncryption": "DISABLED"})),
                ".TaskDefinition.volumes[0].efsVolumeConfiguration.transitEncryption",
                "`ENABLED`",
            ),
            (
                at_volumes,
                encrypted(json!({"iam": "yes"})),
                encrypted(json!({"iam": "DISABLED"})),
                ".TaskDefinition.volumes[0].efsVolumeConfiguration.authorizationConfig.iam",
                "`ENABLED`",
            ),
            (
                at_volumes,
                rooted("/srv"),
                rooted("/"),
                ".TaskDefinition.volumes[0].efsVolumeConfiguration.rootDirectory",
                "an access point has its own root",
            ),
            (
                at_volumes,
                volume(json!({"efsVolumeConfiguration": {}})),
                efs(json!({"rootDirectory": "/srv"})),
                system,
                "`fileSystemId` is missing",
            ),
            (
                at_volumes,
                volume(json!({"s3filesVolumeConfiguration": {}})),
                volume(
                    json!({"s3filesVolumeConfiguration": {"fileSystemArn": "arn:aws:s3files:x"}}),
                ),
                ".TaskDefinition.volumes[0].s3filesVolumeConfiguration",
                "`fileSystemArn` is missing",
            ),
        ],
    );
    assert_eq!(
        refusal(&config_with(&APP, at_volumes, &path("/srv"))).0,
        format!("Apps.shop{first}.host.sourcePath")
    );
}

#[test]
fn tasks_run_on_what_fargate_has() {
    let storage = |size: i64| json!({ "sizeInGiB": size });
    let size = ".TaskDefinition.ephemeralStorage.sizeInGiB";
    let platform = |member: &str, value: &str| {
        let mut platform = json!({});
        platform[member] = value.into();
        platform
    };
    let architecture = |value: &str| platform("cpuArchitecture", value);
    let system = |value: &str| platform("operatingSystemFamily", value);
    let proxy = |name: &str| json!({"type": "APPMESH", "containerName": name});
    let constraint = json!([{"type": "memberOf", "expression": "attribute:ecs.os-type == linux"}]);
    let accelerator = json!([{"deviceName": "a", "deviceType": "eia1.medium"}]);
    let none = "a task on Fargate can't have it";
    assert_limits(
        &Root("/Apps/shop/TaskDefinition", "Apps.shop"),
        &[
            ("EphemeralStorage", storage(20), storage(21), size, "21 to 200 GiB"),
            ("EphemeralStorage", storage(201), storage(200), size, "21 to 200 GiB"),
            (
                "EphemeralStorage",
                json!({}),
                Value::Null,
                ".TaskDefinition.ephemeralStorage",
                "`sizeInGiB` is missing",
            ),
            (
                "RuntimePlatform",
                architecture("AMD64"),
                architecture("ARM64"),
                ".TaskDefinition.runtimePlatform.cpuArchitecture",
                "`X86_64`",
            ),
            (
                "RuntimePlatform",
                system("linux"),
                system("LINUX"),
                ".TaskDefinition.runtimePlatform.operatingSystemFamily",
                "`LINUX`",
            ),
            ("PidMode", json!("host"), json!("task"), ".TaskDefinition.pidMode", "`task`"),
            ("IpcMode", json!("task"), json!(""), ".TaskDefinition.ipcMode", "Fargate has none"),
            (
                "ProxyConfiguration",
                proxy("envoy"),
                proxy("side"),
                ".TaskDefinition.proxyConfiguration.containerName",
                "no container `envoy`",
            ),
            (
                "ProxyConfiguration",
                json!({"type": "APPMESH"}),
                proxy("side"),
                ".TaskDefinition.proxyConfiguration",
                "`containerName` is missing",
            ),
            (
                "PlacementConstraints",
                constraint,
                json!([]),
                ".TaskDefinition.placementConstraints",
                none,
            ),
            (
                "InferenceAccelerators",
                accelerator,
                json!([]),
                ".TaskDefinition.inferenceAccelerators",
                none,
            ),
        ],
    );
}

#[test]
fn networks_of_task_sets_have_bounds() {
    let subnets =
        |count: usize| json!((0..count).map(|n| format!("subnet-{n}")).collect::<Vec<_>>());
    let groups = |count: usize| json!((0..count).map(|n| format!("sg-{n}")).collect::<Vec<_>>());
    let address = ".TaskSet.assignPublicIp";
    let registry =
        json!({"registryArn": "arn:aws:servicediscovery:us-east-1:222222222222:service/srv-1"});
    let registry_of = |member: &str, value: Value, port: Value| {
        let mut registry = registry.clone();
        registry[member] = value;
        registry["port"] = port;
        json!([registry])
    };
    let none = Value::Null;
    let named = |name: &str, port: Value| registry_of("containerName", name.into(), port);
    let registries = ".TaskSet.serviceRegistries";
    assert_limits(
        &ENVIRONMENT,
        &[
            ("Subnets", subnets(17), subnets(16), ".Subnets", "there are 17, and AWS takes 16"),
            (
                "SecurityGroups",
                groups(6),
                groups(5),
                ".SecurityGroups",
                "there are 6, and AWS takes 5",
            ),
            ("TaskSet/AssignPublicIp", json!("yes"), json!("ENABLED"), address, "`DISABLED`"),
            ("TaskSet/AssignPublicIp", json!("enabled"), json!("DISABLED"), address, "`ENABLED`"),
            (
                "TaskSet/ServiceRegistries",
                json!([registry, registry]),
                json!([registry]),
                registries,
                "one service registry at most",
            ),
            (
                "TaskSet/ServiceRegistries",
                named("shop", json!(80)),
                named("shop", none.clone()),
                ".TaskSet.serviceRegistries[0].port",
                "not both",
            ),
            (
                "TaskSet/ServiceRegistries",
                named("shopp", none.clone()),
                registry_of("containerPort", none, json!(80)),
                ".TaskSet.serviceRegistries[0].containerName",
                "no container `shopp`",
            ),
        ],
    );
}

#[test]
fn strategies_of_capacity_providers_have_bounds() {
    let strategy = |first: (i64, i64), second: (i64, i64)| {
        json!([
            {"capacityProvider": "FARGATE", "base": first.0, "weight": first.1},
            {"capacityProvider": "FARGATE_SPOT", "base": second.0, "weight": second.1},
        ])
    };
    let one = |provider: Value| json!([{ "capacityProvider": provider }]);
    let first_base = ".TaskSet.capacityProviderStrategy[0].base";
    let first_weight = ".TaskSet.capacityProviderStrategy[0].weight";
    let at = "TaskSet/CapacityProviderStrategy";
    assert_limits(
        &ENVIRONMENT,
        &[
            (
                at,
                strategy((0, 1001), (0, 0)),
                strategy((0, 1000), (0, 0)),
                first_weight,
                "0 to 1000",
            ),
            (at, strategy((0, -1), (0, 1)), strategy((0, 0), (0, 1)), first_weight, "0 to 1000"),
            (
                at,
                strategy((100_001, 1), (0, 0)),
                strategy((100_000, 1), (0, 0)),
                first_base,
                "0 to 100000",
            ),
            (
                at,
                strategy((1, 1), (1, 1)),
                strategy((0, 1), (1, 1)),
                ".TaskSet.capacityProviderStrategy[1].base",
                "only one can",
            ),
            (
                at,
                strategy((1, 0), (0, 0)),
                strategy((1, 0), (0, 1)),
                ".TaskSet.capacityProviderStrategy",
                "a `weight` above 0",
            ),
            (
                at,
                one(json!("")),
                one(json!("our-own")),
                ".TaskSet.capacityProviderStrategy[0]",
                "`capacityProvider` is missing",
            ),
        ],
    );
}
