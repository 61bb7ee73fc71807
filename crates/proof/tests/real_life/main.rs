//! Configs as teams write them (`fixtures/real-life`), every environment deployed on the sandbox
//! with credentials from CloudTamer or of assumed roles.

mod bench;
mod state;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use bench::Bench;
use ecs_deploy::config::{self, Config};
use serde_json::{Value, json};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/real-life")
}

/// The name of every config in the folder, with what is in it.
fn configs() -> Vec<(String, Config)> {
    let files = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files.filter(|path| path.is_file()).collect();
    files.sort();
    let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
    files.iter().map(|path| (name(path), config::read(path).unwrap())).collect()
}

/// What an environment has to look like after a deploy, in the folder `expected`.
fn assert_is_as_expected(name: &str, found: &Value) {
    let file = folder().join("expected").join(format!("{name}.json"));
    let found = serde_json::to_string_pretty(found).unwrap() + "\n";
    if std::env::var_os("BLESS").is_some() {
        fs::write(&file, &found).unwrap();
    }
    let expected = fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(found, expected, "{}; BLESS=1 rewrites it", file.display());
}

#[tokio::test(start_paused = true)]
async fn every_environment_becomes_what_its_config_says() {
    let mut deployed = BTreeSet::new();
    for (name, config) in configs() {
        assert_eq!(config.warnings(), [], "{name}");
        let bench = Bench::new(&config);
        for target in bench.targets() {
            bench.deploy(target, "one").await;
            let second = bench.deploy(target, "two").await;
            let name = format!("{name}.{}.{}", target.app, target.environment);
            assert_is_as_expected(&name, &bench.state(target, &second));
            deployed.insert(format!("{name}.json"));
        }
    }
    let expected = fs::read_dir(folder().join("expected")).unwrap();
    let expected = expected.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(expected.collect::<BTreeSet<_>>(), deployed, "no environment is gone");
}

#[tokio::test(start_paused = true)]
async fn a_further_deploy_of_every_environment_deletes_the_version_before_the_last() {
    for (name, config) in configs() {
        let bench = Bench::new(&config);
        for target in bench.targets() {
            bench.deploy(target, "one").await;
            bench.deploy(target, "two").await;
            let [first, second] = <[_; 2]>::try_from(bench.task_sets(target)).unwrap();
            let third = bench.deploy(target, "three").await;
            assert_eq!(third.success.kept, Some(2), "{name}");
            let sets = bench.task_sets(target);
            assert_eq!(sets.len(), 2, "{name}");
            assert!(sets.iter().all(|set| set["id"] != first["id"]), "{name}: {sets:#?}");
            assert_eq!((&sets[0]["id"], &sets[0]["status"]), (&second["id"], &json!("ACTIVE")));
            assert_eq!(sets[1]["status"], "PRIMARY", "{name}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn each_account_is_entered_in_the_way_that_the_config_says() {
    let mut ways = Vec::new();
    for (name, config) in configs() {
        let bench = Bench::new(&config);
        bench.deploy(&bench.targets()[0], "one").await;
        ways.extend(bench.sessions().into_iter().map(|arn| format!("{name} {arn}")));
    }
    let expected = [
        "assumed-roles arn:aws:sts::111111111111:assumed-role/deploy-lock/ecs-deploy-billing-test-config",
        "assumed-roles arn:aws:sts::222222222222:assumed-role/ecs-deploy/ecs-deploy-billing-test-deploy",
        "further-members arn:aws:sts::111111111111:assumed-role/deployer/ann",
        "further-members arn:aws:sts::222222222222:assumed-role/deployer/ann",
        "govcloud arn:aws-us-gov:sts::444444444444:assumed-role/ct-gss-network-admin/ann",
        "govcloud arn:aws-us-gov:sts::555555555555:assumed-role/ct-gss-network-admin/ann",
        "two-accounts arn:aws:sts::111111111111:assumed-role/ct-gss-network-admin/ann",
        "two-accounts arn:aws:sts::222222222222:assumed-role/ct-gss-network-admin/ann",
    ];
    assert_eq!(ways, expected);
}

#[tokio::test(start_paused = true)]
async fn prod_waits_for_dev_in_another_account() {
    for (name, config) in configs() {
        let bench = Bench::new(&config);
        for target in bench.targets().iter().filter(|it| it.requires_previous_env.is_some()) {
            let refused = bench.try_deploy(target, "one").await;
            let Err(refused) = refused else { panic!("{name}: another environment comes first") };
            let told = refused.error.to_string();
            assert!(told.contains("was not deployed to"), "{name}: {told}");
            assert_eq!(bench.task_sets(target), [Value::Null; 0], "{name}");
        }
    }
}
