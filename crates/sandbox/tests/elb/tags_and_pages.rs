use crate::cloud::{World, fixed, list, text};

#[test]
fn tags_come_with_creation_and_are_added_removed_and_described() {
    let mut world = World::new();
    let form = format!(
        "{}&Tags.member.1.Key=team&Tags.member.1.Value=web",
        world.rule_form(5, "*", &fixed(200))
    );
    let rule = text(&world.ok("CreateRule", &form)["Rules"][0]["RuleArn"]);
    let one = format!("ResourceArns.member.1={rule}");
    world.ok("AddTags", &format!("{one}&Tags.member.1.Key=a%26b&Tags.member.1.Value=%3Cx%3E"));
    let described = world.ok("DescribeTags", &one);
    let tags = list(&described["TagDescriptions"][0]["Tags"]);
    assert_eq!(tags.len(), 2);
    world.ok("RemoveTags", &format!("{one}&TagKeys.member.1=a%26b"));
    let described = world.ok("DescribeTags", &one);
    let tags = list(&described["TagDescriptions"][0]["Tags"]);
    assert_eq!((tags.len(), text(&tags[0]["Key"])), (1, "team".to_owned()));
}

#[test]
fn unusable_tags_are_refused_before_anything_is_made() {
    let mut world = World::new();
    let rule = world.rule_form(5, "*", &fixed(200));
    let many: String =
        (1..=51).map(|n| format!("&Tags.member.{n}.Key=k{n}&Tags.member.{n}.Value=v")).collect();
    for (tags, code) in [
        (many.as_str(), "TooManyTags"),
        ("&Tags.member.1.Key=a&Tags.member.2.Key=a", "DuplicateTagKeys"),
        ("&Tags.member.1.Key=aws:a", "ValidationError"),
    ] {
        assert_eq!(world.refused("CreateRule", &format!("{rule}{tags}")), code);
    }
    world.ok("CreateRule", &rule);
}

#[test]
fn tags_of_20_resources_can_be_asked_for_at_a_time() {
    let mut world = World::new();
    let arns = |count: usize, arn: &str| {
        (1..=count).map(|n| format!("ResourceArns.member.{n}={arn}&")).collect::<String>()
    };
    let green = world.green.clone();
    world.ok("DescribeTags", &arns(20, &green));
    assert_eq!(world.refused("DescribeTags", &arns(21, &green)), "ValidationError");
    let gone = format!("{green}x");
    assert_eq!(world.refused("DescribeTags", &arns(1, &gone)), "TargetGroupNotFound");
}

#[test]
fn pages_join_to_the_whole_and_a_made_up_marker_is_refused() {
    let mut world = World::new();
    let made: Vec<String> = (1..=7).map(|p| world.rule(p, "*", &fixed(200))).collect();
    let listener = world.listener.clone();
    let (mut seen, mut marker) = (Vec::new(), String::new());
    loop {
        let form = format!("ListenerArn={listener}&PageSize=3{marker}");
        let page = world.ok("DescribeRules", &form);
        let rules = list(&page["Rules"]);
        assert!(rules.len() <= 3);
        seen.extend(rules.iter().map(|rule| text(&rule["RuleArn"])));
        match page.get("NextMarker") {
            Some(next) => marker = format!("&Marker={}", text(next)),
            None => break,
        }
    }
    assert_eq!((&seen[..7], seen.len()), (&made[..], 8));
    let form = format!("ListenerArn={listener}&Marker=made-up");
    assert_eq!(world.refused("DescribeRules", &form), "ValidationError");
    let form = format!("ListenerArn={listener}&PageSize=401");
    assert_eq!(world.refused("DescribeRules", &form), "ValidationError");
}

#[test]
fn balancers_listeners_and_groups_come_in_pages_too() {
    let mut world = World::new();
    world.ok("CreateLoadBalancer", "Name=other&Subnets.member.1=a&Subnets.member.2=b");
    let listener = format!(
        "LoadBalancerArn={}&Protocol=HTTP&Port=81&DefaultActions.member.1.Type=fixed-response\
         &DefaultActions.member.1.FixedResponseConfig.StatusCode=404",
        world.balancer
    );
    world.ok("CreateListener", &listener);
    let of_balancer = format!("LoadBalancerArn={}&", world.balancer);
    for (operation, of, members) in [
        ("DescribeLoadBalancers", "", "LoadBalancers"),
        ("DescribeListeners", of_balancer.as_str(), "Listeners"),
        ("DescribeTargetGroups", "", "TargetGroups"),
    ] {
        let first = world.ok(operation, &format!("{of}PageSize=1"));
        let marker = text(&first["NextMarker"]);
        let second = world.ok(operation, &format!("{of}PageSize=1&Marker={marker}"));
        let pages = [list(&first[members]), list(&second[members])];
        assert_eq!(pages.each_ref().map(Vec::len), [1, 1], "{operation}");
        assert_ne!(pages[0], pages[1], "{operation}");
        assert!(second.get("NextMarker").is_none(), "{operation}");
    }
}

#[test]
fn an_accepted_member_without_effect_is_known() {
    let mut world = World::new();
    let form = format!(
        "ListenerArn={}&Protocol=HTTPS&Certificates.member.1.CertificateArn=c",
        world.listener
    );
    world.ok("ModifyListener", &form);
    let ignored: Vec<_> =
        world.cloud.ignored().map(|(operation, path, _)| (operation, path)).collect();
    assert_eq!(ignored, [("ModifyListener", "Certificates")]);
}

#[test]
fn unknown_operations_and_contradicting_names_are_refused() {
    let mut world = World::new();
    assert_eq!(world.refused("SetIpAddressType", ""), "InvalidAction");
    let form = "ListenerArn=a&ListenerArn.member.1=b";
    assert_eq!(world.refused("DescribeRules", form), "MalformedQueryString");
}
