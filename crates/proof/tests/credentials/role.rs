use std::time::Duration;

use ecs_deploy_proof::Mishap;
use tokio::time::{Instant, sleep};

use super::{Bench, told};

/// A bench whose environment has keys of a third account, and no CloudTamer.
fn bench() -> Bench {
    let mut bench = Bench::new();
    bench.variables.clear();
    bench.set("AWS_ACCESS_KEY_ID", "333333333333");
    bench.set("AWS_SECRET_ACCESS_KEY", "nobody checks it");
    bench
}

#[tokio::test(start_paused = true)]
async fn each_scope_acts_in_the_role_of_its_account() {
    let bench = bench();
    let connection = bench.connect().await.unwrap();
    bench.assert_in_both_accounts(&connection).await;
    let arns = bench.taken_on();
    let expected = "arn:aws:sts::222222222222:assumed-role/deployer/ecs-deploy-shop-dev-test";
    assert!(arns.iter().any(|arn| arn == expected), "{arns:?}");
}

#[tokio::test(start_paused = true)]
async fn a_session_is_renewed_long_before_its_hour_is_over() {
    let bench = bench();
    let connection = bench.connect().await.unwrap();
    let work = async {
        sleep(Duration::from_secs(3 * 3600)).await;
        bench.assert_in_both_accounts(&connection).await;
    };
    connection.during(work).await;
}

#[tokio::test(start_paused = true)]
async fn faults_that_pass_are_outlived() {
    let bench = bench();
    let begin = Instant::now();
    bench.world.befall(Mishap::Refused);
    bench.world.befall(Mishap::Hung);
    let connection = bench.connect().await.unwrap();
    assert_eq!(begin.elapsed(), Duration::from_secs(1 + 3 + 10));
    bench.assert_in_both_accounts(&connection).await;
}

#[tokio::test(start_paused = true)]
async fn without_credentials_of_the_environment_it_is_told_which_role_they_are_for() {
    let mut bench = bench();
    bench.variables.clear();
    let told = told(&bench.connect().await.unwrap_err());
    let expected = "the role arn:aws:iam::111111111111:role/deployer can't be assumed: \
                    sts:AssumeRole: no AWS credentials were found";
    assert!(told.starts_with(expected), "{told}");
}
