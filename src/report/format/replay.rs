//! The formats of `replay`.

use serde_json::Value;

use super::report::{Report, Table, json};
use crate::report::record::interleaving::Happening;
use crate::report::record::replay::{ReplayLine, ReplayRecord};
use crate::report::text;
use crate::term::Page;

impl Report for ReplayRecord {
    fn text(&self, page: &Page) -> String {
        text::replay(self, page)
    }

    fn json(&self) -> Value {
        json(self)
    }

    fn lines(&self) -> Vec<Value> {
        let steps = self
            .interleaving
            .iter()
            .flatten()
            .map(|happening| match happening {
                Happening::Step(step) => ReplayLine::Step(step),
                Happening::Gap(gap) => ReplayLine::Gap(gap),
            });
        let summary = Self {
            interleaving: None,
            ..self.clone()
        };
        let lines = steps.chain([ReplayLine::Summary(&summary)]);
        lines.map(|line| json(&line)).collect()
    }

    fn table(&self) -> Table {
        let optional = |value: Option<u64>| value.map_or_else(String::new, |v| v.to_string());
        if let Some(interleaving) = &self.interleaving {
            let steps = interleaving.iter().filter_map(|happening| match happening {
                Happening::Step(step) => Some(vec![
                    step.step.to_string(),
                    step.thread.clone(),
                    step.instruction.clone(),
                    optional(step.value),
                    step.overwrites.to_string(),
                ]),
                Happening::Gap(_) => None,
            });
            return Table {
                heading: vec!["step", "thread", "instruction", "value", "overwrites"],
                rows: steps.collect(),
            };
        }
        Table {
            heading: vec![
                "strategy",
                "flags",
                "threads",
                "increments",
                "schedule",
                "on",
                "expected",
                "predicted",
                "actual",
                "switches",
                "steps",
            ],
            rows: vec![vec![
                self.strategy.into(),
                self.flags.clone(),
                self.threads.to_string(),
                self.increments.to_string(),
                self.schedule.clone(),
                self.on.into(),
                self.expected.to_string(),
                self.predicted.to_string(),
                optional(self.actual),
                self.switches.to_string(),
                self.steps.to_string(),
            ]],
        }
    }
}
