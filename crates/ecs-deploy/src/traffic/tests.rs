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
    Rule { arn: arn(name), priority: Priority::Number(priority), actions }
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
fn several_rules_of_a_color_are_named() {
    let mut rules = plain();
    rules.push(rule("g2", 40, vec![forward(&["green"])]));
    let error = read(&rules).unwrap_err();
    assert_eq!(
        error,
        RulesError::Several { color: Color::Green, rules: vec![arn("g"), arn("g2")] }
    );
    assert!(
        error
            .to_string()
            .starts_with("2 rules forward to the green target group, and exactly one must: g, g2")
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
