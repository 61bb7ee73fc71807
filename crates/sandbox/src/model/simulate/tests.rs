use std::net::Ipv4Addr;
use std::time::Duration;

use super::*;

fn at(seconds: u64) -> Time {
    Time(Duration::from_secs(seconds))
}

fn launch(image: &str) -> Launch {
    Launch {
        scope: Scope { account: "111111111111".into(), region: "eu-west-1".into() },
        task: "arn:aws:ecs:eu-west-1:111111111111:task/main/1".into(),
        image: image.into(),
        environment: BTreeMap::new(),
        command: Vec::new(),
        ip: Ipv4Addr::new(10, 0, 0, 4),
        port: 80,
        stop_timeout: Duration::from_secs(30),
    }
}

fn simulator(behaviour: Behaviour) -> Simulator {
    Simulator { behaviours: BTreeMap::from([("web".into(), behaviour)]), ..Simulator::default() }
}

fn stop() -> Job {
    let launch = launch("web");
    Job::Stop { scope: launch.scope, task: launch.task }
}

fn planned(simulator: &Simulator) -> Vec<(u64, &Report)> {
    simulator.due.iter().map(|((at, _), report)| (at.0.as_secs(), report)).collect()
}

#[test]
fn a_target_answers_by_its_age_and_nobody_else_answers() {
    let mut simulator = simulator(Behaviour {
        start_after: Duration::from_secs(1),
        healthy_after: Some(Duration::from_secs(5)),
        ..Behaviour::default()
    });
    let Launch { scope, ip, port, .. } = launch("web");
    simulator.accept(Job::Start(launch("web")), at(10));
    let probe = |seconds, port| simulator.probe(&scope, &Target { ip, port }, at(seconds));
    assert_eq!(probe(10, port), ProbeOutcome::Refused);
    assert_eq!(probe(12, port), ProbeOutcome::Status(503));
    assert_eq!(probe(16, port), ProbeOutcome::Status(200));
    assert_eq!(probe(16, 81), ProbeOutcome::Refused);
}

#[test]
fn a_process_that_ignores_the_request_to_end_is_killed_after_its_stop_timeout() {
    let mut simulator = simulator(Behaviour { on_stop: OnStop::Ignores, ..Behaviour::default() });
    simulator.accept(Job::Start(launch("web")), at(0));
    simulator.accept(stop(), at(10));
    let (when, report) = planned(&simulator).pop().unwrap();
    assert_eq!(when, 40);
    assert!(matches!(report, Report::Exited { code: KILLED, .. }));
}

#[test]
fn an_ended_process_tells_nothing_more() {
    let mut simulator = simulator(Behaviour {
        start_after: Duration::ZERO,
        exits: Some((Duration::from_secs(60), 1)),
        ..Behaviour::default()
    });
    simulator.accept(Job::Start(launch("web")), at(0));
    simulator.accept(stop(), at(10));
    simulator.drive(&mut Cloud::default(), at(11));
    assert!(simulator.processes.is_empty());
    simulator.drive(&mut Cloud::default(), at(61));
    assert_eq!(simulator.next_due(), None);
}
