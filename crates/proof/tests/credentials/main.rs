//! Credentials from CloudTamer and of assumed roles: real adapters and the SDK against the sandbox.

mod cloud_tamer;
mod renewal;
mod requests;
mod role;
mod socket;

use std::error::Error;

use ecs_deploy::names::AccountId;
use ecs_deploy_aws::{
    Access, Account, ConnectError, Connection, Environment, Options, Scope, connect,
};
use ecs_deploy_proof::{Line, Shop, World};
use ecs_deploy_sandbox::model::Settings;
use ecs_deploy_sandbox::model::cloud_tamer::CloudTamer;

/// A password that is easy to find where it must not be.
const PASSWORD: &str = "hush-hush-7";

/// A world with a shop in two accounts, and a CloudTamer that knows both.
struct Bench {
    world: World,
    shop: Shop,
    variables: Vec<(String, String)>,
    /// The wanted roles.
    roles: Vec<String>,
}

impl Bench {
    fn new() -> Self {
        let world = World::new(Settings::default());
        let shop = Shop::build(&world);
        world.with(|cloud, _| cloud.cloud_tamer = Some(cloud_tamer()));
        let roles = vec!["deployer".to_owned(), "owner".to_owned()];
        let variables = variables("http://cloudtamer.example.com/api", PASSWORD);
        Self { world, shop, variables, roles }
    }

    /// Changes CloudTamer behind everybody's back.
    fn tamer(&self, change: impl FnOnce(&mut CloudTamer)) {
        self.world.with(|cloud, _| cloud.cloud_tamer.as_mut().map(change));
    }

    fn set(&mut self, name: &str, value: &str) {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    async fn connect(&self) -> Result<Connection, ConnectError> {
        self.connect_over(&Line::default()).await
    }

    async fn connect_over(&self, line: &Line) -> Result<Connection, ConnectError> {
        let (config, service) = self.scopes();
        connect(&self.options(line), &config, &service).await
    }

    fn options(&self, line: &Line) -> Options {
        let mut options = self.world.options(line);
        options.environment = Environment::given(self.variables.clone());
        options
    }

    fn scopes(&self) -> (Scope, Scope) {
        let scope = |id: &AccountId| {
            let mut scope = Scope::new(self.shop.region.clone());
            scope.access = Access::Account(Account {
                id: id.clone(),
                role: Some(format!("arn:aws:iam::{id}:role/deployer").parse().unwrap()),
                session_name: "ecs-deploy-shop-dev-test".to_owned(),
                cloud_tamer_roles: self.roles.iter().map(|role| role.parse().unwrap()).collect(),
            });
            scope
        };
        (scope(&self.shop.config_account), scope(&self.shop.account))
    }

    /// The sessions that were begun, by their ARNs.
    fn taken_on(&self) -> Vec<String> {
        self.world
            .with(|cloud, _| cloud.sts.sessions().map(|session| session.arn.clone()).collect())
    }

    /// Asks AWS whom the credentials belong to.
    async fn assert_in_both_accounts(&self, connection: &Connection) {
        let identity = &connection.cloud.identity;
        assert_eq!(identity.config_account().await.unwrap(), self.shop.config_account);
        assert_eq!(identity.deploy_account().await.unwrap(), self.shop.account);
    }
}

fn cloud_tamer() -> CloudTamer {
    CloudTamer::new("ann", PASSWORD, 2)
        .with_account("333333333333", &["owner"])
        .with_account("111111111111", &["reader", "deployer"])
        .with_account("222222222222", &["owner", "ct-gss-network-poweruser"])
}

fn variables(url: &str, password: &str) -> Vec<(String, String)> {
    let variables = [
        ("CLOUDTAMER_BASE_URL", url),
        ("CLOUDTAMER_ADMIN_GROUP_ID", "7"),
        ("CLOUDTAMER_USERNAME", "ann"),
        ("CLOUDTAMER_PASSWORD", password),
        ("CLOUDTAMER_IDMS_ID", "2"),
    ];
    variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

/// An error as the program tells it.
fn told(error: &dyn Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {}", told(source)),
        None => error.to_string(),
    }
}
