use serde_json::{Value, json};

use super::bench::{Bench, GREEN, UNUSED, merged, on, task_definition, task_set};

fn balancers(group: &str, container: &str, port: u16) -> Value {
    json!({"loadBalancers": [
        {"targetGroupArn": group, "containerName": container, "containerPort": port}
    ]})
}

#[test]
fn five_task_sets_fit_draining_ones_counted() {
    let mut bench = Bench::prompt();
    let ids = [(); 5].map(|()| bench.create_id(json!({})));
    bench.wait(10.0);
    bench.ok("DeleteTaskSet", on(&ids[0], json!({"force": true})));
    let (code, message) = bench.refused("CreateTaskSet", task_set(json!({})));
    assert_eq!(code, "InvalidParameterException");
    assert_eq!(
        message,
        "5 deployments exist on the service. Unable to create new TaskSet since this exceeds the \
         maximum limit"
    );
    bench.wait(10.0);
    bench.create(json!({}));
}

#[test]
fn a_target_group_has_to_be_in_use_by_a_rule() {
    let mut bench = Bench::new();
    let (code, message) = bench.refused("CreateTaskSet", task_set(balancers(UNUSED, "web", 8080)));
    assert_eq!(code, "InvalidParameterException");
    assert!(message.contains("does not have an associated load balancer"), "{message}");
    let unknown = GREEN.replace("green", "grey");
    let (code, _) = bench.refused("CreateTaskSet", task_set(balancers(&unknown, "web", 8080)));
    assert_eq!(code, "InvalidParameterException");
}

#[test]
fn the_target_is_a_container_of_the_task_definition() {
    let mut bench = Bench::new();
    for bad in [balancers(GREEN, "api", 8080), balancers(GREEN, "web", 80)] {
        let (code, message) = bench.refused("CreateTaskSet", task_set(bad));
        assert_eq!(code, "InvalidParameterException");
        assert!(message.starts_with("The container "), "{message}");
    }
}

#[test]
fn a_task_set_has_one_load_balancer_at_most() {
    let mut bench = Bench::new();
    let one = balancers(GREEN, "web", 8080)["loadBalancers"][0].clone();
    let two = task_set(json!({"loadBalancers": [one, one]}));
    assert_eq!(bench.refused("CreateTaskSet", two).0, "InvalidParameterException");
}

#[test]
fn a_task_set_needs_a_network_and_one_way_of_placement() {
    let mut bench = Bench::new();
    let strategy = json!([{"capacityProvider": "FARGATE_SPOT", "weight": 1}]);
    for bad in [
        json!({"networkConfiguration": null}),
        json!({"networkConfiguration": {"awsvpcConfiguration": {"subnets": []}}}),
        json!({"capacityProviderStrategy": strategy}),
        json!({"launchType": "EXTERNAL"}),
        json!({"scale": {"value": 101.0, "unit": "PERCENT"}}),
        json!({"tags": [{"key": "aws:x", "value": ""}]}),
    ] {
        let (code, _) = bench.refused("CreateTaskSet", task_set(bad.clone()));
        assert_eq!(code, "InvalidParameterException", "{bad}");
    }
    bench.create(json!({"launchType": null, "capacityProviderStrategy": strategy}));
}

#[test]
fn a_task_definition_has_to_be_there_and_active() {
    let mut bench = Bench::new();
    let of = |reference: &str| task_set(json!({"taskDefinition": reference}));
    assert_eq!(bench.refused("CreateTaskSet", of("shop:9")).0, "ClientException");
    bench.ok("DeregisterTaskDefinition", json!({"taskDefinition": "shop:1"}));
    assert_eq!(bench.refused("CreateTaskSet", of("shop:1")).0, "ClientException");
}

#[test]
fn only_an_external_service_has_task_sets() {
    let mut bench = Bench::new();
    bench.ok("CreateService", json!({"cluster": "main", "serviceName": "rolling"}));
    let (code, _) = bench.refused("CreateTaskSet", task_set(json!({"service": "rolling"})));
    assert_eq!(code, "InvalidParameterException");
}

#[test]
fn what_is_not_there_has_its_own_error() {
    let mut bench = Bench::new();
    let id = bench.create_id(json!({}));
    let scale = json!({"scale": {"value": 1.0, "unit": "PERCENT"}});
    for operation in [
        "CreateTaskSet",
        "UpdateTaskSet",
        "UpdateServicePrimaryTaskSet",
        "DeleteTaskSet",
        "DescribeTaskSets",
    ] {
        let input = merged(merged(task_set(json!({})), scale.clone()), on(&id, json!({})));
        let mut code = |change: Value| bench.refused(operation, merged(input.clone(), change)).0;
        assert_eq!(code(json!({"cluster": "none"})), "ClusterNotFoundException");
        assert_eq!(code(json!({"service": "none"})), "ServiceNotFoundException");
    }
    for operation in ["UpdateTaskSet", "UpdateServicePrimaryTaskSet", "DeleteTaskSet"] {
        let (code, _) = bench.refused(operation, on("ecs-svc/1", scale.clone()));
        assert_eq!(code, "TaskSetNotFoundException");
    }
}

#[test]
fn a_deleted_service_is_not_active_for_any_change() {
    let mut bench = Bench::prompt();
    let id = bench.create_id(json!({}));
    bench.wait(10.0);
    let service = json!({"cluster": "main", "service": "shop"});
    assert_eq!(bench.refused("DeleteService", service.clone()).0, "InvalidParameterException");
    bench.ok("DeleteService", merged(service.clone(), json!({"force": true})));
    assert_eq!(bench.service("shop")["status"], "DRAINING");
    let scale = json!({"scale": {"value": 1.0, "unit": "PERCENT"}});
    for operation in ["UpdateTaskSet", "UpdateServicePrimaryTaskSet", "DeleteTaskSet"] {
        let (code, _) = bench.refused(operation, on(&id, scale.clone()));
        assert_eq!(code, "ServiceNotActiveException");
    }
    let (code, _) = bench.refused("CreateTaskSet", task_set(json!({})));
    assert_eq!(code, "ServiceNotActiveException");
    bench.wait(10.0);
    assert_eq!(bench.service("shop")["status"], "INACTIVE");
    bench.create_service("shop", 1);
    assert_eq!(bench.service("shop")["taskSets"], json!([]));
}

#[test]
fn a_service_of_task_sets_takes_no_task_definition_of_its_own() {
    let mut bench = Bench::new();
    bench.ok("RegisterTaskDefinition", task_definition("web:2"));
    let change = json!({"cluster": "main", "service": "shop", "taskDefinition": "shop:2"});
    assert_eq!(bench.refused("UpdateService", change).0, "InvalidParameterException");
}
