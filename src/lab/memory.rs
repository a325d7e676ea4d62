//! The available memory, and whether it suffices to record a run.
//!
//! Systems grant more memory than they have, and later kill the program that uses it, or other programs.
//! So a successful allocation proves little, and what the system reports must be compared beforehand.

use std::path::Path;

use super::machine::read;
use crate::error::Error;
use crate::platform::may_fail;
use crate::strategy::{Shape, no_memory};

/// The files in which control groups report their memory.
struct Groups {
    root: &'static str,
    limit: &'static str,
    usage: &'static str,
    /// The part of the usage that the system can reclaim.
    unused: &'static str,
}

const VERSION_1: Groups = Groups {
    root: "/sys/fs/cgroup/memory",
    limit: "memory.limit_in_bytes",
    usage: "memory.usage_in_bytes",
    unused: "total_inactive_file",
};

const VERSION_2: Groups = Groups {
    root: "/sys/fs/cgroup",
    limit: "memory.max",
    usage: "memory.current",
    unused: "inactive_file",
};

/// Checks that there is enough memory for this number of bytes per increment. It is taken for granted if
/// the system does not report how much memory is available.
///
/// # Errors
///
/// [`Error::Machine`] if there is not, with the number of increments for which there is.
pub(super) fn suffices(shape: Shape, bytes_each: u64) -> Result<(), Error> {
    enough(shape, bytes_each, left(read))
}

fn enough(shape: Shape, bytes_each: u64, left: Option<u64>) -> Result<(), Error> {
    let most = left.unwrap_or(u64::MAX) / bytes_each;
    if shape.expected() <= most {
        return Ok(());
    }
    match most / shape.threads() as u64 {
        0 => Err(no_memory(shape)),
        each => Err(Error::Machine(format!(
            "the memory that is left suffices to trace some {each} increments a thread with \
             --threads {}, not {}; use fewer with --threads or --increments",
            shape.threads(),
            shape.increments()
        ))),
    }
}

/// Reserves this number of bytes, to be dropped when they are needed; `None` if the system refuses.
pub fn set_aside(bytes: u64) -> Option<Vec<u8>> {
    let mut room = Vec::new();
    let bytes = usize::try_from(bytes).ok()?;
    may_fail(|| room.try_reserve_exact(bytes)).ok()?;
    // An unused allocation may be optimised away, and then always succeeds.
    Some(std::hint::black_box(room))
}

/// Returns the number of bytes that this program may still use. `None` if the system does not report it.
pub fn memory_left() -> Option<u64> {
    left(read)
}

/// Returns the number of bytes that this program may still use: what the system has available, what the
/// control groups of the program leave, or what its limit of addresses leaves, whichever is least. `None` if
/// none of them is reported.
fn left(read: impl Fn(&str) -> Option<String>) -> Option<u64> {
    let system = read("/proc/meminfo")
        .and_then(|info| number_of(&info, "MemAvailable:"))
        .map(|kilobytes| kilobytes.saturating_mul(1024));
    let groups = read("/proc/self/cgroup").unwrap_or_default();
    let limits = groups.lines().filter_map(|line| {
        let mut parts = line.splitn(3, ':').skip(1);
        let (controllers, path) = (parts.next()?, parts.next()?);
        let files = match controllers {
            "" => VERSION_2,
            list if list.split(',').any(|name| name == "memory") => VERSION_1,
            _ => return None,
        };
        // The limits of all enclosing groups apply as well.
        let folders = Path::new(path).ancestors().map(Path::to_string_lossy);
        folders
            .filter_map(|folder| files.left(&folder, &read))
            .min()
    });
    let most = read("/proc/self/limits").and_then(|limits| number_of(&limits, "Max address space"));
    let used = read("/proc/self/status").and_then(|status| number_of(&status, "VmSize:"));
    let addresses = most
        .zip(used)
        .map(|(most, used)| most.saturating_sub(used.saturating_mul(1024)));
    system.into_iter().chain(limits).chain(addresses).min()
}

impl Groups {
    fn left(&self, folder: &str, read: &impl Fn(&str) -> Option<String>) -> Option<u64> {
        let folder = format!("{}{}", self.root, folder.trim_end_matches('/'));
        let file = |name: &str| read(&format!("{folder}/{name}"));
        // Without a limit, it is a word or a number beyond any machine's memory.
        let limit: u64 = file(self.limit)?.trim().parse().ok()?;
        let usage: u64 = file(self.usage)?.trim().parse().ok()?;
        let unused = file("memory.stat").and_then(|stat| number_of(&stat, self.unused));
        Some(limit.saturating_sub(usage.saturating_sub(unused.unwrap_or(0))))
    }
}

/// Returns the number that follows this name at the start of a line.
fn number_of(text: &str, name: &str) -> Option<u64> {
    let mut rests = text.lines().filter_map(|line| line.strip_prefix(name));
    let rest = rests.find(|rest| rest.starts_with(char::is_whitespace))?;
    rest.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns what is left on a system with these files.
    fn left_of(files: &[(&str, &str)]) -> Option<u64> {
        left(|path| {
            let file = files.iter().find(|&&(name, _)| name == path);
            file.map(|&(_, text)| text.to_string())
        })
    }

    const SYSTEM: (&str, &str) = (
        "/proc/meminfo",
        "MemTotal:  16 kB\nMemAvailable:     8 kB\nMemFree: 4 kB\n",
    );

    #[test]
    fn what_is_left_is_what_the_system_and_every_group_leave() {
        assert_eq!(left_of(&[]), None);
        assert_eq!(left_of(&[SYSTEM]), Some(8192));
        let within = ("/proc/self/cgroup", "0::/a/b\n");
        let limit = ("/sys/fs/cgroup/a/memory.max", "5000\n");
        let usage = ("/sys/fs/cgroup/a/memory.current", "3000\n");
        let stat = (
            "/sys/fs/cgroup/a/memory.stat",
            "file 900\ninactive_file 500\n",
        );
        let own = ("/sys/fs/cgroup/a/b/memory.max", "max\n");
        assert_eq!(left_of(&[SYSTEM, within, own, limit, usage]), Some(2000));
        let files = [SYSTEM, within, own, limit, usage, stat];
        assert_eq!(left_of(&files), Some(2500));
        assert_eq!(left_of(&[SYSTEM, within, limit]), Some(8192));
    }

    #[test]
    fn the_limit_of_addresses_counts_too() {
        let limit = (
            "/proc/self/limits",
            "Limit  Soft Limit  Hard Limit  Units\nMax address space  6000  9000  bytes\n",
        );
        let status = ("/proc/self/status", "VmPeak:  9 kB\nVmSize:  4 kB\n");
        assert_eq!(left_of(&[SYSTEM, limit, status]), Some(1904));
        let none = (
            "/proc/self/limits",
            "Max address space  unlimited  unlimited  bytes\n",
        );
        assert_eq!(left_of(&[SYSTEM, none, status]), Some(8192));
    }

    #[test]
    fn groups_of_the_older_kind_count_too() {
        let files = [
            ("/proc/self/cgroup", "5:cpu:/\n4:memory:/job\n0::/\n"),
            ("/sys/fs/cgroup/memory/job/memory.limit_in_bytes", "700\n"),
            ("/sys/fs/cgroup/memory/job/memory.usage_in_bytes", "300\n"),
            (
                "/sys/fs/cgroup/memory/job/memory.stat",
                "inactive_file 1\ntotal_inactive_file 100\n",
            ),
            ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "650\n"),
            ("/sys/fs/cgroup/memory/memory.usage_in_bytes", "600\n"),
        ];
        assert_eq!(left_of(&files), Some(50));
        assert_eq!(left_of(&files[..4]), Some(500));
    }

    #[test]
    fn what_does_not_fit_is_refused_with_what_would() {
        let shape = Shape::new(2, 1000).unwrap();
        assert!(enough(shape, 80, None).is_ok());
        assert!(enough(shape, 80, Some(160_000)).is_ok());
        let refused = |left| match enough(shape, 80, Some(left)) {
            Err(Error::Machine(sentence)) => sentence,
            other => panic!("{other:?}"),
        };
        assert!(
            refused(159_999).contains("some 999 increments a thread with --threads 2, not 1000")
        );
        assert!(refused(100).contains("no memory to trace 2000 increments"));
    }
}
