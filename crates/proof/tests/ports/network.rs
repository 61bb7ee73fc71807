use std::time::Duration;

use ecs_deploy::cloud::ErrorClass;
use ecs_deploy_proof::Mishap;

use super::Bench;

#[tokio::test(start_paused = true)]
async fn both_scopes_speak_for_their_own_account() {
    let Bench { cloud, shop, .. } = Bench::new().await;
    assert_eq!(cloud.identity.config_account().await.unwrap(), shop.config_account);
    assert_eq!(cloud.identity.deploy_account().await.unwrap(), shop.account);
}

#[tokio::test(start_paused = true)]
async fn failures_of_the_network_may_pass_and_name_the_endpoint() {
    let Bench { cloud, shop, world, .. } = Bench::new().await;
    let told = async |mishap| {
        world.befall(mishap);
        let error = cloud.ecs.service(&shop.service()).await.unwrap_err();
        assert!(error.class.may_pass() && !error.class.is_certain(), "{error}");
        assert!(error.message.contains("https://ecs.us-east-1.amazonaws.com"), "{error}");
        error.message
    };
    assert!(told(Mishap::Refused).await.contains("connection refused"));
    assert!(told(Mishap::AnswerLost).await.contains("connection reset"));
    assert!(told(Mishap::Page(200)).await.contains("HTML page (status 200)"));
    assert!(told(Mishap::Page(503)).await.contains("HTML page (status 503)"));
    let begin = tokio::time::Instant::now();
    assert!(told(Mishap::Hung).await.contains("within 10s"));
    assert_eq!(begin.elapsed(), Duration::from_secs(10));
}

#[tokio::test(start_paused = true)]
async fn pages_instead_of_xml_are_told_too() {
    let Bench { cloud, shop, world, .. } = Bench::new().await;
    world.befall(Mishap::Page(200));
    let error = cloud.load_balancer.rules(&shop.listener()).await.unwrap_err();
    assert_eq!(error.class, ErrorClass::Astray);
    assert!(error.message.contains("HTML page"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_failed_call_is_sent_once() {
    let Bench { cloud, shop, world, .. } = Bench::new().await;
    for _ in 0..2 {
        world.befall(Mishap::Page(503));
        let artifacts = &cloud.artifacts;
        assert!(artifacts.newest(&"shop".parse().unwrap(), 1).await.is_err());
        world.befall(Mishap::Refused);
        assert!(cloud.load_balancer.rules(&shop.listener()).await.is_err());
    }
    assert!(cloud.load_balancer.rules(&shop.listener()).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_change_that_hangs_ends_within_its_limit() {
    let bench = Bench::new().await;
    let set = bench.shop.serve(&bench.world, "shop:1");
    let begin = tokio::time::Instant::now();
    bench.world.befall(Mishap::Hung);
    let (service, permit) = (bench.shop.service(), bench.permit());
    let error = bench.cloud.ecs.scale(&permit, &service, &set, 0).await.unwrap_err();
    assert_eq!(error.class, ErrorClass::Transient);
    assert_eq!(begin.elapsed(), Duration::from_secs(5));
}

#[tokio::test(start_paused = true)]
async fn a_change_whose_answer_was_lost_leaves_its_outcome_open() {
    let mut bench = Bench::new().await;
    let set = bench.shop.serve(&bench.world, "shop:1");
    bench.world.befall(Mishap::AnswerLost);
    let (service, permit) = (bench.shop.service(), bench.permit());
    let error = bench.cloud.ecs.scale(&permit, &service, &set, 0).await.unwrap_err();
    assert!(!error.class.is_certain());
    bench.pass(1).await;
    let read = bench.cloud.ecs.service(&service).await.unwrap().unwrap();
    assert_eq!(read.task_sets[0].scale, 0.0);
}
