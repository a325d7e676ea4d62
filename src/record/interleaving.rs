//! What happened step by step, as data.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::{Effect, Label, Story, StoryMove, StoryStep};

/// A step, or steps that are left out.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Happening {
    /// One step.
    Step(StepRecord),
    /// Steps or moves in the middle that are left out.
    Gap(Gap),
}

/// Steps or moves that are left out.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Gap {
    /// How many steps of one thread's move.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps_left_out: Option<u64>,
    /// How many whole moves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moves_left_out: Option<u64>,
}

/// One step.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StepRecord {
    /// Its number, counted from 1.
    pub step: u64,
    /// The thread that took it.
    pub thread: String,
    /// The thread's index, from 0.
    #[serde(skip)]
    pub column: usize,
    /// Whether another thread took the step before.
    pub switch: bool,
    /// The instruction.
    pub instruction: String,
    /// The value that was read or written; null for locks.
    pub value: Option<u64>,
    /// The value before, where one step reads and writes; else null.
    pub replaced: Option<u64>,
    /// How many updates of others it overwrites.
    pub overwrites: u64,
}

/// The story as a list of steps and gaps.
pub fn interleaving(story: &Story) -> Vec<Happening> {
    let mut told = Vec::new();
    for scene in story.first() {
        tell(scene, &mut told);
    }
    if story.skipped() > 0 {
        told.push(Happening::Gap(Gap {
            steps_left_out: None,
            moves_left_out: Some(story.skipped()),
        }));
    }
    for scene in story.last() {
        tell(scene, &mut told);
    }
    told
}

fn tell(scene: &StoryMove, to: &mut Vec<Happening>) {
    let first = to.is_empty();
    let steps = scene.first.iter().enumerate();
    to.extend(steps.map(|(place, step)| happening(step, place == 0 && !first)));
    if scene.skipped > 0 {
        to.push(Happening::Gap(Gap {
            steps_left_out: Some(scene.skipped),
            moves_left_out: None,
        }));
    }
    to.extend(scene.last.iter().map(|step| happening(step, false)));
}

fn happening(step: &StoryStep, switch: bool) -> Happening {
    Happening::Step(StepRecord {
        step: step.number,
        thread: Label(step.thread).to_string(),
        column: step.thread,
        switch,
        instruction: step.text.clone(),
        value: match step.effect {
            Effect::Read { value, .. } | Effect::Refused { value, .. } => Some(value),
            Effect::Wrote { after, .. } | Effect::Updated { after, .. } => Some(after),
            Effect::Acquired { .. } | Effect::Released { .. } => None,
        },
        replaced: match step.effect {
            Effect::Updated { before, .. } => Some(before),
            _ => None,
        },
        overwrites: step.overwrites,
    })
}
