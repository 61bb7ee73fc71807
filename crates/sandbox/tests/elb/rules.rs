use serde_json::{Value, json};

use crate::cloud::{World, fixed, forward, list, text, weighted};

fn rules(world: &mut World) -> Vec<Value> {
    let form = format!("ListenerArn={}", world.listener);
    list(&world.ok("DescribeRules", &form)["Rules"])
}

#[test]
fn rules_are_shown_in_order_with_the_default_rule_last() {
    let mut world = World::new();
    for priority in [50_000, 3, 20] {
        world.rule(priority, "*", &fixed(200));
    }
    let shown: Vec<(String, String)> = rules(&mut world)
        .iter()
        .map(|rule| (text(&rule["Priority"]), text(&rule["IsDefault"])))
        .collect();
    let expected = [("3", "false"), ("20", "false"), ("50000", "false"), ("default", "true")];
    assert_eq!(shown, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
}

#[test]
fn a_single_group_stands_on_the_action_and_several_do_not() {
    let mut world = World::new();
    let (green, blue) = (world.green.clone(), world.blue.clone());
    let rule = world.rule(11, "*", &forward(&green));
    let action = &rules(&mut world)[0]["Actions"][0];
    assert_eq!(action["TargetGroupArn"], json!(green));
    assert_eq!(action["ForwardConfig"]["TargetGroups"][0]["TargetGroupArn"], json!(green));
    let form = weighted(&[(&green, 999), (&blue, 0)]);
    world.ok("ModifyRule", &format!("RuleArn={rule}&{form}"));
    let action = &rules(&mut world)[0]["Actions"][0];
    assert!(action.get("TargetGroupArn").is_none());
    assert_eq!(action["ForwardConfig"]["TargetGroups"][1]["Weight"], "0");
    world.ok("ModifyRule", &format!("RuleArn={rule}&{}", forward(&blue)));
    assert_eq!(rules(&mut world)[0]["Actions"][0]["TargetGroupArn"], json!(blue));
}

#[test]
fn actions_alone_leave_conditions_as_they_are_and_the_other_way_round() {
    let mut world = World::new();
    let rule = world.rule(11, "/a/*", &fixed(200));
    world.ok("ModifyRule", &format!("RuleArn={rule}&{}", fixed(503)));
    let shown = rules(&mut world)[0].clone();
    assert_eq!(shown["Conditions"][0]["Values"], json!(["/a/*"]));
    assert_eq!(shown["Actions"][0]["FixedResponseConfig"]["StatusCode"], "503");
    let form = "Conditions.member.1.Field=path-pattern\
                &Conditions.member.1.PathPatternConfig.Values.member.1=/b";
    world.ok("ModifyRule", &format!("RuleArn={rule}&{form}"));
    let shown = rules(&mut world)[0].clone();
    assert_eq!(shown["Conditions"][0]["PathPatternConfig"]["Values"], json!(["/b"]));
    assert_eq!(shown["Actions"][0]["FixedResponseConfig"]["StatusCode"], "503");
}

#[test]
fn the_default_rule_is_neither_moved_nor_changed_nor_deleted_as_a_rule() {
    let mut world = World::new();
    let default = text(&rules(&mut world)[0]["RuleArn"]);
    let refused = "OperationNotPermitted";
    let form =
        format!("RulePriorities.member.1.RuleArn={default}&RulePriorities.member.1.Priority=1");
    assert_eq!(world.refused("SetRulePriorities", &form), refused);
    assert_eq!(world.refused("DeleteRule", &format!("RuleArn={default}")), refused);
    let form = format!("RuleArn={default}&{}", fixed(200));
    assert_eq!(world.refused("ModifyRule", &form), refused);
}

#[test]
fn rules_of_several_listeners_are_not_moved_in_one_call() {
    let mut world = World::new();
    let first = world.rule(11, "*", &fixed(200));
    let form = format!(
        "LoadBalancerArn={}&Protocol=HTTP&Port=81&DefaultActions.member.1.Type=fixed-response\
         &DefaultActions.member.1.FixedResponseConfig.StatusCode=404",
        world.balancer
    );
    world.listener = text(&world.ok("CreateListener", &form)["Listeners"][0]["ListenerArn"]);
    let second = world.rule(11, "*", &fixed(200));
    let pairs = "RulePriorities.member";
    let form = format!(
        "{pairs}.1.RuleArn={first}&{pairs}.1.Priority=12\
         &{pairs}.2.RuleArn={second}&{pairs}.2.Priority=12"
    );
    assert_eq!(world.refused("SetRulePriorities", &form), "ValidationError");
    assert_eq!(rules(&mut world)[0]["Priority"], "11");
}

#[test]
fn a_rule_is_created_once_for_each_call_and_found_by_its_tag() {
    let mut world = World::new();
    let form = format!("{}&Tags.member.1.Key=run&Tags.member.1.Value=7", {
        world.rule_form(5, "*", &fixed(200))
    });
    world.ok("CreateRule", &form);
    assert_eq!(world.refused("CreateRule", &form), "PriorityInUse");
    world.rule(6, "*", &fixed(200));
    let arns: Vec<String> = rules(&mut world).iter().map(|it| text(&it["RuleArn"])).collect();
    let asked: String =
        (1..).zip(&arns).map(|(n, arn)| format!("ResourceArns.member.{n}={arn}&")).collect();
    let described = list(&world.ok("DescribeTags", &asked)["TagDescriptions"]);
    let ours = described.iter().filter(|it| it["Tags"][0]["Value"] == "7");
    assert_eq!(ours.map(|it| text(&it["ResourceArn"])).collect::<Vec<_>>(), arns[..1]);
}

#[test]
fn what_is_not_there_is_told_by_its_kind() {
    let mut world = World::new();
    let rule = world.rule(11, "*", &fixed(200));
    world.ok("DeleteRule", &format!("RuleArn={rule}"));
    let group = format!("{}x", world.green);
    assert_eq!(world.refused("DeleteRule", &format!("RuleArn={rule}")), "RuleNotFound");
    let form = format!("RulePriorities.member.1.RuleArn={rule}&RulePriorities.member.1.Priority=1");
    assert_eq!(world.refused("SetRulePriorities", &form), "RuleNotFound");
    let form = format!("ListenerArn={}x", world.listener);
    assert_eq!(world.refused("DescribeRules", &form), "ListenerNotFound");
    let form = world.rule_form(12, "*", &forward(&group));
    assert_eq!(world.refused("CreateRule", &form), "TargetGroupNotFound");
    let form = format!("LoadBalancerArn={}x", world.balancer);
    assert_eq!(world.refused("DescribeListeners", &form), "LoadBalancerNotFound");
    let form = format!("TargetGroupArn={group}");
    assert_eq!(world.refused("DescribeTargetHealth", &form), "TargetGroupNotFound");
}

#[test]
fn a_group_in_a_rule_cannot_be_deleted_and_one_in_none_can() {
    let mut world = World::new();
    let form = format!("TargetGroupArn={}", world.green);
    let rule = world.rule(11, "*", &forward(&world.green.clone()));
    assert_eq!(world.refused("DeleteTargetGroup", &form), "ResourceInUse");
    world.ok("DeleteRule", &format!("RuleArn={rule}"));
    world.ok("DeleteTargetGroup", &form);
    world.ok("DeleteTargetGroup", &form);
}

#[test]
fn a_secret_is_never_shown_and_can_be_kept_by_asking_for_it() {
    let mut world = World::new();
    world.ok("ModifyListener", &format!("ListenerArn={}&Protocol=HTTPS", world.listener));
    let oidc = |secret: &str| {
        format!(
            "Actions.member.1.Type=authenticate-oidc\
             &Actions.member.1.AuthenticateOidcConfig.ClientId=me\
             &Actions.member.1.AuthenticateOidcConfig.{secret}\
             &Actions.member.2.Type=fixed-response\
             &Actions.member.2.FixedResponseConfig.StatusCode=200"
        )
    };
    let keep = oidc("UseExistingClientSecret=true");
    let form = world.rule_form(5, "*", &keep);
    assert_eq!(world.refused("CreateRule", &form), "ValidationError");
    let form = world.rule_form(5, "*", &oidc("ClientSecret=hush"));
    let made = world.ok("CreateRule", &form);
    let rule = text(&made["Rules"][0]["RuleArn"]);
    let mut shown = vec![made, json!({"Rules": rules(&mut world)})];
    shown.push(world.ok("ModifyRule", &format!("RuleArn={rule}&{keep}")));
    shown.push(json!({"Rules": rules(&mut world)}));
    for answer in shown {
        let config = &answer["Rules"][0]["Actions"][0]["AuthenticateOidcConfig"];
        assert_eq!(*config, json!({"ClientId": "me"}));
    }
}

#[test]
fn a_map_is_shown_entry_by_entry() {
    let mut world = World::new();
    world.ok("ModifyListener", &format!("ListenerArn={}&Protocol=HTTPS", world.listener));
    let extra = "Actions.member.1.AuthenticateOidcConfig.AuthenticationRequestExtraParams.entry.1";
    let actions = format!(
        "Actions.member.1.Type=authenticate-oidc\
         &Actions.member.1.AuthenticateOidcConfig.ClientSecret=hush\
         &{extra}.key=prompt&{extra}.value=login\
         &Actions.member.2.Type=fixed-response\
         &Actions.member.2.FixedResponseConfig.StatusCode=200"
    );
    world.rule(5, "*", &actions);
    let config = rules(&mut world)[0]["Actions"][0]["AuthenticateOidcConfig"].clone();
    let entry = json!({"key": "prompt", "value": "login"});
    assert_eq!(config, json!({"AuthenticationRequestExtraParams": {"entry": entry}}));
}
