use ecs_deploy::event::Rollout;

use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

fn event(second: i64, kind: EventKind) -> Event {
    Event::new(at(second), kind)
}

fn started(second: i64) -> Event {
    event(second, EventKind::StepStarted { step: Step::Rollout, detail: Detail::note("wait") })
}

fn rollout(running: u32) -> Detail {
    Detail::Rollout(Rollout { running, healthy: Some(0), needed: 2, failed: 0 })
}

#[test]
fn a_step_that_ends_soon_is_told_once() {
    let mut lines = Lines::new(Style::Log);
    assert!(lines.of_event(&started(0)).is_empty());
    assert!(lines.of_time(at(0)).is_empty());
    let took = Duration::from_millis(340);
    let finished =
        event(0, EventKind::StepFinished { step: Step::Rollout, detail: rollout(2), took });
    assert_eq!(
        lines.of_event(&finished),
        ["2027-01-15T08:00:00Z  7 rollout   2/2 running, 0/2 healthy                      0.3s"]
    );
    assert!(lines.of_time(at(60)).is_empty());
}

#[test]
fn a_wait_is_told_when_it_begins_when_it_changes_and_every_half_minute() {
    let mut lines = Lines::new(Style::Log);
    lines.of_event(&started(0));
    assert_eq!(lines.of_time(at(1)), ["2027-01-15T08:00:01Z  7 rollout   wait"]);
    assert!(lines.of_time(at(2)).is_empty());
    let progress = EventKind::StepProgress { step: Step::Rollout, detail: rollout(1) };
    assert_eq!(
        lines.of_event(&event(5, progress)),
        ["2027-01-15T08:00:05Z  7 rollout   1/2 running, 0/2 healthy"]
    );
    let the_same = EventKind::StepProgress { step: Step::Rollout, detail: rollout(1) };
    assert!(lines.of_event(&event(6, the_same)).is_empty());
    assert!(lines.of_time(at(34)).is_empty());
    assert_eq!(
        lines.of_time(at(35)),
        ["2027-01-15T08:00:35Z  7 rollout   1/2 running, 0/2 healthy, still after 35s"]
    );
    assert!(lines.of_time(at(64)).is_empty());
    assert_eq!(lines.of_time(at(65)).len(), 1);
}

#[test]
fn who_watches_the_steps_is_told_of_their_ends_alone() {
    let mut lines = Lines::new(Style::Steps);
    lines.of_event(&started(0));
    let progress = EventKind::StepProgress { step: Step::Rollout, detail: rollout(1) };
    assert!(lines.of_event(&event(5, progress)).is_empty());
    assert!(lines.of_time(at(90)).is_empty());
    let warning = EventKind::Warning { message: "odd".into() };
    assert_eq!(lines.of_event(&event(91, warning)), ["warning  odd"]);
}

#[test]
fn a_wait_for_the_lock_is_told_by_holder_and_every_half_minute() {
    let mut lines = Lines::new(Style::Log);
    let mut told = |second, holder: &str| {
        let at_most = Duration::from_secs(900);
        let waiting = EventKind::WaitingForLock { holder: holder.into(), at_most, takeover: None };
        lines.of_event(&event(second, waiting)).len()
    };
    let seconds = [(0, 1), (1, 0), (29, 0), (30, 1), (31, 0), (60, 1)];
    assert_eq!(seconds.map(|(second, _)| (second, told(second, "ann"))), seconds);
    assert_eq!((told(61, "bob"), told(62, "bob")), (1, 0));
}
