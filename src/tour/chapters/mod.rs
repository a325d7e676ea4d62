//! The chapters, one file each, in the order of the lesson.

mod atomics;
mod batch;
mod contexts;
mod mutex;
mod puzzle;
mod readers;
mod unsynced;
mod waiting;
mod why;
mod wrong_lock;

use super::chapter::Chapter;

/// Every chapter, in the order of the lesson.
pub static ALL: &[&Chapter] = &[
    &waiting::CHAPTER,
    &unsynced::CHAPTER,
    &why::CHAPTER,
    &mutex::CHAPTER,
    &batch::CHAPTER,
    &readers::CHAPTER,
    &wrong_lock::CHAPTER,
    &atomics::CHAPTER,
    &contexts::CHAPTER,
    &puzzle::CHAPTER,
];
