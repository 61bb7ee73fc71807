use std::time::Duration;

use ecs_deploy::cloud::ErrorClass;
use ecs_deploy::fence::Permit;
use ecs_deploy_aws::{Environment, Scope, SharedCredentialsProvider};
use ecs_deploy_proof::Line;

use super::Bench;

#[tokio::test(start_paused = true)]
async fn nothing_is_changed_without_a_lease_that_outlasts_the_attempt() {
    let bench = Bench::new().await;
    let set = bench.shop.serve(&bench.world, "shop:1");
    tokio::time::sleep(Duration::from_secs(6)).await;
    let (service, permit) = (bench.shop.service(), bench.permit());
    let error = bench.cloud.ecs.scale(&permit, &service, &set, 0).await.unwrap_err();
    assert_eq!(error.class, ErrorClass::Fenced);
    assert!(error.class.is_certain());
    let read = bench.cloud.ecs.service(&service).await.unwrap().unwrap();
    assert_eq!(read.task_sets[0].scale, 100.0);
}

/// Credentials that take a while to come.
#[derive(Debug)]
struct Slow(Duration);

impl aws_credential_types::provider::ProvideCredentials for Slow {
    fn provide_credentials<'a>(
        &'a self,
    ) -> aws_credential_types::provider::future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let delay = self.0;
        aws_credential_types::provider::future::ProvideCredentials::new(async move {
            tokio::time::sleep(delay).await;
            Ok(aws_credential_types::Credentials::builder()
                .access_key_id("222222222222")
                .secret_access_key("hush")
                .provider_name("Slow")
                .build())
        })
    }
}

async fn slow_change(delay: Duration, begin_with_left: Duration) -> (Bench, ErrorClass, f64) {
    let bench = Bench::new().await;
    let set = bench.shop.serve(&bench.world, "shop:1");
    let credentials = SharedCredentialsProvider::new(Slow(delay));
    let scope = Scope::new(bench.shop.region.clone()).with_credentials(credentials);
    let options = bench.world.options(&Line::default());
    let slow = ecs_deploy_aws::connect(&options, &scope, &scope).await.unwrap();
    tokio::time::sleep(bench.lease.validity().remaining() - begin_with_left).await;
    let permit = Permit::new(bench.lease.validity());
    let service = bench.shop.service();
    let error = slow.cloud.ecs.scale(&permit, &service, &set, 0).await.unwrap_err();
    let read = bench.cloud.ecs.service(&service).await.unwrap().unwrap();
    let scale = read.task_sets[0].scale;
    (bench, error.class, scale)
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_shrinks_while_credentials_load_is_noticed_before_the_request_leaves() {
    let (_, class, scale) = slow_change(Duration::from_secs(3), Duration::from_secs(7)).await;
    assert_eq!((class, scale), (ErrorClass::Fenced, 100.0));
}

#[tokio::test(start_paused = true)]
async fn loading_credentials_counts_towards_the_limit_of_an_attempt() {
    let begin = tokio::time::Instant::now();
    let (_, class, scale) = slow_change(Duration::from_secs(60), Duration::from_secs(9)).await;
    assert_eq!((class, scale), (ErrorClass::Transient, 100.0));
    assert!(begin.elapsed() < Duration::from_secs(7), "{:?}", begin.elapsed());
}

#[tokio::test(start_paused = true)]
async fn without_credentials_nothing_leaves_and_the_remedy_is_told() {
    let bench = Bench::new().await;
    let mut options = bench.world.options(&Line::default());
    options.environment = Environment::given([]);
    let scope = Scope::new(bench.shop.region.clone());
    let bare = ecs_deploy_aws::connect(&options, &scope, &scope).await.unwrap();
    let error = bare.cloud.identity.deploy_account().await.unwrap_err();
    assert_eq!(error.class, ErrorClass::Denied);
    assert!(error.message.ends_with("AWS_ACCESS_KEY_ID is not set"), "{error}");
}
