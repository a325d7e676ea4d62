//! Threads that wait for work in teams: rayon pools of a bounded size.
//!
//! An idle rayon worker looks at every other worker of its pool, some thirty times, before it goes to
//! sleep. With a thousand workers that costs seconds of both cores after every piece of work; in teams
//! it costs milliseconds.

use std::sync::Arc;

use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

use crate::sync::Context;

/// The most threads of a team; only the last team may have fewer.
const TEAM: usize = 32;

/// Threads, numbered from 0.
#[derive(Debug)]
pub(super) struct Teams {
    pools: Vec<ThreadPool>,
}

impl Teams {
    /// Starts the threads; each calls `begin` with its number first.
    ///
    /// On a busy machine a thousand threads take seconds to start, so no more are started once the context is done.
    pub(super) fn start(
        threads: usize,
        context: &Context,
        begin: impl Fn(usize) + Send + Sync + 'static,
    ) -> Result<Self, ThreadPoolBuildError> {
        let begin = Arc::new(begin);
        let firsts = (0..threads)
            .step_by(TEAM)
            .take_while(|_| !context.is_done());
        let pool = |first: usize| {
            let begin = Arc::clone(&begin);
            ThreadPoolBuilder::new()
                .num_threads(TEAM.min(threads - first))
                .thread_name(move |at| format!("member {}", first + at))
                .start_handler(move |at| begin(first + at))
                .build()
        };
        let pools = firsts.map(pool).collect::<Result<_, _>>()?;
        Ok(Self { pools })
    }

    /// Makes every thread do its part of some work at the same time, calls `meanwhile`, and waits for
    /// all of them.
    pub(super) fn together(&self, work: impl Fn(usize) + Sync, meanwhile: impl FnOnce()) {
        self.from(0, &work, meanwhile);
    }

    /// Does the same for the teams from this one on.
    fn from(&self, team: usize, work: &(impl Fn(usize) + Sync), meanwhile: impl FnOnce()) {
        match self.pools.get(team) {
            None => meanwhile(),
            Some(pool) => pool.in_place_scope(|scope| {
                scope.spawn_broadcast(|_, at| work(team * TEAM + at.index()));
                self.from(team + 1, work, meanwhile);
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[test]
    fn no_thread_is_started_once_the_context_is_done() {
        let (context, canceler) = Context::background().with_cancel();
        canceler.cancel();
        let none = Teams::start(64 * TEAM, &context, |_| ()).unwrap();
        assert!(none.pools.is_empty());
    }

    #[test]
    fn every_thread_does_its_part_once_whatever_the_teams() {
        for (threads, pools) in [(1, 1), (TEAM, 1), (TEAM + 1, 2), (3 * TEAM, 3)] {
            let begun: Arc<[AtomicU64]> = (0..threads).map(|_| AtomicU64::new(0)).collect();
            let seen = Arc::clone(&begun);
            let count = move |thread: usize| {
                seen[thread].fetch_add(1, Ordering::Relaxed);
            };
            let teams = Teams::start(threads, &Context::background(), count).unwrap();
            assert_eq!(teams.pools.len(), pools);
            let done: Vec<_> = (0..threads).map(|_| AtomicU64::new(0)).collect();
            let barrier = std::sync::Barrier::new(threads + 1);
            let work = |thread: usize| {
                // All at the same time, also with the thread that waits for them.
                barrier.wait();
                done[thread].fetch_add(1, Ordering::Relaxed);
            };
            teams.together(work, || {
                barrier.wait();
            });
            let once = |count: &AtomicU64| count.load(Ordering::Relaxed) == 1;
            assert!(done.iter().all(once) && begun.iter().all(once));
        }
    }
}
