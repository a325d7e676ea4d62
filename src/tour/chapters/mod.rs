//! The chapters, one file each, in the order of the lesson.

mod atomics;
mod batch;
mod contexts;
mod mutex;
mod own_race;
mod puzzle;
mod store_buffers;
mod unsynced;
mod waiting;
mod why;
mod wrong_lock;

use super::chapter::{Chapter, median, one_core, smallest_total};
use super::question::{Form, Grade, Question, Scale};
use super::records::{ComparisonRecord, EndRecord};

/// Every chapter, in the order of the lesson.
pub static ALL: &[&Chapter] = &[
    &waiting::CHAPTER,
    &unsynced::CHAPTER,
    &why::CHAPTER,
    &mutex::CHAPTER,
    &batch::CHAPTER,
    &wrong_lock::CHAPTER,
    &atomics::CHAPTER,
    &own_race::CHAPTER,
    &store_buffers::CHAPTER,
    &contexts::CHAPTER,
    &puzzle::CHAPTER,
];

/// Returns the place of the chapter with this number (from 1) or name.
pub fn find(asked: &str) -> Option<usize> {
    match asked.parse::<usize>() {
        Ok(number) => number.checked_sub(1).filter(|&place| place < ALL.len()),
        Err(_) => ALL.iter().position(|chapter| chapter.name == asked),
    }
}
