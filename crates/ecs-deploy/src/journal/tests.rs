use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::command::ProcessGroup;
use crate::effect::Phase;
use crate::names::BuildNumber;
use crate::traffic::RuleArn;

mod size;

pub(super) fn header() -> Header {
    Header {
        deploy_id: "deploy-1".into(),
        by: actor("ann"),
        at: time(0),
        tokens: tokens("first"),
        swapped_at: None,
        running: None,
    }
}

fn actor(user: &str) -> Actor {
    Actor { user: user.into(), host: "desk".into(), job: None }
}

fn time(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

fn tokens(name: &str) -> Tokens {
    Tokens { task_definition: format!("{name}-definition"), task_set: format!("{name}-set") }
}

fn new() -> State {
    let artifact = Artifact {
        build_number: BuildNumber(1),
        value: "shop:one".into(),
        tags: BTreeMap::from([("SHA".into(), "one".into())]),
    };
    State::new(artifact, "1a2b3c4d".parse().unwrap(), header())
}

fn task_set(number: u8) -> TaskSetId {
    format!("ecs-svc/{number}").parse().unwrap()
}

fn definition(revision: u8) -> TaskDefinitionArn {
    let arn = format!("arn:aws:ecs:us-east-1:222222222222:task-definition/shop-dev:{revision}");
    arn.parse().unwrap()
}

fn priorities(serving: Color) -> BTreeMap<RuleArn, u32> {
    let rule = |color: Color| RuleArn(format!("rule/{color}"));
    BTreeMap::from([(rule(serving), 11), (rule(serving.other()), 12)])
}

fn saw(serving: Color, fresh: &str) -> Entry {
    let before = Before {
        serving,
        priorities: priorities(serving),
        serving_rules: [RuleArn(format!("rule/{serving}"))].into(),
        serving_sets: [task_set(1)].into(),
        primary: Some(task_set(1)),
    };
    Entry::Saw { before, fresh: tokens(fresh), at: time(3) }
}

fn take(at: i64) -> Entry {
    Entry::Take { by: actor("bob"), at: time(at), plan: Some("1a".repeat(20).parse().unwrap()) }
}

fn did(effect: Effect, outcome: Outcome) -> Entry {
    Entry::Did { effect, outcome, at: time(9) }
}

fn register() -> Effect {
    Effect::RegisterTaskDefinition { token: "first-definition".into() }
}

fn create() -> Effect {
    let token = "first-set".into();
    Effect::CreateTaskSet { token, task_definition: definition(3), color: Color::Blue }
}

fn color() -> impl Strategy<Value = Color> {
    prop::sample::select(&Color::ALL[..])
}

fn phase() -> impl Strategy<Value = Phase> {
    prop::sample::select(&[Phase::PreDeploy, Phase::PostDeploy][..])
}

fn started(phase: Phase, index: usize) -> Entry {
    let group = ProcessGroup { number: 4711, born: Some("boot/1234".into()) };
    Entry::Started(Running { phase, index, host: "desk".into(), group, since: time(4) })
}

/// An effect with an outcome that it can have.
fn effect() -> impl Strategy<Value = (Effect, Outcome)> {
    prop_oneof![
        (phase(), 0_usize..9).prop_map(|(phase, index)| Effect::RunCommand { phase, index }),
        Just(register()),
        Just(create()),
        (0_u8..9).prop_map(|n| Effect::ScaleToZero { task_set: task_set(n) }),
        (0_u8..9).prop_map(|n| Effect::DeleteTaskSet { task_set: task_set(n) }),
        color().prop_map(|color| Effect::ExchangePriorities { to: priorities(color) }),
        (0_u8..9).prop_map(|n| Effect::MarkPrimary { task_set: task_set(n) }),
        Just(Effect::TagArtifact {
            project: "p".parse().unwrap(),
            build: BuildNumber(1),
            key: "k<&>".into(),
            value: "v".into()
        }),
    ]
    .prop_flat_map(|effect| (Just(effect), 0_u8..9))
    .prop_map(|(effect, number)| {
        let outcome = match effect {
            Effect::RegisterTaskDefinition { .. } => Outcome::Registered(definition(number)),
            Effect::CreateTaskSet { .. } => Outcome::Created(task_set(number)),
            _ => Outcome::Done,
        };
        (effect, outcome)
    })
}

fn entry() -> impl Strategy<Value = Entry> {
    prop_oneof![
        (0_i64..99).prop_map(take),
        (1_u8..=13).prop_map(|number| Entry::Enter(Step::try_from(number).unwrap())),
        color().prop_map(|color| saw(color, "fresh")),
        (effect(), 1..4_u32).prop_map(|((effect, _), attempt)| Entry::Intend { effect, attempt }),
        effect().prop_map(|(effect, outcome)| did(effect, outcome)),
        (phase(), 0_usize..9).prop_map(|(phase, index)| started(phase, index)),
        Just(Entry::Ended),
        ".{0,40}".prop_map(Entry::Fail),
        Just(Entry::Finish),
    ]
}

/// Any history.
pub(super) fn entries() -> impl Strategy<Value = Vec<Entry>> {
    prop::collection::vec(entry(), 0..60)
}

#[test]
fn what_an_effect_made_is_known_and_nothing_is_under_way_then() {
    let mut state = new();
    state.apply(&Entry::Intend { effect: register(), attempt: 1 });
    assert_eq!(state.journal.as_ref().unwrap().doing, Some(register()));
    state.apply(&did(register(), Outcome::Registered(definition(3))));
    state.apply(&Entry::Intend { effect: create(), attempt: 1 });
    state.apply(&did(create(), Outcome::Created(task_set(2))));
    let journal = state.journal.unwrap();
    assert_eq!(journal.doing, None);
    assert_eq!(journal.task_definition, Some(definition(3)));
    assert_eq!(state.task_set, Some(task_set(2)));
}

#[test]
fn another_color_makes_tokens_and_what_was_made_with_them_void() {
    let mut state = new();
    state.apply(&saw(Color::Green, "unused"));
    state.apply(&did(register(), Outcome::Registered(definition(3))));
    state.apply(&did(create(), Outcome::Created(task_set(2))));
    let same = {
        let mut state = state.clone();
        state.apply(&saw(Color::Green, "unused"));
        state
    };
    assert_eq!(same, state);
    state.apply(&saw(Color::Blue, "second"));
    let journal = state.journal.unwrap();
    assert_eq!((state.new_color, state.task_set), (Some(Color::Green), None));
    assert_eq!((journal.task_definition, journal.tokens), (None, tokens("second")));
}

#[test]
fn a_swap_is_noted_with_its_time() {
    let mut state = new();
    let effect = Effect::ExchangePriorities { to: priorities(Color::Blue) };
    state.apply(&did(effect, Outcome::Done));
    assert_eq!(state.journal.unwrap().swapped_at, Some(time(9)));
}

#[test]
fn a_deploy_at_step_9_may_have_served_from_its_own_exchange_on() {
    let by_hand_just_before = Header { swapped_at: Some(time(1)), ..header() };
    let mut state = State { journal: Some(Journal::new(by_hand_just_before)), ..new() };
    state.apply(&saw(Color::Green, "unused"));
    let effect = Effect::ExchangePriorities { to: priorities(Color::Blue) };
    state.apply(&Entry::Enter(Step::Swap));
    assert!(!state.may_have_served());
    state.apply(&Entry::Intend { effect: effect.clone(), attempt: 1 });
    assert!(state.may_have_served());
    state.apply(&did(effect, Outcome::Done));
    assert!(state.may_have_served());
    state.apply(&take(50));
    assert!(state.may_have_served(), "whoever takes it over later");
}

#[test]
fn a_go_programs_deploy_at_step_9_may_have_served_whoever_has_taken_it_over_since() {
    let mut state = State { step: Step::Swap, journal: None, ..new() };
    assert!(state.may_have_served());
    state.journal = Some(Journal::new(header()));
    state.apply(&take(50));
    assert!(state.may_have_served());
}

#[test]
fn a_command_is_on_record_from_its_start_to_its_end() {
    let mut state = new();
    let running = |state: &State| state.journal.as_ref().unwrap().running.is_some();
    for end in
        [Entry::Ended, did(Effect::RunCommand { phase: Phase::PreDeploy, index: 0 }, Outcome::Done)]
    {
        state.apply(&started(Phase::PreDeploy, 0));
        state.apply(&take(5));
        assert!(running(&state), "who takes it over has to know");
        state.apply(&end);
        assert!(!running(&state));
    }
}

#[test]
fn who_takes_a_failed_deploy_over_takes_its_failure_away() {
    let mut state = new();
    state.apply(&Entry::Fail("why".into()));
    assert_eq!(state.journal.as_ref().unwrap().failure.as_deref(), Some("why"));
    state.apply(&take(5));
    let journal = state.journal.unwrap();
    assert_eq!((journal.failure, journal.by, journal.at), (None, actor("bob"), time(5)));
}

proptest! {
    #[test]
    fn live_writes_and_replay_from_the_row_come_to_the_same(entries in entries()) {
        let (mut live, mut replayed) = (new(), new());
        for entry in &entries {
            live.apply(entry);
            replayed = codec::decode(&codec::encode(&replayed)).unwrap();
            replayed.apply(entry);
        }
        prop_assert_eq!(live, replayed);
    }

    #[test]
    fn a_second_writing_of_an_entry_changes_nothing(entries in entries(), last in entry()) {
        let mut state = new();
        entries.iter().chain([&last]).for_each(|entry| state.apply(entry));
        let mut again = state.clone();
        again.apply(&last);
        prop_assert_eq!(again, state);
    }

    #[test]
    fn finished_commands_are_never_forgotten(entries in entries()) {
        let mut state = new();
        for entry in &entries {
            let before = state.journal.as_ref().unwrap().commands;
            state.apply(entry);
            let after = state.journal.as_ref().unwrap().commands;
            prop_assert!(after.pre >= before.pre && after.post >= before.post);
        }
    }

    #[test]
    fn a_row_without_our_journal_gets_none(entries in entries()) {
        let mut state = new();
        state.journal = None;
        entries.iter().for_each(|entry| state.apply(entry));
        prop_assert_eq!(state.journal, None);
    }
}
