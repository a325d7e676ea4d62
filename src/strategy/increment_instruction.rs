//! The single instruction that increments a word in memory without locking it.
//!
//! The only unsafe code of the crate: no stable operation of the language promises to become
//! exactly this instruction, so it is written in assembly.

use std::sync::atomic::AtomicU64;

use crate::error::Error;

/// Returns an error if this machine has no such instruction.
pub(super) fn available() -> Result<(), Error> {
    if cfg!(target_arch = "x86_64") {
        Ok(())
    } else {
        Err(Error::Machine(format!(
            "--access single-instruction needs x86-64: {} has no instruction that increments \
             memory without being atomic; use --access load-store",
            std::env::consts::ARCH
        )))
    }
}

/// Executes `inc qword ptr [word]`: one instruction, and yet a load followed by a store.
#[cfg(target_arch = "x86_64")]
#[expect(
    unsafe_code,
    reason = "inline assembly is the only way to this instruction"
)]
#[inline]
pub(super) fn increment(word: &AtomicU64) {
    // SAFETY: the pointer comes from a live reference, is aligned, and may be written through
    // because the word has interior mutability. The instruction makes one aligned 64-bit load and
    // one aligned 64-bit store, which the processor does not tear, like relaxed atomic ones;
    // it touches no stack and no memory but the word.
    unsafe {
        std::arch::asm!(
            "inc qword ptr [{word}]",
            word = in(reg) word.as_ptr(),
            options(nostack)
        );
    }
}

/// Replaces the instruction on other machines; `available` keeps it from being called.
#[cfg(not(target_arch = "x86_64"))]
pub(super) fn increment(word: &AtomicU64) {
    use std::sync::atomic::Ordering;
    word.store(word.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
}
