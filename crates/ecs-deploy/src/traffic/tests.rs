use super::*;
use crate::cloud::WeightedGroup;

fn group(name: &str) -> TargetGroupArn {
    let arn =
        format!("arn:aws:elasticloadbalancing:us-east-1:222222222222:targetgroup/{name}/0123");
    arn.parse().unwrap()
}

fn groups() -> ByColor<TargetGroupArn> {
    ByColor { blue: group("blue"), green: group("green") }
}

fn forward(names: &[&str]) -> Action {
    let weighted = |name: &&str| WeightedGroup { group: group(name), weight: 1 };
    Action::Forward(names.iter().map(weighted).collect())
}

fn rule(name: &str, priority: u32, actions: Vec<Action>) -> Rule {
    let conditions = BTreeSet::new();
    Rule { arn: arn(name), priority: Priority::Number(priority), conditions, actions }
}

/// A rule of a color for one host.
fn of_host(host: &str, color: &str, priority: u32) -> Rule {
    let values = BTreeSet::from([host.to_owned()]);
    let condition = Condition { field: "host-header".into(), values };
    let rule = rule(&format!("{host}-{color}"), priority, vec![forward(&[color])]);
    Rule { conditions: BTreeSet::from([condition]), ..rule }
}

/// Green serves both hosts.
fn two_hosts() -> Vec<Rule> {
    [("api", "blue", 22), ("www", "green", 11), ("api", "green", 21), ("www", "blue", 12)]
        .map(|(host, color, priority)| of_host(host, color, priority))
        .into()
}

fn arn(name: &str) -> RuleArn {
    RuleArn(name.into())
}

fn plain() -> Vec<Rule> {
    vec![rule("b", 12, vec![forward(&["blue"])]), rule("g", 11, vec![forward(&["green"])])]
}

fn read(rules: &[Rule]) -> Result<Rules, RulesError> {
    Rules::read(rules, &groups())
}

#[test]
fn the_rule_with_the_lower_number_serves() {
    assert_eq!(read(&plain()).unwrap().serving(), Color::Green);
    let mut rules = plain();
    rules[0].priority = Priority::Number(3);
    assert_eq!(read(&rules).unwrap().serving(), Color::Blue);
}

#[test]
fn the_last_action_decides() {
    let authenticated = vec![Action::Other("authenticate-oidc".into()), forward(&["blue"])];
    let mut rules = plain();
    rules[0].actions = authenticated;
    assert_eq!(read(&rules).unwrap().serving(), Color::Green);
    rules[0].actions = vec![forward(&["blue"]), Action::Other("fixed-response".into())];
    assert!(matches!(read(&rules), Err(RulesError::None { color: Color::Blue, .. })));
}

#[test]
fn default_rules_and_rules_of_other_groups_are_left_out_of_account() {
    let mut rules = plain();
    let default = Rule { priority: Priority::Default, ..rule("d", 1, vec![forward(&["blue"])]) };
    rules.push(default);
    rules.push(rule("other", 1, vec![forward(&["else"])]));
    rules.push(rule("redirect", 2, vec![Action::Other("redirect".into())]));
    rules.push(rule("nothing", 3, Vec::new()));
    assert_eq!(read(&rules).unwrap(), read(&plain()).unwrap());
}

#[test]
fn a_forward_to_several_groups_belongs_to_no_color() {
    let mut rules = plain();
    rules[0].actions = vec![forward(&["blue", "green"])];
    assert!(matches!(read(&rules), Err(RulesError::None { color: Color::Blue, .. })));
}

#[test]
fn several_rules_of_a_color_are_paired_by_their_conditions() {
    let rules = read(&two_hosts()).unwrap();
    assert_eq!(rules.serving(), Color::Green);
    assert_eq!(rules.of(Color::Green).arn, arn("www-green"));
    let swapped = [("www-blue", 11), ("www-green", 12), ("api-blue", 21), ("api-green", 22)];
    let swapped = swapped.map(|(name, priority)| (arn(name), priority));
    assert_eq!(rules.priorities_to_serve(Color::Blue), BTreeMap::from(swapped));
    assert_eq!(rules.priorities_to_serve(Color::Green), rules.priorities());
}

#[test]
fn several_rules_of_a_color_without_their_like_are_named() {
    let refused = |rules: &[Rule]| match read(rules).unwrap_err() {
        RulesError::Unpaired { color, rules } => (color, rules),
        error => panic!("{error}"),
    };
    let mut rules = two_hosts();
    rules.push(of_host("shop", "green", 31));
    assert_eq!(refused(&rules), (Color::Green, vec![arn("shop-green")]));
    let mut alike = plain();
    alike.push(rule("g2", 40, vec![forward(&["green"])]));
    assert_eq!(refused(&alike), (Color::Green, vec![arn("g"), arn("g2")]));
    rules.pop();
    rules[0] = of_host("www", "blue", 22);
    assert_eq!(refused(&rules), (Color::Blue, vec![arn("www-blue"), arn("www-blue")]));
}

#[test]
fn a_mix_of_colors_is_no_color() {
    let mut rules = two_hosts();
    rules[0].priority = Priority::Number(20);
    let error = read(&rules).unwrap_err();
    assert_eq!(
        error.to_string(),
        "www-green comes before www-blue, and for other requests blue serves"
    );
}

#[test]
fn a_color_serves_by_an_exchange_or_does_already() {
    let rules = read(&plain()).unwrap();
    let expected = |blue, green| BTreeMap::from([(arn("b"), blue), (arn("g"), green)]);
    assert_eq!(rules.priorities(), expected(12, 11));
    assert_eq!(rules.priorities_to_serve(Color::Green), expected(12, 11));
    assert_eq!(rules.priorities_to_serve(Color::Blue), expected(11, 12));
}
