//! The formats of the score of a tour.

use serde_json::Value;

use super::report::{Report, Table, json};
use crate::report::record::tour::{TourLine, TourRecord};
use crate::report::text;
use crate::term::Page;

impl Report for TourRecord {
    fn text(&self, page: &Page) -> String {
        text::tour_score(self, page)
    }

    fn json(&self) -> Value {
        json(self)
    }

    fn lines(&self) -> Vec<Value> {
        let chapters = self.visited().iter().map(TourLine::Chapter);
        let summary = Self {
            chapters: None,
            ..self.clone()
        };
        let lines = chapters.chain([TourLine::Summary(&summary)]);
        lines.map(|line| json(&line)).collect()
    }

    fn table(&self) -> Table {
        let rows = self.visited().iter().map(|visited| {
            vec![
                visited.chapter.into(),
                cell(visited.prediction),
                cell(visited.answer),
                visited
                    .points
                    .map_or_else(String::new, |points| points.to_string()),
                visited.out_of.to_string(),
            ]
        });
        Table {
            heading: vec!["chapter", "prediction", "answer", "points", "out_of"],
            rows: rows.collect(),
        }
    }
}

/// A number as CSV has it.
fn cell(number: Option<f64>) -> String {
    number.map_or_else(String::new, |number| number.to_string())
}
