//! The map of all strategies, and of the terms that they show: `miscount.map/1`.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::data::Record;
use super::explanation::{CommandRecord, Marked};
use super::subject::StrategyRecord;
use super::terms::concepts;
use crate::error::Error;
use crate::strategy::{ALL, Setting, Settings, Strategy};

/// All strategies, and how the terms of the field relate.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct MapRecord {
    /// The strategies, in the order of the lesson.
    pub strategies: Vec<PlaceRecord>,
    /// The terms, from the fault to the remedy.
    pub concepts: Cow<'static, [ConceptRecord]>,
    /// How the terms relate.
    pub together: Marked,
}

/// A strategy on the map.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PlaceRecord {
    /// Its name.
    #[serde(flatten)]
    pub strategy: StrategyRecord,
    /// Whether every run of it must end with the expected total.
    pub correct: bool,
    /// What it does, in a line.
    pub summary: Cow<'static, str>,
    /// What to look at when it runs.
    pub look_at: Cow<'static, str>,
    /// The command that explains it.
    pub command: String,
}

/// A term of the field.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ConceptRecord {
    /// The term.
    pub name: Cow<'static, str>,
    /// What it means, and which strategies show it.
    pub meaning: Marked,
    /// The commands that show it.
    pub commands: Cow<'static, [CommandRecord]>,
}

/// A line of JSON lines.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum MapLine<'a> {
    /// A strategy.
    Strategy(&'a PlaceRecord),
    /// A term.
    Concept(&'a ConceptRecord),
}

/// How the terms relate.
const TOGETHER: Marked = Marked::new(
    "A race condition is wrong order, a data race an unsafe access; a program can have either \
     without the other. Atomic operations and critical sections remove race conditions. Store buffers \
     break the single order of all steps; fences restore it.",
);

impl MapRecord {
    /// Returns the map of all strategies; also with `--split`, which makes a right one wrong.
    ///
    /// # Errors
    ///
    /// Those of setting up a strategy.
    pub fn new() -> Result<Self, Error> {
        let plain = Settings::default();
        let split = Settings {
            split: true,
            ..plain
        };
        let mut strategies = Vec::new();
        for kind in ALL {
            strategies.push(PlaceRecord::new(&kind.build(&plain)?));
            if kind.settings.contains(&Setting::Split) {
                strategies.push(PlaceRecord::new(&kind.build(&split)?));
            }
        }
        Ok(Self {
            strategies,
            concepts: concepts(include_str!("concepts.txt")).into(),
            together: TOGETHER,
        })
    }
}

impl PlaceRecord {
    fn new(strategy: &Strategy) -> Self {
        let name = StrategyRecord::new(strategy);
        Self {
            correct: strategy.is_correct(),
            summary: strategy.words().summary.into(),
            look_at: strategy.words().look_at.into(),
            command: format!("miscount explain {name}"),
            strategy: name,
        }
    }
}

impl Record for MapRecord {
    type Line<'a> = MapLine<'a>;

    fn columns(&self) -> &'static str {
        "strategy,flags,correct,summary,look_at,command"
    }

    fn items(&self) -> impl Iterator<Item = Self::Line<'_>> {
        let strategies = self.strategies.iter().map(MapLine::Strategy);
        strategies.chain(self.concepts.iter().map(MapLine::Concept))
    }
}
