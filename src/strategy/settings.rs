//! The settings that only some strategies have.

use std::fmt;
use std::num::NonZeroU64;
use std::time::Duration;

use clap::ValueEnum;

use crate::sync::Context;

/// The name of a setting, so that the command line can offer it where it has a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// `--window`
    Window,
    /// `--access`
    AccessMode,
    /// `--batch`
    Batch,
    /// `--readers`
    Readers,
    /// `--split`
    Split,
    /// `--await`
    Await,
}

impl Setting {
    /// All settings.
    pub const ALL: [Self; 6] = [
        Self::Window,
        Self::AccessMode,
        Self::Batch,
        Self::Readers,
        Self::Split,
        Self::Await,
    ];

    /// Returns its flag, without the dashes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Window => "window",
            Self::AccessMode => "access",
            Self::Batch => "batch",
            Self::Readers => "readers",
            Self::Split => "split",
            Self::Await => "await",
        }
    }
}

/// The values of all settings; a strategy uses only its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// What happens between the load and the store.
    pub window: Window,
    /// How the counter is accessed.
    pub access: AccessMode,
    /// Increments per lock acquisition; `None` for all increments of a thread.
    pub batch: Option<NonZeroU64>,
    /// The number of threads that only read meanwhile.
    pub readers: usize,
    /// Whether reading and writing are locked separately.
    pub split: bool,
    /// The total that the readers wait for; `None` if they do not wait.
    pub awaited: Option<NonZeroU64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            window: Window::None,
            access: AccessMode::LoadStore,
            batch: None,
            readers: 2,
            split: false,
            awaited: None,
        }
    }
}

impl Settings {
    /// Returns the flags of these settings, as the reader types them; values that are the default
    /// are left out.
    pub(super) fn flags(&self, shown: &[Setting]) -> String {
        let default = Self::default();
        let flag = |setting: &Setting| match setting {
            Setting::Window => {
                (self.window != default.window).then(|| format!("--window {}", self.window))
            }
            Setting::AccessMode => {
                (self.access != default.access).then(|| "--access single-instruction".into())
            }
            Setting::Batch => self.batch.map(|batch| format!("--batch {batch}")),
            Setting::Readers => {
                (self.readers != default.readers).then(|| format!("--readers {}", self.readers))
            }
            Setting::Split => self.split.then(|| "--split".into()),
            Setting::Await => self.awaited.map(|total| format!("--await {total}")),
        };
        let flags: Vec<String> = shown.iter().filter_map(flag).collect();
        flags.join(" ")
    }
}

/// What a thread does between its load and its store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Window {
    /// Nothing: the store follows the load at once.
    #[default]
    None,
    /// Executes this many spin-loop hints.
    Spin(u32),
    /// Yields its core to another thread.
    Yield,
    /// Sleeps for this long.
    Sleep(Duration),
}

impl Window {
    /// Keeps the window open. To be called between the load and the store.
    pub fn pass(self, context: &Context) {
        /// The longest sleep or spin during which the thread need not look at the context.
        const BLIND: Duration = Duration::from_millis(20);
        const BLIND_SPINS: u32 = 256;
        match self {
            Self::None => {}
            Self::Spin(spins) => {
                for spin in 1..=spins {
                    std::hint::spin_loop();
                    if spin % BLIND_SPINS == 0 && context.is_done() {
                        break;
                    }
                }
            }
            Self::Yield => std::thread::yield_now(),
            Self::Sleep(time) if time <= BLIND => std::thread::sleep(time),
            Self::Sleep(time) => {
                context.wait_for(time);
            }
        }
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Spin(spins) => write!(f, "spin:{spins}"),
            Self::Yield => f.write_str("yield"),
            Self::Sleep(time) => {
                let text = humantime::format_duration(*time).to_string();
                write!(f, "sleep:{}", text.replace(' ', ""))
            }
        }
    }
}

/// How `unsynced` accesses the counter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum AccessMode {
    /// A load and a store
    #[default]
    LoadStore,
    /// One instruction, without a lock prefix (x86-64)
    SingleInstruction,
}
