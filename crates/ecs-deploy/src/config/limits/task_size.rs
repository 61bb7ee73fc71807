//! The sizes of tasks that Fargate has.

use super::super::size;
use super::Calls;
use super::part::Finding;

/// The sizes of one CPU, in CPU units and MiB.
struct Tier {
    cpu: u64,
    memory: Memory,
}

enum Memory {
    OneOf(&'static [u64]),
    Steps { from: u64, to: u64, step: u64 },
}

const TIERS: [Tier; 8] = [
    Tier { cpu: 256, memory: Memory::OneOf(&[512, 1024, 2048]) },
    Tier { cpu: 512, memory: Memory::Steps { from: 1024, to: 4096, step: 1024 } },
    Tier { cpu: 1024, memory: Memory::Steps { from: 2048, to: 8192, step: 1024 } },
    Tier { cpu: 2048, memory: Memory::Steps { from: 4096, to: 16384, step: 1024 } },
    Tier { cpu: 4096, memory: Memory::Steps { from: 8192, to: 30720, step: 1024 } },
    Tier { cpu: 8192, memory: Memory::Steps { from: 16384, to: 61440, step: 4096 } },
    Tier { cpu: 16384, memory: Memory::Steps { from: 32768, to: 122_880, step: 8192 } },
    Tier { cpu: 32768, memory: Memory::OneOf(&[61440, 122_880, 249_856]) },
];

/// The least CPU of a Windows task.
const LEAST_OF_WINDOWS: u64 = 1024;

pub(super) fn check(calls: &Calls) -> Vec<Finding> {
    let task = calls.task();
    let missing = |member, name| {
        task.text(member).is_none().then(|| {
            let why =
                format!("`{name}` is missing: Fargate needs both sizes, such as `CPU` 256 and");
            task.refuse_member(member, format!("{why} `Memory` 512"))
        })
    };
    let missing: Vec<Finding> =
        [missing("cpu", "CPU"), missing("memory", "Memory")].into_iter().flatten().collect();
    if !missing.is_empty() {
        return missing;
    }
    let cpu = task.text("cpu").and_then(size::cpu_units);
    let memory = task.text("memory").and_then(size::mebibytes);
    let Some(tier) = TIERS.iter().find(|tier| Some(tier.cpu) == cpu) else {
        let known: Vec<String> = TIERS.iter().map(|tier| tier.cpu.to_string()).collect();
        let why = format!("Fargate has no task of this size: `CPU` is one of {}", known.join(", "));
        return vec![task.refuse_member("cpu", why)];
    };
    if !memory.is_some_and(|memory| tier.memory.has(memory)) {
        let (cpu, has) = (tier.cpu, tier.memory.words());
        let why =
            format!("Fargate has no task of this size: with a `CPU` of {cpu}, `Memory` is {has}");
        return vec![task.refuse_member("memory", why)];
    }
    let system = task.member("runtimePlatform");
    let system = system.and_then(|platform| platform.text("operatingSystemFamily"));
    if tier.cpu < LEAST_OF_WINDOWS && system.is_some_and(|name| name.starts_with("WINDOWS_")) {
        let why = format!("a Windows task on Fargate has a `CPU` of {LEAST_OF_WINDOWS} or more");
        return vec![task.refuse_member("cpu", why)];
    }
    Vec::new()
}

impl Memory {
    fn has(&self, memory: u64) -> bool {
        match self {
            Self::OneOf(all) => all.contains(&memory),
            Self::Steps { from, to, step } => {
                (*from..=*to).contains(&memory) && memory.is_multiple_of(*step)
            }
        }
    }

    fn words(&self) -> String {
        match self {
            Self::OneOf(all) => {
                let all: Vec<String> = all.iter().map(u64::to_string).collect();
                format!("one of {}", all.join(", "))
            }
            Self::Steps { from, to, step } => format!("{from} to {to} in steps of {step}"),
        }
    }
}
