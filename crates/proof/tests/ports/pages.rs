//! Answers that the sandbox never gives: a listener whose rules come in pages, and parts of an
//! answer that failed.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use ecs_deploy::cloud::Cloud;
use ecs_deploy::traffic::Priority;
use ecs_deploy_aws::{Scope, SharedHttpClient, connect};
use ecs_deploy_proof::{Line, Shop, World};
use ecs_deploy_sandbox::model::Settings;
use serde_json::json;

/// Gives prepared answers, one after the other, and keeps the requests.
#[derive(Debug, Clone, Default)]
struct Prepared {
    answers: Arc<Mutex<VecDeque<String>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl HttpClient for Prepared {
    fn http_connector(
        &self,
        _settings: &HttpConnectorSettings,
        _components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Prepared {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let body = request.body().bytes().unwrap_or_default();
        self.asked.lock().unwrap().push(String::from_utf8_lossy(body).into_owned());
        let answer = self.answers.lock().unwrap().pop_front().expect("another answer");
        let response = http::Response::new(SdkBody::from(answer));
        HttpConnectorFuture::ready(Ok(HttpResponse::try_from(response).unwrap()))
    }
}

/// The ports of a shop whose AWS gives these answers.
async fn answered(answers: &[String]) -> (Shop, Cloud, Prepared) {
    let world = World::new(Settings::default());
    let shop = Shop::build(&world);
    let prepared = Prepared::default();
    prepared.answers.lock().unwrap().extend(answers.iter().cloned());
    let mut options = world.options(&Line::default());
    options.http_client = Some(SharedHttpClient::new(prepared.clone()));
    let keys = [("AWS_ACCESS_KEY_ID", "222222222222"), ("AWS_SECRET_ACCESS_KEY", "none")];
    let keys = keys.map(|(name, value)| (name.to_owned(), value.to_owned()));
    options.environment = ecs_deploy_aws::Environment::given(keys);
    let scope = Scope::new(shop.region.clone());
    let connection = connect(&options, &scope, &scope).await.unwrap();
    (shop, connection.cloud, prepared)
}

fn rules_page(priority: u32, next: &str) -> String {
    format!(
        "<DescribeRulesResponse><DescribeRulesResult><Rules><member>\
         <RuleArn>arn:rule/{priority}</RuleArn><Priority>{priority}</Priority>\
         </member></Rules>{next}</DescribeRulesResult></DescribeRulesResponse>"
    )
}

#[tokio::test(start_paused = true)]
async fn rules_are_read_to_the_last_page() {
    let pages = [
        rules_page(1, "<NextMarker>second</NextMarker>"),
        rules_page(2, "<NextMarker>third</NextMarker>"),
        rules_page(3, ""),
    ];
    let (shop, cloud, prepared) = answered(&pages).await;
    let rules = cloud.load_balancer.rules(&shop.listener()).await.unwrap();
    let priorities: Vec<Priority> = rules.iter().map(|rule| rule.priority).collect();
    assert_eq!(priorities, [1, 2, 3].map(Priority::Number));
    let asked = prepared.asked.lock().unwrap();
    assert!(!asked[0].contains("Marker="), "{asked:?}");
    assert!(asked[1].contains("Marker=second") && asked[2].contains("Marker=third"), "{asked:?}");
}

#[tokio::test(start_paused = true)]
async fn a_failure_in_an_answer_about_the_service_is_told() {
    let failed = |reason: &str| {
        let failure = json!({"arn": "arn:service", "reason": reason, "detail": "not today"});
        json!({"services": [], "failures": [failure]}).to_string()
    };
    let answers = [failed("MISSING"), failed("BROKEN")];
    let (shop, cloud, _) = answered(&answers).await;
    let service = shop.service();
    assert_eq!(cloud.ecs.service(&service).await.unwrap(), None);
    let error = cloud.ecs.service(&service).await.unwrap_err();
    assert_eq!(error.to_string(), "ecs:DescribeServices: BROKEN: arn:service: not today");
}
