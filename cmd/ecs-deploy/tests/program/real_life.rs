//! Configs as teams write them, deployed by the real binary with CloudTamer's credentials alone.

use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};
use tokio::process::Command;

use crate::support::{Cloud, Ended, Running, SECOND, Sandbox, program};

const TWO_ACCOUNTS: &str = include_str!("../../../../fixtures/real-life/two-accounts.json");

/// The commands that the config runs; each tells its arguments.
const SCRIPTS: [&str; 3] = ["migrate", "announce", "purge-cdn"];

fn lay_out_scripts(sandbox: &Sandbox) {
    let folder = sandbox.folder().join("scripts");
    std::fs::create_dir(&folder).unwrap();
    for name in SCRIPTS {
        let path = folder.join(name);
        std::fs::write(&path, "#!/bin/sh\necho \"ran with: $*\"\n").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
}

/// Every config in the folder.
fn configs() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/real-life");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.is_file()).map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

impl Sandbox {
    /// The program in the config's folder, with the variables that the ready line names.
    fn by_cloud_tamer(&self, verb: &[&str], app: &str) -> Command {
        let mut command = program();
        command
            .current_dir(self.folder())
            .args(verb)
            .args(["-config", "deploy.json", "-app", app])
            .env("AWS_ENDPOINT_URL", self.ready["Endpoint"].as_str().unwrap());
        for (name, value) in self.ready["CloudTamer"].as_object().unwrap() {
            command.env(name, value.as_str().unwrap());
        }
        command
    }

    fn deploy_command(&self, app: &str, environment: &str) -> Command {
        let mut command = self.by_cloud_tamer(&[], app);
        command.args(["-env", environment, "-config-sha", "1a2b3c4d", "-sha", SECOND]);
        command
    }

    async fn deploy_by_cloud_tamer(&self, app: &str, environment: &str) -> Ended {
        Running::start(self.deploy_command(app, environment)).ended().await
    }

    fn cloud_of(&self, account: &str, region: &str) -> Cloud {
        Cloud::of(self.cloud.endpoint, account, region)
    }

    async fn item(&self, table: &str, key: Value) -> Value {
        let input = json!({"TableName": table, "Key": key});
        let tables = self.cloud_of("111111111111", "us-east-1");
        tables.json("dynamodb", "DynamoDB_20120810.GetItem", input).await["Item"].take()
    }
}

/// The first container of what a service's PRIMARY task set runs.
async fn primary(cloud: &Cloud, service: &str) -> Value {
    // Reads lag behind writes, here as on AWS.
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    let which = json!({"cluster": "web", "service": service});
    let answer = cloud.ecs("DescribeTaskSets", which).await;
    let mut sets = answer["taskSets"].as_array().unwrap().iter();
    let primary = sets.find(|set| set["status"] == "PRIMARY").unwrap();
    let which = json!({"taskDefinition": primary["taskDefinition"]});
    let mut answer = cloud.ecs("DescribeTaskDefinition", which).await;
    answer["taskDefinition"]["containerDefinitions"][0].take()
}

#[tokio::test]
async fn dev_then_prod_of_two_accounts_are_deployed_with_cloud_tamers_credentials_alone() {
    let sandbox = Sandbox::of(TWO_ACCOUNTS).await;
    lay_out_scripts(&sandbox);
    let gated = sandbox.deploy_by_cloud_tamer("storefront", "prod").await.with(4);
    gated.telling("was not deployed to dev");

    let dev = sandbox.deploy_by_cloud_tamer("storefront", "dev").await.with(0);
    let prod = sandbox.deploy_by_cloud_tamer("storefront", "prod").await.with(0);
    for (told, environment, account) in
        [(&dev, "dev", "222222222222"), (&prod, "prod", "333333333333")]
    {
        let migrate = format!(
            "[./scripts/migrate] ran with: -stage={environment} -account {account} storefront:{SECOND}\n"
        );
        let announce = format!(
            "[./scripts/announce] ran with: #storefront {environment} runs storefront-{environment}:2 ({SECOND})\n"
        );
        assert_eq!(told.stdout, migrate + &announce + "[./scripts/purge-cdn] ran with: \n");
    }
    for (environment, account, region) in
        [("dev", "222222222222", "us-east-1"), ("prod", "333333333333", "us-west-2")]
    {
        let cloud = sandbox.cloud_of(account, region);
        let container = primary(&cloud, &format!("storefront-{environment}")).await;
        let image = format!("111111111111.dkr.ecr.us-east-1.amazonaws.com/storefront:{SECOND}");
        assert_eq!(container["image"], image);
        assert_eq!(container["name"], format!("storefront-{environment}"));
        let lock = json!({"key": {"S": format!("storefront-{environment}")}});
        assert_eq!(sandbox.item("DeployLock", lock).await["isReleased"]["S"], "1");
    }
    let build = json!({"ProjectName": {"S": "storefront"}, "BuildNumber": {"N": "2"}});
    let tags = sandbox.item("ArtifactDB", build).await["Tags"]["M"].take();
    assert_eq!(tags["deploy-dev-1a2b3c4d"]["S"], "success");
    assert_eq!(tags["deploy-prod-1a2b3c4d"]["S"], "success");
}

#[tokio::test]
async fn a_look_at_an_app_reads_the_accounts_of_all_its_environments() {
    let sandbox = Sandbox::of(TWO_ACCOUNTS).await;
    let mut look = sandbox.by_cloud_tamer(&["status"], "orders-api");
    let told = Running::start({
        look.arg("-output=json");
        look
    });
    let told: Value = serde_json::from_str(&told.ended().await.with(0).stdout).unwrap();
    let serving =
        |environment: &Value| environment["Traffic"]["Serving"]["Artifact"]["Value"].clone();
    let environments = told["Environments"].as_array().unwrap();
    assert_eq!(environments.iter().map(serving).collect::<Vec<_>>(), ["orders:9e1d00a"; 2]);
}

#[tokio::test]
async fn a_wrong_password_is_told_without_the_password() {
    let sandbox = Sandbox::of(TWO_ACCOUNTS).await;
    let mut wrong = sandbox.deploy_command("orders-api", "dev");
    wrong.env("CLOUDTAMER_PASSWORD", "not-this-one");
    let told = Running::start(wrong).ended().await.with(2);
    let told = told.telling("refuses the password of `sandbox`");
    assert!(!told.stderr.contains("not-this-one"), "{}", told.stderr);
}

/// The environments that no other has to come before, each with its app.
fn first_environments(config: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (app, settings) in config["Apps"].as_object().unwrap() {
        for (name, environment) in settings["Environments"].as_object().unwrap() {
            if environment["RequiresPreviousEnvDeploy"].as_str().is_none_or(str::is_empty) {
                found.push((app.clone(), name.clone()));
            }
        }
    }
    found
}

/// Takes the key of another account in CloudTamer's place: roles are assumed with it.
fn without_cloud_tamer(sandbox: &Sandbox, mut command: Command) -> Command {
    for name in sandbox.ready["CloudTamer"].as_object().unwrap().keys() {
        command.env_remove(name);
    }
    command.env("AWS_ACCESS_KEY_ID", "999999999999").env("AWS_SECRET_ACCESS_KEY", "none");
    command
}

#[tokio::test]
async fn every_config_is_served_and_its_first_environments_can_be_deployed() {
    for text in configs() {
        let sandbox = Sandbox::of(&text).await;
        let config: Value = serde_json::from_str(&text).unwrap();
        for (app, environment) in first_environments(&config) {
            let mut command = sandbox.deploy_command(&app, &environment);
            if config["ConfigRoleARN"].is_string() {
                command = without_cloud_tamer(&sandbox, command);
            }
            command.arg("-skip-pre-post");
            let ended = Running::start(command).ended().await.with(0);
            ended.telling(&format!(":{SECOND} serves {environment} on blue"));
        }
    }
}
