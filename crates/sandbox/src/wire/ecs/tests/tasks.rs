use std::collections::BTreeSet;

use serde_json::json;

use super::bench::{Bench, GREEN, on};
use crate::model::elb::Target;

#[test]
fn a_task_tells_its_task_set_its_service_and_its_address() {
    let mut bench = Bench::prompt();
    let id = bench.create_id(json!({}));
    bench.wait(10.0);
    let tasks = bench.tasks("RUNNING");
    assert_eq!(tasks.len(), 2);
    let mut addresses = BTreeSet::new();
    for task in &tasks {
        assert_eq!([&task["startedBy"], &task["group"]], [&*id, "service:shop"]);
        assert_eq!([&task["lastStatus"], &task["desiredStatus"]], ["RUNNING", "RUNNING"]);
        let details = task["attachments"][0]["details"].as_array().unwrap();
        let address = details.iter().find(|it| it["name"] == "privateIPv4Address").unwrap();
        let interface = &task["containers"][0]["networkInterfaces"][0];
        assert_eq!(address["value"], interface["privateIpv4Address"]);
        addresses.insert(address["value"].as_str().unwrap().to_owned());
    }
    assert_eq!(addresses.len(), 2);
}

#[test]
fn a_task_goes_through_the_statuses_of_its_life() {
    let mut bench = Bench::prompt();
    let mut seen = Vec::new();
    let mut note = |bench: &mut Bench| {
        let all = [bench.tasks("RUNNING"), bench.tasks("STOPPED")].concat();
        let status = all[0]["lastStatus"].as_str().unwrap().to_owned();
        if seen.last() != Some(&status) {
            seen.push(status);
        }
    };
    let id = bench.create_id(json!({"scale": {"value": 50.0, "unit": "PERCENT"}}));
    bench.wait(0.0);
    for step in 0..400 {
        note(&mut bench);
        if step == 200 {
            bench.ok("DeleteTaskSet", on(&id, json!({"force": true})));
        }
        bench.wait(0.05);
    }
    assert_eq!(
        seen,
        [
            "PROVISIONING",
            "PENDING",
            "ACTIVATING",
            "RUNNING",
            "DEACTIVATING",
            "STOPPING",
            "DEPROVISIONING",
            "STOPPED"
        ]
    );
}

#[test]
fn a_task_is_a_target_while_it_runs_and_drains_before_it_stops() {
    let mut bench = Bench::prompt();
    let id = bench.create_id(json!({"scale": {"value": 50.0, "unit": "PERCENT"}}));
    bench.wait(10.0);
    let scope =
        crate::model::Scope { account: super::bench::ACCOUNT.into(), region: "us-east-1".into() };
    let health = |bench: &mut Bench| {
        let elb = &bench.cloud.region(&scope).elb;
        let members = elb.group(GREEN).unwrap().members();
        members
            .map(|(target, health): (&Target, _)| (target.port, health.state()))
            .collect::<Vec<_>>()
    };
    assert_eq!(health(&mut bench), [(8080, "healthy")]);
    bench.ok("UpdateTaskSet", on(&id, json!({"scale": {"value": 0.0, "unit": "PERCENT"}})));
    bench.wait(1.0);
    assert_eq!(health(&mut bench), [(8080, "draining")]);
    assert_eq!(bench.tasks("STOPPED")[0]["lastStatus"], "DEACTIVATING");
    bench.wait(6.0);
    assert_eq!(health(&mut bench), []);
    assert_eq!(bench.tasks("STOPPED")[0]["lastStatus"], "STOPPED");
}

#[test]
fn tasks_are_listed_by_one_kind_of_filter() {
    let mut bench = Bench::prompt();
    let ids = [(); 2].map(|()| bench.create_id(json!({})));
    bench.wait(10.0);
    let mut list =
        |input| bench.ask("ListTasks", input).map(|it| it["taskArns"].as_array().unwrap().len());
    assert_eq!(list(json!({"cluster": "main", "serviceName": "shop"})), Ok(4));
    assert_eq!(list(json!({"cluster": "main", "startedBy": ids[0]})), Ok(2));
    assert_eq!(list(json!({"cluster": "main", "family": "shop"})), Ok(4));
    assert_eq!(list(json!({"cluster": "main", "desiredStatus": "PENDING"})), Ok(0));
    assert_eq!(list(json!({"cluster": "main", "maxResults": 3})), Ok(3));
    let both = json!({"cluster": "main", "startedBy": ids[0], "desiredStatus": "STOPPED"});
    assert_eq!(list(both).unwrap_err().code, "InvalidParameterException");
}

#[test]
fn a_hundred_tasks_are_described_at_most() {
    let mut bench = Bench::new();
    let answer = bench.ok("DescribeTasks", json!({"cluster": "main", "tasks": ["none"]}));
    assert_eq!(answer["failures"][0]["reason"], "MISSING");
    let many = json!({"cluster": "main", "tasks": vec!["none"; 101]});
    assert_eq!(bench.refused("DescribeTasks", many).0, "InvalidParameterException");
}

#[test]
fn a_protected_task_outlives_scale_in_until_its_protection_ends() {
    let mut bench = Bench::prompt();
    let id = bench.create_id(json!({}));
    bench.wait(10.0);
    let task = bench.tasks("RUNNING")[0]["taskArn"].clone();
    let protect = |on: bool| json!({"cluster": "main", "tasks": [task], "protectionEnabled": on});
    bench.ok("UpdateTaskProtection", protect(true));
    bench.ok("UpdateTaskSet", on(&id, json!({"scale": {"value": 0.0, "unit": "PERCENT"}})));
    bench.wait(30.0);
    let running = bench.tasks("RUNNING");
    assert_eq!(running.len(), 1);
    assert_eq!(running[0]["taskArn"], task);
    let ask = json!({"cluster": "main", "tasks": [task, "none"]});
    let answer = bench.ok("GetTaskProtection", ask);
    assert_eq!(answer["protectedTasks"][0]["protectionEnabled"], true);
    assert_eq!(answer["failures"][0]["reason"], "MISSING");
    bench.ok("UpdateTaskProtection", protect(false));
    bench.wait(30.0);
    assert_eq!(bench.tasks("RUNNING").len(), 0);
}

#[test]
fn protection_lasts_two_days_at_most() {
    let mut bench = Bench::prompt();
    bench.create_id(json!({}));
    bench.wait(10.0);
    let task = bench.tasks("RUNNING")[0]["taskArn"].clone();
    let long = json!({"cluster": "main", "tasks": [task], "protectionEnabled": true,
        "expiresInMinutes": 2881});
    assert_eq!(bench.refused("UpdateTaskProtection", long).0, "InvalidParameterException");
}

#[test]
fn stopped_tasks_stay_listed_for_an_hour() {
    let mut bench = Bench::prompt();
    let id = bench.create_id(json!({}));
    bench.wait(10.0);
    bench.ok("UpdateTaskSet", on(&id, json!({"scale": {"value": 0.0, "unit": "PERCENT"}})));
    bench.wait(10.0);
    bench.wait(3500.0);
    assert_eq!(bench.tasks("STOPPED").len(), 2);
    bench.wait(120.0);
    assert_eq!(bench.tasks("STOPPED").len(), 0);
}
