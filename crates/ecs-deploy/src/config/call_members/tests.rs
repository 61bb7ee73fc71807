use serde_json::json;

use crate::config::tests::{fixtures, values};
use crate::config::{Rendered, TemplateValues, read};

fn rendered(environment: &str) -> Rendered {
    let config = read(&fixtures().join("members.json")).unwrap();
    assert_eq!(config.warnings(), []);
    let values = TemplateValues { value: "shop:\"7\"".into(), ..TemplateValues::default() };
    config.target("shop", environment).unwrap().render(&values).unwrap()
}

#[test]
fn the_apps_members_become_the_requests_with_the_apis_names_and_values_in_place() {
    let expected = json!({
        "runtimePlatform": {"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"},
        "ephemeralStorage": {"sizeInGiB": 40},
        "pidMode": "task",
        "enableFaultInjection": true,
        "proxyConfiguration": {
            "type": "APPMESH", "containerName": "envoy",
            "properties": [{"name": "AppPorts", "value": "8080"}],
        },
        "volumes": [
            {
                "name": "data-dev",
                "efsVolumeConfiguration": {
                    "fileSystemId": "fs-12345678",
                    "transitEncryption": "ENABLED",
                    "transitEncryptionPort": 2049,
                    "authorizationConfig": {"accessPointId": "fsap-222222222222", "iam": "ENABLED"},
                },
            },
            {"name": "cache-0", "host": {}},
        ],
    });
    assert_eq!(json!(rendered("dev").task_definition), expected);
}

#[test]
fn an_environments_member_takes_the_place_of_the_apps_as_a_whole() {
    let prod = rendered("prod");
    let expected =
        json!({"ephemeralStorage": {"sizeInGiB": 21}, "volumes": [{"name": "data-prod"}]});
    assert_eq!(json!(prod.task_definition), expected);
    assert_eq!(json!(prod.task_set), json!({"platformVersion": "1.3.0"}));
    assert_eq!(prod.assign_public_ip.as_deref(), Some("DISABLED"));
    let expected = json!({
        "capacityProviderStrategy": [
            {"capacityProvider": "FARGATE", "base": 1},
            {"capacityProvider": "FARGATE_SPOT", "weight": 3},
        ],
        "serviceRegistries": [{
            "registryArn": "arn:aws:servicediscovery:us-east-1:222222222222:service/srv-1",
            "containerName": "shop", "containerPort": 8080,
        }],
    });
    let dev = rendered("dev");
    assert_eq!(json!(dev.task_set), expected);
    assert_eq!(dev.assign_public_ip.as_deref(), Some("ENABLED"));
}

#[test]
fn without_them_nothing_is_added() {
    let config = read(&fixtures().join("real.json")).unwrap();
    let rendered = config.target("claims", "staging").unwrap().render(&values()).unwrap();
    assert!(rendered.task_definition.is_empty() && rendered.task_set.is_empty());
    assert_eq!(rendered.assign_public_ip, None);
}
