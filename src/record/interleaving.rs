//! The steps of a run, as data.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Effect, Story, StoryMove, StoryPart, StoryStep, parse_label};

/// A step, or steps that are left out.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Happening {
    /// One step.
    Step(StepRecord),
    /// Steps or moves in the middle that are left out.
    Gap(Gap),
}

/// Steps or moves that are left out.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Gap {
    /// The number of steps of one thread's move.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps_left_out: Option<u64>,
    /// The number of whole moves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moves_left_out: Option<u64>,
}

/// One step.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct StepRecord {
    /// Its number, counted from 1.
    pub step: u64,
    /// The thread that took it; in small letters, the thread whose store buffer delivered a store.
    pub thread: String,
    /// Whether another thread or store buffer took the step before.
    pub switch: bool,
    /// The instruction.
    pub instruction: String,
    /// The value that was read or written; null for locks.
    pub value: Option<i64>,
    /// The value before, if the step reads and writes; otherwise null.
    pub replaced: Option<i64>,
    /// The number of updates of other threads that it overwrites.
    pub overwrites: u64,
    /// The number of threads that a notification woke; left out for other steps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub woken: Option<u32>,
}

impl StepRecord {
    /// Returns the index of its thread, from 0; of a delivery, that of the thread whose store it is.
    pub fn column(&self) -> usize {
        parse_label(&self.thread.to_ascii_uppercase()).unwrap_or(0)
    }
}

/// Returns the story as a list of steps and gaps.
pub fn interleaving(story: &Story) -> Vec<Happening> {
    let gap = (story.skipped() > 0).then(|| Gap {
        steps_left_out: None,
        moves_left_out: Some(story.skipped()),
    });
    let mut happenings: Vec<_> = story.first().iter().flat_map(of_move).collect();
    happenings.extend(gap.map(Happening::Gap));
    happenings.extend(story.last().flat_map(of_move));
    happenings
}

fn of_move(of: &StoryMove) -> impl Iterator<Item = Happening> + use<'_> {
    let parts = of.parts.iter().enumerate();
    parts.map(|(place, part)| match part {
        // The first step of all is not a switch.
        StoryPart::Step(step) => happening(step, place == 0 && step.number > 1),
        StoryPart::Folded(steps) => Happening::Gap(Gap {
            steps_left_out: Some(*steps),
            moves_left_out: None,
        }),
    })
}

fn happening(step: &StoryStep, switch: bool) -> Happening {
    let (value, replaced) = match step.effect {
        Effect::Read { value, .. }
        | Effect::Refused { value, .. }
        | Effect::Forwarded { value, .. }
        | Effect::Buffered { value, .. } => (Some(value), None),
        Effect::Wrote { after, .. } => (Some(after), None),
        Effect::Updated { before, after, .. } => (Some(after), Some(before)),
        _ => (None, None),
    };
    Happening::Step(StepRecord {
        step: step.number,
        thread: step.actor.to_string(),
        switch,
        instruction: step.text.clone(),
        value: value.map(u64::cast_signed),
        replaced: replaced.map(u64::cast_signed),
        overwrites: step.overwrites,
        woken: match step.effect {
            Effect::Notified { threads, .. } => Some(threads),
            _ => None,
        },
    })
}
