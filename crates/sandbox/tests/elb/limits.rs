use crate::cloud::{World, encoded, fixed, forward, text, weighted};

#[test]
fn a_taken_priority_is_refused() {
    let mut world = World::new();
    world.rule(11, "*", &fixed(200));
    let form = world.rule_form(11, "/other", &fixed(200));
    assert_eq!(world.refused("CreateRule", &form), "PriorityInUse");
}

#[test]
fn priorities_are_1_to_50000() {
    let mut world = World::new();
    for priority in [0, 50_001] {
        let form = world.rule_form(priority, "*", &fixed(200));
        assert_eq!(world.refused("CreateRule", &form), "ValidationError");
    }
    world.rule(1, "*", &fixed(200));
    world.rule(50_000, "*", &fixed(200));
}

#[test]
fn a_balancer_has_100_rules_over_all_its_listeners() {
    let mut world = World::new();
    let first = world.listener.clone();
    let form = format!(
        "LoadBalancerArn={}&Protocol=HTTP&Port=81&DefaultActions.member.1.Type=fixed-response\
         &DefaultActions.member.1.FixedResponseConfig.StatusCode=404",
        world.balancer
    );
    let second = text(&world.ok("CreateListener", &form)["Listeners"][0]["ListenerArn"]);
    for priority in 1..=100 {
        world.listener = if priority % 2 == 0 { first.clone() } else { second.clone() };
        world.rule(priority, "*", &fixed(200));
    }
    let form = world.rule_form(101, "*", &fixed(200));
    assert_eq!(world.refused("CreateRule", &form), "TooManyRules");
}

#[test]
fn a_rule_has_5_condition_values_and_5_wildcards() {
    let mut world = World::new();
    let values = |count: usize, pattern: &str| {
        (1..=count)
            .map(|index| format!("&Conditions.member.1.Values.member.{index}={pattern}{index}"))
            .collect::<String>()
    };
    let form = |world: &World, values: String| {
        format!(
            "ListenerArn={}&Priority=7&Conditions.member.1.Field=path-pattern{values}&{}",
            world.listener,
            fixed(200)
        )
    };
    let too_many = form(&world, values(6, "/"));
    assert_eq!(world.refused("CreateRule", &too_many), "ValidationError");
    let too_wild = form(&world, values(3, "/**"));
    assert_eq!(world.refused("CreateRule", &too_wild), "ValidationError");
    let none = form(&world, String::new());
    assert_eq!(world.refused("CreateRule", &none), "ValidationError");
    let fits = form(&world, values(5, "/*"));
    world.ok("CreateRule", &fits);
}

#[test]
fn a_header_name_has_40_characters_and_a_value_128() {
    let mut world = World::new();
    let form = |world: &World, name: usize, value: usize| {
        let config = "Conditions.member.1.HttpHeaderConfig";
        format!(
            "ListenerArn={}&Priority=7&Conditions.member.1.Field=http-header\
             &{config}.HttpHeaderName={}&{config}.Values.member.1={}&{}",
            world.listener,
            "n".repeat(name),
            "v".repeat(value),
            fixed(200)
        )
    };
    for (name, value) in [(41, 1), (0, 1), (1, 129), (1, 0)] {
        let form = form(&world, name, value);
        assert_eq!(world.refused("CreateRule", &form), "ValidationError", "{name} {value}");
    }
    let fits = form(&world, 40, 128);
    world.ok("CreateRule", &fits);
}

#[test]
fn application_cookies_and_weights_exclude_each_other() {
    let mut world = World::new();
    let (green, blue) = (world.green.clone(), world.blue.clone());
    let attribute = |number: usize, key: &str, value: &str| {
        let member = format!("Attributes.member.{number}");
        format!("&{member}.Key=stickiness.{key}&{member}.Value={value}")
    };
    let sticky = [
        attribute(1, "enabled", "true"),
        attribute(2, "type", "app_cookie"),
        attribute(3, "app_cookie.cookie_name", "session"),
    ];
    let form = format!("TargetGroupArn={green}{}", sticky.concat());
    world.ok("ModifyTargetGroupAttributes", &form);
    let config = "Actions.member.1.ForwardConfig.TargetGroupStickinessConfig";
    let action = weighted(&[(&green, 1), (&blue, 1)]);
    let action = format!("{action}&{config}.Enabled=true&{config}.DurationSeconds=60");
    let form = world.rule_form(5, "*", &action);
    assert_eq!(world.refused("CreateRule", &form), "InvalidConfigurationRequest");
    world.rule(5, "*", &forward(&green));
}

#[test]
fn a_forward_has_5_groups_of_weights_to_999() {
    let mut world = World::new();
    let groups: Vec<String> = (0..6).map(|index| world.group(&format!("g{index}"))).collect();
    let named: Vec<(&str, u16)> = groups.iter().map(|group| (group.as_str(), 1)).collect();
    let form = world.rule_form(5, "*", &weighted(&named));
    assert_eq!(world.refused("CreateRule", &form), "TooManyTargetGroups");
    let form = world.rule_form(5, "*", &weighted(&[(&groups[0], 1000), (&groups[1], 1)]));
    assert_eq!(world.refused("CreateRule", &form), "ValidationError");
    world.rule(5, "*", &weighted(&named[..5]));
}

#[test]
fn a_sticky_group_shares_a_forward_only_when_the_rule_is_sticky() {
    let mut world = World::new();
    let (green, blue) = (world.green.clone(), world.blue.clone());
    let attribute = "Attributes.member.1.Key=stickiness.enabled&Attributes.member.1.Value=true";
    let sticky = format!("TargetGroupArn={green}&{attribute}");
    world.ok("ModifyTargetGroupAttributes", &sticky);
    let action = weighted(&[(&green, 1), (&blue, 1)]);
    let form = world.rule_form(5, "*", &action);
    assert_eq!(world.refused("CreateRule", &form), "InvalidConfigurationRequest");
    let config = "Actions.member.1.ForwardConfig.TargetGroupStickinessConfig";
    world.rule(5, "*", &format!("{action}&{config}.Enabled=true&{config}.DurationSeconds=60"));
    world.rule(6, "*", &forward(&green));
    let plain = world.group("plain");
    world.rule(7, "*", &weighted(&[(&blue, 1), (&plain, 1)]));
    let sticky = format!("TargetGroupArn={plain}&{attribute}");
    let code = world.refused("ModifyTargetGroupAttributes", &sticky);
    assert_eq!(code, "InvalidConfigurationRequest");
}

#[test]
fn a_group_belongs_to_one_balancer_and_a_port_to_one_listener() {
    let mut world = World::new();
    let green = world.green.clone();
    world.rule(11, "*", &forward(&green));
    let form = "Name=other&Subnets.member.1=a&Subnets.member.2=b";
    let other = text(&world.ok("CreateLoadBalancer", form)["LoadBalancers"][0]["LoadBalancerArn"]);
    assert_eq!(world.refused("CreateLoadBalancer", form), "DuplicateLoadBalancerName");
    let listener = |balancer: &str| {
        format!(
            "LoadBalancerArn={balancer}&Protocol=HTTP&Port=80&DefaultActions.member.1.Type=forward\
             &DefaultActions.member.1.TargetGroupArn={green}"
        )
    };
    assert_eq!(world.refused("CreateListener", &listener(&other)), "TargetGroupAssociationLimit");
    let again = listener(&world.balancer);
    assert_eq!(world.refused("CreateListener", &again), "DuplicateListener");
    let form = "Name=green&Protocol=HTTP&Port=80&VpcId=v&TargetType=ip";
    assert_eq!(world.refused("CreateTargetGroup", form), "DuplicateTargetGroupName");
}

#[test]
fn the_last_action_routes_and_there_is_one_such() {
    let mut world = World::new();
    let two = "Actions.member.1.Type=fixed-response\
               &Actions.member.1.FixedResponseConfig.StatusCode=200\
               &Actions.member.2.Type=fixed-response\
               &Actions.member.2.FixedResponseConfig.StatusCode=201";
    let form = world.rule_form(5, "*", two);
    assert_eq!(world.refused("CreateRule", &form), "TooManyActions");
    let loops = "Actions.member.1.Type=redirect\
                 &Actions.member.1.RedirectConfig.StatusCode=HTTP_302";
    let form = world.rule_form(5, "*", loops);
    assert_eq!(world.refused("CreateRule", &form), "InvalidLoadBalancerAction");
    let form = world.rule_form(5, "*", "Actions.member.1.Type=levitate");
    assert_eq!(world.refused("CreateRule", &form), "ValidationError");
    let form = world.rule_form(5, "*", "Actions=");
    assert_eq!(world.refused("CreateRule", &form), "ValidationError");
}

#[test]
fn actions_follow_their_order_not_their_place() {
    let mut world = World::new();
    world.ok("ModifyListener", &format!("ListenerArn={}&Protocol=HTTPS", world.listener));
    let actions = |answer: u8, login: u8| {
        format!(
            "Actions.member.1.Type=fixed-response&Actions.member.1.Order={answer}\
             &Actions.member.1.FixedResponseConfig.StatusCode=200\
             &Actions.member.2.Type=authenticate-cognito&Actions.member.2.Order={login}\
             &Actions.member.2.AuthenticateCognitoConfig.UserPoolArn=a"
        )
    };
    let form = world.rule_form(5, "*", &actions(1, 2));
    assert_eq!(world.refused("CreateRule", &form), "InvalidLoadBalancerAction");
    let form = world.rule_form(5, "*", &actions(2, 1));
    let made = world.ok("CreateRule", &form);
    assert_eq!(text(&made["Rules"][0]["Actions"][1]["Type"]), "fixed-response");
}

#[test]
fn a_network_balancer_has_listeners_without_rules() {
    let mut world = World::new();
    let form = "Name=net&Type=network&Subnets.member.1=a";
    let made = world.ok("CreateLoadBalancer", form);
    let balancer = text(&made["LoadBalancers"][0]["LoadBalancerArn"]);
    let form = "Name=tcp&Protocol=TCP&Port=80&VpcId=v&TargetType=ip";
    let made = world.ok("CreateTargetGroup", form);
    let group = text(&made["TargetGroups"][0]["TargetGroupArn"]);
    let listener = |group: &str| {
        format!(
            "LoadBalancerArn={balancer}&Protocol=TCP&Port=80&DefaultActions.member.1.Type=forward\
             &DefaultActions.member.1.TargetGroupArn={group}"
        )
    };
    let green = listener(&world.green);
    assert_eq!(world.refused("CreateListener", &green), "IncompatibleProtocols");
    let made = world.ok("CreateListener", &listener(&group));
    world.listener = text(&made["Listeners"][0]["ListenerArn"]);
    assert!(world.listener.contains("listener/net/"));
    let form = world.rule_form(5, "*", &forward(&group));
    assert_eq!(world.refused("CreateRule", &form), "OperationNotPermitted");
    assert_eq!(world.cloud.listeners().len(), 1);
}

#[test]
fn a_condition_on_the_query_the_method_or_a_header_keeps_its_form() {
    let mut world = World::new();
    let mut is_taken = |priority: u32, condition: &str| {
        let form = format!(
            "ListenerArn={}&Priority={priority}&Conditions.member.1.{condition}&{}",
            world.listener,
            fixed(200)
        );
        world.call("CreateRule", &form).is_ok()
    };
    let query = "Field=query-string&Conditions.member.1.QueryStringConfig.Values.member.1.Value=";
    let method =
        "Field=http-request-method&Conditions.member.1.HttpRequestMethodConfig.Values.member.1=";
    let header = "Field=http-header&Conditions.member.1.HttpHeaderConfig.Values.member.1=a\
                  &Conditions.member.1.HttpHeaderConfig.HttpHeaderName=";
    for (priority, condition, good, bad) in [
        (1, query, "q".repeat(128), "q".repeat(129)),
        (2, method, "POST".to_owned(), "post".to_owned()),
        (3, header, "X-Host".to_owned(), "Host".to_owned()),
    ] {
        assert!(!is_taken(priority, &format!("{condition}{bad}")), "{bad}");
        assert!(is_taken(priority, &format!("{condition}{good}")), "{good}");
    }
}

#[test]
fn a_path_and_a_host_have_letters_digits_and_few_marks() {
    let mut world = World::new();
    let mut is_taken = |priority: u32, field: &str, value: &str| {
        let form = format!(
            "ListenerArn={}&Priority={priority}&Conditions.member.1.Field={field}\
             &Conditions.member.1.Values.member.1={}&{}",
            world.listener,
            encoded(value),
            fixed(200)
        );
        world.call("CreateRule", &form).is_ok()
    };
    for bad in ["^/[a-z]{2}/", "/a b", "/a%20b", "/a?b=c"] {
        assert!(!is_taken(1, "path-pattern", bad), "{bad}");
    }
    assert!(is_taken(1, "path-pattern", "/Img_1-a.b$~\"'@:+&*?"));
    for bad in ["a_b.example.com", "a.example.com:80", "a.example.com/"] {
        assert!(!is_taken(2, "host-header", bad), "{bad}");
    }
    assert!(is_taken(2, "host-header", "*.shop-?.Example.com"));
}
