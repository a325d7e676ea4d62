//! The game: what was played, undone and can be redone, and how the goal stands. It draws nothing
//! and knows no keys.

use super::sample::Sample;
use super::solver::Solver;
use crate::model::{
    Chance, Extent, Goal, Instruction, Machine, Operand, Outlook, Scene, Schedule, Status, Step,
    Steps, System, Told, Watch,
};

/// The most steps that one key takes, or a game begins with: some tenths of a second.
pub const MOST_STEPS: u64 = 500_000;

/// A system, played from its start.
// invariants: `at < frames.len()`; the first frame is the start.
#[derive(Debug)]
pub struct Game<'s> {
    system: &'s System,
    frames: Vec<Frame<'s>>,
    at: usize,
    outlook: Outlook<'s>,
    sample: Option<Sample<'s>>,
    solver: Option<Solver<'s>>,
}

/// Where the game was after something was played.
#[derive(Clone, Debug)]
struct Frame<'s> {
    machine: Machine<'s>,
    watch: Watch,
    /// What was played to come here.
    scene: Scene,
    /// All steps up to here, and switches between threads.
    steps: u64,
    switches: u64,
    /// The switches with which the goal was reached.
    reached: Option<u64>,
    /// The step with which it went out of reach.
    lost: Option<Told>,
}

/// How the goal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing<'a> {
    /// It can still be reached.
    Open,
    /// Nobody knows: there are too many states, or not all have been looked at yet.
    Unknown,
    /// It was reached, with so many switches.
    Reached(u64),
    /// No schedule reaches it at all.
    Impossible,
    /// It has been out of reach since this step.
    Lost(&'a Told),
}

/// How far to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// So many steps.
    Steps(u64),
    /// To the thread's end, or as far as it can.
    End,
    /// Until it leaves this part of its program, or comes to its beginning again.
    Part(usize, usize),
}

impl<'s> Game<'s> {
    /// A game at its start.
    pub fn new(system: &'s System) -> Self {
        let start = Frame {
            machine: Machine::new(system),
            watch: Watch::default(),
            scene: Scene::default(),
            steps: 0,
            switches: 0,
            reached: None,
            lost: None,
        };
        Self {
            system,
            frames: vec![start],
            at: 0,
            outlook: Outlook::new(system, &[]),
            sample: None,
            solver: None,
        }
    }

    /// What is played.
    pub fn system(&self) -> &'s System {
        self.system
    }

    fn frame(&self) -> &Frame<'s> {
        &self.frames[self.at]
    }

    /// The state it is in.
    pub fn machine(&self) -> &Machine<'s> {
        &self.frame().machine
    }

    /// Steps taken so far.
    pub fn steps(&self) -> u64 {
        self.frame().steps
    }

    /// Switches between threads so far.
    pub fn switches(&self) -> u64 {
        self.frame().switches
    }

    /// The thread that moved last.
    pub fn last(&self) -> Option<usize> {
        (self.at > 0).then(|| self.frame().scene.thread)
    }

    /// What was played so far, the last first.
    pub fn scenes(&self) -> impl Iterator<Item = &Scene> {
        self.frames[1..=self.at].iter().rev().map(|f| &f.scene)
    }

    /// What was played so far, as a schedule.
    pub fn schedule(&self) -> Schedule {
        let mut schedule = Schedule::new();
        for frame in &self.frames[1..=self.at] {
            let before = frame.scene.first.first().map_or(0, |told| told.number - 1);
            schedule.push(frame.scene.thread, Steps::Count(frame.steps - before));
        }
        schedule.closed(self.machine())
    }

    /// Plays steps to begin with, as far as they can be taken. Returns false where they were more
    /// than [`MOST_STEPS`], and only so many were played.
    pub fn begin(&mut self, schedule: &Schedule) -> bool {
        for segment in schedule.segments() {
            let left = MOST_STEPS - self.steps();
            let (steps, are_all) = match segment.steps {
                Steps::Count(steps) => (steps.min(left), steps <= left),
                Steps::ToEnd => (left, false),
            };
            if left == 0 {
                return false;
            }
            if self.play(segment.thread, Reach::Steps(steps)).is_err() {
                break;
            }
            let is_ready = self.machine().is_ready(segment.thread);
            if !are_all && is_ready && self.steps() == MOST_STEPS {
                return false;
            }
        }
        true
    }

    /// Lets a thread move.
    ///
    /// # Errors
    /// Its status, where it cannot take even one step.
    pub fn play(&mut self, thread: usize, reach: Reach) -> Result<(), Status> {
        let mut next = self.frame().clone();
        next.scene = Scene {
            thread,
            ..Scene::default()
        };
        let most = match reach {
            Reach::Steps(steps) => steps,
            Reach::End | Reach::Part(..) => MOST_STEPS,
        };
        let last = self.last();
        for taken in 0..most {
            let step = match next.machine.step(thread) {
                Ok(step) => step,
                Err(status) if taken == 0 => return Err(status),
                Err(_) => break,
            };
            next.take(&step, last);
            self.judge(&mut next, thread);
            if let Reach::Part(from, past) = reach
                && next
                    .machine
                    .at(thread)
                    .is_none_or(|at| at == from || !(from..past).contains(&at))
            {
                break;
            }
        }
        self.frames.truncate(self.at + 1);
        self.frames.push(next);
        self.moved_to(self.at + 1);
        Ok(())
    }

    /// Notes in a frame how the goal stands after a step of this thread.
    fn judge(&self, frame: &mut Frame<'s>, thread: usize) {
        let Some(solver) = &self.solver else {
            return;
        };
        if frame.reached.is_some() || frame.lost.is_some() {
            return;
        }
        if solver.goal().is_reached(&frame.machine) {
            frame.reached = Some(frame.switches);
        } else if solver.is_lost(&self.outlook, &frame.machine, thread) {
            let scene = &frame.scene;
            frame.lost = scene.last.back().or(scene.first.last()).cloned();
        }
    }

    fn moved_to(&mut self, at: usize) {
        self.at = at;
        self.sample = None;
    }

    /// Goes back by what one key did. False where nothing was played.
    pub fn undo(&mut self) -> bool {
        let possible = self.at > 0;
        self.moved_to(self.at.saturating_sub(1));
        possible
    }

    /// Takes an undo back. False where nothing was undone.
    pub fn redo(&mut self) -> bool {
        let possible = self.at + 1 < self.frames.len();
        self.moved_to(self.at + usize::from(possible));
        possible
    }

    /// Goes back to the start; redo brings everything back.
    pub fn restart(&mut self) {
        self.moved_to(0);
    }

    /// Thinks about what can still come of it, for so many moves. Returns whether there is more to
    /// think about.
    pub fn think(&mut self, moves: usize) -> bool {
        // States of many threads take long to look at.
        let moves = moves / self.system.threads().div_ceil(8);
        let extent = self.outlook.advance(moves);
        let mut busy = matches!(extent, Extent::Growing(_));
        if let Some(mut solver) = self.solver.take() {
            let was_open = solver.is_open();
            solver.think(&self.outlook, moves);
            busy |= solver.is_open();
            let is_new = was_open && !solver.is_open();
            self.solver = Some(solver);
            if is_new {
                self.judge_all();
            }
        }
        if extent == Extent::TooMany && self.machine().ending().is_none() {
            let Frame { machine, steps, .. } = &self.frames[self.at];
            let at_start = *steps == 0;
            let sample = self
                .sample
                .get_or_insert_with(|| Sample::new(machine, at_start));
            busy |= sample.draw(machine, moves / 8);
        }
        busy
    }

    /// How far the look at all states has come.
    pub fn extent(&self) -> Extent {
        self.outlook.extent()
    }

    /// Everything that can still come of it; `None` while that is not known.
    pub fn chances(&self) -> Option<&[Chance]> {
        self.outlook.chances(self.machine())
    }

    /// Random schedules from here, where there are too many states to look at all.
    pub fn sample(&self) -> Option<&Sample<'s>> {
        self.sample.as_ref()
    }

    /// What can be seen from every state.
    pub fn outlook(&self) -> &Outlook<'s> {
        &self.outlook
    }

    /// Sets a goal, or none.
    pub fn pursue(&mut self, goal: Option<Goal>) {
        self.solver = goal.map(|goal| Solver::new(self.system, goal));
        self.judge_all();
    }

    /// The goal.
    pub fn goal(&self) -> Option<Goal> {
        self.solver.as_ref().map(Solver::goal)
    }

    /// The fewest switches with which the goal can be reached from the start.
    pub fn par(&self) -> Option<u64> {
        self.solver.as_ref().and_then(Solver::par)
    }

    /// The thread to move next on the way to the goal with the fewest switches.
    pub fn hint(&self) -> Option<usize> {
        let solver = self.solver.as_ref()?;
        solver.next(&self.outlook, self.machine(), self.last())
    }

    /// How the goal stands; `None` where there is none.
    pub fn standing(&self) -> Option<Standing<'_>> {
        let solver = self.solver.as_ref()?;
        let frame = self.frame();
        Some(match (frame.reached, &frame.lost) {
            (Some(switches), _) => Standing::Reached(switches),
            (None, Some(told)) => Standing::Lost(told),
            (None, None) if !solver.is_known() => Standing::Unknown,
            (None, None) if solver.par().is_none() => Standing::Impossible,
            (None, None) => Standing::Open,
        })
    }

    /// Whether a goal is being solved still.
    pub fn is_solving(&self) -> bool {
        self.solver.as_ref().is_some_and(Solver::is_open)
    }

    /// Judges everything that was played anew, step by step.
    fn judge_all(&mut self) {
        let mut frames = std::mem::take(&mut self.frames);
        let mut walker = frames[0].clone();
        (walker.reached, walker.lost) = (None, None);
        for frame in &mut frames {
            let thread = frame.scene.thread;
            let mut last = None;
            if walker.steps < frame.steps {
                last = (walker.steps > 0).then_some(walker.scene.thread);
                walker.scene = Scene {
                    thread,
                    ..Scene::default()
                };
            }
            while walker.steps < frame.steps {
                // It was possible when it was played.
                let Ok(step) = walker.machine.step(thread) else {
                    break;
                };
                walker.take(&step, last);
                self.judge(&mut walker, thread);
            }
            frame.reached = walker.reached;
            frame.lost.clone_from(&walker.lost);
        }
        self.frames = frames;
    }
}

impl Frame<'_> {
    /// Takes note of a step that the machine has taken; `last` moved before this scene.
    fn take(&mut self, step: &Step, last: Option<usize>) {
        let is_first = self.scene.first.is_empty();
        let switched = is_first && last.is_some_and(|last| last != step.thread);
        self.switches += u64::from(switched);
        self.steps += 1;
        let system = self.machine.system();
        let unseen = self.watch.step(step, &self.machine);
        // To set a flag is to overwrite nobody's update: nothing was computed from what it was.
        let is_set = matches!(
            step.instruction,
            Instruction::Store {
                value: Operand::Const(_),
                ..
            }
        );
        self.scene.tell(Told {
            number: self.steps,
            thread: step.thread,
            text: system.text(step.thread, step.at).unwrap_or_default(),
            effect: step.effect,
            overwrites: if is_set { 0 } else { unseen },
        });
    }
}
