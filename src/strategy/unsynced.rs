//! `unsynced`: load, add, store, without mutual exclusion.
//!
//! It loses updates: a race condition. It is not a data race in the language's sense, because each
//! access is atomic; so the program's behaviour stays defined while the total goes wrong. See
//! [`Word`].

use super::increment_instruction::{self, increment};
use super::{
    AccessMode, Counter, Elsewhere, Kernel, Kind, Recorder, Setting, Settings, Shape, Strategy,
    Window, Word, Words, Work, program,
};
use crate::error::Error;
use crate::model::System;

pub(super) static KIND: Kind = Kind {
    name: "unsynced",
    summary: "No synchronisation: load, add 1, store. Loses updates",
    beside: "atomic",
    remedy: "mutex-per-op",
    settings: &[Setting::Window, Setting::AccessMode],
    build,
};

static LOAD_STORE: Words = Words {
    summary: KIND.summary,
    look_at: "how often updates are lost, and who overwrote whom",
    why: "Each increment is a load, an addition and a store. When two threads load the same value, \
     both store the same result, and one update is lost.",
    code: "\
fn count(counter: &AtomicU64, increments: u64) {
    for _ in 0..increments {
        let seen = counter.load(Relaxed);
        counter.store(seen + 1, Relaxed);
    }
}",
    note: Some(
        "The program also has a compiler fence between the two, so that they stay two \
         instructions; it costs nothing.",
    ),
    race: Some(NO_DATA_RACE),
    costs: "Nothing is paid for synchronisation, and yet it is not free: with several cores the \
     counter's cache line travels between them, so it can be dearer than a batch under a lock. \
     The price is paid in updates.",
    elsewhere: Elsewhere {
        go: "`*value++`",
        java: "`value++` on an `int` field (`volatile` or not)",
        cpp: "`++value` on an `int` (a data race, so undefined behaviour there)",
        python: "`value += 1`: several bytecodes; nothing promises that the GIL keeps them together, \
                 though since CPython 3.10 it mostly does; free-threaded CPython (3.13t) has no GIL",
    },
};

static WINDOW: Words = Words {
    summary: "Load, a pause, add 1, store. Loses updates",
    look_at: "how many more updates are lost when others have time to come between",
    why: "Between its load and its store each thread gives the others time. When two threads load the \
     same value, both store the same result, and one update is lost.",
    code: "\
fn count(counter: &AtomicU64, increments: u64, window: impl Fn()) {
    for _ in 0..increments {
        let seen = counter.load(Relaxed);
        window();
        counter.store(seen + 1, Relaxed);
    }
}",
    note: Some(
        "The window is what `--window` asks for: spinning, yielding or sleeping. The model needs \
         none: between any two steps it lets others go on for as long as the schedule says.",
    ),
    race: Some(NO_DATA_RACE),
    costs: "The window, above all: it is there to make the race show, also where threads have a \
     single core, and not to count fast.",
    elsewhere: Elsewhere {
        go: "`seen := *value; runtime.Gosched(); *value = seen + 1`",
        java: "`int seen = value; Thread.yield(); value = seen + 1;`",
        cpp: "`int seen = value; std::this_thread::yield(); value = seen + 1;` (a data race, so \
              undefined behaviour there)",
        python: "`seen = value; time.sleep(0); value = seen + 1`",
    },
};

static SINGLE_INSTRUCTION: Words = Words {
    summary: "One instruction that adds 1 in memory, without a lock prefix. Loses updates",
    look_at: "one instruction, and it still loses updates",
    why: "Without a lock prefix even one instruction loads first and stores later. When two cores load \
     the same value, both store the same result, and one update is lost.",
    code: "\
fn count(counter: &AtomicU64, increments: u64) {
    for _ in 0..increments {
        unsafe { asm!(\"inc qword ptr [{0}]\", in(reg) counter.as_ptr()) }
    }
}",
    note: None,
    race: Some(
        "It is a race condition, but not a data race in the language's sense: the instruction \
         makes one load and one store of a whole aligned word, which the processor never tears \
         apart, so each counts as a relaxed atomic access. One instruction is not the same as \
         atomic; a `lock` prefix makes it so.",
    ),
    costs: "No more than load, add and store one by one, which the processor makes of it anyway. \
     The `lock` prefix, which makes it correct, is what costs: that is `atomic`.",
    elsewhere: Elsewhere {
        go: "`*value++`, of which the compiler makes such an instruction on amd64",
        java: "`value++`, where the just-in-time compiler makes such an instruction of it",
        cpp: "`++value` on an `int`, of which most compilers make such an instruction (a data race, so \
              undefined behaviour there)",
        python: "nothing: `value += 1` is several bytecodes",
    },
};

const NO_DATA_RACE: &str = "It is a race condition, but not a data race in the language's sense: \
     the load and the store are atomic one by one, so the program's behaviour is defined, and only \
     the total goes wrong. On a plain integer it would be both; safe Rust does not compile that.";

fn build(settings: &Settings) -> Result<Box<dyn Strategy>, Error> {
    if settings.access == AccessMode::SingleInstruction {
        increment_instruction::available()?;
        if settings.window != Window::None {
            return Err(Error::Usage(
                "--window has no place inside a single instruction; leave out --window or \
                 --access single-instruction"
                    .into(),
            ));
        }
    }
    Ok(Box::new(Unsynced(*settings)))
}

#[derive(Debug)]
struct Unsynced(Settings);

impl Strategy for Unsynced {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn settings(&self) -> Settings {
        self.0
    }

    fn words(&self) -> &'static Words {
        match (self.0.access, self.0.window) {
            (AccessMode::LoadStore, Window::None) => &LOAD_STORE,
            (AccessMode::LoadStore, _) => &WINDOW,
            (AccessMode::SingleInstruction, _) => &SINGLE_INSTRUCTION,
        }
    }

    fn kernel(&self, _shape: Shape) -> Box<dyn Kernel + '_> {
        Box::new(|| Unguarded {
            word: Word::default(),
            window: self.0.window,
            access: self.0.access,
        })
    }

    fn untraceable(&self) -> Option<&'static str> {
        (self.0.access == AccessMode::SingleInstruction).then_some(
            "--access single-instruction cannot be traced: one instruction loads and stores, and no \
             thread learns what it has read; leave it out",
        )
    }

    fn system(&self, shape: Shape) -> Result<System, Error> {
        program::alike(KIND.name, shape, |_, program, counter| {
            let (left, seen) = (program.register("left"), program.register("seen"));
            program.repeat(left, shape.increments(), |body| match self.0.access {
                AccessMode::LoadStore => program::increment(body, seen, counter),
                // The same two steps, in one instruction.
                AccessMode::SingleInstruction => {
                    body.increment(seen, counter);
                }
            });
        })
    }
}

#[derive(Debug)]
struct Unguarded {
    word: Word,
    window: Window,
    access: AccessMode,
}

impl Counter for Unguarded {
    fn reset(&self) {
        self.word.store(0);
    }

    #[inline]
    fn look(&self) {
        std::hint::black_box(self.word.load());
    }

    #[inline]
    fn count<R: Recorder>(&self, _thread: usize, work: Work<'_>, recorder: &mut R) {
        match (self.access, self.window) {
            (AccessMode::SingleInstruction, _) => work.repeat(|| increment(self.word.atomic())),
            (AccessMode::LoadStore, Window::None) => work.repeat(|| recorder.increment(&self.word)),
            (AccessMode::LoadStore, window) => {
                // A window can be long, so the thread looks at the context after every increment.
                for _ in work.slices_of(1) {
                    recorder.increment_around(&self.word, || window.pass(work.context));
                }
            }
        }
    }

    fn total(&self) -> u64 {
        self.word.load()
    }
}
