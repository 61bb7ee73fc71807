use std::time::Duration;

use ecs_deploy_proof::Mishap;
use tokio::time::Instant;

use super::{Bench, PASSWORD, told};

/// The error of a connection, and how long it took to know it.
async fn refused(bench: &Bench) -> (String, Duration) {
    let begin = Instant::now();
    let error = bench.connect().await.expect_err("CloudTamer gives no credentials");
    let shown = format!("{error:?}");
    let told = told(&error);
    assert!(!told.contains(PASSWORD) && !shown.contains(PASSWORD), "{told} {shown}");
    (told, begin.elapsed())
}

#[tokio::test(start_paused = true)]
async fn each_scope_has_credentials_of_its_own_account() {
    let bench = Bench::new();
    let connection = bench.connect().await.unwrap();
    bench.assert_in_both_accounts(&connection).await;
    assert!(!format!("{connection:?}").contains(PASSWORD));
}

#[tokio::test(start_paused = true)]
async fn without_roles_in_the_config_those_of_the_original_are_looked_for_in_their_order() {
    const ROLES: [&str; 11] = [
        "ct-gss-network-admin",
        "ct-gss-network-poweruser",
        "ct-naworkstream-wsadmin",
        "ct-naworkstream-networkadmin",
        "ct-networkarchitecture-admin",
        "ct-network-architecture-admin",
        "ct-eastnetworkarchitecture-admin",
        "network-architecture-workstream-owners",
        "ct-gss-onboarding-readonly",
        "ct-gss-network-vpcconf-viewer",
        "network-architecture-workstream-service-account",
    ];
    for first in 0..ROLES.len() {
        let mut bench = Bench::new();
        bench.roles.clear();
        let granted = ROLES[first..].iter().rev().map(|role| (*role).to_owned());
        bench.tamer(|tamer| tamer.accounts[1].roles = granted.collect());
        let connection = bench.connect().await.unwrap();
        bench.assert_in_both_accounts(&connection).await;
        let taken = format!("111111111111:assumed-role/{}/ann", ROLES[first]);
        let roles = bench.taken_on();
        assert!(roles.iter().any(|arn| arn.ends_with(&taken)), "{taken}: {roles:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_first_role_of_the_list_that_is_granted_is_taken_on() {
    let bench = Bench::new();
    bench.tamer(|tamer| tamer.accounts[1].roles = vec!["owner".to_owned(), "deployer".to_owned()]);
    let _connection = bench.connect().await.unwrap();
    let roles = bench.taken_on();
    let has = |end: &str| roles.iter().any(|arn| arn.ends_with(end));
    assert!(has("111111111111:assumed-role/deployer/ann"), "{roles:?}");
    assert!(has("222222222222:assumed-role/owner/ann"), "{roles:?}");
}

#[tokio::test(start_paused = true)]
async fn a_wrong_password_is_told_at_once_and_not_tried_again() {
    let mut bench = Bench::new();
    bench.set("CLOUDTAMER_PASSWORD", "other");
    let (told, took) = refused(&bench).await;
    assert_eq!(
        told,
        "no credentials from CloudTamer for the account 111111111111: \
         http://cloudtamer.example.com refuses the password of `ann`: check CLOUDTAMER_USERNAME, \
         CLOUDTAMER_PASSWORD and CLOUDTAMER_IDMS_ID"
    );
    assert_eq!(took, Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn variables_that_are_missing_are_named() {
    let mut bench = Bench::new();
    bench.set("CLOUDTAMER_USERNAME", "");
    bench.variables.retain(|(name, _)| name != "CLOUDTAMER_IDMS_ID");
    let (told, _) = refused(&bench).await;
    let expected = "CloudTamer's variables can't be used: for CloudTamer CLOUDTAMER_USERNAME and \
                    CLOUDTAMER_IDMS_ID must be set too; without CloudTamer, unset";
    assert!(told.starts_with(expected), "{told}");
}

#[tokio::test(start_paused = true)]
async fn an_account_that_the_user_does_not_see_is_named() {
    let bench = Bench::new();
    bench.tamer(|tamer| tamer.accounts.truncate(2));
    assert_eq!(
        refused(&bench).await.0,
        "no credentials from CloudTamer for the account 222222222222: it shows `ann` 2 accounts, \
         and this is none of them"
    );
}

#[tokio::test(start_paused = true)]
async fn without_a_wanted_role_those_that_are_granted_are_named() {
    let bench = Bench::new();
    bench.tamer(|tamer| tamer.accounts[1].roles = vec!["reader".to_owned()]);
    assert_eq!(
        refused(&bench).await.0,
        "no credentials from CloudTamer for the account 111111111111: none of the roles deployer, \
         owner may be assumed in 111111111111, only reader: name one in the config's \
         `CloudTamerRoles`"
    );
    bench.tamer(|tamer| tamer.accounts[1].roles.clear());
    let (told, _) = refused(&bench).await;
    assert!(told.contains("and no other either"), "{told}");
}

#[tokio::test(start_paused = true)]
async fn a_login_outlives_faults_that_pass() {
    let bench = Bench::new();
    let begin = Instant::now();
    for mishap in [Mishap::Page(503), Mishap::Refused, Mishap::AnswerLost, Mishap::Hung] {
        bench.world.befall(mishap);
    }
    let connection = bench.connect().await.unwrap();
    assert_eq!(begin.elapsed(), Duration::from_secs(1 + 3 + 7 + 30 + 15));
    bench.assert_in_both_accounts(&connection).await;
}

#[tokio::test(start_paused = true)]
async fn a_login_that_fails_five_times_is_given_up() {
    let bench = Bench::new();
    for _ in 0..5 {
        bench.world.befall(Mishap::Hung);
    }
    let (told, took) = refused(&bench).await;
    let expected = "no answer from http://cloudtamer.example.com to `POST /v3/token`: nothing \
                    within 30s";
    assert!(told.ends_with(expected), "{told}");
    assert_eq!(took, Duration::from_secs(26 + 150));
}

#[tokio::test(start_paused = true)]
async fn other_answers_are_final_and_say_what_they_are() {
    let bench = Bench::new();
    bench.world.befall(Mishap::Page(200));
    let (told, took) = refused(&bench).await;
    assert!(told.contains("answers `POST /v3/token` with a page"), "{told}");
    assert!(told.contains("ends in `/api`"), "{told}");
    assert_eq!(took, Duration::ZERO);
    bench.world.befall(Mishap::Page(403));
    assert!(refused(&bench).await.0.ends_with("answers `POST /v3/token` with status 403"));
}

#[tokio::test(start_paused = true)]
async fn a_base_url_that_leads_elsewhere_is_told() {
    let mut bench = Bench::new();
    bench.set("CLOUDTAMER_BASE_URL", "http://cloudtamer.example.com/api/v9");
    let (told, _) = refused(&bench).await;
    assert!(told.contains("with status 401"), "{told}");
}
