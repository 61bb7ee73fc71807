//! A world in which everything is built that a config names.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

use ecs_deploy::config::{Config, Target};
use ecs_deploy::plan::{Request, Wanted};
use ecs_deploy::{CommandPolicy, Failure, Mode, Order, Success, deploy};
use ecs_deploy_aws::{DEFAULT_CLOUD_TAMER_ROLES, Environment, Options, Scope, connect};
use ecs_deploy_proof::{Events, Line, Script, World, stage};
use ecs_deploy_sandbox::model::Settings;
use ecs_deploy_sandbox::model::cloud_tamer::{AccountKind, CloudTamer};
use tokio_util::sync::CancellationToken;

const PASSWORD: &str = "invented";

pub(crate) struct Bench {
    pub(crate) world: World,
    /// All environments, each after the one that has to come before it.
    pub(crate) targets: Vec<Target>,
    tokens: Arc<AtomicU32>,
}

/// A deploy that ended well.
pub(crate) struct Deployed {
    pub(crate) success: Success,
    /// The commands that it ran.
    pub(crate) commands: Vec<String>,
}

impl Bench {
    pub(crate) fn new(config: &Config) -> Self {
        let world = World::new(Settings::default());
        let environments = config.environments();
        let mut targets: Vec<Target> = environments
            .map(|(app, environment)| config.target(app.as_str(), environment.as_str()).unwrap())
            .collect();
        targets.sort_by_key(|target| target.requires_previous_env.is_some());
        for target in &targets {
            stage::build(&world, target);
            for (build, sha) in [(1, "one"), (2, "two"), (3, "three")] {
                let project = target.artifact_project.as_ref().unwrap();
                let tags = [("SHA", sha)];
                let tables = stage::config_scope(target);
                stage::put_artifact(&world, &tables, project.as_str(), build, Some(&tags));
            }
        }
        world.with(|cloud, _| cloud.cloud_tamer = Some(cloud_tamer(&targets)));
        Self { world, targets, tokens: Arc::default() }
    }

    /// Deploys a build as a process of its own.
    pub(crate) async fn try_deploy(&self, target: &Target, sha: &str) -> Result<Deployed, Failure> {
        let script = Arc::new(Script::default());
        let (config, service) = (Scope::of_config(target), Scope::of_service(target));
        let connection = connect(&self.options(target), &config, &service).await.unwrap();
        let runtime = self.world.runtime("ann", self.tokens.clone(), script.clone());
        let (order, events) = (order(target, sha), Events::default());
        let cancel = CancellationToken::new();
        let deploy = deploy(&order, &connection.cloud, &runtime, &events, &cancel);
        let ended = connection.during(deploy).await;
        assert_eq!(events.warnings(), [""; 0]);
        // What the API shows lags behind.
        tokio::time::sleep(Duration::from_secs(5)).await;
        ended.map(|success| Deployed { success, commands: script.ended() })
    }

    /// The same, and it has to end well.
    pub(crate) async fn deploy(&self, target: &Target, sha: &str) -> Deployed {
        self.try_deploy(target, sha).await.unwrap_or_else(|failure| panic!("{failure:?}"))
    }

    /// The sessions whose keys were used, each once.
    pub(crate) fn sessions(&self) -> BTreeSet<String> {
        self.world.with(|cloud, _| cloud.sts.sessions().map(|it| it.arn.clone()).collect())
    }

    /// A build server's own key where the config names roles, else CloudTamer's variables alone.
    fn options(&self, target: &Target) -> Options {
        let variables = match target.config_role {
            Some(_) => {
                [("AWS_ACCESS_KEY_ID", "999999999999"), ("AWS_SECRET_ACCESS_KEY", "x")].to_vec()
            }
            None => [
                ("CLOUDTAMER_BASE_URL", "http://cloudtamer.example.com/api"),
                ("CLOUDTAMER_ADMIN_GROUP_ID", "7"),
                ("CLOUDTAMER_USERNAME", "ann"),
                ("CLOUDTAMER_PASSWORD", PASSWORD),
                ("CLOUDTAMER_IDMS_ID", "2"),
            ]
            .to_vec(),
        };
        let mut options = self.world.options(&Line::default());
        let variables = variables.into_iter().map(|(name, value)| (name.into(), value.into()));
        options.environment = Environment::given(variables);
        options
    }
}

fn order(target: &Target, sha: &str) -> Order {
    let config_sha = "1a2b3c4d".parse().unwrap();
    let request =
        Request { target: target.clone(), config_sha, wanted: Wanted::Sha(sha.to_owned()) };
    Order { request, mode: Mode::Fresh, commands: CommandPolicy::Run }
}

/// A CloudTamer that grants roles in every account of the targets.
fn cloud_tamer(targets: &[Target]) -> CloudTamer {
    let scopes = |target| [stage::config_scope(target), stage::service_scope(target)];
    let accounts: BTreeSet<(String, bool)> = targets
        .iter()
        .flat_map(scopes)
        .map(|scope| (scope.account.clone(), scope.partition() == "aws-us-gov"))
        .collect();
    let roles = ["reader", "deployer", DEFAULT_CLOUD_TAMER_ROLES[0]];
    let tamer = CloudTamer::new("ann", PASSWORD, 2);
    accounts.into_iter().fold(tamer, |tamer, (account, is_gov)| {
        let kind = if is_gov { AccountKind::GovCloud } else { AccountKind::Commercial };
        tamer.with_account_of(kind, &account, &roles)
    })
}
