use serde_json::{Value, json};

use super::{of, one, one_elsewhere, refused, side, taken, task, web};

fn awslogs(options: Value) -> Value {
    json!({"logConfiguration": {"logDriver": "awslogs", "options": options}})
}

#[test]
fn awslogs_needs_a_group_and_a_region() {
    for (options, missing) in [
        (json!({}), "awslogs-group, awslogs-region"),
        (json!({"awslogs-region": "us-east-1"}), "awslogs-group"),
        (json!({"awslogs-group": "web"}), "awslogs-region"),
    ] {
        assert_eq!(
            refused(one_elsewhere(awslogs(options))),
            format!("Log driver awslogs requires options: {missing}.")
        );
    }
    taken(one_elsewhere(awslogs(json!({"awslogs-group": "web", "awslogs-region": "us-east-1"}))));
}

#[test]
fn awslogs_on_fargate_needs_a_prefix_of_streams() {
    let options = json!({"awslogs-group": "web", "awslogs-region": "us-east-1"});
    assert_eq!(
        refused(one(awslogs(options.clone()))),
        "Fargate requires log configuration options to include awslogs-stream-prefix to support log \
         driver awslogs."
    );
    taken(one(awslogs(super::merged(options, json!({"awslogs-stream-prefix": "web"})))));
}

#[test]
fn splunk_needs_an_address_and_a_token_that_may_be_a_secret() {
    let splunk = |change: Value| {
        let log = json!({"logDriver": "splunk", "options": {"splunk-url": "https://splunk"}});
        one(json!({"logConfiguration": super::merged(log, change)}))
    };
    assert_eq!(refused(splunk(json!({}))), "Log driver splunk requires options: splunk-token.");
    taken(splunk(json!({"secretOptions": [{"name": "splunk-token", "valueFrom": "/token"}]})));
}

#[test]
fn fargate_has_three_log_drivers() {
    let file = json!({"logConfiguration": {"logDriver": "json-file"}});
    assert!(refused(one(file.clone())).contains("log driver json-file"));
    taken(one_elsewhere(file));
}

#[test]
fn a_log_router_and_its_log_driver_come_together() {
    let sent = json!({"logConfiguration": {"logDriver": "awsfirelens"}});
    let router = json!({"firelensConfiguration": {"type": "fluentbit"}});
    assert_eq!(
        refused(one(sent.clone())),
        "When awsfirelens log driver is specified in log configuration, a firelens configuration \
         object must be configured in one of the containers."
    );
    assert_eq!(
        refused(one(router.clone())),
        "When a firelensConfiguration object is specified, at least one container has to be \
         configured with the awsfirelens log driver."
    );
    let second = side(super::merged(router.clone(), json!({"name": "second"})));
    let three = [web(sent.clone()), side(router.clone()), second];
    assert!(refused(task(of(&three))).contains("only one container"));
    taken(task(of(&[web(sent), side(router)])));
}
