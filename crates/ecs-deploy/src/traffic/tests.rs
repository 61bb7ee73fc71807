mod advice;

use super::*;

const BALANCER: &str = "arn:aws:elasticloadbalancing:us-east-1:222222222222";

fn group(name: &str) -> TargetGroupArn {
    format!("{BALANCER}:targetgroup/{name}/0123").parse().unwrap()
}

fn listener_arn(name: &str) -> ListenerArn {
    format!("{BALANCER}:listener/app/shop/0123/{name}").parse().unwrap()
}

fn rule_arn(listener: &str, name: &str) -> RuleArn {
    RuleArn(format!("{BALANCER}:listener-rule/app/shop/0123/{listener}/{name}"))
}

fn scope() -> Scope {
    Scope {
        groups: ByColor { blue: group("blue"), green: group("green") },
        listeners: vec![listener_arn("main")],
        test_listener: None,
        accepted_rules: BTreeSet::new(),
    }
}

/// A condition as tests write it: a path, or a host without a slash.
fn condition(text: &str) -> Condition {
    if text.contains('/') || text == "*" {
        Condition::path([text])
    } else {
        Condition::host([text])
    }
}

/// An action as tests write it: `redirect`, or groups with weights such as `green=90 blue=10`.
fn action(text: &str) -> Action {
    let other = || OtherAction { kind: text.to_owned(), settings: String::new() };
    if matches!(text, "redirect" | "fixed-response") {
        return Action::Respond(other());
    }
    let weighted = |part: &str| {
        let (name, weight) = part.split_once('=').unwrap_or((part, "1"));
        WeightedGroup { group: group(name), weight: weight.parse().unwrap() }
    };
    Action::Forward(Forward { groups: text.split(' ').map(weighted).collect(), stickiness: None })
}

/// A listener of rules such as `10 /api/* -> green`; the default rule has the number 0.
fn listener(name: &str, rules: &[&str]) -> ListenerRules {
    let mut rules: Vec<Rule> = rules.iter().map(|text| rule(name, text)).collect();
    if rules.iter().all(|rule| rule.number().is_some()) {
        rules.push(rule(name, "0 * -> fixed-response"));
    }
    ListenerRules { listener: listener_arn(name), endpoint: Some(format!("HTTP:{name}")), rules }
}

fn rule(listener: &str, text: &str) -> Rule {
    let (left, to) = text.split_once(" -> ").unwrap();
    let (number, asked) = left.split_once(' ').unwrap();
    let priority = match number {
        "0" => Priority::Default,
        number => Priority::Number(number.parse().unwrap()),
    };
    Rule {
        arn: rule_arn(listener, number),
        priority,
        conditions: asked.split(" + ").map(condition).collect(),
        actions: vec![action(to)],
        transforms: Vec::new(),
    }
}

fn read(seen: &[ListenerRules], scope: &Scope) -> Traffic {
    Traffic::read(seen.to_vec(), scope, None)
}

fn main(rules: &[&str]) -> Traffic {
    read(&[listener("main", rules)], &scope())
}

fn numbers(of: &[(&str, u32)]) -> BTreeMap<RuleArn, u32> {
    of.iter().map(|(name, number)| (rule_arn("main", name), *number)).collect()
}

const PLAIN: [&str; 2] = ["12 * -> blue", "11 * -> green"];

fn with(more: &[&'static str]) -> Vec<&'static str> {
    [&PLAIN[..], more].concat()
}

#[test]
fn the_lower_number_of_a_pair_is_live_and_an_exchange_moves_it() {
    let traffic = main(&PLAIN);
    assert_eq!(traffic.check(), Ok(Color::Green));
    assert_eq!(traffic.priorities(), numbers(&[("12", 12), ("11", 11)]));
    assert_eq!(traffic.priorities_for(Color::Blue), [numbers(&[("12", 11), ("11", 12)])]);
    assert_eq!(traffic.priorities_for(Color::Green), [traffic.priorities()]);
    assert!(traffic.has_priorities(&numbers(&[("11", 11)])));
    assert!(!traffic.has_priorities(&numbers(&[("11", 12)])));
    assert!(!traffic.has_priorities(&numbers(&[("13", 13)])));
}

#[test]
fn a_pair_for_each_host_or_path_moves_as_one() {
    let rules =
        ["11 www -> green", "12 www -> blue", "21 api + /v1/* -> green", "22 api + /v1/* -> blue"];
    let traffic = main(&rules);
    assert_eq!(traffic.check(), Ok(Color::Green));
    let to = numbers(&[("11", 12), ("12", 11), ("21", 22), ("22", 21)]);
    assert_eq!(traffic.priorities_for(Color::Blue), [to]);
    assert_eq!(
        traffic.rules_of(Color::Green),
        [rule_arn("main", "11"), rule_arn("main", "21")].into()
    );
}

/// Set-ups that teams have, with green live, and nothing wrong with them.
#[test]
fn legitimate_set_ups_are_never_refused() {
    let named: [(&str, Vec<ListenerRules>); 17] = [
        ("plain", vec![listener("main", &PLAIN)]),
        ("redirect from 80", vec![listener("main", &PLAIN), listener("80", &["0 * -> redirect"])]),
        (
            "redirect by a rule",
            vec![listener("main", &PLAIN), listener("80", &["1 * -> redirect"])],
        ),
        ("path of another service above", vec![listener("main", &with(&["1 /auth/* -> auth"]))]),
        ("weight 0 to a color", vec![listener("main", &with(&["1 /x -> other=1 blue=0"]))]),
        (
            "pair with a leftover weight 0",
            vec![listener("main", &["11 * -> green=1 blue=0", "12 * -> blue"])],
        ),
        ("default to a color below", vec![listener("main", &with(&["0 * -> blue"]))]),
        ("default to another service", vec![listener("main", &with(&["0 * -> legacy"]))]),
        ("canary of another service", vec![listener("main", &with(&["5 /api/* -> a=90 b=10"]))]),
        ("maintenance of everything", vec![listener("main", &with(&["1 * -> fixed-response"]))]),
        ("maintenance of a part", vec![listener("main", &with(&["1 /shop/* -> fixed-response"]))]),
        ("redirect of a host", vec![listener("main", &with(&["1 old.example.com -> redirect"]))]),
        (
            "other apps by host",
            vec![listener("main", &["1 a -> x", "11 b -> green", "12 b -> blue", "21 c -> y"])],
        ),
        (
            "rule between a pair",
            vec![listener("main", &["11 /x -> green", "15 /y -> other", "19 /x -> blue"])],
        ),
        ("a narrow rule to a color below", vec![listener("main", &with(&["20 /api/* -> blue"]))]),
        (
            "hosts in other letters",
            vec![listener(
                "main",
                &["11 Shop.Example.com -> green", "12 shop.example.com -> blue"],
            )],
        ),
        (
            "a pair behind a wider pair",
            vec![listener("main", &with(&["21 /x -> blue", "22 /x -> green"]))],
        ),
    ];
    for (name, seen) in named {
        let traffic = read(&seen, &scope());
        assert_eq!(traffic.check(), Ok(Color::Green), "{name}");
        assert_eq!(traffic.reach(&group("green")), Reach::Live, "{name}");
        assert_eq!(traffic.reach(&group("blue")), Reach::Idle, "{name}");
    }
}

#[test]
fn named_rules_and_listeners_are_left_alone() {
    let seen = [
        listener("main", &with(&["1 preview -> blue"])),
        listener("test", &["0 * -> blue"]),
        listener("http", &["1 * -> green", "2 * -> blue"]),
    ];
    let named = Scope {
        listeners: vec![listener_arn("main"), listener_arn("http")],
        test_listener: Some(listener_arn("test")),
        accepted_rules: [rule_arn("main", "1")].into(),
        ..scope()
    };
    let traffic = read(&seen, &named);
    assert_eq!(traffic.check(), Ok(Color::Green));
    assert_eq!(traffic.reach(&group("blue")), Reach::AcceptedOnly);
    let to = traffic.priorities_for(Color::Blue);
    let http = BTreeMap::from([(rule_arn("http", "1"), 2), (rule_arn("http", "2"), 1)]);
    assert_eq!(to, [numbers(&[("11", 12), ("12", 11)]), http]);
}

#[test]
fn what_is_not_named_is_reachable_and_what_no_rule_names_is_unlisted() {
    let traffic = main(&with(&["1 /x -> other", "20 /y -> third", "0 * -> blue"]));
    assert_eq!(traffic.reach(&group("other")), Reach::Reachable);
    assert_eq!(traffic.reach(&group("third")), Reach::Idle);
    assert_eq!(traffic.reach(&group("fourth")), Reach::Unlisted);
}

#[test]
fn a_sticky_rule_reaches_a_group_of_weight_0_too() {
    let mut seen = listener("main", &with(&["1 /x -> other=1 blue=0"]));
    let Action::Forward(forward) = &mut seen.rules[2].actions[0] else { panic!("a forward") };
    forward.stickiness = Some(60);
    let refusal = read(&[seen], &scope()).check().unwrap_err();
    assert!(refusal.to_string().contains("splits requests"), "{refusal}");
}

/// Set-ups in which a deploy would leave requests behind or move none, each with a word of why.
fn refused() -> Vec<(&'static str, Vec<ListenerRules>, &'static str)> {
    vec![
        (
            "other conditions",
            vec![listener("main", &["11 shop -> green", "12 preview -> blue"])],
            "no rule behind it forwards to blue with the same conditions (rule 12 has other conditions)",
        ),
        (
            "canary above",
            vec![listener("main", &with(&["1 * -> green=90 blue=10"]))],
            "splits requests",
        ),
        (
            "canary of a part",
            vec![listener("main", &with(&["1 /x -> green=90 blue=10"]))],
            "splits requests",
        ),
        ("only a canary", vec![listener("main", &["1 * -> green=90 blue=10"])], "splits requests"),
        (
            "other group above",
            vec![listener("main", &with(&["1 * -> other"]))],
            "takes all requests of rule 11",
        ),
        (
            "wider host above",
            vec![listener("main", &["1 *.a -> other", "11 x.a -> green", "12 x.a -> blue"])],
            "takes all requests of rule 11",
        ),
        (
            "default beside paths",
            vec![listener("main", &["11 /api/* -> green", "12 /api/* -> blue", "0 * -> green"])],
            "a default rule can't be moved",
        ),
        (
            "default to the other color",
            vec![listener("main", &["11 /api/* -> green", "12 /api/* -> blue", "0 * -> blue"])],
            "a default rule can't be moved",
        ),
        (
            "second listener",
            vec![listener("main", &PLAIN), listener("80", &["0 * -> green"])],
            "a deploy does not move its listener",
        ),
        (
            "second listener with a pair",
            vec![listener("main", &PLAIN), listener("80", &["1 * -> green", "2 * -> blue"])],
            "a deploy does not move its listener",
        ),
        (
            "second listener the other way",
            vec![listener("main", &PLAIN), listener("80", &["1 * -> blue", "2 * -> green"])],
            "a deploy does not move its listener",
        ),
        (
            "a lone rule",
            vec![listener("main", &with(&["1 /api/* -> green"]))],
            "no rule behind it forwards to blue",
        ),
        (
            "a lone rule to the idle color",
            vec![listener("main", &with(&["1 /api/* -> blue"]))],
            "no rule behind it forwards to green",
        ),
        (
            "mixed",
            vec![listener("main", &["1 a -> blue", "2 a -> green", "3 b -> green", "4 b -> blue"])],
            "blue is live for some requests (rule 1 of HTTP:main) and green for others (rule 3 of HTTP:main)",
        ),
        (
            "one color",
            vec![listener("main", &["11 * -> green"])],
            "no rule behind it forwards to blue",
        ),
        ("no color", vec![listener("main", &["11 /x -> other"])], "create one for each"),
        (
            "defaults alone",
            vec![listener("main", &["0 * -> blue"])],
            "a default rule can't be moved",
        ),
    ]
}

#[test]
fn what_would_stay_behind_is_refused_with_the_rule_and_why() {
    for (name, seen, words) in refused() {
        let refusal = read(&seen, &scope()).check().expect_err(name);
        assert!(refusal.to_string().contains(words), "{name}: {refusal}");
        assert_eq!(refusal.is_mixed, name == "mixed", "{name}");
        assert!(!refusal.rules.is_empty() || name == "no color", "{name}");
    }
}

#[test]
fn rules_that_differ_in_more_than_the_group_are_no_pair() {
    let mut seen = listener("main", &PLAIN);
    seen.rules[0].transforms = vec!["url-rewrite".to_owned()];
    let refusal = read(&[seen.clone()], &scope()).check().unwrap_err();
    assert!(refusal.to_string().contains("other transforms"), "{refusal}");
    seen.rules[1].transforms = seen.rules[0].transforms.clone();
    assert_eq!(read(&[seen.clone()], &scope()).check(), Ok(Color::Green));
    let oidc = |settings: &str| {
        Action::Other(OtherAction { kind: "authenticate-oidc".into(), settings: settings.into() })
    };
    seen.rules[0].actions.insert(0, oidc("a"));
    assert!(read(&[seen.clone()], &scope()).check().is_err());
    seen.rules[1].actions.insert(0, oidc("b"));
    assert!(read(&[seen.clone()], &scope()).check().is_err());
    seen.rules[1].actions[0] = oidc("a");
    assert_eq!(read(&[seen], &scope()).check(), Ok(Color::Green));
}

#[test]
fn an_action_that_can_not_be_read_may_lead_anywhere() {
    let mut seen = listener("main", &with(&["1 /x -> other"]));
    let kind = "teleport".to_owned();
    seen.rules[2].actions = vec![Action::Other(OtherAction { kind, settings: String::new() })];
    let traffic = read(&[seen], &scope());
    assert!(traffic.check().unwrap_err().to_string().contains("does not know"));
    assert_eq!(traffic.reach(&group("blue")), Reach::Reachable);
}

#[test]
fn maintenance_of_a_whole_pair_is_reported_and_a_partial_one_is_a_note() {
    let whole = main(&with(&["1 * -> fixed-response"]));
    let words = "no request reaches rule 11: rule 1 of HTTP:main (every request) answers before it";
    assert_eq!(whole.maintenance(), [words]);
    assert_eq!(whole.notes(), [words]);
    let partial = main(&with(&["1 /x -> fixed-response"]));
    assert_eq!(partial.maintenance(), [""; 0]);
    assert_eq!(partial.notes().len(), 1);
}

#[test]
fn a_rule_that_takes_a_part_of_a_pairs_requests_is_a_note() {
    let traffic = main(&with(&["1 /auth/* -> auth", "20 /below -> other"]));
    assert_eq!(
        traffic.notes(),
        ["rule 1 of HTTP:main (path /auth/*) takes requests before the colors' rules"]
    );
    let apart = main(&["1 a -> x", "11 b -> green", "12 b -> blue"]);
    assert_eq!(apart.notes(), [""; 0]);
}

#[test]
fn without_a_pair_the_lowest_number_is_nominally_live() {
    let traffic = main(&["11 shop -> green", "12 preview -> blue"]);
    assert_eq!((traffic.live(), traffic.nominal()), (None, Some(Color::Green)));
    assert_eq!(traffic.number_of(Color::Blue), Some(12));
    assert_eq!(main(&["1 * -> other"]).nominal(), None);
}
