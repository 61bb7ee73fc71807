//! Following the advice of a refusal leads to a state that is accepted.

use super::*;

/// Carries out an advice.
fn follow(advice: &Advice, seen: &mut [ListenerRules], scope: &mut Scope) {
    let mut rules = seen.iter_mut().flat_map(|one| &mut one.rules);
    match advice {
        Advice::CreateRule { listener, priority, conditions, group } => {
            let one = seen.iter_mut().find(|one| one.listener == *listener).unwrap();
            assert!(one.rules.iter().all(|rule| rule.number() != Some(*priority)), "a free number");
            one.rules.push(Rule {
                arn: RuleArn(
                    format!("{listener}/new-{priority}").replace("listener/", "listener-rule/"),
                ),
                priority: Priority::Number(*priority),
                conditions: from_api(conditions),
                actions: vec![Action::Forward(Forward::to(group.clone()))],
                transforms: Vec::new(),
            });
        }
        Advice::ForwardTo { rule, group } => {
            let rule = rules.find(|one| one.arn == *rule).unwrap();
            rule.actions = vec![Action::Forward(Forward::to(group.clone()))];
        }
        Advice::DeleteRule(arn) => {
            seen.iter_mut().for_each(|one| one.rules.retain(|rule| rule.arn != *arn));
        }
        Advice::SetPriorities(to) => {
            let moved = rules.filter_map(|rule| to.get(&rule.arn).map(|number| (rule, number)));
            moved.for_each(|(rule, number)| rule.priority = Priority::Number(*number));
        }
        Advice::NameListener(arn) => {
            if !scope.listeners.contains(arn) {
                scope.listeners.push(arn.clone());
            }
        }
        Advice::AcceptRule(arn) => drop(scope.accepted_rules.insert(arn.clone())),
    }
}

fn from_api(conditions: &serde_json::Value) -> Conditions {
    let values = |one: &serde_json::Value, config: &str| -> Vec<String> {
        serde_json::from_value(one[config]["Values"].clone()).unwrap()
    };
    let all = conditions.as_array().unwrap().iter();
    all.map(|one| match one["Field"].as_str().unwrap() {
        "path-pattern" => Condition::path(values(one, "PathPatternConfig")),
        "host-header" => Condition::host(values(one, "HostHeaderConfig")),
        other => panic!("{other} is not among these tests"),
    })
    .collect()
}

#[test]
fn following_the_advice_leads_to_a_state_that_is_accepted() {
    type Pick = fn(&Problem) -> &[Advice];
    let ways: [(&str, Pick); 2] = [
        ("to move", |problem| &problem.to_move),
        ("to accept", |problem| match &problem.to_accept[..] {
            [] => &problem.to_move,
            accept => accept,
        }),
    ];
    for (name, seen, _) in refused() {
        for (way, pick) in ways {
            let (mut seen, mut scope) = (seen.clone(), scope());
            let refusal = read(&seen, &scope).check().unwrap_err();
            for problem in &refusal.problems {
                assert!(!pick(problem).is_empty(), "{name}: {}", problem.what);
                pick(problem).iter().for_each(|advice| follow(advice, &mut seen, &mut scope));
            }
            let checked = read(&seen, &scope).check();
            assert!(checked.is_ok(), "{name}, {way}: {}", checked.unwrap_err());
        }
    }
}

#[test]
fn a_rule_that_covers_several_pairs_is_one_problem() {
    let rules = ["1 * -> other", "11 /x -> green", "12 /x -> blue"];
    let all = [&rules[..], &["21 /y -> green", "22 /y -> blue"]].concat();
    let refusal = main(&all).check().unwrap_err();
    assert_eq!(refusal.problems.len(), 1);
    assert!(refusal.to_string().contains("all requests of rule 11 and rule 21"), "{refusal}");
    assert_eq!(refusal.problems[0].to_move, [Advice::DeleteRule(rule_arn("main", "1"))]);
}

/// Follows the advice on all problems of a refusal to move what they are about.
fn follow_all(seen: &[ListenerRules], scope: &Scope) -> Result<Color, TrafficRefusal> {
    let (mut followed, mut named) = (seen.to_vec(), scope.clone());
    for problem in read(seen, scope).check().unwrap_err().problems {
        problem.to_move.iter().for_each(|it| follow(it, &mut followed, &mut named));
    }
    read(&followed, &named).check()
}

#[test]
fn what_a_deleted_rule_has_covered_beside_the_pair_is_told_with_it() {
    let rules = ["1 * -> other", "2 /x -> green", "3 /y -> other"];
    let all = [&rules[..], &["11 /y -> green", "12 /y -> blue"]].concat();
    let seen = [listener("main", &all)];
    let refusal = read(&seen, &scope()).check().unwrap_err();
    assert_eq!(refusal.problems.len(), 3, "{refusal}");
    assert_eq!(follow_all(&seen, &scope()), Ok(Color::Green));
}

#[test]
fn an_accepted_rule_is_no_partner() {
    let seen = [listener("main", &PLAIN), listener("80", &["1 /x -> green", "2 /x -> blue"])];
    let named = Scope { accepted_rules: [rule_arn("80", "2")].into(), ..scope() };
    assert_eq!(follow_all(&seen, &named), Ok(Color::Green));
}

#[test]
fn a_listener_that_is_named_needs_no_second_advice() {
    let rules = ["1 /x -> green", "2 /x -> blue", "11 /y -> other", "12 /y -> blue"];
    let more = ["13 /y -> green", "14 /z -> other", "15 /y -> green", "16 /y -> blue"];
    let seen = [listener("main", &PLAIN), listener("80", &[&rules[..], &more].concat())];
    assert_eq!(follow_all(&seen, &scope()), Ok(Color::Green));
}

#[test]
fn the_first_pair_takes_what_no_other_rule_takes() {
    let seen = [listener("main", &["1 /x -> other", "7 /y -> other"])];
    let refusal = read(&seen, &scope()).check().unwrap_err();
    assert!(refusal.problems[0].to_move[0].to_string().contains("--priority 8 "), "{refusal}");
    assert!(follow_all(&seen, &scope()).is_ok());
}

#[test]
fn no_pair_is_advised_in_place_of_a_forward_that_takes_everything() {
    let refusal = main(&["1 * -> other"]).check().unwrap_err();
    assert_eq!(refusal.problems[0].to_move, []);
}

#[test]
fn a_sticky_rule_is_made_a_plain_one_like_that_which_is_created_for_it() {
    let mut seen = listener("main", &["1 /x -> green"]);
    let Action::Forward(forward) = &mut seen.rules[0].actions[0] else { panic!("a forward") };
    forward.stickiness = Some(60);
    assert_eq!(follow_all(&[seen], &scope()), Ok(Color::Green));
}

#[test]
fn a_digest_accepts_the_rules_as_they_are_and_no_others() {
    let seen = [listener("main", &with(&["1 /x -> green=90 blue=10"]))];
    let refusal = read(&seen, &scope()).check().unwrap_err();
    let digest = refusal.accept.expect("rules can be accepted for one run");
    let accepted = |seen: &[ListenerRules]| Traffic::read(seen.to_vec(), &scope(), Some(&digest));
    assert_eq!(accepted(&seen).check(), Ok(Color::Green));
    assert_eq!(accepted(&seen).reach(&group("blue")), Reach::AcceptedOnly);
    let changed = [listener("main", &with(&["1 /x -> green=80 blue=20"]))];
    let again = accepted(&changed).check().unwrap_err();
    assert_ne!(again.accept, Some(digest));
    let covered = [listener("main", &with(&["1 * -> green=90 blue=10"]))];
    assert_eq!(read(&covered, &scope()).check().unwrap_err().accept, None);
}

#[test]
fn advice_is_a_command_or_a_line_of_the_config() {
    let refusal = main(&with(&["1 /it's/* -> green"])).check().unwrap_err();
    let lines = |all: &[Advice]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
    let problem = &refusal.problems[0];
    let listener = listener_arn("main");
    let created = format!(
        "aws elbv2 create-rule --listener-arn {listener} --priority 2 --conditions \
         '[{{\"Field\":\"path-pattern\",\"PathPatternConfig\":{{\"Values\":[\"/it'\\''s/*\"]}}}}]' \
         --actions Type=forward,TargetGroupArn={}",
        group("blue")
    );
    assert_eq!(lines(&problem.to_move), [created]);
    let rule = rule_arn("main", "1");
    assert_eq!(
        lines(&problem.to_accept),
        [format!("in the config: \"AcceptedRules\": [\"{rule}\"]")]
    );
}

#[test]
fn a_listener_is_not_advised_to_be_named_where_a_hidden_rule_can_not_be_moved() {
    let rules = ["1 /x -> green", "2 /y -> other", "3 /y -> blue", "4 /y -> green", "5 /y -> blue"];
    let mut other = listener("80", &rules);
    other.rules[2].transforms = vec!["url-rewrite".to_owned()];
    let refusal = read(&[listener("main", &PLAIN), other], &scope()).check().unwrap_err();
    assert_eq!(refusal.problems[0].to_move, [], "{refusal}");
    let accept = Advice::AcceptRule(rule_arn("80", "1"));
    assert_eq!(refusal.problems[0].to_accept, [accept], "{refusal}");
}
