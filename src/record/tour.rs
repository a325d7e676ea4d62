//! The record of a tour: `miscount.tour/1`.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

use super::any::AnyRecord;
use super::data::Record;
use super::schema::Versioned;

/// The predictions and the answers of a tour.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TourRecord {
    /// The visited chapters, in order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chapters: Option<Vec<Visited>>,
    /// The number of chapters of the tour.
    pub chapters_in_all: usize,
    /// How it ended.
    pub ended: TourEnd,
    /// The points of all predictions; null if none was asked for.
    pub points: Option<u32>,
    /// The points that as many correct predictions would have earned.
    pub out_of: Option<u32>,
}

/// A visited chapter.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Visited {
    /// Its name.
    pub chapter: Cow<'static, str>,
    /// Its title.
    pub title: Cow<'static, str>,
    /// The question.
    pub question: Cow<'static, str>,
    /// The options; null if the answer is a number.
    pub options: Option<Vec<Cow<'static, str>>>,
    /// The prediction: a number, or the number of an option, counted from 1; null if there is none.
    #[serde(serialize_with = "short")]
    pub prediction: Option<f64>,
    /// The answer, likewise; null if the experiment gave none.
    #[serde(serialize_with = "short")]
    pub answer: Option<f64>,
    /// What they count: `increments`, `times`, ...; `option` if they are numbers of options.
    pub unit: Cow<'static, str>,
    /// The points of the prediction; null if none was asked for, or there is no answer.
    pub points: Option<u32>,
    /// The maximum number of points.
    pub out_of: u32,
    /// The commands that answered the question.
    pub experiments: Vec<String>,
    /// What they found out: a record for each, if it could be carried out.
    pub records: Vec<AnyRecord>,
}

/// How a tour ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
    /// The last line: the record without the chapters.
    Summary(Versioned<TourRecord>),
}

/// Writes whole numbers without a fraction.
#[expect(
    clippy::cast_possible_truncation,
    clippy::ref_option,
    reason = "checked to be whole and small; the signature is serde's"
)]
pub(super) fn short<S: Serializer>(number: &Option<f64>, to: S) -> Result<S::Ok, S::Error> {
    match number {
        Some(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            to.serialize_i64(*number as i64)
        }
        number => number.serialize(to),
    }
}

impl TourRecord {
    /// The columns of its CSV.
    pub const COLUMNS: &'static str = "chapter,prediction,answer,unit,points,out_of";

    /// Returns the record of these chapters of a tour.
    pub fn new(chapters: Vec<Visited>, chapters_in_all: usize, ended: TourEnd) -> Self {
        let scored = chapters
            .iter()
            .filter_map(|chapter| Some((chapter.points?, chapter.out_of)));
        let sums = scored.reduce(|sums, chapter| (sums.0 + chapter.0, sums.1 + chapter.1));
        Self {
            chapters: Some(chapters),
            chapters_in_all,
            ended,
            points: sums.map(|sums| sums.0),
            out_of: sums.map(|sums| sums.1),
        }
    }

    /// Returns the visited chapters.
    pub fn visited(&self) -> &[Visited] {
        self.chapters.as_deref().unwrap_or_default()
    }
}

impl Record for TourRecord {
    type Line<'a> = TourLine<'a>;

    fn columns(&self) -> &'static str {
        Self::COLUMNS
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
