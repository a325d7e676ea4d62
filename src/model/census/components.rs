//! The strongly connected components of a graph (Tarjan: *Depth-first search and linear graph
//! algorithms*, 1972), with a list in place of the recursion.

/// States that can all be reached from one another.
#[derive(Debug)]
pub(crate) struct Component {
    /// Its states, in rising order.
    pub(crate) states: Vec<usize>,
    /// Whether some way leads back to where it began.
    pub(crate) goes_round: bool,
    /// Whether it goes round and no way leads out.
    pub(crate) is_closed: bool,
}

impl Component {
    /// Returns whether it holds a state.
    pub(crate) fn holds(&self, state: usize) -> bool {
        self.states.binary_search(&state).is_ok()
    }
}

const UNSEEN: usize = usize::MAX;

/// A state on the path of the search, and how many of its successors have been followed.
struct Visit {
    state: usize,
    followed: usize,
}

/// Returns the components of a graph of `states` states: each before those that lead to it.
pub(crate) fn components<I: Iterator<Item = usize>>(
    states: usize,
    successors: impl Fn(usize) -> I,
) -> Vec<Component> {
    let mut found = Vec::new();
    // When each state was first seen, and the earliest state on the stack that it leads back to.
    let mut seen = vec![UNSEEN; states];
    let mut back = vec![UNSEEN; states];
    // The component of each state that has one.
    let mut component = vec![UNSEEN; states];
    let (mut stack, mut path, mut clock) = (Vec::new(), Vec::new(), 0);
    for root in 0..states {
        if seen[root] != UNSEEN {
            continue;
        }
        path.push(Visit {
            state: root,
            followed: 0,
        });
        while let Some(Visit { state, followed }) = path.last_mut() {
            let state = *state;
            if *followed == 0 && seen[state] == UNSEEN {
                (seen[state], back[state]) = (clock, clock);
                clock += 1;
                stack.push(state);
            }
            let next = successors(state).nth(*followed);
            *followed += 1;
            match next {
                Some(next) if seen[next] == UNSEEN => path.push(Visit {
                    state: next,
                    followed: 0,
                }),
                Some(next) if component[next] == UNSEEN => {
                    back[state] = back[state].min(seen[next]);
                }
                Some(_) => {}
                None => {
                    path.pop();
                    if let Some(Visit { state: before, .. }) = path.last() {
                        back[*before] = back[*before].min(back[state]);
                    }
                    if back[state] == seen[state] {
                        let mut of: Vec<usize> = Vec::new();
                        while let Some(member) = stack.pop() {
                            component[member] = found.len();
                            of.push(member);
                            if member == state {
                                break;
                            }
                        }
                        of.sort_unstable();
                        let this = found.len();
                        let mut inside = of.iter().flat_map(|&member| successors(member));
                        let goes_round = inside.any(|next| component[next] == this);
                        let mut all = of.iter().flat_map(|&member| successors(member));
                        let is_closed = goes_round && all.all(|next| component[next] == this);
                        found.push(Component {
                            states: of,
                            goes_round,
                            is_closed,
                        });
                    }
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(edges: &[&[usize]]) -> Vec<(Vec<usize>, bool, bool)> {
        let found = components(edges.len(), |state| edges[state].iter().copied());
        found
            .into_iter()
            .map(|part| (part.states, part.goes_round, part.is_closed))
            .collect()
    }

    #[test]
    fn components_come_before_what_leads_to_them() {
        // 0 -> 1 <-> 2 -> 3 -> 3, and 0 -> 4.
        let found = of(&[&[1, 4], &[2], &[1, 3], &[3], &[]]);
        assert_eq!(
            found,
            [
                (vec![3], true, true),
                (vec![1, 2], true, false),
                (vec![4], false, false),
                (vec![0], false, false),
            ]
        );
    }

    #[test]
    fn a_long_way_needs_no_recursion() {
        let states = 200_000;
        let found = components(states, |state| std::iter::once((state + 1) % states));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].states.len(), found[0].is_closed), (states, true));
    }
}
