//! What lives of a process group that is not of this process's own making.

use nix::unistd::Pid;

use super::ProcessGroup;

/// The group that a process leads.
pub(super) fn group_of(leader: Pid) -> ProcessGroup {
    ProcessGroup { number: leader.as_raw(), born: system::born(leader.as_raw()) }
}

/// Whether a process of the group lives, and its number was not given to another since.
pub(super) fn lives(group: &ProcessGroup) -> bool {
    group.number > 1 && system::lives(group)
}

#[cfg(target_os = "linux")]
mod system {
    use std::fs;

    use super::ProcessGroup;

    /// What the system tells of a process.
    struct Process {
        state: char,
        group: i32,
        /// In ticks since the machine's start.
        start: String,
    }

    impl Process {
        fn read(id: i32) -> Option<Self> {
            let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
            // The program's name stands in brackets and may hold anything.
            let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
            Some(Self {
                state: fields.first()?.chars().next()?,
                group: fields.get(2)?.parse().ok()?,
                start: fields.get(19)?.to_string(),
            })
        }

        /// One that has ended stays listed until its parent asks, which it may never do.
        fn has_ended(&self) -> bool {
            matches!(self.state, 'Z' | 'X')
        }
    }

    /// The start of the machine and of the process: no other process has both.
    pub(super) fn born(id: i32) -> Option<String> {
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
        Some(format!("{}/{}", boot.trim(), Process::read(id)?.start))
    }

    pub(super) fn lives(group: &ProcessGroup) -> bool {
        // Where the leader is gone its number is not given away as long as its group has members.
        let is_other = |now: Option<String>| now.is_some() && now != group.born;
        if is_other(born(group.number)) || is_of_another_boot(group) {
            return false;
        }
        let Ok(processes) = fs::read_dir("/proc") else { return false };
        let ids = processes.flatten().filter_map(|it| it.file_name().to_str()?.parse().ok());
        ids.filter_map(Process::read).any(|it| it.group == group.number && !it.has_ended())
    }

    fn is_of_another_boot(group: &ProcessGroup) -> bool {
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        let born = group.born.as_deref().unwrap_or_default();
        !born.starts_with(&format!("{}/", boot.trim()))
    }
}

/// Other systems tell no more here than whether the group has members.
#[cfg(not(target_os = "linux"))]
mod system {
    use nix::sys::signal::killpg;
    use nix::unistd::Pid;

    use super::ProcessGroup;

    pub(super) fn born(_: i32) -> Option<String> {
        None
    }

    pub(super) fn lives(group: &ProcessGroup) -> bool {
        killpg(Pid::from_raw(group.number), None).is_ok()
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::io::{BufRead, BufReader};
    use std::os::unix::process::CommandExt;
    use std::process::{Child, Command, Stdio};
    use std::time::Duration;

    use nix::sys::signal::{Signal, killpg};

    use super::*;

    /// A shell that leads a group; nobody waits for it until it is told to.
    fn leader(script: &str) -> (Child, ProcessGroup) {
        let mut command = Command::new("sh");
        let command = command.args(["-c", script]).process_group(0).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let group = group_of(Pid::from_raw(i32::try_from(child.id()).unwrap()));
        (child, group)
    }

    fn soon(is_so: impl Fn() -> bool) {
        for _ in 0..1000 {
            if is_so() {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("it never came true");
    }

    #[test]
    fn a_group_lives_as_long_as_any_of_it_runs_and_one_that_nobody_waits_for_does_not_count() {
        let (mut child, group) = leader("sleep 60 >/dev/null & echo begun");
        soon(|| system_state(&group) == Some('Z'));
        assert!(lives(&group), "what the leader left behind still runs");
        killpg(Pid::from_raw(group.number), Signal::SIGKILL).unwrap();
        soon(|| !lives(&group));
        assert_eq!(system_state(&group), Some('Z'), "it is still listed");
        child.wait().unwrap();
        assert!(!lives(&group));
    }

    /// The state of the group's leader.
    fn system_state(group: &ProcessGroup) -> Option<char> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", group.number)).ok()?;
        stat.rsplit_once(") ")?.1.chars().next()
    }

    #[test]
    fn another_process_under_the_same_number_is_not_taken_for_it() {
        let (mut child, group) = leader("echo begun; exec sleep 60");
        assert!(lives(&group));
        let born = group.born.as_deref().unwrap();
        let (boot, start) = born.split_once('/').unwrap();
        for other in [format!("{boot}/{start}0"), format!("other-boot/{start}"), String::new()] {
            let earlier = ProcessGroup { born: Some(other), ..group.clone() };
            assert!(!lives(&earlier), "{earlier:?}");
        }
        assert!(!lives(&ProcessGroup { born: None, ..group.clone() }));
        child.kill().unwrap();
        child.wait().unwrap();
    }

    #[test]
    fn numbers_that_name_no_group_of_a_command_are_of_none() {
        for number in [i32::MIN, -1, 0, 1] {
            assert!(!lives(&ProcessGroup { number, ..group_of(Pid::this()) }), "{number}");
        }
    }
}
