//! What processes used, from `/proc`.

use std::collections::BTreeMap;
use std::ops::Sub;
use std::time::Duration;

/// The kernel tells CPU time in hundredths of a second (`USER_HZ`).
const TICK: Duration = Duration::from_millis(10);

/// CPU time of a process and everything it started, ended children included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cpu(pub Duration);

impl Sub for Cpu {
    type Output = Duration;

    fn sub(self, earlier: Cpu) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

struct Stat {
    parent: u32,
    ticks: u32,
}

fn stat(pid: u32) -> Option<Stat> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = text.rsplit_once(") ")?;
    let fields: Vec<&str> = fields.split(' ').collect();
    let number = |at: usize| fields.get(at)?.parse::<u32>().ok();
    // utime, stime, cutime, cstime.
    let ticks = number(11)? + number(12)? + number(13)? + number(14)?;
    let parent = number(1)?;
    Some(Stat { parent, ticks })
}

/// The process and its descendants that are alive.
fn family(root: u32) -> BTreeMap<u32, Stat> {
    let pids = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = pids.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let all: BTreeMap<u32, Stat> = pids.filter_map(|pid| Some((pid, stat(pid)?))).collect();
    let belongs = |pid: u32| {
        let mut at = pid;
        while at != root {
            match all.get(&at) {
                Some(stat) if stat.parent != at && stat.parent != 0 => at = stat.parent,
                _ => return false,
            }
        }
        true
    };
    let of: Vec<u32> = all.keys().copied().filter(|pid| belongs(*pid)).collect();
    let mut all = all;
    all.retain(|pid, _| of.contains(pid));
    all
}

/// CPU time so far of this process alone.
pub fn own_cpu() -> Cpu {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = text.rsplit_once(") ").map_or("", |(_, fields)| fields);
    let used = fields.split(' ').skip(11).take(2);
    let ticks: u32 = used.filter_map(|field| field.parse::<u32>().ok()).sum();
    Cpu(TICK * ticks)
}

/// CPU time so far.
pub fn cpu(pid: u32) -> Cpu {
    let ticks: u32 = family(pid).values().map(|stat| stat.ticks).sum();
    Cpu(TICK * ticks)
}

/// CPU time of all of them so far.
pub fn cpu_of(pids: &[u32]) -> Cpu {
    Cpu(pids.iter().map(|pid| cpu(*pid).0).sum())
}

/// Proportional share of memory of one process, in bytes.
pub fn pss(pid: u32) -> anyhow::Result<u64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
    let kib = line.and_then(|rest| rest.trim().split(' ').next()?.parse::<u64>().ok());
    let kib = kib.ok_or_else(|| anyhow::anyhow!("no Pss in smaps_rollup of {pid}"))?;
    Ok(kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_memory_and_time_are_seen() {
        let me = std::process::id();
        assert!(pss(me).unwrap() > 100_000);
        let before = cpu(me);
        let mut sum = 0u64;
        while cpu(me) - before < Duration::from_millis(20) {
            for n in 0..1_000_000u64 {
                sum = std::hint::black_box(sum.wrapping_add(n));
            }
        }
        assert!(cpu_of(&[me, me]).0 >= cpu(me).0);
    }

    #[test]
    fn a_child_counts_for_its_parent() {
        let mut child = std::process::Command::new("sleep")
            .arg("60")
            .spawn()
            .unwrap();
        let mine = family(std::process::id());
        assert!(mine.contains_key(&child.id()));
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
