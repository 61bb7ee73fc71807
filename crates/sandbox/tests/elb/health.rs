use std::time::Duration;

use ecs_deploy_sandbox::model::ProbeOutcome;

use crate::cloud::{World, fixed, forward};

fn state(state: &str, reason: &str) -> Vec<(String, String)> {
    vec![(state.to_owned(), reason.to_owned())]
}

#[test]
fn a_target_is_registered_then_checked_then_healthy_after_one_good_probe() {
    let mut world = World::new();
    let green = world.green.clone();
    world.rule(11, "*", &forward(&green));
    world.register(&green, "10.0.0.1");
    assert_eq!(world.states(&green), state("initial", "Elb.RegistrationInProgress"));
    world.pass(Duration::from_secs(1));
    assert_eq!(world.states(&green), state("initial", "Elb.InitialHealthChecking"));
    assert_eq!(world.answer_probes(ProbeOutcome::Status(200)), ["10.0.0.1"]);
    assert_eq!(world.states(&green), state("healthy", ""));
}

#[test]
fn failed_probes_make_a_target_unhealthy_for_a_reason_and_a_row_of_good_ones_heals_it() {
    let mut world = World::new();
    let green = world.green.clone();
    world.rule(11, "*", &forward(&green));
    world.healthy(&green, "10.0.0.1");
    for (outcome, reason) in [
        (ProbeOutcome::Status(503), "Target.ResponseCodeMismatch"),
        (ProbeOutcome::Timeout, "Target.Timeout"),
        (ProbeOutcome::Refused, "Target.FailedHealthChecks"),
    ] {
        world.pass(Duration::from_secs(30));
        world.answer_probes(outcome);
        world.pass(Duration::from_secs(30));
        world.answer_probes(outcome);
        assert_eq!(world.states(&green), state("unhealthy", reason));
    }
    for _ in 0..4 {
        world.pass(Duration::from_secs(30));
        world.answer_probes(ProbeOutcome::Status(200));
        assert_eq!(world.states(&green)[0].0, "unhealthy");
    }
    world.pass(Duration::from_secs(30));
    world.answer_probes(ProbeOutcome::Status(200));
    assert_eq!(world.states(&green), state("healthy", ""));
}

#[test]
fn one_failed_probe_does_not_make_a_healthy_target_unhealthy() {
    let mut world = World::new();
    let green = world.green.clone();
    world.rule(11, "*", &forward(&green));
    world.healthy(&green, "10.0.0.1");
    world.pass(Duration::from_secs(30));
    world.answer_probes(ProbeOutcome::Timeout);
    assert_eq!(world.states(&green), state("healthy", ""));
}

#[test]
fn a_target_is_probed_once_an_interval_and_a_repeated_step_changes_nothing() {
    let mut world = World::new();
    let green = world.green.clone();
    world.rule(11, "*", &forward(&green));
    world.register(&green, "10.0.0.1");
    world.pass(Duration::from_secs(1));
    world.pass(Duration::ZERO);
    assert_eq!(world.answer_probes(ProbeOutcome::Status(200)).len(), 1);
    world.pass(Duration::from_secs(29));
    assert!(world.answer_probes(ProbeOutcome::Status(200)).is_empty());
    world.pass(Duration::from_secs(1));
    assert_eq!(world.answer_probes(ProbeOutcome::Status(200)).len(), 1);
}

#[test]
fn a_group_in_no_rule_is_unused_and_not_probed_until_a_rule_forwards_to_it() {
    let mut world = World::new();
    let green = world.green.clone();
    world.register(&green, "10.0.0.1");
    world.pass(Duration::from_secs(60));
    assert!(world.answer_probes(ProbeOutcome::Status(200)).is_empty());
    assert_eq!(world.states(&green), state("unused", "Target.NotInUse"));
    let rule = world.rule(11, "*", &forward(&green));
    assert_eq!(world.states(&green), state("initial", "Elb.RegistrationInProgress"));
    world.pass(Duration::from_secs(1));
    world.answer_probes(ProbeOutcome::Status(200));
    assert_eq!(world.states(&green), state("healthy", ""));
    world.ok("ModifyRule", &format!("RuleArn={rule}&{}", fixed(503)));
    assert_eq!(world.states(&green), state("unused", "Target.NotInUse"));
}

#[test]
fn a_deregistered_target_drains_for_the_whole_delay_and_is_gone_then() {
    let mut world = World::new();
    let green = world.green.clone();
    world.rule(11, "*", &forward(&green));
    world.healthy(&green, "10.0.0.1");
    let one = format!("TargetGroupArn={green}&Targets.member.1.Id=10.0.0.1");
    world.ok("DeregisterTargets", &one);
    world.pass(Duration::from_secs(299));
    assert_eq!(world.states(&green), state("draining", "Target.DeregistrationInProgress"));
    assert!(world.answer_probes(ProbeOutcome::Status(200)).is_empty());
    world.pass(Duration::from_secs(1));
    assert!(world.states(&green).is_empty());
    let asked = world.ok("DescribeTargetHealth", &one);
    assert_eq!(
        asked["TargetHealthDescriptions"][0]["TargetHealth"]["Reason"],
        "Target.NotRegistered"
    );
}

#[test]
fn the_deregistration_delay_is_an_attribute_and_a_draining_target_can_come_back() {
    let mut world = World::new();
    let green = world.green.clone();
    world.rule(11, "*", &forward(&green));
    let delay = "Attributes.member.1.Key=deregistration_delay.timeout_seconds";
    let form = format!("TargetGroupArn={green}&{delay}&Attributes.member.1.Value=10");
    world.ok("ModifyTargetGroupAttributes", &form);
    world.healthy(&green, "10.0.0.1");
    let one = format!("TargetGroupArn={green}&Targets.member.1.Id=10.0.0.1");
    world.ok("DeregisterTargets", &one);
    world.pass(Duration::from_secs(5));
    world.register(&green, "10.0.0.1");
    world.pass(Duration::from_secs(6));
    world.answer_probes(ProbeOutcome::Status(200));
    assert_eq!(world.states(&green), state("healthy", ""));
    world.ok("DeregisterTargets", &one);
    world.pass(Duration::from_secs(10));
    assert!(world.states(&green).is_empty());
}

#[test]
fn a_check_that_would_judge_otherwise_is_refused() {
    let mut world = World::new();
    let group = "Protocol=HTTP&Port=8080&VpcId=vpc-1&TargetType=ip";
    let other = [
        "HealthCheckProtocol=TCP",
        "HealthCheckPort=9000",
        "ProtocolVersion=GRPC",
        "IpAddressType=ipv6",
        "Matcher.GrpcCode=0",
    ];
    for member in other {
        let form = format!("Name=red&{group}&{member}");
        assert_eq!(world.refused("CreateTargetGroup", &form), "ValidationError", "{member}");
    }
    world.ok("CreateTargetGroup", &format!("Name=red&{group}&HealthCheckProtocol=HTTP"));
}
