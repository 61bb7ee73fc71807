use serde_json::{Value, json};

use super::{elsewhere, of, refused, side, taken, task, web};

fn with(volumes: Value, container: Value) -> Value {
    task(json!({"volumes": volumes, "containerDefinitions": [web(container), side(json!({}))]}))
}

#[test]
fn a_mount_is_of_a_volume_of_the_task() {
    let mount = |name: &str| {
        let mounts = json!({"mountPoints": [{"sourceVolume": name, "containerPath": "/data"}]});
        with(json!([{"name": "data"}]), mounts)
    };
    assert_eq!(refused(mount("date")), "Unknown volume 'date'.");
    taken(mount("data"));
}

#[test]
fn volumes_come_from_a_container_of_the_task() {
    let from = |name: &str| with(json!([]), json!({"volumesFrom": [{"sourceContainer": name}]}));
    assert_eq!(refused(from("nobody")), "Unknown container 'nobody'.");
    taken(from("side"));
}

#[test]
fn a_volume_has_a_name_of_its_own_and_one_kind() {
    let volumes = |volumes: Value| with(volumes, json!({}));
    assert!(refused(volumes(json!([{"name": "a"}, {"name": "a"}]))).contains("duplicate"));
    assert!(refused(volumes(json!([{"name": "a b"}]))).starts_with("Volume name is invalid"));
    let later = volumes(json!([{"configuredAtLaunch": true}]));
    assert!(refused(later).starts_with("Volume name is invalid"));
    let efs = json!({"fileSystemId": "fs-1"});
    let two = json!([{"name": "a", "host": {"sourcePath": "/"}, "efsVolumeConfiguration": efs}]);
    assert!(refused(volumes(two)).contains("only one configuration"));
    taken(volumes(
        json!([{"name": "a", "host": {}, "efsVolumeConfiguration": efs}, {"name": "b"}]),
    ));
}

#[test]
fn an_access_point_of_efs_needs_encryption_and_the_root() {
    let efs = |change: Value| {
        let base = json!({
            "fileSystemId": "fs-1", "transitEncryption": "ENABLED",
            "authorizationConfig": {"accessPointId": "fsap-1", "iam": "ENABLED"},
        });
        let volume = super::merged(base, change);
        with(json!([{"name": "a", "efsVolumeConfiguration": volume}]), json!({}))
    };
    assert!(refused(efs(json!({"transitEncryption": null}))).contains("transit encryption"));
    assert!(refused(efs(json!({"rootDirectory": "/data"}))).contains("root directory"));
    assert!(refused(efs(json!({"fileSystemId": null}))).contains("'fileSystemId'"));
    assert!(refused(efs(json!({"transitEncryption": "YES"}))).contains("'YES'"));
    taken(efs(json!({"rootDirectory": "/"})));
}

#[test]
fn fargate_has_no_volumes_of_a_host() {
    let host = json!([{"name": "a", "host": {"sourcePath": "/var"}}]);
    let docker = json!([{"name": "a", "dockerVolumeConfiguration": {"scope": "task"}}]);
    for (volumes, what) in [(host, "sourcePath"), (docker, "dockerVolumeConfiguration")] {
        assert_eq!(
            refused(with(volumes.clone(), json!({}))),
            format!("Fargate compatible task definitions do not support {what}")
        );
        taken(elsewhere(super::merged(of(&[web(json!({}))]), json!({"volumes": volumes}))));
    }
}
