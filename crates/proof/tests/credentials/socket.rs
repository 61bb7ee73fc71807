//! Over loopback sockets, with the SDK's own HTTP client.

use std::collections::BTreeMap;

use ecs_deploy_aws::{ConnectError, Connection, Environment, Options, Scope, connect};
use ecs_deploy_sandbox::model::{Cloud, Settings};
use ecs_deploy_sandbox::run::{self, Program, Programs, Sandbox};

use super::{Bench, PASSWORD, cloud_tamer, told, variables};

fn sandbox() -> Sandbox {
    let mut cloud = Cloud::new(Settings::default());
    cloud.cloud_tamer = Some(cloud_tamer());
    let unused = Program { program: "true".into(), args: Vec::new(), env: BTreeMap::new() };
    let options = run::Options::new(Programs::new(unused));
    Sandbox::start(cloud, options).expect("a loopback socket")
}

async fn connected(
    config: &Scope,
    service: &Scope,
    at: &str,
    password: &str,
) -> Result<Connection, ConnectError> {
    let mut options = Options::default();
    options.environment = Environment::given(variables(&format!("{at}/api/"), password));
    options.endpoint = Some(at.to_owned());
    connect(&options, config, service).await
}

#[tokio::test]
async fn cloud_tamer_is_asked_and_its_keys_are_used() {
    let (bench, sandbox) = (Bench::new(), sandbox());
    let at = format!("http://{}", sandbox.endpoint());
    let (config, service) = bench.scopes();
    // As an embedder may do: on another thread.
    let task = tokio::spawn(async move {
        let connection = connected(&config, &service, &at, PASSWORD).await.unwrap();
        let identity = &connection.cloud.identity;
        connection.during(async { identity.deploy_account().await.unwrap() }).await
    });
    assert_eq!(task.await.unwrap(), bench.shop.account);
    sandbox.shutdown().await;
}

#[tokio::test]
async fn a_wrong_password_is_told() {
    let (bench, sandbox) = (Bench::new(), sandbox());
    let at = format!("http://{}", sandbox.endpoint());
    let (config, service) = bench.scopes();
    let error = connected(&config, &service, &at, "other").await.unwrap_err();
    assert!(told(&error).contains("refuses the password of `ann`"), "{}", told(&error));
    sandbox.shutdown().await;
}
