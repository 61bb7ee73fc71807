use std::time::Duration;

use ecs_deploy::cloud::{CloudError, ErrorClass};
use ecs_deploy_aws::Connection;
use ecs_deploy_proof::Mishap;
use tokio::time::{Instant, sleep};

use super::{Bench, PASSWORD};

fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(60 * minutes)
}

async fn ask(connection: &Connection) -> Result<(), CloudError> {
    connection.cloud.identity.deploy_account().await.map(|_| ())
}

#[tokio::test(start_paused = true)]
async fn credentials_are_renewed_every_ten_minutes_beside_the_work() {
    let bench = Bench::new();
    bench.tamer(|tamer| tamer.lifetime = minutes(11));
    let connection = bench.connect().await.unwrap();
    let work = async {
        for _ in 0..12 {
            sleep(minutes(5)).await;
            bench.assert_in_both_accounts(&connection).await;
        }
        "done"
    };
    assert_eq!(connection.during(work).await, "done");
    sleep(minutes(12)).await;
    assert!(ask(&connection).await.is_err(), "nothing renews them without work");
}

#[tokio::test(start_paused = true)]
async fn credentials_that_expire_early_are_renewed_when_a_call_shows_it() {
    let bench = Bench::new();
    bench.tamer(|tamer| tamer.lifetime = minutes(5));
    let connection = bench.connect().await.unwrap();
    let work = async {
        sleep(minutes(6)).await;
        let error = ask(&connection).await.unwrap_err();
        assert_eq!(error.class, ErrorClass::Transient, "{error}");
        assert!(error.message.contains("being renewed"), "{error}");
        sleep(Duration::from_secs(1)).await;
        ask(&connection).await.unwrap();
        // ECS speaks another protocol.
        sleep(minutes(6)).await;
        let error = connection.cloud.ecs.service(&bench.shop.service()).await.unwrap_err();
        assert_eq!(error.class, ErrorClass::Transient, "{error}");
    };
    connection.during(work).await;
}

#[tokio::test(start_paused = true)]
async fn new_credentials_that_count_as_expired_are_not_renewed_again() {
    let bench = Bench::new();
    bench.tamer(|tamer| tamer.lifetime = Duration::ZERO);
    let connection = bench.connect().await.unwrap();
    let work = async {
        assert_eq!(ask(&connection).await.unwrap_err().class, ErrorClass::Transient);
        sleep(Duration::from_secs(1)).await;
        let error = ask(&connection).await.unwrap_err();
        assert_eq!(error.class, ErrorClass::Denied, "{error}");
        assert!(error.message.contains("clock"), "{error}");
    };
    connection.during(work).await;
}

#[tokio::test(start_paused = true)]
async fn why_a_renewal_failed_is_told_when_the_credentials_expire() {
    let bench = Bench::new();
    bench.tamer(|tamer| tamer.lifetime = minutes(15));
    let connection = bench.connect().await.unwrap();
    bench.tamer(|tamer| tamer.password = "changed".to_owned());
    let work = async {
        sleep(minutes(14)).await;
        ask(&connection).await.unwrap();
        sleep(minutes(2)).await;
        let error = ask(&connection).await.unwrap_err();
        assert_eq!(error.class, ErrorClass::Denied, "{error}");
        assert!(error.message.contains("refuses the password of `ann`"), "{error}");
        assert!(!error.to_string().contains(PASSWORD), "{error}");
    };
    connection.during(work).await;
}

#[tokio::test(start_paused = true)]
async fn a_renewal_that_fails_is_made_up_for_before_the_credentials_expire() {
    let bench = Bench::new();
    bench.tamer(|tamer| tamer.lifetime = minutes(15));
    let connection = bench.connect().await.unwrap();
    let work = async {
        sleep(minutes(9)).await;
        // Five tries of either scope, and what is left is nothing to the work.
        (0..10).for_each(|_| bench.world.befall(Mishap::Refused));
        sleep(minutes(7)).await;
        ask(&connection).await.unwrap();
    };
    connection.during(work).await;
}

#[tokio::test(start_paused = true)]
async fn a_page_in_the_place_of_a_login_is_made_up_for_too() {
    let bench = Bench::new();
    bench.tamer(|tamer| tamer.lifetime = minutes(15));
    let connection = bench.connect().await.unwrap();
    let work = async {
        sleep(minutes(9)).await;
        // One for either scope: an odd answer ends the tries of a renewal.
        (0..2).for_each(|_| bench.world.befall(Mishap::Page(200)));
        sleep(minutes(7)).await;
        ask(&connection).await.unwrap();
    };
    connection.during(work).await;
}

#[tokio::test(start_paused = true)]
async fn no_call_waits_for_a_renewal() {
    let bench = Bench::new();
    let connection = bench.connect().await.unwrap();
    let work = async {
        sleep(minutes(10) - Duration::from_secs(1)).await;
        bench.world.befall(Mishap::Hung);
        bench.world.befall(Mishap::Hung);
        sleep(Duration::from_secs(2)).await;
        let begin = Instant::now();
        bench.assert_in_both_accounts(&connection).await;
        assert_eq!(begin.elapsed(), Duration::ZERO);
    };
    connection.during(work).await;
}
