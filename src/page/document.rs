//! A report before it has become text, Markdown or anything else that a person reads.
//!
//! A document says what is shown and in which order. Only the renderers know how wide a page is,
//! which signs it has and whether it has colours. A document uses the Unicode signs.

use super::player::Player;
use super::table::Table;
use super::text::Text;
use crate::record::{CommandRecord, Explained, Happening, WaitingRecord};

/// A report.
#[derive(Clone, Debug, Default)]
pub struct Document<'a> {
    /// The subject, in a line.
    pub title: Text,
    /// Whether text omits the title, because its first lines say the same.
    pub headless: bool,
    /// The blocks directly below the title.
    pub lead: Vec<Block<'a>>,
    /// The parts, in order.
    pub sections: Vec<Section<'a>>,
    /// How and where the report was made, for formats that are handed round.
    pub made: Vec<(&'static str, Text)>,
}

/// A part of a report.
#[derive(Clone, Debug, Default)]
pub struct Section<'a> {
    /// The heading, if there is one.
    pub heading: Option<Text>,
    /// The contents.
    pub blocks: Vec<Block<'a>>,
}

/// A paragraph, or something that stands between paragraphs.
#[derive(Clone, Debug)]
pub enum Block<'a> {
    /// A paragraph.
    Words(Text),
    /// Rows of cells under headings.
    Table(Table<'a>),
    /// Names, each with a fact of a line or two.
    Facts(Vec<(&'static str, Text)>),
    /// Rows under headings; the last cell of a row is a paragraph.
    Entries(Vec<&'static str>, Vec<Vec<Text>>),
    /// Lines that must not be broken, and their language.
    Code(&'static str, String),
    /// A schedule step by step, the number of its threads, and those that wait for ever at its end.
    Steps(&'a [Happening], usize, &'a [WaitingRecord]),
    /// A recorded run step by step, a column for each thread.
    Lanes(Lanes),
    /// A recorded run with at least one increment, as a strip for each thread, from left to right.
    Strip(&'a Explained),
    /// Curves, for formats that can draw them; a table beside them has the same numbers.
    Curves(Curves),
    /// Blocks that are folded away where that is possible, and what to say in their place.
    Folded(Text, Vec<Block<'a>>),
    /// Reports within this one, side by side where there is room.
    Reports(Vec<Document<'a>>),
    /// A purpose, and the command to type for it.
    Command(Text, String),
    /// Commands to choose from, each with its purpose.
    Commands(Vec<CommandRecord>),
    /// Explanations of columns or bars, each only shown with its column or the bars.
    Glossary(Vec<(&'static str, Text)>),
    /// Explanations and advice, left out with `--quiet`.
    Advice(Vec<Block<'a>>),
    /// Schedules that a page can play.
    Player(Player),
    /// An empty line.
    Gap,
}

/// The word under which a [`Block::Glossary`] explains bars.
pub const BARS: &str = "bars";

/// Steps of several threads: a column for each, a time before them, and remarks behind them.
#[derive(Clone, Debug)]
pub struct Lanes {
    /// The labels of the threads that have columns.
    pub threads: Vec<String>,
    /// The steps in their order.
    pub rows: Vec<LaneRow>,
}

/// How several quantities depend on another.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curves {
    /// What is shown, in a sentence.
    pub words: String,
    /// What lies on the axis from left to right.
    pub across: &'static str,
    /// What lies on the axis upwards.
    pub up: &'static str,
    /// The curves, each with at least one point.
    pub curves: Vec<Curve>,
}

/// A curve of [`Curves`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    /// Its name.
    pub name: String,
    /// Its points, from left to right.
    pub points: Vec<CurvePoint>,
}

/// A point of a [`Curve`]. All numbers are greater than 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurvePoint {
    /// The quantity on which the other depends.
    pub at: f64,
    /// The other.
    pub value: f64,
    /// The lower end of its error bar.
    pub low: f64,
    /// The upper end of its error bar.
    pub high: f64,
}

/// A line of [`Lanes`].
#[derive(Clone, Debug)]
pub enum LaneRow {
    /// A step.
    Step {
        /// The time of the step; empty if it is not known.
        time: String,
        /// The label of its thread; a thread that is not among [`Lanes::threads`] has no column.
        thread: String,
        /// The action.
        step: Text,
        /// A remark; may be empty.
        remark: String,
    },
    /// Omitted steps, in words.
    Gap(String),
}

impl<'a> Document<'a> {
    /// Returns a report of these parts.
    pub fn new(title: impl Into<Text>, sections: Vec<Section<'a>>) -> Self {
        Self {
            title: title.into(),
            sections,
            ..Self::default()
        }
    }

    /// Returns the verdict alone, in a paragraph; the whole report where it does not begin with one.
    #[must_use]
    pub fn brief(self) -> Self {
        if !matches!(self.lead.first(), Some(Block::Words(_))) {
            return self;
        }
        Self {
            headless: true,
            lead: self.lead.into_iter().take(1).collect(),
            sections: Vec::new(),
            ..self
        }
    }

    /// Returns the report without what explains and advises.
    #[must_use]
    pub fn without_advice(mut self) -> Self {
        let is_said = |block: &Block<'_>| !matches!(block, Block::Advice(_));
        self.lead.retain(is_said);
        for section in &mut self.sections {
            section.blocks.retain(is_said);
        }
        self
    }
}

impl<'a> Section<'a> {
    /// Returns a part under a heading.
    pub fn new(heading: impl Into<Text>, blocks: impl Into<Vec<Block<'a>>>) -> Self {
        Self {
            heading: Some(heading.into()),
            blocks: blocks.into(),
        }
    }

    /// Returns a part without a heading.
    pub fn untitled(blocks: impl Into<Vec<Block<'a>>>) -> Self {
        Self {
            heading: None,
            blocks: blocks.into(),
        }
    }

    /// Returns a part without a heading that explains or advises.
    pub fn advice(blocks: impl Into<Vec<Block<'a>>>) -> Self {
        Self::untitled([Block::Advice(blocks.into())])
    }
}

impl Block<'_> {
    /// Returns a paragraph.
    pub fn words(text: impl Into<Text>) -> Self {
        Self::Words(text.into())
    }

    /// Returns a command with its purpose.
    pub fn command(purpose: impl Into<Text>, command: impl Into<String>) -> Self {
        Self::Command(purpose.into(), command.into())
    }
}
