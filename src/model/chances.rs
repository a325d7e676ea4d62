//! The chances of ends: those of a state follow from those of its successors.
//!
//! Where threads can spin, states follow each other in circles. The states of such a component and
//! its exits are an absorbing Markov chain (Kemeny, Snell: *Finite
//! Markov Chains*, 1960, chapter 3). Its equations are solved by the method of Gauss and Seidel from
//! zero: the chances rise, and what is missing from their sum bounds the error.

use super::census::endless::PRECISION;
use super::outlook::{MOST_CHANCES, Outlook};

/// The most sums that are worked out for a component: about a second.
const MOST_WORK: usize = 1 << 28;

/// How a schedule can end, without the details of a deadlock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Finish {
    /// All threads are done; this is the total.
    Total(u64),
    /// All threads are done, or one has failed: see [`Outlook::ending`].
    Other(u32),
    /// No thread can move, and not all are done.
    Deadlock,
}

/// One way in which the schedules from a state can end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chance {
    /// How they end.
    pub finish: Finish,
    /// The number of schedules from here that end this way; [`u128::MAX`] means that many or more,
    /// `None` that threads can spin on the way, so that there is no end of them.
    pub schedules: Option<u128>,
    /// The probability of this end when each step goes to a thread drawn evenly among those that
    /// can move.
    pub fair: f64,
}

impl Chance {
    pub(super) fn certain(finish: Finish, schedules: Option<u128>) -> Self {
        Self {
            finish,
            schedules,
            fair: 1.0,
        }
    }
}

impl Outlook<'_> {
    /// Returns the chances of a state, each of whose moves leads to one of these complete states.
    pub(super) fn straight(&self, moves: &[usize]) -> Vec<Chance> {
        let mut chances: Vec<Chance> = Vec::new();
        for &next in moves {
            for chance in self.chances_of(next) {
                add(&mut chances, chance, moves.len() as f64);
            }
        }
        if let [only] = chances.as_mut_slice() {
            // Rounding must not make a certain end look uncertain.
            only.fair = 1.0;
        }
        chances
    }

    /// Returns the chances of each state of a component with an exit, whose states are numbered from
    /// `first` and move like this; `None` if there are too many, or it takes too long.
    pub(super) fn absorbed(&self, first: usize, moves: &[Vec<usize>]) -> Option<Vec<Vec<Chance>>> {
        let exits = moves.iter().flatten().filter(|&&next| next < first);
        let exits = exits.flat_map(|&next| self.chances_of(next));
        let mut finishes: Vec<Finish> = exits.map(|chance| chance.finish).collect();
        finishes.sort_unstable();
        finishes.dedup();
        // The last column is the chance of any exit.
        let width = finishes.len() + 1;
        if moves.len().checked_mul(width)? > MOST_CHANCES {
            return None;
        }
        let mut found = vec![0.0; moves.len() * width];
        let leaving: Vec<f64> = moves
            .iter()
            .flat_map(|moves| self.leaving(first, moves, &finishes))
            .collect();
        let work = width * moves.iter().map(Vec::len).sum::<usize>();
        let mut sum = vec![0.0; width];
        let mut missing = 1.0;
        for _ in 0..MOST_WORK / work {
            missing = 0.0_f64;
            // The states met last are nearest to the exits.
            for (state, moves) in moves.iter().enumerate().rev() {
                let row = state * width..(state + 1) * width;
                sum.copy_from_slice(&leaving[row.clone()]);
                for inside in moves.iter().filter_map(|next| next.checked_sub(first)) {
                    let next = &found[inside * width..(inside + 1) * width];
                    sum.iter_mut()
                        .zip(next)
                        .for_each(|(sum, chance)| *sum += chance);
                }
                let into = found[row].iter_mut().zip(&sum);
                into.for_each(|(chance, sum)| *chance = sum / moves.len() as f64);
                missing = missing.max(1.0 - found[(state + 1) * width - 1]);
            }
            if missing < PRECISION {
                break;
            }
        }
        let chances = |row: &[f64]| {
            let chance = |(&finish, &fair): (&Finish, &f64)| Chance {
                finish,
                schedules: None,
                fair: if width == 2 { 1.0 } else { fair },
            };
            finishes.iter().zip(row).map(chance).collect()
        };
        (missing < PRECISION).then(|| found.chunks(width).map(chances).collect())
    }

    /// Returns for each finish the sum of its chances over the moves that leave the component, then
    /// the number of these moves.
    fn leaving(&self, first: usize, moves: &[usize], finishes: &[Finish]) -> Vec<f64> {
        let mut row = vec![0.0; finishes.len() + 1];
        for &next in moves.iter().filter(|&&next| next < first) {
            for chance in self.chances_of(next) {
                if let Ok(column) = finishes.binary_search(&chance.finish) {
                    row[column] += chance.fair;
                }
            }
            row[finishes.len()] += 1.0;
        }
        row
    }
}

/// Adds a chance of a successor, which one of `ready` moves leads to.
fn add(chances: &mut Vec<Chance>, chance: &Chance, ready: f64) {
    let fair = chance.fair / ready;
    match chances.binary_search_by_key(&chance.finish, |known| known.finish) {
        Ok(place) => {
            let known = &mut chances[place];
            let both = known.schedules.zip(chance.schedules);
            known.schedules = both.map(|(a, b)| a.saturating_add(b));
            known.fair += fair;
        }
        Err(place) => chances.insert(place, Chance { fair, ..*chance }),
    }
}
