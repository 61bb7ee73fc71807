use super::*;

fn refused<T: std::str::FromStr<Err = InvalidName>>(text: &str) -> String {
    text.parse::<T>().err().expect("refused").to_string()
}

const LISTENER: &str =
    "arn:aws-us-gov:elasticloadbalancing:us-gov-west-1:222222222222:listener/app/shop/1a/2b";

#[test]
fn an_arn_shows_itself_as_it_was_written_and_knows_its_parts() {
    let listener: ListenerArn = LISTENER.parse().unwrap();
    assert_eq!(listener.to_string(), LISTENER);
    assert_eq!(listener.arn().partition().as_str(), "aws-us-gov");
    assert_eq!(listener.arn().region().unwrap().as_str(), "us-gov-west-1");
    assert_eq!(listener.arn().account().unwrap().as_str(), "222222222222");
    let role: Arn = "arn:aws:iam::222222222222:role/a:b".parse().unwrap();
    assert_eq!((role.region(), role.resource()), (None, "role/a:b"));
}

#[test]
fn listeners_without_rules_and_rules_are_told_apart() {
    assert!(refused::<ListenerArn>(&LISTENER.replace("/app/", "/net/")).contains("no rules"));
    let rule = LISTENER.replace("listener/", "listener-rule/") + "/3c";
    assert!(refused::<ListenerArn>(&rule).contains("a rule's"));
    assert!(refused::<ListenerArn>("shop").contains("not an ARN"));
    assert!(refused::<TargetGroupArn>(LISTENER).contains("target group"));
}

#[test]
fn a_task_definition_knows_its_family_and_revision() {
    let arn: TaskDefinitionArn =
        "arn:aws:ecs:us-east-1:222222222222:task-definition/shop:12".parse().unwrap();
    assert_eq!(arn.family().as_str(), "shop");
    assert_eq!(arn.revision(), 12);
    assert_eq!(arn.family_revision(), "shop:12");
    refused::<TaskDefinitionArn>("arn:aws:ecs:us-east-1:222222222222:task-definition/shop");
}

#[test]
fn texts_outside_the_rules_are_refused() {
    refused::<AccountId>("11111111111");
    refused::<AccountId>("11111111111x");
    refused::<Region>("us-east");
    refused::<Region>("us-east-1a");
    refused::<Region>("");
    refused::<Partition>("amazon");
    refused::<AppName>("");
    refused::<ServiceName>("a b");
    refused::<ClusterName>("arn:aws:iam::222222222222:role/x");
    refused::<RoleName>("arn:aws:iam::222222222222:user/x");
    refused::<ConfigSha>("two words");
    refused::<TaskSetId>("");
    refused::<Color>("Blue");
}

#[test]
fn roles_and_clusters_are_names_or_arns() {
    let role = |text: &str| text.parse::<RoleName>().unwrap();
    assert!(role("").arn().is_none());
    assert!(role("ecsTaskExecutionRole").arn().is_none());
    assert!(role("arn:aws-cn:iam::222222222222:role/team/app").arn().is_some());
    let cluster: ClusterName = "arn:aws:ecs:us-east-1:222222222222:cluster/main".parse().unwrap();
    assert_eq!(cluster.arn().unwrap().resource(), "cluster/main");
}

#[test]
fn stored_names_are_checked_when_they_are_read() {
    let region: Region = serde_json::from_str("\"eu-west-1\"").unwrap();
    assert_eq!(serde_json::to_string(&region).unwrap(), "\"eu-west-1\"");
    assert!(serde_json::from_str::<Region>("\"\"").is_err());
    assert_eq!(serde_json::to_string(&Color::Green).unwrap(), "\"green\"");
    assert_eq!(serde_json::to_string(&BuildNumber(7)).unwrap(), "7");
}

#[test]
fn colors_index_and_oppose_each_other() {
    let both = ByColor::from_fn(Color::as_str);
    for color in Color::ALL {
        assert_eq!(both[color], color.to_string());
        assert_ne!(color.other(), color);
        assert_eq!(both.find(|text| *text == color.as_str()), Some(color));
    }
}

#[test]
fn an_artifact_is_a_project_and_a_number() {
    let id: ArtifactId = "team:shop:7".parse().unwrap();
    assert_eq!((id.project.as_str(), id.build), ("team:shop", BuildNumber(7)));
    assert_eq!(id.to_string(), "team:shop:7");
    for odd in ["shop", "shop:", ":7", "shop:x", "shop:-1"] {
        assert!(refused::<ArtifactId>(odd).contains("PROJECT:BUILD"), "{odd}");
    }
    assert!(refused::<BuildNumber>("seven").contains("whole number"));
}
