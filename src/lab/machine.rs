//! What the system reports about the machine and about its other users. Linux reports most; what is
//! not reported is unknown, never guessed.

use std::collections::BTreeSet;
use std::thread::available_parallelism;
use std::time::Duration;

use crate::platform::take_slices;

/// The properties of the machine that matter for races.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Hardware {
    /// The number of cores that are online.
    pub cores_present: Option<usize>,
    /// The number of physical cores among those that this program may use; hardware threads that share
    /// one count once.
    pub cores_physical: Option<usize>,
    /// The number of cores whose time a quota leaves, if it is less than the allowed cores.
    pub cores_quota: Option<usize>,
    /// Whether the machine is virtual.
    pub virtual_machine: Option<bool>,
}

impl Hardware {
    /// Asks the system.
    pub fn look() -> Self {
        let allowed = allowed_cores();
        let quota = available_parallelism().ok().map(usize::from);
        let online = read("/sys/devices/system/cpu/online");
        Self {
            cores_present: online.and_then(|list| cores_in(&list)),
            cores_physical: physical(&allowed, |core| {
                let place = format!("/sys/devices/system/cpu/cpu{core}/topology");
                // The first name of this file is newer, the second is in every kernel.
                read(&format!("{place}/core_cpus_list"))
                    .or_else(|| read(&format!("{place}/thread_siblings_list")))
            }),
            cores_quota: quota.filter(|&cores| cores < allowed.len()),
            virtual_machine: read(CPUINFO).as_deref().and_then(is_virtual),
        }
    }
}

const CPUINFO: &str = "/proc/cpuinfo";

/// Returns the text of a file, if there is such a file.
pub(super) fn read(path: &str) -> Option<String> {
    std::fs::read_to_string(path).ok()
}

/// Returns the name of the processor, as Linux reports it.
pub(super) fn cpu_name() -> Option<String> {
    let info = read(CPUINFO)?;
    let line = info.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_string())
}

/// Time spent on the cores that this program may use since the system was started, in clock ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// The time of all kinds.
    total: u64,
    /// The time that is not idle.
    busy: u64,
    /// The time that the host of a virtual machine gave to others.
    stolen: u64,
    /// The time that this program used.
    own: u64,
}

/// The use of the cores by others, as shares of the time of all cores that this program may use.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Others {
    /// The share used by other programs.
    pub used: f64,
    /// The share taken by the host of a virtual machine.
    pub stolen: f64,
}

impl Usage {
    /// Returns the usage up to now, if the system reports it.
    pub fn now() -> Option<Self> {
        let (stat, own) = (read("/proc/stat")?, read("/proc/self/stat")?);
        Self::parse(&stat, &own, &allowed_cores())
    }

    fn parse(stat: &str, own: &str, cores: &[usize]) -> Option<Self> {
        // The fields follow the program's name, which may be anything and ends with the last bracket.
        let own: Vec<&str> = own.rsplit_once(')')?.1.split_whitespace().collect();
        let time = |field: usize| own.get(field)?.parse::<u64>().ok();
        let mut usage = Self {
            total: 0,
            busy: 0,
            stolen: 0,
            own: time(11)? + time(12)?,
        };
        for core in cores {
            let name = format!("cpu{core} ");
            let line = stat.lines().find_map(|line| line.strip_prefix(&name))?;
            // user, nice, system, idle, iowait, irq, softirq, steal
            let times = line.split_whitespace().take(8).map(str::parse);
            let times: Vec<u64> = times.collect::<Result<_, _>>().ok()?;
            let times: [u64; 8] = times.try_into().ok()?;
            usage.total += times.iter().sum::<u64>();
            usage.busy += times[0] + times[1] + times[2] + times[5] + times[6];
            usage.stolen += times[7];
        }
        Some(usage)
    }

    /// Returns how others have used the cores since `then`; `None` if hardly any time has passed.
    pub fn others_since(self, then: Self) -> Option<Others> {
        /// The fewest ticks from which a share can be computed.
        const ENOUGH: u64 = 10;
        let total = self.total.saturating_sub(then.total);
        let part = |now: u64, then: u64| now.saturating_sub(then);
        let others = part(self.busy, then.busy).saturating_sub(part(self.own, then.own));
        (total >= ENOUGH).then(|| Others {
            used: others as f64 / total as f64,
            stolen: part(self.stolen, then.stolen) as f64 / total as f64,
        })
    }
}

/// The most threads on a core that are no crowd.
const CROWD: usize = 16;

/// The slices of a thread in a crowd: so long that a thread with shorter ones goes first when it is woken, and so
/// short that a few of them in a row take no noticeable time.
const LONG: Duration = Duration::from_millis(20);

/// Lets other threads go before the calling one if it is one of so many that another, such as the one that waits
/// for Ctrl-C, would get a core only after a noticeable time: each may keep its core for some 3 ms.
pub(super) fn make_way(threads: usize, cores: usize) {
    if is_crowd(threads, cores) && !take_slices(LONG) {
        take_low_priority();
    }
}

/// Returns whether there are more than [`CROWD`] threads for each core, so that a thread waits long for its turn.
pub(super) fn is_crowd(threads: usize, cores: usize) -> bool {
    threads > CROWD * cores.max(1)
}

/// Gives the calling thread alone the lowest priority. If the system refuses, others wait longer.
#[cfg(target_os = "linux")]
fn take_low_priority() {
    let _ = rustix::process::setpriority_process(None, 19);
}

/// Elsewhere priorities are not of single threads, or cannot be raised again.
#[cfg(not(target_os = "linux"))]
fn take_low_priority() {}

/// Returns the cores that this program may use; none if the system does not report them.
pub fn allowed_cores() -> Vec<usize> {
    let cores = core_affinity::get_core_ids().unwrap_or_default();
    cores.into_iter().map(|core| core.id).collect()
}

/// Returns the number of cores in a list such as `0-3,8`.
fn cores_in(list: &str) -> Option<usize> {
    list.trim()
        .split(',')
        .map(|range| {
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            let (first, last): (usize, usize) = (first.parse().ok()?, last.parse().ok()?);
            (last.checked_sub(first)?).checked_add(1)
        })
        .sum()
}

/// Returns the number of physical cores among these, given the cores that share one with each; `None`
/// unless that is known of every core.
fn physical(cores: &[usize], shared_with: impl Fn(usize) -> Option<String>) -> Option<usize> {
    let groups: Option<BTreeSet<String>> = cores.iter().map(|&core| shared_with(core)).collect();
    Some(groups?.len()).filter(|&groups| groups > 0)
}

/// Returns whether the processor reports a hypervisor; only x86 does.
fn is_virtual(cpuinfo: &str) -> Option<bool> {
    let flags = cpuinfo.lines().find(|line| line.starts_with("flags"))?;
    Some(flags.split_whitespace().any(|flag| flag == "hypervisor"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_cores_are_counted() {
        for (list, cores) in [
            ("0-1\n", Some(2)),
            ("0", Some(1)),
            ("0-3,8,10-11\n", Some(7)),
            ("", None),
            ("3-1", None),
            ("a-b", None),
        ] {
            assert_eq!(cores_in(list), cores, "{list:?}");
        }
    }

    #[test]
    fn hardware_threads_that_share_a_core_count_once() {
        let pairs = |core: usize| Some(format!("{}-{}", core & !1, core | 1));
        assert_eq!(physical(&[0, 1], pairs), Some(1));
        assert_eq!(physical(&[0, 2, 3], pairs), Some(2));
        assert_eq!(physical(&[0, 1], |_| None), None);
        assert_eq!(physical(&[], pairs), None);
    }

    #[test]
    fn a_hypervisor_is_a_flag_of_the_processor() {
        let info = "processor\t: 0\nflags\t\t: fpu hypervisor lahf_lm\n";
        assert_eq!(is_virtual(info), Some(true));
        assert_eq!(is_virtual("flags : fpu hypervisors"), Some(false));
        assert_eq!(is_virtual("Features : fp asimd"), None);
    }

    #[test]
    fn what_others_have_used_is_what_is_left_of_the_allowed_cores() {
        let own = |time: u64| {
            format!("7 (a) b (c) R 1 1 1 0 -1 4194304 102 0 0 0 {time} 5 9 9 20 0 1 0\n")
        };
        let stat = |user: u64, idle: u64, stolen: u64| {
            format!(
                "cpu  1 2 3 4 5 6 7 8 0 0\ncpu0 {user} 1 1 {idle} 1 1 1 {stolen} 0 0\n\
                 cpu1 999 0 0 0 0 0 0 0 0 0\nintr 1\n"
            )
        };
        let then = Usage::parse(&stat(100, 100, 0), &own(10), &[0]).unwrap();
        let now = Usage::parse(&stat(160, 130, 10), &own(30), &[0]).unwrap();
        let others = now.others_since(then).unwrap();
        // 60 of 100 busy, of which 20 were our own.
        assert!((others.used - 0.4).abs() < 1e-9, "{others:?}");
        assert!((others.stolen - 0.1).abs() < 1e-9, "{others:?}");
        assert_eq!(then.others_since(then), None);
        assert_eq!(Usage::parse(&stat(1, 1, 1), &own(1), &[0, 2]), None);
        assert_eq!(Usage::parse("", "", &[0]), None);
    }
}
