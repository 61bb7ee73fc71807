use serde_json::json;

use super::bench::{Bench, merged};

#[test]
fn an_external_service_needs_no_task_definition() {
    let mut bench = Bench::new();
    let service = bench.service("shop");
    assert_eq!(service["serviceArn"], "arn:aws:ecs:us-east-1:111111111111:service/main/shop");
    assert_eq!(service["deploymentController"], json!({"type": "EXTERNAL"}));
    assert_eq!([&service["status"], &service["schedulingStrategy"]], ["ACTIVE", "REPLICA"]);
    assert_eq!([&service["desiredCount"], &service["runningCount"]], [2, 0]);
    assert_eq!(service["taskSets"], json!([]));
}

#[test]
fn what_is_missing_is_a_failure_of_the_answer_not_of_the_call() {
    let mut bench = Bench::new();
    let answer =
        bench.ok("DescribeServices", json!({"cluster": "main", "services": ["shop", "none"]}));
    assert_eq!(answer["services"].as_array().unwrap().len(), 1);
    assert_eq!(
        answer["failures"],
        json!([{"arn": "arn:aws:ecs:us-east-1:111111111111:service/main/none", "reason": "MISSING"}])
    );
    let answer = bench.ok("DescribeClusters", json!({"clusters": ["main", "none"]}));
    assert_eq!(answer["clusters"][0]["clusterName"], "main");
    assert_eq!(answer["failures"][0]["reason"], "MISSING");
}

#[test]
fn a_service_is_found_by_arn_and_only_in_its_cluster() {
    let mut bench = Bench::new();
    let arn = bench.service("shop")["serviceArn"].clone();
    assert_eq!(bench.service(arn.as_str().unwrap())["serviceName"], "shop");
    bench.ok("CreateCluster", json!({"clusterName": "other"}));
    let answer = bench.ok("DescribeServices", json!({"cluster": "other", "services": [arn]}));
    assert_eq!(answer["failures"], json!([{"arn": arn, "reason": "MISSING"}]));
}

#[test]
fn a_name_is_taken_until_its_service_is_inactive() {
    let mut bench = Bench::new();
    let input = json!({"cluster": "main", "serviceName": "shop",
                       "deploymentController": {"type": "EXTERNAL"}});
    assert_eq!(bench.refused("CreateService", input).0, "InvalidParameterException");
}

#[test]
fn an_external_service_takes_nothing_that_belongs_to_its_task_sets() {
    let mut bench = Bench::new();
    for member in [
        json!({"taskDefinition": "shop"}),
        json!({"launchType": "FARGATE"}),
        json!({"serviceRegistries": [{"registryArn": "arn:aws:servicediscovery:x"}]}),
    ] {
        let new = json!({"cluster": "main", "serviceName": "till",
                         "deploymentController": {"type": "EXTERNAL"}});
        let (code, _) = bench.refused("CreateService", merged(new, member.clone()));
        assert_eq!(code, "InvalidParameterException", "{member}");
    }
    let registries = json!({"cluster": "main", "service": "shop",
                            "serviceRegistries": [{"registryArn": "arn:aws:servicediscovery:x"}]});
    assert_eq!(bench.refused("UpdateService", registries).0, "InvalidParameterException");
}

#[test]
fn events_tell_what_ecs_did_the_newest_first() {
    let mut bench = Bench::prompt();
    let id = bench.create_id(json!({}));
    bench.wait(10.0);
    let service = bench.service("shop");
    let messages: Vec<&str> = service["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["message"].as_str().unwrap())
        .collect();
    assert_eq!(messages[0], "(service shop) has reached a steady state.");
    assert!(
        messages[1].starts_with(&format!("(service shop, taskSet {id}) has started 2 tasks: "))
    );
}

#[test]
fn lists_come_in_pages() {
    let mut bench = Bench::new();
    for n in 0..12 {
        bench.create_service(&format!("extra-{n:02}"), 0);
    }
    let first = bench.ok("ListServices", json!({"cluster": "main"}));
    assert_eq!(first["serviceArns"].as_array().unwrap().len(), 10);
    let second =
        bench.ok("ListServices", json!({"cluster": "main", "nextToken": first["nextToken"]}));
    assert_eq!(second["serviceArns"].as_array().unwrap().len(), 3);
    assert!(second.get("nextToken").is_none());
    let clusters = bench.ok("ListClusters", json!({}));
    assert_eq!(clusters["clusterArns"], json!(["arn:aws:ecs:us-east-1:111111111111:cluster/main"]));
}

#[test]
fn tags_can_be_added_listed_and_removed() {
    let mut bench = Bench::prompt();
    let set = bench.create(json!({}));
    let service = bench.service("shop");
    for arn in
        [&set["taskSetArn"], &set["taskDefinition"], &service["serviceArn"], &service["clusterArn"]]
    {
        let tags = json!([{"key": "team", "value": "shop"}, {"key": "tier", "value": "1"}]);
        bench.ok("TagResource", json!({"resourceArn": arn, "tags": tags}));
        bench.ok("UntagResource", json!({"resourceArn": arn, "tagKeys": ["tier"]}));
        let listed = bench.ok("ListTagsForResource", json!({"resourceArn": arn}));
        assert_eq!(listed["tags"], json!([{"key": "team", "value": "shop"}]));
    }
    let nowhere = json!({"resourceArn": "arn:aws:ecs:us-east-1:111111111111:cluster/none"});
    assert_eq!(bench.refused("ListTagsForResource", nowhere).0, "InvalidParameterException");
}

#[test]
fn accounts_and_regions_are_worlds_apart() {
    let mut bench = Bench::new();
    bench.region = "eu-west-1";
    let input = json!({"cluster": "main", "services": ["shop"]});
    assert_eq!(bench.refused("DescribeServices", input).0, "ClusterNotFoundException");
}

#[test]
fn what_external_services_lack_is_refused() {
    let mut bench = Bench::new();
    let connect = json!({"enabled": true});
    let breaker = json!({"deploymentCircuitBreaker": {"enable": true, "rollback": true}});
    let alarms = json!({"alarms": {"alarmNames": ["a"], "enable": true, "rollback": true}});
    for member in [
        json!({"schedulingStrategy": "DAEMON"}),
        json!({"serviceConnectConfiguration": connect}),
        json!({"deploymentConfiguration": breaker}),
        json!({"deploymentConfiguration": alarms}),
    ] {
        let new = json!({"cluster": "main", "serviceName": "till",
                         "deploymentController": {"type": "EXTERNAL"}});
        let (code, _) = bench.refused("CreateService", merged(new, member.clone()));
        assert_eq!(code, "InvalidParameterException", "{member}");
    }
}

#[test]
fn the_last_hundred_events_are_kept() {
    let mut bench = Bench::prompt();
    bench.create(json!({}));
    for round in 0..60 {
        let desired = json!({"cluster": "main", "service": "shop", "desiredCount": round % 2});
        bench.ok("UpdateService", desired);
        bench.wait(10.0);
    }
    let service = bench.service("shop");
    let events = service["events"].as_array().unwrap();
    assert_eq!(events.len(), 100);
    let newest = events[0]["createdAt"].as_f64().unwrap();
    assert!(newest > bench.now.0.as_secs_f64() - 10.0);
}
