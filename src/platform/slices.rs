//! How long a thread may keep its core while others want it.

use std::time::Duration;

/// The shortest slices that there are. A thread that has these has its turn soon after it is woken.
pub const SHORTEST: Duration = Duration::from_micros(100);

/// Slices as long as the system makes them by itself.
pub const USUAL: Duration = Duration::ZERO;

/// Asks for time slices of this length for the calling thread, and for the threads and processes that it starts
/// from now on. Its share of the core stays what it was. Returns whether the system does it: Linux does since 6.12.
///
/// Under EEVDF, the scheduler of Linux, the earliest virtual deadline goes first, and a thread's deadline is one
/// slice away: see I. Stoica and H. Abdel-Wahab, *Earliest Eligible Virtual Deadline First* (1995).
#[cfg(target_os = "linux")]
#[expect(
    unsafe_code,
    reason = "no crate offers these system calls with what they mean since Linux 6.12"
)]
pub fn take_slices(length: Duration) -> bool {
    let size = size_of::<libc::sched_attr>();
    let read = || {
        let mut found = libc::sched_attr {
            size: 0,
            sched_policy: 0,
            sched_flags: 0,
            sched_nice: 0,
            sched_priority: 0,
            sched_runtime: 0,
            sched_deadline: 0,
            sched_period: 0,
        };
        // SAFETY: the kernel writes no more than this size. 0 stands for the calling thread.
        let done = unsafe { libc::syscall(libc::SYS_sched_getattr, 0, &raw mut found, size, 0) };
        (done == 0).then_some(found)
    };
    let Some(mut asked) = read() else {
        return false;
    };
    asked.sched_runtime = u64::try_from(length.as_nanos()).unwrap_or(u64::MAX);
    // SAFETY: the kernel reads the structure, which tells its size.
    let done = unsafe { libc::syscall(libc::SYS_sched_setattr, 0, &raw const asked, 0) };
    // Where a thread can't have slices of its own, there are none to tell of.
    done == 0 && read().is_some_and(|now| now.sched_runtime > 0)
}

/// Does nothing: this system has no such request.
#[cfg(not(target_os = "linux"))]
pub fn take_slices(_length: Duration) -> bool {
    false
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn slices_are_given_or_refused_and_priorities_stay() {
        let nice = || rustix::process::getpriority_process(None).unwrap();
        std::thread::spawn(move || {
            let before = nice();
            let granted = take_slices(SHORTEST);
            let file = std::fs::read_to_string("/proc/thread-self/sched").unwrap_or_default();
            let slice = file.lines().find(|line| line.starts_with("se.slice"));
            if let Some(slice) = slice.filter(|_| granted) {
                assert!(slice.ends_with(" 100000"), "{slice}");
            }
            assert_eq!(take_slices(USUAL), granted);
            assert_eq!(nice(), before);
        })
        .join()
        .unwrap();
    }
}
