//! `unsynced`: load, add, store, and nothing that keeps other threads out.
//!
//! It loses updates: a race condition. It is not a data race in the language's sense, for the
//! accesses are atomic one by one; that is what keeps the program's behaviour defined while the
//! total goes wrong. See [`Word`].

use quanta::Clock;

use super::increment_instruction::{self, increment};
use super::program;
use super::{
    Access, Counter, Counters, Elsewhere, Kind, Lanes, Pen, Recorded, Recorder, Setting, Settings,
    Shape, Strategy, Tape, Window, Word, Words, Work,
};
use crate::error::Error;
use crate::model::System;

pub(super) static KIND: Kind = Kind {
    name: "unsynced",
    summary: "No synchronisation: load, add 1, store. Loses updates",
    elsewhere: Elsewhere {
        go: "*value++",
        java: "value++ on an int field (volatile or not)",
        cpp: "++value on an int (a data race, so undefined behaviour there)",
        python: "value += 1: several bytecodes; nothing promises that the GIL keeps them together, \
                 though since CPython 3.10 it mostly does",
    },
    beside: "atomic",
    settings: &[Setting::Window, Setting::Access],
    build,
};

static LOAD_STORE: Words = Words {
    look_at: "how often updates are lost, and who overwrote whom",
    code: "\
fn count(counter: &AtomicU64, increments: u64) {
    for _ in 0..increments {
        let seen = counter.load(Relaxed);
        counter.store(seen + 1, Relaxed);
    }
}",
    race: Some(
        "It is a race condition, but not a data race in the language's sense: the load and the \
         store are atomic one by one, so the program's behaviour is defined, and only the total \
         goes wrong. On a plain integer it would be both; safe Rust does not compile that.",
    ),
    costs: "Nothing that synchronises, so it is among the fastest, although the counter's cache \
     line still travels between the cores. The price is paid in updates.",
};

static SINGLE_INSTRUCTION: Words = Words {
    look_at: "one instruction, and it still loses updates",
    code: "\
fn count(counter: &AtomicU64, increments: u64) {
    for _ in 0..increments {
        unsafe { asm!(\"inc qword ptr [{0}]\", in(reg) counter.as_ptr()) }
    }
}",
    race: Some(
        "It is a race condition, but not a data race in the language's sense: the instruction's \
         load and its store are each of a whole aligned word, and the compiler sees neither. \
         One instruction is not the same as atomic; a lock prefix makes it so.",
    ),
    costs: "No more than load, add and store one by one, which the processor makes of it anyway. \
     The lock prefix, which makes it correct, is what costs: that is atomic.",
};

fn build(settings: &Settings) -> Result<Box<dyn Strategy>, Error> {
    let (window, access) = (settings.window, settings.access);
    if access == Access::SingleInstruction {
        increment_instruction::available()?;
        if window != Window::None {
            return Err(Error::Usage(
                "--window has no place inside a single instruction; leave out --window or \
                 --access single-instruction"
                    .into(),
            ));
        }
    }
    Ok(Box::new(Unsynced { window, access }))
}

#[derive(Clone, Copy, Debug)]
struct Unsynced {
    window: Window,
    access: Access,
}

impl Strategy for Unsynced {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn flags(&self) -> String {
        match (self.access, self.window) {
            (Access::SingleInstruction, _) => "--access single-instruction".into(),
            (Access::LoadStore, Window::None) => String::new(),
            (Access::LoadStore, window) => format!("--window {window}"),
        }
    }

    fn is_correct(&self) -> bool {
        false
    }

    fn why(&self) -> &'static str {
        match self.access {
            Access::LoadStore => {
                "Each increment is a load, an addition and a store. When two threads load the same \
                 value, both store the same result, and one update is lost."
            }
            Access::SingleInstruction => {
                "Without a lock prefix even one instruction loads first and stores later. When two \
                 cores load the same value, both store the same result, and one update is lost."
            }
        }
    }

    fn words(&self) -> &'static Words {
        match self.access {
            Access::LoadStore => &LOAD_STORE,
            Access::SingleInstruction => &SINGLE_INSTRUCTION,
        }
    }

    fn counters(&self, _shape: Shape, how_many: usize) -> Box<dyn Counters> {
        Lanes::boxed(how_many, || Unguarded {
            word: Word::default(),
            how: *self,
        })
    }

    fn recorder(&self, shape: Shape, clock: &Clock) -> Result<Box<dyn Tape>, Error> {
        if self.access == Access::SingleInstruction {
            return Err(Error::Usage(
                "--access single-instruction cannot be traced: one instruction loads and stores, \
                 and no thread learns what it has read; leave it out"
                    .into(),
            ));
        }
        let counter = Unguarded {
            word: Word::default(),
            how: *self,
        };
        Recorder::boxed(shape, clock, counter)
    }

    fn system(&self, shape: Shape) -> Result<System, Error> {
        program::alike(KIND.name, shape, |_, program, counter| {
            let (left, seen) = (program.register("left"), program.register("seen"));
            program.repeat(left, shape.increments(), |body| match self.access {
                Access::LoadStore => {
                    body.load(seen, counter);
                    body.add(seen, seen, 1);
                    body.store(counter, seen);
                }
                // The same two steps; only they stand in one instruction.
                Access::SingleInstruction => {
                    body.increment(seen, counter);
                }
            });
        })
    }
}

#[derive(Debug)]
struct Unguarded {
    word: Word,
    how: Unsynced,
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
    fn count(&self, _thread: usize, work: Work<'_>) {
        match self.how {
            Unsynced {
                access: Access::SingleInstruction,
                ..
            } => {
                for slice in work.slices() {
                    for _ in 0..slice {
                        increment(self.word.atomic());
                    }
                }
            }
            Unsynced {
                window: Window::None,
                ..
            } => {
                for slice in work.slices() {
                    for _ in 0..slice {
                        self.word.increment();
                    }
                }
            }
            Unsynced { window, .. } => {
                // A window can be long, so look at the context after every increment.
                for _ in work.slices_of(1) {
                    self.word.increment_around(|| window.pass(work.context));
                }
            }
        }
    }

    fn total(&self) -> u64 {
        self.word.load()
    }
}

impl Recorded for Unguarded {
    #[inline]
    fn count_recorded(&self, _thread: usize, work: Work<'_>, pen: &mut Pen<'_>) {
        if self.how.window == Window::None {
            for slice in work.slices() {
                for _ in 0..slice {
                    pen.increment(&self.word);
                }
            }
        } else {
            for _ in work.slices_of(1) {
                pen.increment_around(&self.word, || self.how.window.pass(work.context));
            }
        }
    }
}
