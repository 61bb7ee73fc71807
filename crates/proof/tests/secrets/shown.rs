//! Looks told as data, and what `Debug` shows of everything that holds a config or credentials.

use ecs_deploy::status::{self, Depth, Place};
use ecs_deploy::{CommandPolicy, Mode, plan};
use ecs_deploy_aws::{Environment, Options, Scope, connect};
use ecs_deploy_proof::{Events, Line};
use tokio_util::sync::CancellationToken;

use crate::plants::{Garden, config};

#[tokio::test(start_paused = true)]
async fn looks_at_an_app_its_lock_and_a_plan() {
    let garden = Garden::new();
    garden.deploy(&Line::default(), "one", Mode::Fresh).await;
    let (target, runtime) = (garden.target(), garden.team.runtime());
    let connection = garden.team.connect(target, &Line::default()).await.unwrap();
    let (events, cancel) = (Events::default(), CancellationToken::new());
    let cloud = connection.cloud.clone();
    let places = [Place { target: target.clone(), cloud: cloud.clone() }];
    let seen =
        status::app(&target.app, &places, Depth::Full, &runtime, &events, &cancel).await.unwrap();
    garden.assert_data_hides("the status", &seen);
    let lock = status::lock(&places[0], &runtime, &events, &cancel).await.unwrap();
    garden.assert_data_hides("the lock's status", &lock);
    let request = garden.team.order(target, "two", Mode::Fresh).request;
    let commands = CommandPolicy::Run;
    let planned = plan(&request, commands, &cloud, &runtime, &events, &cancel).await.unwrap();
    garden.assert_data_hides("the plan", &planned.summary(CommandPolicy::Run));
    garden.assert_hidden("the plan", &format!("{planned:?} {planned:#?}"));
    garden.assert_hidden("the connection", &format!("{connection:?}"));
}

#[tokio::test(start_paused = true)]
async fn the_config_and_what_is_made_of_it() {
    let garden = Garden::new();
    garden.assert_hidden("the config", &format!("{:?}", config(true)));
    garden.assert_hidden("the target", &format!("{:?}", garden.target()));
    garden.assert_hidden("the options", &format!("{:?}", garden.team.options(&Line::default())));
    garden.assert_hidden("the scope", &format!("{:?}", Scope::of_service(garden.target())));
}

#[tokio::test(start_paused = true)]
async fn a_value_of_the_wrong_type_is_not_told() {
    let garden = Garden::new();
    let text = include_str!("config.json");
    let wrong = text.replace("\"plant-in-the-environment\"", "48151623");
    let error = ecs_deploy::config::Config::parse(&wrong, "shop.json").unwrap_err();
    assert!(!error.to_string().contains("48151623"), "{error}");
    garden.assert_error_hides("the error", &error);
}

/// The options with an endpoint in which a password stands.
fn with_password(mut options: Options, endpoint: &str) -> [Options; 2] {
    let mut variables = options.clone();
    let all = ["AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
    let values = [endpoint, "111111111111", "plant-secret-key"];
    let all = all.into_iter().zip(values);
    variables.environment =
        Environment::given(all.map(|(name, value)| (name.into(), value.into())));
    options.environment = variables.environment.clone();
    options.endpoint = Some(endpoint.to_owned());
    [options, variables]
}

#[tokio::test(start_paused = true)]
async fn a_password_in_an_endpoint() {
    let garden = Garden::new();
    let scope = Scope::new("us-east-1".parse().unwrap());
    for endpoint in ["http://ann:plant-word@aws.example.com", "ann:plant-word@aws.example.com"] {
        for options in with_password(garden.team.world.options(&Line::default()), endpoint) {
            garden.assert_hidden("the options", &format!("{options:?}"));
            match connect(&options, &scope, &scope).await {
                Err(error) => garden.assert_error_hides("no connection", &error),
                Ok(connection) => {
                    garden.team.world.befall(ecs_deploy_proof::Mishap::Refused);
                    let identity = connection.cloud.identity.deploy_account().await;
                    let error = identity.expect_err("nobody is there");
                    garden.assert_error_hides("no answer", &error);
                    assert!(error.to_string().contains("http://aws.example.com"), "{error}");
                }
            }
        }
    }
}
