//! The record of a tour: `miscount.tour/1`.

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use super::data::Record;
use super::schema::Versioned;

/// What was predicted, and what came out.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TourRecord {
    /// The chapters that were gone through, in order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chapters: Option<Vec<Visited>>,
    /// How many chapters there were to go through.
    pub chapters_in_all: usize,
    /// How it ended.
    pub ended: TourEnd,
    /// The points of all predictions; null where none was asked for.
    pub points: Option<u32>,
    /// The points that as many right predictions would have earned.
    pub out_of: Option<u32>,
}

/// A chapter that was gone through.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Visited {
    /// Its name.
    pub chapter: &'static str,
    /// What it is about.
    pub title: &'static str,
    /// What was asked.
    pub question: &'static str,
    /// What there was to choose from; null where a number was asked for.
    pub options: Option<Vec<&'static str>>,
    /// What was predicted: a number, or that of an option, counted from 1; null where nothing was.
    #[serde(serialize_with = "short")]
    pub prediction: Option<f64>,
    /// What came out, likewise; null where the experiment gave no answer.
    #[serde(serialize_with = "short")]
    pub answer: Option<f64>,
    /// What the prediction earned; null where none was asked for, or there was no answer.
    pub points: Option<u32>,
    /// The most points.
    pub out_of: u32,
    /// The commands that answered the question.
    pub experiments: Vec<String>,
}

/// How a tour ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TourEnd {
    /// After the last chapter.
    Completed,
    /// The visitor left, or there were no more answers.
    Left,
    /// Ctrl-C or SIGTERM.
    Interrupted,
}

/// A line of JSON lines.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum TourLine<'a> {
    /// A chapter.
    Chapter(&'a Visited),
    /// All but the chapters; the last line.
    Summary(Versioned<TourRecord>),
}

/// Whole numbers without a fraction.
#[expect(
    clippy::cast_possible_truncation,
    clippy::ref_option,
    reason = "checked to be whole and small; the signature is serde's"
)]
fn short<S: Serializer>(number: &Option<f64>, to: S) -> Result<S::Ok, S::Error> {
    match number {
        Some(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            to.serialize_i64(*number as i64)
        }
        number => number.serialize(to),
    }
}

impl TourRecord {
    /// The record of these chapters, out of so many.
    pub fn new(chapters: Vec<Visited>, chapters_in_all: usize, ended: TourEnd) -> Self {
        let earned = chapters.iter().filter_map(|chapter| chapter.points);
        let asked = earned.clone().count() > 0;
        let points = asked.then(|| earned.sum());
        let scored = chapters.iter().filter(|chapter| chapter.points.is_some());
        let out_of = asked.then(|| scored.map(|chapter| chapter.out_of).sum());
        Self {
            chapters: Some(chapters),
            chapters_in_all,
            ended,
            points,
            out_of,
        }
    }

    /// The chapters.
    pub fn visited(&self) -> &[Visited] {
        self.chapters.as_deref().unwrap_or_default()
    }
}

impl Record for TourRecord {
    type Line<'a> = TourLine<'a>;

    fn columns(&self) -> &'static str {
        "chapter,prediction,answer,points,out_of"
    }

    fn items(&self) -> impl Iterator<Item = Self::Line<'_>> {
        self.visited().iter().map(TourLine::Chapter)
    }

    fn summary(&self) -> Option<Self::Line<'_>> {
        Some(TourLine::Summary(Versioned::new(Self {
            chapters: None,
            ..self.clone()
        })))
    }
}
