use serde_json::{Value, json};

use super::{elsewhere, of, one, one_elsewhere, refused, side, taken, task, web};

fn ports(mappings: Value) -> Value {
    one(json!({"portMappings": mappings}))
}

#[test]
fn a_port_is_from_1_to_65535() {
    for port in [json!(0), json!(65_536), json!(-1), json!(null)] {
        assert_eq!(
            refused(ports(json!([{"containerPort": port}]))),
            "Invalid 'containerPort' setting for container 'web'."
        );
    }
    taken(ports(json!([{"containerPort": 1}, {"containerPort": 65_535}])));
}

#[test]
fn a_host_port_is_a_port_or_0() {
    let host = |port: u32| {
        one_elsewhere(json!({"portMappings": [{"containerPort": 80, "hostPort": port}]}))
    };
    assert_eq!(refused(host(65_536)), "Invalid 'hostPort' setting for container 'web'.");
    taken(host(0));
    taken(host(8080));
}

#[test]
fn a_mapping_is_of_a_port_or_of_a_range() {
    let range = |change: Value| super::merged(json!({"containerPortRange": "100-200"}), change);
    assert!(refused(ports(json!([range(json!({"containerPort": 100}))]))).contains("cannot both"));
    for bad in ["200-100", "0-9", "7", "1-65536", "a-b"] {
        let message = refused(ports(json!([range(json!({"containerPortRange": bad}))])));
        assert_eq!(message, "Invalid 'containerPortRange' setting for container 'web'.", "{bad}");
    }
    let message = refused(ports(json!([range(json!({"hostPort": 100}))])));
    assert_eq!(message, "Invalid 'hostPort' setting for container 'web'.");
    taken(ports(json!([range(json!({}))])));
    let host = web(json!({"portMappings": [range(json!({}))]}));
    let host = elsewhere(json!({"networkMode": "host", "containerDefinitions": [host]}));
    assert!(refused(host).contains("networkMode=host"));
}

#[test]
fn the_host_port_is_the_containers_own_where_the_interface_is() {
    for mode in ["awsvpc", "host"] {
        let moved = |port: u16| {
            elsewhere(json!({"networkMode": mode, "containerDefinitions": [
                web(json!({"portMappings": [{"containerPort": 80, "hostPort": port}]}))
            ]}))
        };
        assert_eq!(
            refused(moved(8080)),
            format!(
                "When networkMode={mode}, the host ports and container ports in port mappings must \
                 match."
            )
        );
        taken(moved(80));
        taken(moved(0));
    }
}

#[test]
fn a_port_is_mapped_once_in_a_task_with_one_interface() {
    let both = |other: Value| {
        task(of(&[
            web(json!({"portMappings": [{"containerPort": 53}]})),
            side(json!({"portMappings": [other]})),
        ]))
    };
    assert!(refused(both(json!({"containerPort": 53}))).contains("port 53/tcp"));
    assert!(refused(both(json!({"containerPort": 53, "protocol": "tcp"}))).contains("port 53/tcp"));
    taken(both(json!({"containerPort": 53, "protocol": "udp"})));
    taken(both(json!({"containerPort": 54})));
    let bridged = [
        web(json!({"portMappings": [{"containerPort": 80}]})),
        side(json!({"portMappings": [{"containerPort": 80}]})),
    ];
    taken(elsewhere(of(&bridged)));
}

#[test]
fn names_of_mappings_are_unique_and_plain() {
    let named = |first: &str, second: &str| {
        ports(json!([{"containerPort": 1, "name": first}, {"containerPort": 2, "name": second}]))
    };
    assert!(refused(named("http", "http")).contains("must be unique"));
    for bad in ["Http", "-http", "http.1", &"h".repeat(65)] {
        assert!(refused(named(bad, "b")).starts_with("Invalid port mapping name"), "{bad}");
    }
    taken(named("http_1", "http-2"));
}

#[test]
fn a_task_without_a_network_has_no_ports() {
    let without = |mappings: Value| {
        elsewhere(json!({"networkMode": "none", "containerDefinitions": [
            web(json!({"portMappings": mappings}))
        ]}))
    };
    assert!(refused(without(json!([{"containerPort": 80}]))).contains("networkMode=none"));
    taken(without(json!([])));
}

#[test]
fn links_need_a_bridge() {
    let links = json!({"links": ["side:db"]});
    for mode in ["awsvpc", "host", "none"] {
        let input = json!({"networkMode": mode, "containerDefinitions": [web(links.clone())]});
        assert_eq!(
            refused(elsewhere(input)),
            format!("Links are not supported when networkMode={mode}.")
        );
    }
    taken(elsewhere(of(&[web(links), side(json!({}))])));
}

#[test]
fn an_interface_of_its_own_leaves_no_host_to_configure() {
    for (member, value, words) in [
        ("hostname", json!("web"), "hostname is"),
        ("extraHosts", json!([{"hostname": "db", "ipAddress": "10.0.0.1"}]), "Extra hosts are"),
        ("dnsServers", json!(["10.0.0.2"]), "DNS servers are"),
        ("dnsSearchDomains", json!(["internal"]), "DNS search domains are"),
        ("disableNetworking", json!(true), "disableNetworking is"),
    ] {
        assert_eq!(
            refused(one(json!({member: value}))),
            format!("{words} not supported on container when networkMode=awsvpc.")
        );
        taken(one_elsewhere(json!({member: value})));
    }
    taken(one(json!({"disableNetworking": false, "dnsServers": [], "hostname": null})));
}

#[test]
fn a_kernel_parameter_is_of_a_namespace_of_the_task() {
    let of_task = |mode: &str, namespace: &str, ipc: Value| {
        elsewhere(json!({"networkMode": mode, "ipcMode": ipc, "containerDefinitions": [
            web(json!({"systemControls": [{"namespace": namespace, "value": "1"}]}))
        ]}))
    };
    let none = json!(null);
    assert!(
        refused(of_task("bridge", "vm.swappiness", none.clone())).contains("Invalid namespace")
    );
    assert!(
        refused(of_task("host", "net.core.somaxconn", none.clone())).contains("networkMode=host")
    );
    assert!(refused(of_task("bridge", "kernel.sem", json!("host"))).contains("ipcMode=host"));
    taken(of_task("bridge", "net.core.somaxconn", none.clone()));
    taken(of_task("host", "kernel.sem", none));
    taken(one(json!({"systemControls": [{"namespace": "net.core.somaxconn", "value": "1"}]})));
}
