//! The score of a tour.

use std::fmt::Write as _;

use super::super::numbers::decimal;
use super::wrap::wrap;
use crate::report::record::tour::{TourEnd, TourRecord, Visited};
use crate::term::{Page, Tone};

/// What was predicted and earned, chapter by chapter, and in all.
pub(in crate::report) fn tour_score(tour: &TourRecord, page: &Page) -> String {
    let mut text = String::new();
    if let Some((points, out_of)) = tour.points.zip(tour.out_of) {
        let names = tour.visited().iter().map(|visited| visited.chapter.len());
        let width = names.max().unwrap_or(0);
        for visited in tour.visited() {
            text += &line(visited, width, page);
        }
        let sum = format!("Score: {points} of {out_of} points.");
        let _ = writeln!(text, "{}", page.palette.paint(Tone::Strong, &sum));
    }
    let (seen, all) = (tour.visited().len(), tour.chapters_in_all);
    text += &match tour.ended {
        TourEnd::Completed => String::new(),
        TourEnd::Left => wrap(
            page,
            &format!("The tour ends after {seen} of {all} chapters."),
        ),
        TourEnd::Interrupted => wrap(
            page,
            &format!("Interrupted after {seen} of {all} chapters."),
        ),
    };
    text
}

fn line(visited: &Visited, width: usize, page: &Page) -> String {
    let Visited {
        chapter,
        prediction,
        answer,
        points,
        out_of,
        ..
    } = visited;
    let value = |value: &Option<f64>| value.map_or_else(|| "-".into(), decimal);
    let earned = match points {
        Some(points) => {
            let stars: String = (0..*out_of)
                .map(|star| if star < *points { '*' } else { '.' })
                .collect();
            let tone = if *points > 0 { Tone::Good } else { Tone::Lost };
            page.palette.paint(tone, &stars)
        }
        None => "not counted".into(),
    };
    format!(
        "{chapter:<width$}  {earned}  said {}, is {}\n",
        value(prediction),
        value(answer)
    )
}
