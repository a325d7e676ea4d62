//! All states of a small system, and what can still come of each.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use super::data::{PlayerGoal, StateRow, StateTable, StateWord};
use super::tables::Tables;
use crate::model::{Chance, Completeness, Ending, Finish, Machine, Outlook, Route, System};
use crate::plan::Subject;
use crate::record::schema::EXACT;
use crate::stats::whole;

/// The most states, and the most numbers of all tables of a page: some 150 KiB. Even the smallest table may have
/// that many.
const MOST_STATES: usize = 4096;
const MOST_NUMBERS: usize = 40_000;
const LEAST_NUMBERS: usize = 2_000;

/// The most moves of the search before it gives up: it has at most twice as many states to visit.
const MOST_MOVES: usize = 1 << 17;

/// There are too many states for a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyStates;

/// Returns the table of all states of a system.
///
/// Interchangeable threads are told apart here: a reader chooses one of them.
pub(super) fn table(
    subject: &Subject,
    system: &System,
    tables: &mut Tables<'_>,
    players: usize,
) -> Result<StateTable, TooManyStates> {
    let most = (MOST_NUMBERS / players.max(1)).max(LEAST_NUMBERS);
    let mut outlook = Outlook::new(system, &[]);
    let Completeness::Known(known) = outlook.advance(MOST_MOVES) else {
        return Err(TooManyStates);
    };
    if known > MOST_STATES {
        return Err(TooManyStates);
    }
    let goal = subject.goal().map(|goal| PlayerGoal {
        text: goal.to_string(),
        par: Route::new(&outlook, &goal).switches(&outlook, &outlook.start(), None),
        lesson: subject.words.why.to_string(),
    });
    let mut walk = Walk {
        tables,
        outlook: &outlook,
        places: FxHashMap::default(),
        waiting: VecDeque::new(),
        chances: Vec::new(),
        known_chances: FxHashMap::default(),
        numbers: 0,
    };
    walk.place(outlook.start());
    let mut states = Vec::new();
    while let Some((machine, word)) = walk.waiting.pop_front() {
        let chances = walk.chances(&machine).ok_or(TooManyStates)?;
        let mut moves = Vec::with_capacity(2 * system.actors().count());
        for actor in system.actors() {
            let mut next = machine.clone();
            match next.step(actor) {
                Ok(step) => {
                    moves.extend([walk.place(next), i64::from(walk.tables.event(&step))]);
                }
                Err(_) => moves.push(-1),
            }
        }
        walk.numbers += word.0.len() + moves.len() + 1;
        if walk.places.len() > MOST_STATES || walk.numbers > most {
            return Err(TooManyStates);
        }
        states.push(StateRow(word, chances, moves));
    }
    Ok(StateTable {
        goal,
        chances: walk.chances,
        states,
    })
}

/// A breadth-first search.
struct Walk<'w, 't, 's> {
    tables: &'w mut Tables<'t>,
    outlook: &'w Outlook<'s>,
    /// The places of states by what tells them apart: the state as it is seen, and the place of the
    /// state in the outlook, which knows what is not seen.
    places: FxHashMap<(StateWord, usize), i64>,
    waiting: VecDeque<(Machine<'s>, StateWord)>,
    chances: Vec<Vec<(usize, u64, Option<u64>)>>,
    known_chances: FxHashMap<Vec<(usize, u64, Option<u64>)>, u32>,
    /// The numbers in the table so far.
    numbers: usize,
}

impl<'s> Walk<'_, '_, 's> {
    /// Returns the place of a state, which is visited later unless it has been.
    fn place(&mut self, machine: Machine<'s>) -> i64 {
        let word = self.tables.state(&machine);
        let next = i64::try_from(self.places.len()).unwrap_or(i64::MAX);
        let key = (
            word.clone(),
            self.outlook.number(&machine).unwrap_or(usize::MAX),
        );
        let place = *self.places.entry(key).or_insert(next);
        if place == next {
            self.waiting.push_back((machine, word));
        }
        place
    }

    /// Returns the place of the ends that can come of a state; `None` if they are not known.
    fn chances(&mut self, machine: &Machine<'_>) -> Option<u32> {
        let chances = self.outlook.chances(machine)?;
        let chances: Vec<_> = chances.iter().map(|chance| self.chance(chance)).collect();
        if let Some(place) = self.known_chances.get(&chances) {
            return Some(*place);
        }
        let place = u32::try_from(self.chances.len()).ok()?;
        self.numbers += 3 * chances.len();
        self.chances.push(chances.clone());
        self.known_chances.insert(chances, place);
        Some(place)
    }

    fn chance(&mut self, chance: &Chance) -> (usize, u64, Option<u64>) {
        let end = match chance.finish {
            Finish::Total(total) => self.tables.end(&Ending::Total(total)),
            Finish::Deadlock => self.tables.end(&Ending::Deadlock(Vec::new())),
            Finish::Other(other) => {
                let ending = self.outlook.ending(other).cloned();
                self.tables.end(&ending.unwrap_or(Ending::Livelock))
            }
        };
        let schedules = chance
            .schedules
            .filter(|&schedules| schedules <= u128::from(EXACT));
        let schedules = schedules.and_then(|schedules| u64::try_from(schedules).ok());
        (end, ten_thousandths(chance.fair), schedules)
    }
}

/// Returns a probability in ten-thousandths, of which a possible end has at least one, and an uncertain end at
/// most all but one.
fn ten_thousandths(share: f64) -> u64 {
    if share >= 1.0 {
        return 10_000;
    }
    whole((share * 10_000.0).round()).clamp(1, 9_999)
}
