//! People who deploy what a config names, with the credentials that it asks for.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use ecs_deploy::command::Commands;
use ecs_deploy::config::{Config, Target};
use ecs_deploy::event::EventSink;
use ecs_deploy::plan::{Allowances, Request, Wanted};
use ecs_deploy::{Failure, Mode, Order, Runtime, Success, deploy};
use ecs_deploy_aws::{
    ConnectError, Connection, DEFAULT_CLOUD_TAMER_ROLES, Environment, Options, Scope, connect,
};
use ecs_deploy_sandbox::model::Settings;
use ecs_deploy_sandbox::model::cloud_tamer::{AccountKind, CloudTamer};

use crate::{Line, Script, World, stage};

/// A world in which everything is built that a config names, and somebody who deploys it: with
/// CloudTamer's credentials alone, or where the config names roles with a key of another account.
pub struct Team {
    /// The world.
    pub world: World,
    /// All environments; those that another has to come before are the last.
    pub targets: Vec<Target>,
    /// The variables that the team's programs see.
    pub variables: Vec<(String, String)>,
    /// Plays the commands.
    pub commands: Arc<dyn Commands>,
    tokens: Arc<AtomicU32>,
}

impl Team {
    /// A team whose user has this password, and whose projects have the builds 1 to 3 with the SHAs
    /// `one` to `three`.
    ///
    /// # Panics
    /// If the config has an environment that can't be built.
    pub fn new(config: &Config, password: &str) -> Self {
        let world = World::new(Settings::default());
        let environments = config.environments();
        let mut targets: Vec<Target> = environments
            .map(|(app, environment)| config.target(app.as_str(), environment.as_str()))
            .collect::<Result<_, _>>()
            .expect("good environments");
        targets.sort_by_key(|target| target.requires_previous_env.is_some());
        for target in &targets {
            stage::build(&world, target);
            stock(&world, target);
        }
        world.with(|cloud, _| cloud.cloud_tamer = Some(cloud_tamer(&targets, password)));
        let variables = variables(&targets, password);
        let commands = Arc::new(Script::default());
        Self { world, targets, variables, commands, tokens: Arc::default() }
    }

    /// What the team's programs connect with.
    pub fn options(&self, line: &Line) -> Options {
        let mut options = self.world.options(line);
        options.environment = Environment::given(self.variables.clone());
        options
    }

    /// Connects as a program does.
    ///
    /// # Errors
    /// Those of the connection.
    pub async fn connect(&self, target: &Target, line: &Line) -> Result<Connection, ConnectError> {
        let (config, service) = (Scope::of_config(target), Scope::of_service(target));
        connect(&self.options(line), &config, &service).await
    }

    /// The order to deploy the build that has this SHA.
    pub fn order(&self, target: &Target, sha: &str, mode: Mode) -> Order {
        let config_sha = "1a2b3c4d".parse().expect("a config SHA");
        let wanted = Wanted::Sha(sha.to_owned());
        let request =
            Request { target: target.clone(), config_sha, wanted, allow: Allowances::default() };
        Order { mode, ..Order::new(request) }
    }

    /// What a deploy needs of the team's machine.
    pub fn runtime(&self) -> Runtime {
        self.world.runtime("ann", self.tokens.clone(), self.commands.clone())
    }

    /// Deploys as a process of its own.
    ///
    /// # Errors
    /// Those of the connection, or of the deploy.
    pub async fn deploy(
        &self,
        order: &Order,
        line: &Line,
        events: &dyn EventSink,
    ) -> Result<Result<Success, Failure>, ConnectError> {
        let connection = self.connect(&order.request.target, line).await?;
        let (runtime, stop) = (self.runtime(), line.stop());
        let deploy = deploy(order, &connection.cloud, &runtime, events, &stop);
        Ok(connection.during(deploy).await)
    }
}

/// Stores the builds of a target's project.
fn stock(world: &World, target: &Target) {
    let Some(project) = &target.artifact_project else { return };
    for (build, sha) in [(1, "one"), (2, "two"), (3, "three")] {
        let (tables, tags) = (stage::config_scope(target), [("SHA", sha)]);
        stage::put_artifact(world, &tables, project.as_str(), build, Some(&tags));
    }
}

/// A CloudTamer that grants roles in every account of the targets.
fn cloud_tamer(targets: &[Target], password: &str) -> CloudTamer {
    let scopes = |target| [stage::config_scope(target), stage::service_scope(target)];
    let accounts: BTreeSet<(String, bool)> = targets
        .iter()
        .flat_map(scopes)
        .map(|scope| (scope.account.clone(), scope.partition() == "aws-us-gov"))
        .collect();
    let roles = ["reader", "deployer", DEFAULT_CLOUD_TAMER_ROLES[0]];
    let tamer = CloudTamer::new("ann", password, 2);
    accounts.into_iter().fold(tamer, |tamer, (account, is_gov)| {
        let kind = if is_gov { AccountKind::GovCloud } else { AccountKind::Commercial };
        tamer.with_account_of(kind, &account, &roles)
    })
}

fn variables(targets: &[Target], password: &str) -> Vec<(String, String)> {
    let names_roles = targets.iter().any(|target| target.config_role.is_some());
    let variables: &[(&str, &str)] = if names_roles {
        &[("AWS_ACCESS_KEY_ID", "999999999999"), ("AWS_SECRET_ACCESS_KEY", password)]
    } else {
        &[
            ("CLOUDTAMER_BASE_URL", "http://cloudtamer.example.com/api"),
            ("CLOUDTAMER_ADMIN_GROUP_ID", "7"),
            ("CLOUDTAMER_USERNAME", "ann"),
            ("CLOUDTAMER_PASSWORD", password),
            ("CLOUDTAMER_IDMS_ID", "2"),
        ]
    };
    variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}
