//! Memory that cannot be had: one clear error and nothing half done, where Rust would abort, and where Linux, which promises more
//! than it has, would kill.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use nablab::memory::Allocator;

use crate::{signals, terminal};

/// To be the program's `#[global_allocator]`.
pub const fn allocator() -> Allocator {
    Allocator::new(fits, lost)
}

/// The first thread that finds no memory ends the program; what it takes for that the allocator has set aside.
static IS_LOST: AtomicBool = AtomicBool::new(false);

fn lost(bytes: usize) -> ! {
    if IS_LOST.swap(true, Ordering::SeqCst) {
        // Another thread's, while the first one speaks; unless that waits for something which this one holds.
        std::thread::sleep(std::time::Duration::from_secs(5));
        std::process::exit(2);
    }
    let held = resident().map_or_else(String::new, |held| format!(" beside the {} in use", size(held)));
    let of = if limit().is_some() { ", and a limit (ulimit -v) forbids it" } else { "" };
    terminal::say(&format!(
        "error: not enough memory: {} more are needed{held}, which cannot be had{of}\n\
         hint: a machine with more memory; or fewer rows or columns, a smaller network or batch, fewer --threads",
        size(bytes as u64)
    ));
    signals::end(2, false)
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} KB", bytes.div_ceil(1000)),
        1_000_000..1_000_000_000 => format!("{} MB", bytes.div_ceil(1_000_000)),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}

/// Room for so many bytes, as far as the system tells.
fn fits(bytes: usize) -> bool {
    let bytes = bytes as u64;
    let machine = fs::read_to_string("/proc/meminfo").ok().and_then(|text| available(&text));
    machine.is_none_or(|room| bytes <= room) && of_group().is_none_or(|room| bytes <= room)
}

/// What the machine has, in bytes, of `/proc/meminfo`.
fn available(meminfo: &str) -> Option<u64> {
    let kilobytes = |name: &str| number_after(meminfo, name);
    Some(1024 * (kilobytes("MemAvailable:")? + kilobytes("SwapFree:").unwrap_or(0)))
}

/// What the control group of this process, a container's, still allows.
fn of_group() -> Option<u64> {
    let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
    let own = groups.lines().find_map(|line| line.strip_prefix("0::"))?;
    let folder = Path::new("/sys/fs/cgroup").join(own.trim_start_matches('/'));
    let read = |name: &str| fs::read_to_string(folder.join(name)).ok();
    let number = |name: &str| read(name)?.trim().parse::<u64>().ok();
    // Files that were read are given back where memory is short.
    let cache = read("memory.stat").and_then(|stat| number_after(&stat, "inactive_file")).unwrap_or(0);
    let used = number("memory.current")?.saturating_sub(cache);
    Some(number("memory.max")?.saturating_sub(used))
}

/// The number that follows a name at the start of a line.
fn number_after(text: &str, name: &str) -> Option<u64> {
    let rest = text.lines().find_map(|line| line.strip_prefix(name))?;
    rest.split_whitespace().next()?.parse().ok()
}

/// What this process holds, in bytes.
fn resident() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    Some(1024 * number_after(&status, "VmRSS:")?)
}

/// The most that this process may address.
fn limit() -> Option<u64> {
    number_after(&fs::read_to_string("/proc/self/limits").ok()?, "Max address space")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_linux_tells_of_memory_is_understood() {
        let meminfo = "MemTotal:       24000 kB\nMemAvailable:   20 kB\nSwapFree:       3 kB\n";
        assert_eq!(available(meminfo), Some(23 * 1024));
        assert_eq!(available("MemTotal: 1 kB"), None);
        assert_eq!(number_after("anon 5\ninactive_file 77\n", "inactive_file"), Some(77));
        let limits =
            "Max cpu time   unlimited  unlimited  seconds\nMax address space   1000   unlimited  bytes\n";
        assert_eq!(number_after(limits, "Max address space"), Some(1000));
        assert_eq!(number_after(limits, "Max cpu time"), None);
        assert_eq!([size(1), size(2_500_000), size(7_250_000_000)], ["1 KB", "3 MB", "7.2 GB"]);
    }
}
