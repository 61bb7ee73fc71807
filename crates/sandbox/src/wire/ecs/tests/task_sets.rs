use serde_json::{Value, json};

use super::bench::{Bench, GREEN, on, task_set};

#[test]
fn a_task_set_stabilizes_and_is_steady_once_its_tasks_are_healthy() {
    let mut bench = Bench::new();
    let id = bench.create_id(json!({}));
    bench.wait(0.6);
    let young = bench.task_set(&id);
    assert_eq!(young["stabilityStatus"], "STABILIZING");
    assert_eq!(
        [&young["computedDesiredCount"], &young["pendingCount"], &young["runningCount"]],
        [2, 2, 0]
    );
    bench.wait(10.0);
    let grown = bench.task_set(&id);
    assert_eq!(grown["stabilityStatus"], "STEADY_STATE");
    assert_eq!([&grown["pendingCount"], &grown["runningCount"]], [0, 2]);
    assert!(grown["stabilityStatusAt"].as_f64() > young["stabilityStatusAt"].as_f64());
}

#[test]
fn a_new_task_set_is_active_and_shows_what_it_was_made_of() {
    let mut bench = Bench::new();
    let set = bench.create(json!({"externalId": "deploy-7"}));
    let id = set["id"].as_str().unwrap();
    let number = id.strip_prefix("ecs-svc/").unwrap();
    assert_eq!(number.len(), 19);
    assert_eq!(
        set["taskSetArn"],
        format!("arn:aws:ecs:us-east-1:111111111111:task-set/main/shop/{id}")
    );
    assert_eq!([&set["status"], &set["externalId"]], ["ACTIVE", "deploy-7"]);
    assert_eq!(set["taskDefinition"], "arn:aws:ecs:us-east-1:111111111111:task-definition/shop:1");
    assert_eq!(set["scale"], json!({"value": 100.0, "unit": "PERCENT"}));
    assert_eq!(set["loadBalancers"][0]["targetGroupArn"], GREEN);
    assert!(set.get("clientToken").is_none());
}

#[test]
fn answers_lag_behind_a_create_and_a_delete() {
    let mut bench = Bench::new();
    let id = bench.create_id(json!({"scale": {"value": 0.0, "unit": "PERCENT"}}));
    assert_eq!(bench.task_set(&id), Value::Null);
    assert_eq!(bench.service("shop")["taskSets"], json!([]));
    bench.wait(0.6);
    assert_eq!(bench.task_set(&id)["status"], "ACTIVE");
    assert_eq!(bench.service("shop")["taskSets"][0]["id"], *id);
    let deleted = bench.ok("DeleteTaskSet", on(&id, json!({})));
    assert_eq!(deleted["taskSet"]["status"], "DRAINING");
    assert_eq!(bench.task_set(&id)["status"], "ACTIVE");
    bench.wait(0.6);
    assert_eq!(bench.task_set(&id), Value::Null);
}

#[test]
fn tags_are_shown_only_when_asked_for() {
    let mut bench = Bench::prompt();
    let tags = json!([{"key": "sha", "value": "abc"}]);
    let id = bench.create_id(json!({"tags": tags}));
    assert_eq!(bench.task_set(&id)["tags"], tags);
    let bare = bench.ok("DescribeTaskSets", on(&id, json!({})));
    assert!(bare["taskSets"][0].get("tags").is_none());
}

#[test]
fn a_client_token_answers_with_the_task_set_of_the_first_call() {
    let mut bench = Bench::new();
    let token = json!({"clientToken": "0b7c2f5e-7a3d-4a2b-9d53-6c1b1f0e8a11"});
    let first = bench.create(token.clone());
    bench.wait(3.0);
    assert_eq!(bench.create(token.clone())["id"], first["id"]);
    assert_eq!(bench.service("shop")["taskSets"].as_array().unwrap().len(), 1);
    let other = json!({"clientToken": token["clientToken"], "externalId": "other"});
    assert_eq!(bench.refused("CreateTaskSet", task_set(other)).0, "InvalidParameterException");
    for bad in ["x".repeat(37), "jeton-été".to_owned()] {
        let input = task_set(json!({"clientToken": bad}));
        assert_eq!(bench.refused("CreateTaskSet", input).0, "InvalidParameterException");
    }
}

#[test]
fn a_client_token_answers_even_when_no_more_task_set_fits() {
    let mut bench = Bench::prompt();
    let first = bench.create(json!({"clientToken": "a"}));
    for _ in 0..4 {
        bench.create(json!({}));
    }
    assert_eq!(bench.create(json!({"clientToken": "a"}))["id"], first["id"]);
}

#[test]
fn external_ids_need_not_be_unique() {
    let mut bench = Bench::prompt();
    let ids = [(); 2].map(|()| bench.create_id(json!({"externalId": "same"})));
    assert_ne!(ids[0], ids[1]);
}

#[test]
fn a_scale_is_rounded_up_and_followed() {
    let mut bench = Bench::prompt();
    bench.ok("UpdateService", json!({"cluster": "main", "service": "shop", "desiredCount": 3}));
    let id = bench.create_id(json!({"scale": {"value": 50.0, "unit": "PERCENT"}}));
    assert_eq!(bench.task_set(&id)["computedDesiredCount"], 2);
    bench.wait(10.0);
    assert_eq!(bench.task_set(&id)["runningCount"], 2);
    bench.ok("UpdateTaskSet", on(&id, json!({"scale": {"value": 100.0, "unit": "PERCENT"}})));
    assert_eq!(bench.task_set(&id)["stabilityStatus"], "STABILIZING");
    bench.wait(10.0);
    let set = bench.task_set(&id);
    assert_eq!(
        [&set["runningCount"], &set["stabilityStatus"]],
        [&json!(3), &json!("STEADY_STATE")]
    );
}

#[test]
fn every_task_set_follows_the_desired_count() {
    let mut bench = Bench::prompt();
    let ids = [(); 2].map(|()| bench.create_id(json!({})));
    bench.wait(10.0);
    bench.ok("UpdateService", json!({"cluster": "main", "service": "shop", "desiredCount": 4}));
    for id in &ids {
        let set = bench.task_set(id);
        assert_eq!(set["computedDesiredCount"], 4);
        assert_eq!(set["stabilityStatus"], "STABILIZING");
    }
    bench.wait(10.0);
    assert_eq!(bench.service("shop")["runningCount"], 8);
}

#[test]
fn primary_is_handed_over_and_the_service_follows() {
    let mut bench = Bench::prompt();
    bench.ok("RegisterTaskDefinition", super::bench::task_definition("web:2"));
    let old = bench.create_id(json!({}));
    let new = bench.create(json!({"taskDefinition": "shop:2", "platformVersion": "1.4.0"}));
    assert!(bench.service("shop").get("taskDefinition").is_none());
    bench.ok("UpdateServicePrimaryTaskSet", on(&old, json!({})));
    let arn = new["taskSetArn"].as_str().unwrap();
    let answer = bench.ok("UpdateServicePrimaryTaskSet", on(arn, json!({})));
    assert_eq!(answer["taskSet"]["status"], "PRIMARY");
    assert_eq!(bench.task_set(&old)["status"], "ACTIVE");
    let service = bench.service("shop");
    assert_eq!(service["taskDefinition"], new["taskDefinition"]);
    assert_eq!(service["platformVersion"], "1.4.0");
    assert_eq!(service["loadBalancers"], new["loadBalancers"]);
}

#[test]
fn a_deleted_task_set_drains_until_its_tasks_and_targets_are_gone() {
    let mut bench = Bench::prompt();
    let id = bench.create_id(json!({}));
    bench.wait(10.0);
    let (code, _) = bench.refused("DeleteTaskSet", on(&id, json!({})));
    assert_eq!(code, "InvalidParameterException");
    bench.ok("DeleteTaskSet", on(&id, json!({"force": true})));
    bench.wait(4.0);
    let set = bench.task_set(&id);
    assert_eq!(
        [&set["status"], &set["computedDesiredCount"], &set["runningCount"]],
        [&json!("DRAINING"), &json!(0), &json!(0)]
    );
    bench.wait(2.0);
    assert_eq!(bench.task_set(&id), Value::Null);
    assert_eq!(bench.refused("DeleteTaskSet", on(&id, json!({}))).0, "TaskSetNotFoundException");
}

#[test]
fn a_task_set_that_runs_nothing_needs_no_force() {
    let mut bench = Bench::prompt();
    let id = bench.create_id(json!({}));
    bench.wait(10.0);
    bench.ok("UpdateTaskSet", on(&id, json!({"scale": {"value": 0.0, "unit": "PERCENT"}})));
    bench.wait(10.0);
    bench.ok("DeleteTaskSet", on(&id, json!({})));
    bench.wait(0.1);
    assert_eq!(bench.task_set(&id), Value::Null);
}

#[test]
fn primary_is_never_deleted() {
    let mut bench = Bench::prompt();
    let id = bench.create_id(json!({"scale": {"value": 0.0, "unit": "PERCENT"}}));
    bench.ok("UpdateServicePrimaryTaskSet", on(&id, json!({})));
    for force in [false, true] {
        let (code, _) = bench.refused("DeleteTaskSet", on(&id, json!({"force": force})));
        assert_eq!(code, "InvalidParameterException");
    }
    assert_eq!(bench.task_set(&id)["status"], "PRIMARY");
}

#[test]
fn a_draining_task_set_can_be_neither_scaled_nor_made_primary() {
    let mut bench = Bench::prompt();
    let id = bench.create_id(json!({}));
    bench.wait(10.0);
    bench.ok("DeleteTaskSet", on(&id, json!({"force": true})));
    let scale = json!({"scale": {"value": 50.0, "unit": "PERCENT"}});
    assert_eq!(bench.refused("UpdateTaskSet", on(&id, scale)).0, "InvalidParameterException");
    let (code, _) = bench.refused("UpdateServicePrimaryTaskSet", on(&id, json!({})));
    assert_eq!(code, "InvalidParameterException");
}

#[test]
fn an_arn_has_the_partition_of_its_region() {
    for (region, partition) in [
        ("cn-north-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
        ("us-iso-east-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"),
        ("eu-isoe-west-1", "aws-iso-e"),
        ("us-isof-south-1", "aws-iso-f"),
        ("eusc-de-east-1", "aws-eusc"),
        ("ca-west-1", "aws"),
    ] {
        let mut bench = Bench::prompt();
        bench.region = region;
        bench.ok("CreateCluster", json!({"clusterName": "main"}));
        bench.ok("RegisterTaskDefinition", super::bench::task_definition("web:1"));
        bench.create_service("shop", 1);
        let set = bench.create(json!({"loadBalancers": null}));
        let start =
            format!("arn:{partition}:ecs:{region}:111111111111:task-set/main/shop/ecs-svc/");
        assert!(set["taskSetArn"].as_str().unwrap().starts_with(&start));
    }
}
