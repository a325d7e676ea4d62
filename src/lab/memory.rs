//! How much memory is left, and whether it suffices to record a run.
//!
//! Systems grant more than they have, and end the program that then uses it, or others with it. So
//! asking for memory tells little; what the system says of itself has to be compared beforehand.

use std::fs::read_to_string;
use std::path::Path;

use crate::error::Error;
use crate::strategy::{Shape, no_memory};

/// Where the two kinds of control groups keep limit, usage, and which part of that can be given up.
const GROUPS: [Group; 2] = [
    Group {
        of: |controllers| controllers.is_empty(),
        root: "/sys/fs/cgroup",
        limit: "memory.max",
        usage: "memory.current",
        unused: "inactive_file",
    },
    Group {
        of: |controllers| controllers.split(',').any(|name| name == "memory"),
        root: "/sys/fs/cgroup/memory",
        limit: "memory.limit_in_bytes",
        usage: "memory.usage_in_bytes",
        unused: "total_inactive_file",
    },
];

struct Group {
    /// Whether a line of the program's groups with these controllers is of this kind.
    of: fn(&str) -> bool,
    root: &'static str,
    limit: &'static str,
    usage: &'static str,
    unused: &'static str,
}

/// Whether the memory that is left has room for so many bytes an increment; where the system does
/// not tell how much is left, it is taken to have.
///
/// # Errors
///
/// [`Error::Machine`] where it has not, with how many increments it has room for.
pub fn suffices(shape: Shape, bytes_each: u64) -> Result<(), Error> {
    enough(shape, bytes_each, left(|path| read_to_string(path).ok()))
}

fn enough(shape: Shape, bytes_each: u64, left: Option<u64>) -> Result<(), Error> {
    let most = left.unwrap_or(u64::MAX) / bytes_each;
    if shape.expected() <= most {
        return Ok(());
    }
    match most / shape.threads() as u64 {
        0 => Err(no_memory(shape)),
        each => Err(Error::Machine(format!(
            "the memory that is left suffices to trace some {each} increments a thread with --threads \
             {}, not {}; ask for fewer with --threads or --increments",
            shape.threads(),
            shape.increments()
        ))),
    }
}

/// Room for so many bytes, to be dropped when it is needed; `None` if the system has not so much.
pub fn set_aside(bytes: u64) -> Option<Vec<u8>> {
    let mut room = Vec::new();
    room.try_reserve_exact(usize::try_from(bytes).ok()?).ok()?;
    // An allocation that nobody looks at may be optimised away, and then always succeeds.
    Some(std::hint::black_box(room))
}

/// The bytes that this program may still use: what the system has to give, or what the control
/// groups that it is in leave, whichever is less. `None` where it is not told.
fn left(read: impl Fn(&str) -> Option<String>) -> Option<u64> {
    let system = read("/proc/meminfo")
        .and_then(|info| number_of(&info, "MemAvailable:"))
        .map(|kilobytes| kilobytes.saturating_mul(1024));
    let groups = read("/proc/self/cgroup").unwrap_or_default();
    let limits = groups.lines().filter_map(|line| {
        let mut parts = line.splitn(3, ':').skip(1);
        let (controllers, path) = (parts.next()?, parts.next()?);
        let group = GROUPS.iter().find(|group| (group.of)(controllers))?;
        // The limit of every group around this one holds as well.
        let folders = Path::new(path).ancestors();
        folders
            .filter_map(|folder| group.left(&folder.to_string_lossy(), &read))
            .min()
    });
    system.into_iter().chain(limits).min()
}

impl Group {
    fn left(&self, folder: &str, read: &impl Fn(&str) -> Option<String>) -> Option<u64> {
        let folder = format!("{}{}", self.root, folder.trim_end_matches('/'));
        let file = |name: &str| read(&format!("{folder}/{name}"));
        // Where there is no limit, it is a word or a number beyond any machine.
        let limit: u64 = file(self.limit)?.trim().parse().ok()?;
        let usage: u64 = file(self.usage)?.trim().parse().ok()?;
        let unused = file("memory.stat").and_then(|stat| number_of(&stat, self.unused));
        Some(limit.saturating_sub(usage.saturating_sub(unused.unwrap_or(0))))
    }
}

/// The number behind this name, which begins a line.
fn number_of(text: &str, name: &str) -> Option<u64> {
    let mut lines = text.lines().map(str::split_whitespace);
    let mut words = lines.find_map(|mut words| (words.next() == Some(name)).then_some(words))?;
    words.next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is left on a system with these files.
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
