use serde_json::{Value, json};

use super::{elsewhere, one, one_elsewhere, refused, taken, task, web};

#[test]
fn a_container_on_fargate_has_no_part_of_a_host() {
    for (container, what) in [
        (json!({"privileged": true}), "privileged"),
        (json!({"dockerSecurityOptions": ["no-new-privileges"]}), "dockerSecurityOptions"),
        (json!({"linuxParameters": {"devices": [{"hostPath": "/dev/kvm"}]}}), "devices"),
        (json!({"linuxParameters": {"sharedMemorySize": 64}}), "sharedMemorySize"),
        (json!({"linuxParameters": {"maxSwap": 64}}), "maxSwap"),
        (json!({"linuxParameters": {"swappiness": 60}}), "swappiness"),
        (
            json!({"linuxParameters": {"capabilities": {"add": ["SYS_PTRACE", "NET_ADMIN"]}}}),
            "adding Linux capability NET_ADMIN",
        ),
        (json!({"ulimits": [{"name": "core", "softLimit": 0, "hardLimit": 0}]}), "ulimit core"),
        (
            json!({"resourceRequirements": [{"type": "GPU", "value": "1"}]}),
            "GPU resource requirements",
        ),
    ] {
        assert_eq!(
            refused(one(container.clone())),
            format!("Fargate compatible task definitions do not support {what}")
        );
        taken(one_elsewhere(container));
    }
    taken(one(json!({
        "privileged": false,
        "linuxParameters": {
            "initProcessEnabled": true,
            "capabilities": {"add": ["SYS_PTRACE"], "drop": ["ALL"]},
            "devices": [],
            "tmpfs": [{"containerPath": "/tmp", "size": 64}],
        },
        "ulimits": [{"name": "nofile", "softLimit": 1024, "hardLimit": 4096}],
    })));
}

#[test]
fn swappiness_is_from_0_to_100() {
    let swappy = |value: i64| one_elsewhere(json!({"linuxParameters": {"swappiness": value}}));
    assert!(refused(swappy(101)).contains("between 0 and 100"));
    taken(swappy(100));
}

#[test]
fn a_task_on_fargate_shares_no_namespace_of_a_host() {
    assert_eq!(
        refused(task(json!({"ipcMode": "task"}))),
        "Tasks using the Fargate launch type do not support ipcMode."
    );
    assert!(refused(task(json!({"pidMode": "host"}))).contains("pidMode host"));
    taken(task(json!({"pidMode": "task"})));
    taken(elsewhere(json!({"ipcMode": "task", "pidMode": "host"})));
}

#[test]
fn a_timeout_on_fargate_is_from_2_to_120_seconds() {
    for what in ["startTimeout", "stopTimeout"] {
        for seconds in [1, 121] {
            assert!(refused(one(json!({what: seconds}))).contains("between 2 and 120"));
            taken(one_elsewhere(json!({what: seconds})));
        }
        taken(one(json!({what: 2})));
        taken(one(json!({what: 120})));
    }
}

#[test]
fn fargate_fetches_from_ecr_and_logs_in_the_execution_role() {
    let with = |role: Value, container: Value| {
        task(json!({"executionRoleArn": role, "containerDefinitions": [web(container)]}))
    };
    let ecr = json!({"image": "111111111111.dkr.ecr.us-east-1.amazonaws.com/web:1"});
    let logs = json!({"logConfiguration": {"logDriver": "awslogs", "options": {
        "awslogs-group": "web", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "web",
    }}});
    for (container, what) in [(ecr, "ECR images"), (logs, "log driver awslogs")] {
        assert_eq!(
            refused(with(json!(null), container.clone())),
            format!(
                "Fargate requires task definition to have execution role ARN to support {what}."
            )
        );
        taken(with(json!("ecs-execution"), container));
    }
    taken(with(json!(null), json!({"image": "public.ecr.aws/nginx/nginx:1"})));
}
