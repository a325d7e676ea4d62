//! By which moves the nodes of a layer are reached with the fewest switches. A node is a state with
//! the action of the actor that moved last.

/// The bits of an entry: the rank of the node in two, whether it stands for a tie, and the rest for the
/// number of a move or of a tie.
const RANK_SHIFT: u32 = 30;
const TIED: u32 = 1 << 29;
const NUMBER: u32 = TIED - 1;

/// How a node is reached, while its layer is merged.
#[derive(Clone, Copy)]
pub(crate) struct Node {
    /// The fewest switches to it.
    switches: u32,
    /// Its entry, without a rank.
    entry: u32,
}

impl Node {
    /// A node that has not been reached.
    pub(crate) const UNREACHED: Self = Self {
        switches: u32::MAX,
        entry: 0,
    };

    /// Notes a move to this node that takes `switches`. `ties` belong to the bucket: the first `tied` are in use, and
    /// there is room for one more. Returns how many are in use afterwards.
    #[inline]
    pub(crate) fn reach(
        &mut self,
        switches: u32,
        number: u32,
        ties: &mut [[u32; 2]],
        tied: usize,
    ) -> usize {
        let (is_less, is_tied) = (switches < self.switches, switches == self.switches);
        // Without branches, which would be a toss-up.
        ties[tied] = [number, self.entry];
        #[expect(clippy::cast_possible_truncation, reason = "no more than moves")]
        let other = if is_tied {
            TIED | tied as u32
        } else {
            self.entry
        };
        self.entry = if is_less { number } else { other };
        self.switches = self.switches.min(switches);
        tied + usize::from(is_tied)
    }
}

/// The moves by which the nodes of some states are reached with the fewest switches.
#[derive(Default)]
pub(crate) struct Trail {
    /// For each node.
    entries: Vec<u32>,
    /// A move, and the entry of the other moves to the same node.
    ties: Vec<[u32; 2]>,
}

impl Trail {
    /// Returns that of the state before the first step.
    pub(crate) fn first(actions: usize) -> Self {
        Self {
            entries: vec![0; actions],
            ties: Vec::new(),
        }
    }

    /// Creates the trail of merged states, and notes the fewest switches to each of them.
    pub(crate) fn new(
        nodes: &[Node],
        actions: usize,
        ties: &[[u32; 2]],
        fewest: &mut Vec<u32>,
    ) -> Self {
        let mut entries = Vec::with_capacity(nodes.len());
        for state in nodes.chunks_exact(actions) {
            let switches = state.iter().map(|node| node.switches).min();
            let least = switches.unwrap_or(0);
            fewest.push(least);
            entries.extend(state.iter().map(|node| {
                let rank = (node.switches - least).min(2);
                rank << RANK_SHIFT | node.entry
            }));
        }
        Self {
            entries,
            ties: ties.to_vec(),
        }
    }

    /// Returns whether the moves out of a layer of `nodes` nodes can be numbered.
    pub(crate) fn fits(nodes: usize) -> bool {
        nodes <= NUMBER as usize
    }

    /// Returns the size in bytes of a trail of `nodes` nodes, without ties.
    pub(crate) fn bytes_for(nodes: usize) -> usize {
        4 * nodes
    }

    pub(crate) fn bytes(&self) -> usize {
        Self::bytes_for(self.entries.len()) + size_of::<[u32; 2]>() * self.ties.len()
    }

    /// Returns the number of nodes.
    pub(crate) fn nodes(&self) -> usize {
        self.entries.len()
    }

    /// Returns how many switches beyond the fewest to its state a node takes; two stands for more, too.
    #[inline]
    pub(crate) fn rank(&self, node: usize) -> u32 {
        self.entries[node] >> RANK_SHIFT
    }

    /// Returns the numbers of the moves by which a node that can be reached is reached with the fewest
    /// switches.
    pub(crate) fn moves(&self, node: usize) -> impl Iterator<Item = usize> {
        let mut rest = Some(self.entries[node] & (TIED | NUMBER));
        std::iter::from_fn(move || {
            let entry = rest?;
            let tie = (entry & TIED != 0).then(|| self.ties[(entry & NUMBER) as usize]);
            rest = tie.map(|[_, others]| others);
            Some(tie.map_or(entry, |[number, _]| number) as usize)
        })
    }
}
