//! Puzzles of counting without locks.

use super::Puzzle;
use super::build::unsynced;
use crate::model::{Goal, System};

pub(super) static LOST_UPDATE: Puzzle = Puzzle {
    name: "lost-update",
    title: "The smallest race there is",
    story: "Two threads add 1 to the same counter, once each. Two increments, and yet the counter \
            can end with 1. How?",
    lesson: "Both threads loaded the same value, so both stored the same result: one update was \
             lost. Between a load and its store anybody can come.",
    goal: Goal::Total(1),
    correct: Some(2),
    counts: true,
    build: || unsynced(2, 1),
};

pub(super) static LUCK: Puzzle = Puzzle {
    name: "luck",
    title: "A wrong program that comes out right",
    story: "Two threads add 1 twice each, and nothing protects the counter. Make it end with the \
            correct 4 all the same.",
    lesson: "A race condition does not show every time. That a test comes out right says only \
             which schedule it happened to see.",
    goal: Goal::Total(4),
    correct: Some(4),
    counts: true,
    build: || unsynced(2, 2),
};

pub(super) static SINGLE_INSTRUCTION: Puzzle = Puzzle {
    name: "single-instruction",
    title: "One instruction is not one step",
    story: "Each increment is a single machine instruction, inc [counter]. Surely nothing can come \
            between? Make it end with 2 instead of 4.",
    lesson: "Inside, the instruction still loads and stores. Without a lock prefix another core \
             comes between the halves.",
    goal: Goal::Total(2),
    correct: Some(4),
    counts: true,
    build: || {
        System::alike("single instruction", 2, |_, program, counter| {
            let (left, scratch) = (program.register("left"), program.register("inside"));
            program.repeat(left, 2, |body| {
                body.increment(scratch, counter);
            });
        })
    },
};

pub(super) static THREE: Puzzle = Puzzle {
    name: "three",
    title: "Three for the price of one",
    story: "Three threads, one increment each. End with 1.",
    lesson: "The last store decides. Whoever stores last has loaded 0 before anybody stored, and \
             wipes out all that the others did meanwhile, however many they are.",
    goal: Goal::Total(1),
    correct: Some(3),
    counts: true,
    build: || unsynced(3, 1),
};

pub(super) static MINIMUM: Puzzle = Puzzle {
    name: "minimum",
    title: "The minimum is 2",
    story: "Two threads, three increments each: 6 if all goes well. Moving in turns makes 3. End \
            with 2: a thread can sleep on what it loaded for as long as it likes.",
    lesson: "One stale store wipes out nearly everything the other thread did, and then the other \
             does the same. More increments change nothing: 2 threads of a million each can end \
             with 2. Less is impossible: whoever stores last has stored before, so what it then \
             loaded was at least 1.",
    goal: Goal::Total(2),
    correct: Some(6),
    counts: true,
    build: || unsynced(2, 3),
};

pub(super) static MINIMUM_OF_THREE: Puzzle = Puzzle {
    name: "minimum-of-three",
    title: "The minimum, with three threads",
    story: "Three threads, two increments each. End with 2, with the fewest switches.",
    lesson: "The third thread costs one switch and nothing else: whatever it does is wiped out, if \
             only it is done before the last stale store. So the minimum is 2 for any number of \
             threads, from two increments each on.",
    goal: Goal::Total(2),
    correct: Some(6),
    counts: true,
    build: || unsynced(3, 2),
};
