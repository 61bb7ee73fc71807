//! The sizes that Fargate offers.

/// CPU in units, as a task definition writes it: `256` or `.25 vCPU`.
pub(super) fn cpu(text: &str) -> Option<u32> {
    units(text, "vcpu")
}

/// Memory in MiB, as a task definition writes it: `512` or `0.5 GB`.
pub(super) fn memory(text: &str) -> Option<u32> {
    units(text, "gb")
}

/// Whether Fargate has a task of that many CPU units and MiB.
pub(super) fn offers(cpu: u32, memory: u32) -> bool {
    match cpu {
        256 => [512, 1024, 2048].contains(&memory),
        512 => steps(memory, 1024, 4096, 1024),
        1024 => steps(memory, 2048, 8192, 1024),
        2048 => steps(memory, 4096, 16_384, 1024),
        4096 => steps(memory, 8192, 30_720, 1024),
        8192 => steps(memory, 16_384, 61_440, 4096),
        16_384 => steps(memory, 32_768, 122_880, 8192),
        _ => false,
    }
}

fn steps(memory: u32, least: u32, most: u32, step: u32) -> bool {
    (least..=most).contains(&memory) && (memory - least).is_multiple_of(step)
}

/// A size in its small unit; the large one is 1024 of it and is written out.
fn units(text: &str, large: &str) -> Option<u32> {
    let text = text.trim().to_ascii_lowercase();
    match text.strip_suffix(large) {
        Some(number) => {
            let number: f64 = number.trim().parse().ok()?;
            let units = number * 1024.0;
            (units.fract() == 0.0 && (0.0..=1e6).contains(&units)).then_some(units as u32)
        }
        None => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    fn offers(cpu: &str, memory: &str) -> bool {
        let sizes = super::cpu(cpu).zip(super::memory(memory));
        sizes.is_some_and(|(cpu, memory)| super::offers(cpu, memory))
    }

    #[test]
    fn the_sizes_of_fargate_are_offered_and_no_others() {
        for (cpu, memory) in [
            ("256", "512"),
            (".25 vCPU", "0.5 GB"),
            ("1 vCPU", "2GB"),
            ("4096", "30720"),
            ("8192", "20480"),
            ("16384", "122880"),
        ] {
            assert!(offers(cpu, memory), "{cpu} {memory}");
        }
        for (cpu, memory) in [
            ("256", "100"),
            ("256", "4096"),
            ("512", "1536"),
            ("300", "1024"),
            ("8192", "17408"),
            ("1", "1"),
            ("x", "512"),
        ] {
            assert!(!offers(cpu, memory), "{cpu} {memory}");
        }
    }
}
