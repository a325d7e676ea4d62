//! The clock by which threads start together: the counter of the processor, if it has one that runs at a
//! constant rate, and the clock of the standard library otherwise.
//!
//! The rate of the counter is worked out from two readings of both clocks, so nothing waits for a
//! calibration: the first reading is made when the clock is first used, and the rate is measured again and
//! again while the program works, until the readings are a second apart. The first rate, from readings that
//! are 0.2 ms apart, is off by less than 0.1%.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The least time between the readings that give a rate.
const LEAST: Duration = Duration::from_micros(200);

/// The time between the readings after which the rate stays as it is. It is exact to a millionth then, and a
/// computer that sleeps later, which may stop one clock and not the other, cannot spoil it.
const ENOUGH: Duration = Duration::from_secs(1);

/// How often both clocks are read for a reading of both.
const TRIES: usize = 5;

/// Nanoseconds in a tick, in units of 2^-32; 0 as long as that is unknown.
static RATE: AtomicU64 = AtomicU64::new(0);

/// When the clock was first used.
static ORIGIN: LazyLock<Origin> = LazyLock::new(|| {
    if has_counter() {
        let (at, ticks) = both();
        Origin {
            counts: true,
            at,
            ticks,
        }
    } else {
        Origin {
            counts: false,
            at: Instant::now(),
            ticks: 0,
        }
    }
});

/// When the clock was first used.
struct Origin {
    /// Whether the processor's counter is the clock.
    counts: bool,
    at: Instant,
    ticks: u64,
}

/// Returns the present in ticks, which never go back on one core.
#[inline]
pub fn now() -> u64 {
    let origin = &*ORIGIN;
    if origin.counts {
        counter()
    } else {
        u64::try_from(origin.at.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}

/// Returns the nanoseconds from one tick to another; 0 if the other is earlier.
#[inline]
pub fn nanoseconds(from: u64, to: u64) -> u64 {
    let ns = (u128::from(to.saturating_sub(from)) * u128::from(rate())) >> 32;
    u64::try_from(ns).unwrap_or(u64::MAX)
}

/// Returns the ticks in a number of nanoseconds.
pub fn ticks_in(ns: u64) -> u64 {
    let ticks = (u128::from(ns) << 32) / u128::from(rate().max(1));
    u64::try_from(ticks).unwrap_or(u64::MAX)
}

/// Returns the nanoseconds in a tick.
pub fn tick_ns() -> f64 {
    rate() as f64 / (1_u64 << 32) as f64
}

/// Measures the rate of the clock again, unless it is known well enough.
///
/// To be called while no time is taken that another must not contradict.
pub fn calibrate() {
    let origin = &*ORIGIN;
    if origin.counts && origin.at.elapsed() < ENOUGH {
        RATE.store(measured(origin), Ordering::Relaxed);
    }
}

#[inline]
fn rate() -> u64 {
    match RATE.load(Ordering::Relaxed) {
        0 => first_rate(),
        rate => rate,
    }
}

#[cold]
fn first_rate() -> u64 {
    let origin = &*ORIGIN;
    let rate = if origin.counts {
        measured(origin)
    } else {
        1 << 32
    };
    RATE.store(rate, Ordering::Relaxed);
    rate
}

/// Returns the mean rate since the origin, after at least [`LEAST`].
fn measured(origin: &Origin) -> u64 {
    loop {
        let (at, ticks) = both();
        let (ns, ticks) = (at - origin.at, ticks.saturating_sub(origin.ticks));
        if ns >= LEAST {
            let rate = (ns.as_nanos() << 32) / u128::from(ticks.max(1));
            return u64::try_from(rate).unwrap_or(u64::MAX).max(1);
        }
        std::hint::spin_loop();
    }
}

/// Returns what both clocks say at the same time.
///
/// A thread may lose its core between two readings, so the closest of several count.
fn both() -> (Instant, u64) {
    let mut best = (u64::MAX, Instant::now(), 0);
    for _ in 0..TRIES {
        let before = counter();
        let at = Instant::now();
        let apart = counter().saturating_sub(before);
        if apart < best.0 {
            best = (apart, at, before + apart / 2);
        }
    }
    (best.1, best.2)
}

/// Returns whether the processor has a counter that runs at a constant rate, the same on all cores.
#[cfg(target_arch = "x86_64")]
fn has_counter() -> bool {
    raw_cpuid::CpuId::new()
        .get_advanced_power_mgmt_info()
        .is_some_and(|power| power.has_invariant_tsc())
}

#[cfg(target_arch = "x86_64")]
#[expect(
    unsafe_code,
    reason = "the instruction that reads the time-stamp counter has no safe function; it only reads"
)]
#[inline]
fn counter() -> u64 {
    // SAFETY: every processor of this architecture has the instruction.
    unsafe { std::arch::x86_64::_rdtsc() }
}

/// The architecture promises such a counter.
#[cfg(target_arch = "aarch64")]
fn has_counter() -> bool {
    true
}

#[cfg(target_arch = "aarch64")]
#[expect(
    unsafe_code,
    reason = "the system counter can only be read by an instruction; it only reads"
)]
#[inline]
fn counter() -> u64 {
    let count: u64;
    // SAFETY: the systems for which the standard library is built let programs read it.
    unsafe {
        std::arch::asm!("mrs {}, cntvct_el0", out(reg) count, options(nomem, nostack));
    }
    count
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn has_counter() -> bool {
    false
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn counter() -> u64 {
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ticks_of_a_pause_are_its_time() {
        for _ in 0..3 {
            calibrate();
            let (outer, began) = (Instant::now(), now());
            let inner = Instant::now();
            std::thread::sleep(Duration::from_millis(20));
            let least = inner.elapsed();
            let ns = nanoseconds(began, now());
            let most = outer.elapsed();
            let ns = Duration::from_nanos(ns);
            assert!(
                ns > least.mul_f64(0.95) && ns < most.mul_f64(1.05),
                "{ns:?}"
            );
        }
    }

    #[test]
    fn nanoseconds_and_ticks_are_inverse() {
        let ns = nanoseconds(5, 5 + ticks_in(1_000_000_000));
        let most = 1.0 + tick_ns();
        assert!(ns.abs_diff(1_000_000_000) as f64 <= most, "{ns}");
        assert_eq!(nanoseconds(5, 4), 0);
    }
}
