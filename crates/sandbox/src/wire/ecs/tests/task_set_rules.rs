//! What `CreateTaskSet` takes and what it refuses: each rule with an input of either kind.

use serde_json::{Value, json};

use super::bench::{Bench, merged, task_definition, task_set};

/// The message of the refusal.
fn refused(change: Value) -> String {
    let (code, message) = Bench::new().refused("CreateTaskSet", task_set(change));
    assert_eq!(code, "InvalidParameterException", "{message}");
    message
}

fn taken(change: Value) {
    Bench::new().create(change);
}

fn providers(strategy: Value) -> Value {
    json!({"launchType": null, "capacityProviderStrategy": strategy})
}

fn network(change: Value) -> Value {
    let network = merged(json!({"subnets": ["subnet-1"]}), change);
    json!({"networkConfiguration": {"awsvpcConfiguration": network}})
}

#[test]
fn a_platform_version_is_one_of_fargates() {
    let version = |launch_type: &str, version: &str| json!({"launchType": launch_type, "platformVersion": version});
    let mut bench = Bench::new();
    let (code, _) = bench.refused("CreateTaskSet", task_set(version("FARGATE", "2.0.0")));
    assert_eq!(code, "PlatformUnknownException");
    assert_eq!(
        refused(version("EC2", "1.4.0")),
        "The platform version must be null when specifying an EC2 launch type."
    );
    taken(version("FARGATE", "1.4.0"));
    taken(version("FARGATE", "LATEST"));
    taken(json!({"launchType": "EC2"}));
}

#[test]
fn fargate_runs_only_what_suits_it() {
    let mut bench = Bench::new();
    let change = json!({"requiresCompatibilities": ["EC2"], "cpu": null});
    bench.ok("RegisterTaskDefinition", merged(task_definition("web:2"), change));
    let (code, message) =
        bench.refused("CreateTaskSet", task_set(json!({"taskDefinition": "shop:2"})));
    assert_eq!(code, "InvalidParameterException", "{message}");
    assert_eq!(message, "Task definition does not support launch_type FARGATE.");
    bench.create(json!({"taskDefinition": "shop:2", "launchType": "EC2"}));
}

#[test]
fn a_strategy_has_20_capacity_providers_each_once() {
    let many = |count: usize| {
        let one = |number| json!({"capacityProvider": format!("own-{number}"), "weight": 1});
        providers((0..count).map(one).collect())
    };
    assert!(refused(many(21)).contains("at most 20"));
    taken(many(20));
    let one = json!({"capacityProvider": "own", "weight": 1});
    assert!(refused(providers(json!([one, one]))).contains("only once"));
}

#[test]
fn weights_and_bases_keep_their_bounds() {
    let one = |weight: u32, base: u32| {
        providers(json!([{"capacityProvider": "FARGATE", "weight": weight, "base": base}]))
    };
    for bad in [one(1001, 0), one(1, 100_001)] {
        assert!(refused(bad).contains("a weight from 0 to 1000 and a base from 0 to 100000"));
    }
    taken(one(1000, 100_000));
}

#[test]
fn one_capacity_provider_has_a_base_and_one_a_weight() {
    let two = |base: u32, weight: u32| {
        providers(json!([
            {"capacityProvider": "FARGATE", "base": 1},
            {"capacityProvider": "FARGATE_SPOT", "base": base, "weight": weight},
        ]))
    };
    assert!(refused(two(1, 1)).starts_with("Only one capacity provider"));
    assert!(refused(two(0, 0)).contains("a weight value greater than zero"));
    taken(two(0, 1));
}

#[test]
fn a_strategy_is_of_fargate_or_of_instances() {
    let with = |name: &str| {
        providers(json!([
            {"capacityProvider": "FARGATE", "weight": 1}, {"capacityProvider": name, "weight": 1},
        ]))
    };
    assert!(refused(with("own")).contains("mix of capacity providers"));
    taken(with("FARGATE_SPOT"));
}

#[test]
fn a_network_has_subnets_and_security_groups_within_limits() {
    let names = |kind: &str, count: usize| -> Value {
        (0..count).map(|number| format!("{kind}-{number}")).collect()
    };
    let subnets = |count| network(json!({"subnets": names("subnet", count)}));
    let groups = |count| network(json!({"securityGroups": names("sg", count)}));
    assert_eq!(refused(subnets(0)), "subnets can not be empty.");
    assert_eq!(refused(subnets(17)), "subnets can have at most 16 items.");
    taken(subnets(16));
    assert_eq!(refused(groups(6)), "security groups can have at most 5 items.");
    taken(groups(5));
}

#[test]
fn a_public_address_is_for_fargate() {
    let public = |launch_type: &str, word: &str| {
        merged(network(json!({"assignPublicIp": word})), json!({"launchType": launch_type}))
    };
    assert_eq!(
        refused(public("EC2", "ENABLED")),
        "Assign public IP is not supported for this launch type."
    );
    refused(public("FARGATE", "MAYBE"));
    taken(public("EC2", "DISABLED"));
    taken(public("FARGATE", "ENABLED"));
}

#[test]
fn a_service_registry_names_a_port_or_a_port_of_a_container() {
    let registry = |change: Value| {
        let arn = "arn:aws:servicediscovery:us-east-1:111111111111:service/srv-1";
        json!({"serviceRegistries": [merged(json!({"registryArn": arn}), change)]})
    };
    for (bad, part) in [
        (json!({"registryArn": null}), "registryArn"),
        (json!({"port": 8080, "containerName": "web", "containerPort": 8080}), "not both"),
        (json!({"containerName": "web"}), "or neither"),
        (json!({"containerPort": 8080}), "or neither"),
        (
            json!({"containerName": "api", "containerPort": 8080}),
            "The container api does not exist",
        ),
        (json!({"containerName": "web", "containerPort": 80}), "container port 80"),
    ] {
        let message = refused(registry(bad));
        assert!(message.contains(part), "{message}");
    }
    for good in
        [json!({}), json!({"port": 8080}), json!({"containerName": "web", "containerPort": 8080})]
    {
        taken(registry(good));
    }
    let one = registry(json!({}))["serviceRegistries"][0].clone();
    let two = json!({"serviceRegistries": [one, one]});
    assert_eq!(refused(two), "service registries can have at most 1 items.");
}

#[test]
fn a_registry_of_a_task_on_a_bridge_names_a_container() {
    let mut bench = Bench::new();
    let bridge = json!({"requiresCompatibilities": null, "networkMode": "bridge"});
    bench.ok("RegisterTaskDefinition", merged(task_definition("web:2"), bridge));
    let with = |registry: Value| {
        json!({"launchType": "EC2", "networkConfiguration": null, "loadBalancers": [],
               "taskDefinition": "shop:2", "serviceRegistries": [registry]})
    };
    let (code, message) =
        bench.refused("CreateTaskSet", task_set(with(json!({"registryArn": "a", "port": 1}))));
    assert_eq!(code, "InvalidParameterException");
    assert!(message.contains("not 'awsvpc'"), "{message}");
    bench.create(with(json!({"registryArn": "a", "containerName": "web", "containerPort": 8080})));
}
