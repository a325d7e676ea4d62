//! The system's allocator, with an end in words where there is no memory left.
//!
//! The standard library aborts the program then, with a backtrace where one is asked for; what it would
//! call instead is not stable yet.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::io::{self, Write};

use crate::error::Exit;

#[global_allocator]
static ALLOCATOR: WordyAllocator = WordyAllocator;

thread_local! {
    /// Whether this thread can do without the memory that it asks for.
    static MAY_FAIL: Cell<bool> = const { Cell::new(false) };
}

/// Lets the allocations in `work` fail, as those of `try_reserve` do.
pub fn may_fail<T>(work: impl FnOnce() -> T) -> T {
    let outer = MAY_FAIL.replace(true);
    let done = work();
    MAY_FAIL.set(outer);
    done
}

/// The system's allocator; it ends the program where that has no memory.
struct WordyAllocator;

#[expect(
    unsafe_code,
    reason = "an allocator deals in pointers; all of it is passed on to the system's"
)]
unsafe impl GlobalAlloc for WordyAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        given(unsafe { System.alloc(layout) }, layout.size())
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        given(unsafe { System.alloc_zeroed(layout) }, layout.size())
    }

    unsafe fn realloc(&self, old: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        given(unsafe { System.realloc(old, layout, size) }, size)
    }

    unsafe fn dealloc(&self, old: *mut u8, layout: Layout) {
        unsafe { System.dealloc(old, layout) }
    }
}

#[inline]
fn given(memory: *mut u8, size: usize) -> *mut u8 {
    if memory.is_null() && !MAY_FAIL.get() {
        end(size);
    }
    memory
}

/// Ends the program without asking for any more memory.
#[cold]
fn end(size: usize) -> ! {
    let mut sentence = [0; 128];
    let mut rest = &mut sentence[..];
    // What does not fit is left out.
    let _ = writeln!(
        rest,
        "error: there is no memory for {size} bytes more; ask for less, with fewer --increments or --threads"
    );
    let left = rest.len();
    let length = sentence.len() - left;
    // There is no one to tell if this fails.
    let _ = io::stderr().write(&sentence[..length]);
    signal_hook::low_level::exit(Exit::Machine.number().into())
}
