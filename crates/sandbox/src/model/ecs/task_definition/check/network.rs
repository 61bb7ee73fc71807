//! What a network mode leaves to a container.

use super::super::Registration;
use super::containers;
use super::given::Given;
use crate::model::ApiError;
use crate::model::ecs::error::client;

/// What a container can't have with a network interface of its task's own, and how AWS calls it.
const NOT_IN_AWSVPC: &[(&str, &str)] = &[
    ("hostname", "hostname is"),
    ("extraHosts", "Extra hosts are"),
    ("dnsServers", "DNS servers are"),
    ("dnsSearchDomains", "DNS search domains are"),
    ("disableNetworking", "disableNetworking is"),
];

/// The kernel parameters of the IPC namespace.
const IPC: &[&str] = &[
    "kernel.msgmax",
    "kernel.msgmnb",
    "kernel.msgmni",
    "kernel.sem",
    "kernel.shmall",
    "kernel.shmmax",
    "kernel.shmmni",
    "kernel.shm_rmid_forced",
];

pub(super) fn check(registration: &Registration) -> Result<(), ApiError> {
    let mode = match registration.network_mode.as_deref() {
        None => "bridge",
        Some(mode @ ("awsvpc" | "bridge" | "host" | "none")) => mode,
        Some(other) => return Err(client(format!("Invalid network mode: {other}."))),
    };
    let ipc = Given(&registration.members).text("ipcMode");
    for given in containers(registration) {
        if mode != "bridge" && given.says("links") {
            return Err(client(format!("Links are not supported when networkMode={mode}.")));
        }
        let refused = NOT_IN_AWSVPC.iter().find(|(member, _)| given.says(member));
        if let Some((_, words)) = refused.filter(|_| mode == "awsvpc") {
            return Err(client(format!(
                "{words} not supported on container when networkMode=awsvpc."
            )));
        }
        given.list("systemControls").try_for_each(|control| kernel(control, mode, ipc))?;
    }
    Ok(())
}

/// A kernel parameter belongs to a namespace that the task has to have for itself.
fn kernel(control: Given<'_>, mode: &str, ipc: Option<&str>) -> Result<(), ApiError> {
    let name = control.text("namespace").unwrap_or_default();
    let (of_ipc, of_network) =
        (IPC.contains(&name) || name.starts_with("fs.mqueue."), name.starts_with("net."));
    match (of_ipc, of_network) {
        (false, false) => Err(client(format!("Invalid namespace '{name}' in systemControls."))),
        (_, true) if mode == "host" => Err(client(format!(
            "Network namespace '{name}' in systemControls is not supported when networkMode=host."
        ))),
        (true, _) if ipc == Some("host") => Err(client(format!(
            "IPC namespace '{name}' in systemControls is not supported when ipcMode=host."
        ))),
        _ => Ok(()),
    }
}
