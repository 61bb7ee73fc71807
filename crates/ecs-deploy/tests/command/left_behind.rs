//! What another run of the program can tell of a command that this one started.

use std::collections::BTreeMap;
use std::sync::Mutex;

use ecs_deploy::command::{Commands, ProcessGroup, Processes};
use tokio_util::sync::CancellationToken;

use crate::support::{AMPLE, exists, sh, until};

#[tokio::test]
async fn a_command_is_named_when_it_starts_and_lives_until_it_is_ended() {
    let folder = tempfile::tempdir().unwrap();
    let mark = folder.path().join("mark");
    let command = sh(&format!("touch {}; exec sleep 60", mark.display()));
    let (never, none) = (CancellationToken::new(), BTreeMap::new());
    let name: Mutex<Option<ProcessGroup>> = Mutex::default();
    let started = |group| *name.lock().unwrap() = Some(group);
    tokio::select! {
        ended = Processes.run(&command, &none, AMPLE, &never, &|_| {}, &started) => panic!("{ended:?}"),
        () = exists(&mark) => {}
    }
    let group = name.lock().unwrap().clone().expect("it was started");
    assert!(group.born.is_some());
    until(|| !Processes.lives(&group)).await;
}
