//! The score of a tour.

use super::document::{Block, Document, Section};
use super::numbers::decimal;
use super::text::Text;
use crate::record::{TourEnd, TourRecord, Visited};
use crate::term::Tone;

/// Returns the finished chapters, each with its prediction, and the score.
pub fn tour(tour: &TourRecord) -> Document<'_> {
    let ending = vec![Section::untitled(ending(tour))];
    Document {
        lead: vec![chapters(tour)],
        ..Document::new(Text::toned(Tone::Strong, "Tour"), ending)
    }
}

/// Returns the end of a tour: the prediction and the points of each chapter, and their sum. May be
/// empty.
pub fn tour_score(tour: &TourRecord) -> Vec<Block<'static>> {
    let chapters = tour.points.map(|_| chapters(tour));
    chapters.into_iter().chain(ending(tour)).collect()
}

fn chapters(tour: &TourRecord) -> Block<'static> {
    let rows = tour.visited().iter().map(row).collect();
    Block::Entries(vec!["chapter", "prediction"], rows)
}

fn row(visited: &Visited) -> Vec<Text> {
    let unit = match &visited.options {
        Some(_) => String::new(),
        None => format!(" ({})", visited.unit),
    };
    let value = |value: f64| match option(visited, value) {
        Some(option) => format!("'{option}'"),
        None => decimal(value),
    };
    let known = |number: Option<f64>, none: &str| number.map_or_else(|| none.into(), value);
    let earned = match visited.points {
        Some(points) => {
            let stars = (0..visited.out_of).map(|star| if star < points { '*' } else { '.' });
            let tone = if points > 0 { Tone::Good } else { Tone::Lost };
            Text::toned(tone, stars.collect::<String>())
        }
        None => "not counted".into(),
    };
    let said = known(visited.prediction, "nothing");
    let is = known(visited.answer, "not known");
    let words = match (visited.prediction, visited.answer) {
        (Some(said), Some(answer)) if (said - answer).abs() < f64::EPSILON => value(answer) + &unit,
        _ => format!("you said {said}, it is {is}{unit}"),
    };
    vec![
        visited.chapter.clone().into(),
        earned.and(format!("  {words}")),
    ]
}

/// Returns the option that a number stands for.
fn option(visited: &Visited, number: f64) -> Option<&str> {
    let mut options = (1..).zip(visited.options.as_ref()?);
    let chosen = options.find(|(place, _)| (f64::from(*place) - number).abs() < f64::EPSILON);
    chosen.map(|(_, option)| &**option)
}

/// Returns the sum of the points, and whether chapters are missing.
fn ending(tour: &TourRecord) -> Vec<Block<'static>> {
    let score = tour.points.zip(tour.out_of).map(|(points, out_of)| {
        let words = format!("Score: {points} of {out_of} points, a * each.");
        Text::toned(Tone::Strong, words)
    });
    let why = match tour.ended {
        TourEnd::Completed => None,
        TourEnd::Left => Some("The tour ends"),
        TourEnd::Interrupted => Some("Interrupted"),
    };
    let (seen, all) = (tour.visited().len(), tour.chapters_in_all);
    let missing = why.map(|why| format!("{why} after {seen} of {all} chapters.").into());
    score.into_iter().chain(missing).map(Block::Words).collect()
}
