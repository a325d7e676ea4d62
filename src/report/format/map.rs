//! The formats of the map of all strategies.

use serde_json::Value;

use super::document::{Block, Cell, Document, Section, plainly};
use super::markdown;
use super::report::{Report, Table, json};
use crate::report::record::explanation::{CommandRecord, typed};
use crate::report::record::map::{MapLine, MapRecord};
use crate::report::text;
use crate::term::{Page, Tone};

impl MapRecord {
    fn document(&self, quiet: bool) -> Document {
        let mut sections = vec![Section {
            heading: None,
            blocks: vec![self.table_of_strategies()],
        }];
        for concept in &self.concepts {
            let mut blocks = vec![Block::Words(concept.meaning.into())];
            if !quiet {
                blocks.push(Block::Commands(concept.commands.clone()));
            }
            sections.push(Section::new(concept.name, blocks));
        }
        let together = vec![Block::Words(self.together.into())];
        sections.push(Section::new("How they relate", together));
        if !quiet {
            let more = CommandRecord {
                purpose: "more on each strategy",
                command: "miscount explain unsynced".into(),
            };
            let more = vec![Block::Commands(vec![more])];
            sections.push(Section::new("See for yourself", more));
        }
        Document {
            title: "Ways to count".into(),
            sections,
        }
    }

    fn table_of_strategies(&self) -> Block {
        let rows = self.strategies.iter().map(|place| {
            let (verdict, tone) = if place.correct {
                ("right", Tone::Good)
            } else {
                ("wrong", Tone::Lost)
            };
            vec![
                Cell {
                    text: format!("`{}`", typed(place.strategy, &place.flags)),
                    tone: Tone::Strong,
                },
                Cell {
                    text: verdict.into(),
                    tone,
                },
                Cell::plain(format!("{}. Look at: {}", place.summary, place.look_at)),
            ]
        });
        let heading = vec!["strategy", "total", "what it does, and what to look at"];
        Block::Rows(heading, rows.collect())
    }
}

impl Report for MapRecord {
    fn text(&self, page: &Page) -> String {
        text::document(&self.document(page.quiet), page)
    }

    fn json(&self) -> Value {
        plainly(json(self))
    }

    fn lines(&self) -> Vec<Value> {
        let strategies = self.strategies.iter().map(MapLine::Strategy);
        let lines = strategies.chain(self.concepts.iter().map(MapLine::Concept));
        lines.map(|line| plainly(json(&line))).collect()
    }

    fn table(&self) -> Table {
        let rows = self.strategies.iter().map(|place| {
            vec![
                place.strategy.into(),
                place.flags.clone(),
                place.correct.to_string(),
                place.summary.into(),
                place.look_at.into(),
                place.command.clone(),
            ]
        });
        Table {
            heading: vec![
                "strategy", "flags", "correct", "summary", "look_at", "command",
            ],
            rows: rows.collect(),
        }
    }

    fn markdown(&self) -> String {
        markdown::document(&self.document(false))
    }
}
