//! The report on the predictions of a class.

use super::document::{Block, Document, Section};
use super::map::strong;
use super::numbers::{decimal, plural};
use super::shares::share;
use super::table::{Bar, Column, Table};
use crate::record::{ClassBar, ClassQuestion, ClassRecord};
use crate::term::Tone;

/// Returns a histogram of the predictions for each question.
pub fn class(record: &ClassRecord) -> Document<'_> {
    let tours = plural(record.tours as u64, "tour");
    let sections = record.questions.iter().map(question);
    Document::new(
        strong(format!("Predictions of {tours}")),
        sections.collect(),
    )
}

fn question(of: &ClassQuestion) -> Section<'_> {
    let mut words = plural(of.predictions, "prediction");
    if of.skipped > 0 {
        words += &format!(", {} skipped", of.skipped);
    }
    if let Some(mean) = of.points_mean {
        words += &format!(", {} of 3 points on average", decimal(mean));
    }
    words += ".";
    if let (Some(min), Some(max), []) = (of.answer_min, of.answer_max, options(of)) {
        let unit = of.unit.as_deref().unwrap_or_default();
        let range = range(min, max);
        words += format!(" Answer: {range} {unit}").trim_end();
        words += ".";
    }
    let mut blocks: Vec<_> = of
        .question
        .iter()
        .map(|asked| Block::words(&**asked))
        .collect();
    blocks.push(Block::Table(histogram(of)));
    blocks.push(Block::words(words));
    Section::new(strong(&*of.chapter), blocks)
}

/// Returns the bars that stand for options.
fn options(of: &ClassQuestion) -> &[ClassBar] {
    match of.histogram.first() {
        Some(bar) if bar.option.is_some() => &of.histogram,
        _ => &[],
    }
}

fn histogram(of: &ClassQuestion) -> Table<'static> {
    let rows = &of.histogram;
    let most = rows.iter().map(|row| row.predictions).max().unwrap_or(0);
    let tone = |row: &ClassBar| {
        if row.is_answer {
            Tone::Good
        } else {
            Tone::Lost
        }
    };
    let bar = |row: &ClassBar| Bar::Share(share(row.predictions, most.max(1)), tone(row));
    let label = |row: &ClassBar| match &row.option {
        Some(option) => format!("{}) {option}", decimal(row.from)),
        None => range(row.from, row.to),
    };
    let words = |row: &ClassBar| if row.is_answer { "the answer" } else { "" };
    let label = Column::of("prediction", rows, label);
    let is_choice = !options(of).is_empty();
    Table {
        columns: vec![
            if is_choice { label.flush_left() } else { label },
            Column::of("number", rows, |row| row.predictions),
        ],
        bars: rows.iter().map(bar).collect(),
        words: Some(Column::of("", rows, words)),
        ..Table::default()
    }
}

/// Returns a number, or a range of numbers.
fn range(from: f64, to: f64) -> String {
    if from.to_bits() == to.to_bits() {
        decimal(from)
    } else {
        format!("{} to {}", decimal(from), decimal(to))
    }
}
