use crate::cloud::{World, text};

const ROLE: &str = "RoleArn=arn:aws:iam::222222222222:role/path/deploy&RoleSessionName=me";

#[test]
fn the_keys_of_a_role_act_in_the_roles_account() {
    let mut world = World::new();
    let assumed = world.ok("AssumeRole", ROLE);
    let credentials = &assumed["Credentials"];
    assert_eq!(text(&credentials["Expiration"]), "2023-11-14T23:13:20.000Z");
    let key = text(&credentials["AccessKeyId"]);
    assert!(key.starts_with("ASIA"));
    let identity = world.call_as(&key, "sts", "GetCallerIdentity", "").expect("an identity");
    assert_eq!(text(&identity["Account"]), "222222222222");
    let arn = "arn:aws:sts::222222222222:assumed-role/deploy/me";
    assert_eq!(text(&identity["Arn"]), arn);
    assert_eq!(identity["Arn"], assumed["AssumedRoleUser"]["Arn"]);
    let seen = world.call_as(&key, "elasticloadbalancing", "DescribeLoadBalancers", "");
    assert_eq!(text(&seen.expect("an answer")["LoadBalancers"]), "");
}

#[test]
fn equal_runs_hand_out_equal_keys_and_one_run_never_the_same_twice() {
    let (mut one, mut other) = (World::new(), World::new());
    let first = one.ok("AssumeRole", ROLE);
    assert_eq!(first, other.ok("AssumeRole", ROLE));
    assert_ne!(first, one.ok("AssumeRole", ROLE));
}

#[test]
fn an_unusable_role_name_or_duration_is_refused() {
    let mut world = World::new();
    for form in [
        "RoleArn=arn:aws:iam::222222222222:user/deploy&RoleSessionName=me".to_owned(),
        "RoleArn=arn:aws:iam::2222:role/deploy&RoleSessionName=me".to_owned(),
        ROLE.replace("=me", "=m"),
        ROLE.replace("=me", "=m%20e"),
        format!("{ROLE}&DurationSeconds=899"),
        format!("{ROLE}&DurationSeconds=43201"),
    ] {
        assert_eq!(world.refused("AssumeRole", &form), "ValidationError", "{form}");
    }
    world.ok("AssumeRole", &format!("{ROLE}&DurationSeconds=43200"));
}

#[test]
fn an_account_is_its_own_identity() {
    let mut world = World::new();
    let identity = world.ok("GetCallerIdentity", "");
    assert_eq!(text(&identity["Account"]), "111111111111");
    assert_eq!(text(&identity["Arn"]), "arn:aws:iam::111111111111:root");
}
