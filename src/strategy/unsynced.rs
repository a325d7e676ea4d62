//! `unsynced`: load, add, store, without mutual exclusion.
//!
//! It loses updates: a race condition. It is not a data race in the language's sense, because each
//! access is atomic; so the program's behaviour stays defined while the total goes wrong. See
//! [`Word`].

use super::increment_instruction::{self, increment};
use super::{
    AccessMode, Counter, Elsewhere, Kernel, Kind, Recorder, Setting, Settings, Shape, Window, Word,
    Words, Work, program,
};
use crate::error::Error;
use crate::model::System;

pub(super) static KIND: Kind = Kind {
    name: "unsynced",
    summary: "No synchronisation: load, add 1, store. Loses updates",
    beside: "atomic",
    remedy: "mutex-per-op",
    settings: &[Setting::Window, Setting::AccessMode],
    check,
    words: |settings| match (settings.access, settings.window) {
        (AccessMode::LoadStore, Window::None) => &LOAD_STORE,
        (AccessMode::LoadStore, _) => &WINDOW,
        (AccessMode::SingleInstruction, _) => &SINGLE_INSTRUCTION,
    },
    kernel: |settings, _| match (settings.access, settings.window) {
        (AccessMode::SingleInstruction, _) => Unguarded::kernel(SingleInstruction),
        (AccessMode::LoadStore, Window::None) => Unguarded::kernel(LoadStore),
        (AccessMode::LoadStore, window) => Unguarded::kernel(window),
    },
    untraceable: |settings| {
        (settings.access == AccessMode::SingleInstruction).then_some(
            "--access single-instruction cannot be traced: one instruction loads and stores, and no \
             thread learns what it has read; leave it out",
        )
    },
    system,
};

static LOAD_STORE: Words = Words {
    summary: KIND.summary,
    look_at: "how often updates are lost",
    why: "Two threads load the same value and store the same result: one update is lost.",
    code: "\
fn count(counter: &AtomicU64, increments: u64) {
    for _ in 0..increments {
        let seen = counter.load(Relaxed);
        counter.store(seen + 1, Relaxed);
    }
}",
    note: Some(
        "An increment is two steps, a load and a store. The addition is not a step: it \
         touches only a register.",
    ),
    race: Some(NO_DATA_RACE),
    costs: "Not free: the counter's cache line moves between the cores, so it can cost more than \
            a batch under a lock.",
    elsewhere: Elsewhere {
        go: "`*value++`",
        java: "`value++` on an `int` field (`volatile` or not)",
        cpp: "`++value` on an `int` (a data race, so undefined behaviour there)",
        python: "`value += 1`: several bytecodes, which the GIL need not keep together; free-threaded \
                 CPython (3.13t) has no GIL",
    },
};

static WINDOW: Words = Words {
    summary: "Load, a pause, add 1, store. Loses updates",
    look_at: "a longer gap between load and store loses more updates",
    why: "Between its load and its store each thread gives the others time to load the same value; \
          one update is lost.",
    code: "\
fn count(counter: &AtomicU64, increments: u64, window: impl Fn()) {
    for _ in 0..increments {
        let seen = counter.load(Relaxed);
        window();
        counter.store(seen + 1, Relaxed);
    }
}",
    note: Some("`--window` chooses to spin, yield or sleep. The model needs no window."),
    race: Some(NO_DATA_RACE),
    costs: "Mostly the window.",
    elsewhere: Elsewhere {
        go: "`seen := *value; runtime.Gosched(); *value = seen + 1`",
        java: "`int seen = value; Thread.yield(); value = seen + 1;`",
        cpp: "`int seen = value; std::this_thread::yield(); value = seen + 1;` (a data race, so \
              undefined behaviour there)",
        python: "`seen = value; time.sleep(0); value = seen + 1`",
    },
};

static SINGLE_INSTRUCTION: Words = Words {
    summary: "One add-to-memory instruction, no lock prefix. Loses updates",
    look_at: "one instruction, and it still loses updates",
    why: "Without a lock prefix, even one instruction loads first and stores later. Two cores \
          load the same value and store the same result: one update is lost.",
    code: "\
fn count(counter: &AtomicU64, increments: u64) {
    for _ in 0..increments {
        unsafe { asm!(\"inc qword ptr [{0}]\", in(reg) counter.as_ptr()) }
    }
}",
    note: None,
    race: Some(
        "A race condition, but not a data race: the processor never tears an aligned word. One \
         instruction is not atomic; a `lock` prefix makes it so.",
    ),
    costs: "As much as a separate load, add and store. The `lock` prefix of `atomic` is the \
            expensive part.",
    elsewhere: Elsewhere {
        go: "`*value++`, which compiles to such an instruction on amd64",
        java: "`value++`, where the just-in-time compiler uses such an instruction",
        cpp: "`++value` on an `int`, which most compilers turn into such an instruction (a data \
              race, so undefined behaviour)",
        python: "nothing: `value += 1` is several bytecodes",
    },
};

const NO_DATA_RACE: &str = "A race condition, but not a data race: load and store are each \
                            atomic. On a plain integer it would be both; safe Rust does not \
                            compile that. With two or more increments each, the smallest total is \
                            2: each store writes at least 1, so a thread's second load reads at \
                            least 1, and its second store writes at least 2.";

fn check(settings: &Settings) -> Result<(), Error> {
    if settings.access == AccessMode::SingleInstruction {
        increment_instruction::available()?;
        if settings.window != Window::None {
            return Err(Error::Usage(
                "--window does not fit inside a single instruction; leave out --window or \
                 --access single-instruction"
                    .into(),
            ));
        }
    }
    Ok(())
}

fn system(settings: &Settings, shape: Shape) -> Result<System, Error> {
    program::alike(KIND.name, shape, |_, program, counter| {
        let (left, seen) = (program.register("left"), program.register("seen"));
        program.repeat(left, shape.increments(), |body| match settings.access {
            AccessMode::LoadStore => program::increment(body, seen, counter),
            // The same two steps, in one instruction.
            AccessMode::SingleInstruction => {
                body.increment(seen, counter);
            }
        });
    })
}

/// A way to add to a word. It has no size but for a window: in a stride the words stand side by side.
trait Access: Copy + Send + Sync + 'static {
    fn count<R: Recorder>(self, word: &Word, work: Work<'_>, recorder: &mut R);
}

#[derive(Clone, Copy, Debug)]
struct LoadStore;

impl Access for LoadStore {
    #[inline]
    fn count<R: Recorder>(self, word: &Word, work: Work<'_>, recorder: &mut R) {
        work.repeat(|| recorder.increment(word));
    }
}

impl Access for Window {
    #[inline]
    fn count<R: Recorder>(self, word: &Word, work: Work<'_>, recorder: &mut R) {
        // A window can be long, so the thread looks at the context after every increment.
        for _ in work.slices_of(1) {
            recorder.increment_around(word, || self.pass(work.context));
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct SingleInstruction;

impl Access for SingleInstruction {
    #[inline]
    fn count<R: Recorder>(self, word: &Word, work: Work<'_>, _recorder: &mut R) {
        work.repeat(|| increment(word.atomic()));
    }
}

#[derive(Debug)]
struct Unguarded<A> {
    word: Word,
    access: A,
}

impl<A: Access> Unguarded<A> {
    fn kernel(access: A) -> Box<dyn Kernel> {
        Box::new(move || Self {
            word: Word::default(),
            access,
        })
    }
}

impl<A: Access> Counter for Unguarded<A> {
    fn reset(&self) {
        self.word.store(0);
    }

    #[inline]
    fn look(&self) {
        std::hint::black_box(self.word.load());
    }

    #[inline]
    fn count<R: Recorder>(&self, _thread: usize, work: Work<'_>, recorder: &mut R) {
        self.access.count(&self.word, work, recorder);
    }

    fn total(&self) -> u64 {
        self.word.load()
    }
}
