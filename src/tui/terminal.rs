//! The real terminal: prepared on entry, and restored on every way out.
//!
//! Every way out goes through [`leave`]: the end, an error, a panic (before its message), SIGINT,
//! SIGTERM, SIGHUP, and a stop by Ctrl-Z or SIGTSTP. Signals only raise flags, which the screen
//! looks at twenty times a second. Only SIGHUP does not: waiting for a key of a terminal that is
//! gone never returns, so the command has a thread that restores the terminal and ends the program.

use std::io::{self, Stdout};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ratatui::crossterm::cursor::{Hide, Show};
use ratatui::crossterm::event::{DisableMouseCapture, EnableMouseCapture};
use ratatui::crossterm::execute;
use ratatui::crossterm::terminal::{
    Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::prelude::CrosstermBackend;
use ratatui::{Frame, Terminal};
#[cfg(unix)]
use signal_hook::consts::{SIGCONT, SIGTSTP};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use super::app::AppRequest;

/// Whether the program holds the terminal, which several threads may restore, but only once.
static HELD: AtomicBool = AtomicBool::new(false);

/// The terminal while the program holds it; dropping this restores the terminal.
#[derive(Debug)]
pub struct Screen {
    terminal: Terminal<CrosstermBackend<Stdout>>,
    ended: Arc<AtomicBool>,
    stopped: Arc<AtomicBool>,
    continued: Arc<AtomicBool>,
    /// Whether the terminal was taken again since it was drawn last.
    pub(super) stale: bool,
}

impl Screen {
    /// Takes the terminal, and makes a panic restore it before its message.
    ///
    /// # Errors
    /// When the terminal or the signals are not available.
    pub fn open() -> io::Result<Self> {
        let [ended, stopped, continued]: [Arc<AtomicBool>; 3] = Default::default();
        flag::register(SIGINT, Arc::clone(&ended))?;
        flag::register(SIGTERM, Arc::clone(&ended))?;
        #[cfg(unix)]
        flag::register(SIGTSTP, Arc::clone(&stopped))?;
        #[cfg(unix)]
        flag::register(SIGCONT, Arc::clone(&continued))?;
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            leave();
            before(panic);
        }));
        let terminal = Terminal::new(CrosstermBackend::new(io::stdout()))?;
        enter()?;
        Ok(Self {
            terminal,
            ended,
            stopped,
            continued,
            stale: false,
        })
    }

    /// Draws a picture.
    pub(super) fn draw(&mut self, picture: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        self.stale = false;
        self.terminal.draw(picture).map(|_| ())
    }

    /// Returns what a signal has asked for since the last call, the most important first. After the
    /// shell has continued the program, it takes the terminal again: other programs may have used
    /// it meanwhile.
    pub(super) fn signalled(&mut self) -> io::Result<Option<AppRequest>> {
        let came = |flag: &AtomicBool| flag.swap(false, Ordering::Relaxed);
        if came(&self.ended) {
            return Ok(Some(AppRequest::Interrupt));
        }
        if came(&self.stopped) {
            return Ok(Some(AppRequest::Suspend));
        }
        if came(&self.continued) {
            self.retake()?;
        }
        Ok(None)
    }

    /// Restores the terminal, stops until the shell continues the program, and takes it again.
    ///
    /// This stops the whole process group (`cargo run` included), as Ctrl-Z does with any program. Where
    /// programs cannot be stopped, the screen only appears anew.
    pub(super) fn suspend(&mut self) -> io::Result<()> {
        leave();
        #[cfg(unix)]
        {
            use rustix::process::{Signal, kill_current_process_group};
            self.continued.store(false, Ordering::Relaxed);
            let is_sent = kill_current_process_group(Signal::TSTP).is_ok();
            // The program's own handler only raises a flag, on any of its threads: if that came after the stop, it
            // would ask for another. To be continued takes the signal back.
            let is_continued = || self.continued.load(Ordering::Relaxed);
            while is_sent && !self.stopped.swap(false, Ordering::Relaxed) && !is_continued() {
                rustix::thread::sched_yield();
            }
            if !is_continued() {
                signal_hook::low_level::emulate_default_handler(SIGTSTP)?;
            }
        }
        self.retake()
    }

    /// Takes the terminal again, in whatever state it is.
    fn retake(&mut self) -> io::Result<()> {
        self.continued.store(false, Ordering::Relaxed);
        leave();
        enter()?;
        // The picture is gone. (`Terminal::clear` would ask for the cursor's position and wait for
        // the answer.)
        execute!(io::stdout(), Clear(ClearType::All))?;
        self.terminal = Terminal::new(CrosstermBackend::new(io::stdout()))?;
        self.stale = true;
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        leave();
    }
}

fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    HELD.store(true, Ordering::Relaxed);
    execute!(io::stdout(), EnterAlternateScreen, EnableMouseCapture, Hide).inspect_err(|_| leave())
}

/// Restores the terminal if the program holds it. Errors are ignored: they could not be shown.
pub fn leave() {
    if HELD.swap(false, Ordering::Relaxed) {
        let mut terminal = io::stdout();
        let _ = execute!(terminal, Show, DisableMouseCapture, LeaveAlternateScreen);
        let _ = disable_raw_mode();
    }
}
