//! The row stays far below the 400 KB that DynamoDB takes, whatever happens.

use super::*;

/// What the row may have at most.
const LARGEST: usize = 256 * 1024;

/// With names as short as these tests', which is what teams have.
const USUAL: usize = 3000;

/// Three times as many rules as AWS allows a balancer unasked, which is what a deploy takes at most.
const RULES: u32 = 300;

/// Texts that JSON makes long.
fn long_text() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(&["<", "\u{0}", "ü", "\u{2028}", "x", "\"", "\u{1F980}"][..]);
    (piece, 1_usize..20_000).prop_map(|(piece, times)| piece.repeat(times))
}

fn many_rules(first: u32) -> BTreeMap<RuleArn, u32> {
    let arn = |rule| RuleArn(format!("{:a<150}/{rule:016x}", "arn:aws:elasticloadbalancing"));
    (0..RULES).map(|rule| (arn(rule), first + rule)).collect()
}

fn swap_of_many() -> Entry {
    Entry::Intend { effect: Effect::ExchangePriorities { to: many_rules(40_000) }, attempt: 9 }
}

fn saw_many() -> Entry {
    let Entry::Saw { before, fresh, at } = saw(Color::Green, "fresh") else { unreachable!() };
    let priorities = many_rules(10_000);
    let serving_rules = priorities.keys().step_by(2).cloned().collect();
    Entry::Saw { before: Before { priorities, serving_rules, ..before }, fresh, at }
}

fn back() -> Entry {
    Entry::RollBack(WayBack {
        color: Color::Green,
        task_set: task_set(1),
        task_definition: definition(1),
        was_served: true,
        is_same_version: false,
        step: Step::Lock,
        done: false,
    })
}

/// What a deploy with long texts and many rules may come upon, resumed and rolled back at will.
fn anything() -> impl Strategy<Value = Entry> {
    let someone = (long_text(), long_text(), prop::option::of(long_text()));
    prop_oneof![
        someone.prop_map(|(user, host, job)| {
            Entry::Take { by: Actor { user, host, job }, at: time(3), plan: None }
        }),
        long_text().prop_map(Entry::Fail),
        Just(saw_many()),
        Just(swap_of_many()),
        Just(back()),
        entry(),
    ]
}

/// The largest artifact that a deploy takes, with tags without a bound.
fn large_artifact() -> impl Strategy<Value = Artifact> {
    let tags = prop::collection::btree_map(long_text(), long_text(), 0..4);
    tags.prop_map(|tags| Artifact {
        build_number: BuildNumber(u64::MAX),
        value: "<".repeat(4096),
        tags,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn no_course_of_deploys_and_rollbacks_makes_a_row_that_is_too_large(
        artifact in large_artifact(),
        entries in prop::collection::vec(anything(), 0..16),
    ) {
        let mut state = State::new(artifact, "1a2b3c4d".parse().unwrap(), header());
        for entry in &entries {
            state.apply(entry);
            let row = codec::encode(&state);
            prop_assert!(row.len() < LARGEST, "{} bytes", row.len());
            state = codec::decode(&row).unwrap();
        }
    }

    #[test]
    fn the_row_does_not_grow_with_its_history(entries in entries()) {
        let mut state = new();
        for entry in &entries {
            state.apply(entry);
            prop_assert!(codec::encode(&state).len() < USUAL);
        }
    }
}

#[test]
fn a_text_that_is_cut_says_so_and_keeps_its_beginning() {
    let mut state = new();
    state.apply(&Entry::Fail("ä".repeat(5000)));
    let failure = state.journal.unwrap().failure.unwrap();
    assert!(failure.starts_with("ää") && failure.ends_with("ä…"), "{failure}");
    assert!(failure.len() <= 2003);
}

#[test]
fn tags_beyond_the_bound_are_left_out_of_the_row() {
    let mut state = new();
    state.artifact.tags = (0..100).map(|tag| (format!("{tag:03}"), "v".repeat(197))).collect();
    let row = codec::decode(&codec::encode(&state)).unwrap();
    assert_eq!(row.artifact.tags.len(), 40);
    assert!(row.artifact.tags.iter().eq(state.artifact.tags.iter().take(40)));
}
