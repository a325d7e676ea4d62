//! Where a program is executed: instances of what its threads share, side by side, and the threads.

use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crossbeam_utils::CachePadded;

use super::code::Code;
use super::memory::{Instance, Verdict};
use super::tally::{Tally, Trouble};
use super::thread::{FreeThread, Scene};
use super::watch::Sign;
use crate::lab::machine::allowed_cores;
use crate::lab::pacing::Pacing;
use crate::model::{Shown, System};
use crate::plan::StartLine;
use crate::platform::ticks;
use crate::strategy::{Counters, ReaderStats, Work, lock};
use crate::sync::Context;

/// Executes a system on the threads of a crew, as many times side by side as a stride has runs. The
/// "total" of a run is the number of its end in the tally.
#[derive(Debug)]
pub(super) struct Stage {
    system: System,
    /// The code of each program.
    codes: Box<[Code]>,
    instances: Box<[Instance]>,
    threads: Box<[CachePadded<Mutex<FreeThread>>]>,
    signs: Box<[Sign]>,
    /// For each thread, the registers that are shown, in each execution.
    finals: Box<[Finals]>,
    /// What the system shows.
    sources: Box<[Source]>,
    /// Why threads did not come to their end: the execution, the thread, and why.
    troubles: Mutex<Vec<(usize, usize, Trouble)>>,
    pub(super) tally: Mutex<Tally>,
    crowded: bool,
    /// How long before an execution the last thread is ready, in ticks of the clock, as measured in the
    /// stride before; `None` if threads start together only once for a stride.
    together: Option<AtomicU64>,
    /// Executions of this stride that count: the others are left out, because those before took long.
    counting: AtomicUsize,
}

/// The "total" of an execution that does not count.
pub(super) const LEFT_OUT: u64 = u64::MAX;

/// The time after which no more executions of a stride are begun.
const LONG: Duration = Duration::from_millis(25);

/// Nanoseconds from the moment when the last thread is ready to the start of an execution, in the first
/// stride; and the least and the most of them.
const NOTICE_NS: u64 = 300;
const NOTICES_NS: [u64; 2] = [50, 2_000];

/// The registers of a thread that are shown, and their values at the end of each execution.
#[derive(Debug)]
struct Finals {
    registers: Box<[usize]>,
    values: Box<[AtomicU64]>,
}

/// Where a shown value is found.
#[derive(Clone, Copy, Debug)]
enum Source {
    Variable(usize),
    /// The thread, and the place among its shown registers.
    Final(usize, usize),
}

impl Stage {
    /// Prepares for strides of `stride` executions from this start line.
    pub(super) fn new(system: System, stride: usize, start: StartLine) -> Self {
        let codes: Box<[Code]> = system.programs().iter().map(Code::of).collect();
        let threads = system.threads();
        let (mut registers, mut sources) = (vec![Vec::new(); threads], Vec::new());
        for shown in system.shown() {
            sources.push(match *shown {
                Shown::Variable(variable) => Source::Variable(variable.index()),
                Shown::Register(thread, register) => {
                    registers[thread].push(register.index());
                    Source::Final(thread, registers[thread].len() - 1)
                }
            });
        }
        let finals = |registers: Vec<usize>| Finals {
            values: (0..registers.len() * stride)
                .map(|_| AtomicU64::new(0))
                .collect(),
            registers: registers.into(),
        };
        let locks = system.locks().len();
        let thread = |number| {
            let code = &codes[system.program_index(number)];
            CachePadded::new(Mutex::new(FreeThread::new(number, code, locks, threads)))
        };
        let crowded = threads > allowed_cores().len().max(1);
        let together = (start == StartLine::Timebase && !crowded && threads > 1)
            .then(|| AtomicU64::new(ticks::ticks_in(NOTICE_NS)));
        Self {
            counting: AtomicUsize::new(usize::MAX),
            together,
            instances: (0..stride).map(|_| Instance::new(&system)).collect(),
            threads: (0..threads).map(thread).collect(),
            signs: (0..threads).map(|_| Sign::default()).collect(),
            finals: registers.into_iter().map(finals).collect(),
            sources: sources.into(),
            troubles: Mutex::default(),
            tally: Mutex::default(),
            crowded,
            codes,
            system,
        }
    }

    /// Appends the values that the system shows at the end of an execution.
    fn values(&self, execution: usize, values: &mut Vec<u64>) {
        let instance = &self.instances[execution];
        let variable = |index: usize| instance.variables[index].load(Ordering::Relaxed);
        values.clear();
        if self.sources.is_empty() {
            let total = self.system.total_variables().iter();
            values.push(total.fold(0, |sum: u64, one| sum.wrapping_add(variable(one.index()))));
        }
        values.extend(self.sources.iter().map(|source| match *source {
            Source::Variable(index) => variable(index),
            Source::Final(thread, place) => {
                let Finals { registers, values } = &self.finals[thread];
                values[execution * registers.len() + place].load(Ordering::Relaxed)
            }
        }));
    }

    /// Starts a thread of an execution together with the others: each tells when it is ready, and all
    /// start a little after the last of these moments. Meanwhile each keeps loading what they share, so
    /// that no thread has it to itself.
    fn start(&self, place: usize, thread: usize, news: &mut News, context: &Context) {
        let execution = place + 1;
        let Some(notice) = &self.together else {
            return self.signs[thread].begin(execution);
        };
        let notice = notice.load(Ordering::Relaxed);
        let ready = ticks::now();
        self.signs[thread].ready(execution, ready);
        let (mut last, mut pacing) = (0, Pacing::new(false));
        for sign in &self.signs {
            last = last.max(loop {
                if let Some(ready) = sign.is_ready(execution) {
                    break ready;
                }
                pacing.pass();
                if pacing.spins.is_multiple_of(1 << 10) && context.is_done() {
                    return;
                }
            });
        }
        if last > ready {
            news.hear(ticks::now().saturating_sub(last));
        }
        while ticks::now() < last + notice {
            self.instances[place].look();
        }
    }
}

impl Stage {
    /// Sets the notice of the next stride: twice the mean time that the news took in this one to the thread
    /// that heard it latest. With less, a thread that hears it late starts late; with more, there are fewer
    /// executions. Twice gave the most executions a second in which the threads met.
    fn time_the_news(&self) {
        let Some(notice) = &self.together else {
            return;
        };
        let heard = self
            .threads
            .iter()
            .filter_map(|thread| lock(thread).news.mean());
        let Some(latest) = heard.max() else {
            return;
        };
        let [least, most] = NOTICES_NS.map(ticks::ticks_in);
        notice.store((2 * latest).clamp(least, most), Ordering::Relaxed);
    }
}

/// How long the news that all threads are ready took to one of them, in ticks.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct News {
    all: u64,
    times: u64,
}

impl News {
    fn hear(&mut self, ticks: u64) {
        self.all += ticks;
        self.times += 1;
    }

    fn mean(self) -> Option<u64> {
        self.all.checked_div(self.times)
    }
}

impl Counters for Stage {
    fn look(&self, which: Range<usize>) {
        self.instances[which].iter().for_each(Instance::look);
    }

    fn count(&self, which: Range<usize>, thread: usize, work: Work<'_>) {
        let began = Instant::now();
        let mut this = lock(&self.threads[thread]);
        let Finals { registers, values } = &self.finals[thread];
        let mut news = News::default();
        let end = which.end;
        for place in which {
            let instance = &self.instances[place];
            let is_over = place >= self.counting.load(Ordering::Relaxed);
            if is_over || work.context.is_done() {
                break;
            }
            let scene = Scene {
                code: &self.codes[self.system.program_index(thread)],
                instance,
                signs: &self.signs,
                execution: place + 1,
                crowded: self.crowded,
                context: work.context,
            };
            this.prepare(scene);
            self.start(place, thread, &mut news, work.context);
            let trouble = this.play(scene);
            if let Some(trouble) = trouble {
                lock(&self.troubles).push((place, thread, trouble));
            }
            let slots = values[place * registers.len()..].iter();
            for (&register, slot) in registers.iter().zip(slots) {
                slot.store(this.cells[register], Ordering::Relaxed);
            }
            if this.looping.is_some() && began.elapsed() > LONG {
                self.counting.fetch_min(place + 1, Ordering::Relaxed);
            }
        }
        this.news = news;
        self.signs[thread].begin(end + 1);
    }

    fn read(&self, _: usize, _: usize, _: &Context) {}

    fn take_totals(&self, slots: &[AtomicU64]) {
        let (mut tally, mut troubles) = (lock(&self.tally), lock(&self.troubles));
        troubles.sort_unstable_by_key(|&(place, thread, _)| (place, thread));
        let counting = self.counting.load(Ordering::Relaxed);
        let mut left = &troubles[..];
        let mut values = Vec::new();
        for (place, (instance, slot)) in self.instances.iter().zip(slots).enumerate() {
            let here = left.iter().take_while(|(at, ..)| *at == place).count();
            let (these, others) = left.split_at(here);
            left = others;
            let these = these.iter().map(|&(_, thread, trouble)| (thread, trouble));
            let number = match instance.judgement.verdict() {
                _ if place >= counting => LEFT_OUT,
                None => {
                    self.values(place, &mut values);
                    tally.finished(&self.system, &values)
                }
                // One of the threads may have found its end meanwhile.
                Some(Verdict::Tired) => {
                    tally.troubled(&self.system, [(0, Trouble::Loops)].into_iter())
                }
                Some(Verdict::Failed | Verdict::Stuck) => tally.troubled(&self.system, these),
            };
            slot.store(number, Ordering::Relaxed);
        }
        drop(troubles);
        self.discard(slots.len());
    }

    fn discard(&self, how_many: usize) {
        self.time_the_news();
        let instances = self.instances[..how_many].iter();
        instances.for_each(|instance| instance.reset(&self.system));
        lock(&self.troubles).clear();
        self.signs.iter().for_each(|sign| sign.begin(0));
        self.counting.store(usize::MAX, Ordering::Relaxed);
    }

    fn reader_stats(&self) -> Option<ReaderStats> {
        None
    }
}

/// Returns the number of executions that share a meeting, unless the user chooses it: many, as long
/// as all of what they share stays in the caches.
pub(super) fn default_stride(system: &System) -> usize {
    const CACHE: usize = 1 << 18;
    (CACHE / Instance::bytes(system)).clamp(1, 256)
}
