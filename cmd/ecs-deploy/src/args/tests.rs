use super::*;

fn parsed(line: &str) -> Result<Verb, UsageError> {
    parse(line.split_whitespace().map(OsString::from))
}

#[test]
fn a_deploy_asks_for_all_that_it_needs() {
    let line = "-config f -app a -env e -sha s -skip-pre-post -start-over -config-sha=c";
    let Ok(Verb::Deploy(asked)) = parsed(line) else { panic!("no deploy") };
    assert_eq!(asked.config.as_deref(), Some("f"));
    assert_eq!((asked.mode, asked.commands), (Mode::StartOver, CommandPolicy::Skip));
    assert_eq!(asked.config_sha.unwrap().as_str(), "c");
    assert!(
        matches!(parsed("-config f -app a -env e"), Err(UsageError::Missing(flags)) if flags == ["sha"])
    );
}

#[test]
fn an_image_takes_the_place_of_a_sha_and_both_are_refused() {
    let Ok(Verb::Deploy(asked)) = parsed("-config f -app a -env e -image r/a:1") else { panic!() };
    assert_eq!(asked.wanted, Some(Wanted::Image("r/a:1".parse().unwrap())));
    assert!(matches!(parsed("plan -config f -app a -env e -image r/a:1"), Ok(Verb::Plan(..))));
    let both = parsed("-config f -app a -env e -image r/a:1 -sha s");
    assert!(matches!(both, Err(UsageError::ShaAndImage)));
    let blank =
        parse(["-config=f", "-app=a", "-env=e", "-image=a b"].map(OsString::from).into_iter());
    assert!(matches!(blank, Err(UsageError::Name(_))));
}

#[test]
fn a_wait_is_a_duration_and_belongs_to_a_deploy() {
    let wait = |line: &str| match parsed(&format!("-config f -app a -env e -sha s {line}")) {
        Ok(Verb::Deploy(asked)) => Ok(asked.wait.as_secs()),
        Ok(verb) => panic!("{verb:?}"),
        Err(error) => Err(error.to_string()),
    };
    assert_eq!(wait(""), Ok(0));
    assert_eq!(wait("-wait 15m"), Ok(900));
    assert_eq!(wait("--wait=1h30m -resume"), Ok(5400));
    assert_eq!(wait("-wait 0"), Ok(0));
    for text in ["15", "soon", "-15m"] {
        let told = format!("-wait takes a duration like 90s or 15m, not `{text}`");
        assert_eq!(wait(&format!("-wait={text}")), Err(told));
    }
    let plan = parsed("plan -config f -app a -env e -sha s -wait 1m").unwrap_err();
    assert_eq!(plan.to_string(), "-wait has no effect on a plan");
}

#[test]
fn a_deploy_on_the_sandbox_may_leave_out_what_it_can_choose() {
    assert!(matches!(parsed("-sandbox"), Ok(Verb::Demo(_))));
    assert!(matches!(parsed("-sandbox=false"), Err(UsageError::Missing(_))));
}

#[test]
fn the_sandbox_is_served_where_aws_clients_look_for_one() {
    let Ok(Verb::ServeSandbox(serve)) = parsed("sandbox serve --config f") else { panic!() };
    assert_eq!(serve.listen.to_string(), LISTEN);
}

#[test]
fn the_help_names_every_flag() {
    for (flags, text) in [
        (DEPLOY_FLAGS, help::DEPLOY),
        (ROLLBACK_FLAGS, help::ROLLBACK),
        (SERVE_FLAGS, help::SERVE),
        (look::FLAGS, help::STATUS),
    ] {
        for flag in flags.iter().filter(|flag| flag.name != "help") {
            let named = text.contains(&format!("-{}", flag.name));
            assert!(named || flag.name == "h", "-{} is not in the help", flag.name);
        }
    }
}

#[test]
fn an_argument_that_is_no_text_is_refused() {
    use std::os::unix::ffi::OsStringExt;
    let argument = OsString::from_vec(vec![b'-', 0xff]);
    assert!(matches!(parse([argument].into_iter()), Err(UsageError::Flag(FlagError::NotText(_)))));
}

#[test]
fn a_rollback_asks_for_a_place_and_takes_no_version() {
    let Ok(Verb::Rollback(asked)) = parsed("rollback -config f -app a -env e -wait 1m") else {
        panic!("no rollback")
    };
    assert_eq!((asked.wanted, asked.wait.as_secs()), (None, 60));
    assert!(matches!(parsed("rollback -config f -app a"), Err(UsageError::Missing(_))));
    let sha = parsed("rollback -config f -app a -env e -sha s").unwrap_err();
    assert_eq!(sha.to_string(), "unknown flag -sha");
}
