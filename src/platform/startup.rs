//! What the program found when it was started.
//!
//! The standard library opens `/dev/null` in place of a closed standard output before it calls `main`, so that
//! everything that is written then seems to arrive. This looks before it does.

use std::sync::atomic::{AtomicBool, Ordering};

static STDOUT_WAS_CLOSED: AtomicBool = AtomicBool::new(false);

/// Returns whether the program was started with its standard output closed, as by `>&-` in a shell. On
/// systems other than Linux and macOS that is not known, and `false`.
pub fn stdout_was_closed() -> bool {
    STDOUT_WAS_CLOSED.load(Ordering::Relaxed)
}

/// The system calls the functions in this section before the one that calls `main`.
#[cfg(any(target_os = "linux", target_os = "macos"))]
#[expect(
    unsafe_code,
    reason = "the section holds pointers to functions, as this is one"
)]
#[used]
#[cfg_attr(target_os = "linux", unsafe(link_section = ".init_array"))]
#[cfg_attr(target_os = "macos", unsafe(link_section = "__DATA,__mod_init_func"))]
static LOOK: extern "C" fn() = {
    extern "C" fn look() {
        let closed = rustix::io::fcntl_getfd(rustix::stdio::stdout()).is_err();
        STDOUT_WAS_CLOSED.store(closed, Ordering::Relaxed);
    }
    look
};
