//! What this machine is, without its name.

use crate::output::print;

/// Prints processors, memory and kernel.
pub(super) fn describe() {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let cpuinfo = read("/proc/cpuinfo");
    let model = cpuinfo
        .lines()
        .find_map(|l| l.strip_prefix("model name"))
        .unwrap_or_default();
    let model = model.trim_start_matches([' ', '\t', ':']);
    let cores = cpuinfo
        .lines()
        .filter(|l| l.starts_with("processor"))
        .count();
    let memory = read("/proc/meminfo");
    let total = memory
        .lines()
        .find_map(|l| l.strip_prefix("MemTotal:"))
        .unwrap_or_default();
    let kib: u64 = total
        .trim()
        .split(' ')
        .next()
        .and_then(|n| n.parse().ok())
        .unwrap_or(0);
    let kernel = read("/proc/sys/kernel/osrelease");
    let gib = kib as f64 / f64::from(1 << 20);
    print(format!(
        "machine: {cores} × {model}, {gib:.1} GiB, Linux {}",
        kernel.trim()
    ));
}
