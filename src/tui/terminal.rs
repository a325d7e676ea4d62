//! The real terminal: made ready on the way in, given back as it was on every way out.

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
use rustix::process::{Signal, kill_current_process_group};
use signal_hook::consts::{SIGCONT, SIGINT, SIGTERM, SIGTSTP};
use signal_hook::flag;
use signal_hook::low_level::emulate_default_handler;

/// Whether the terminal is ours at the moment: it is given back once, whoever comes first.
static OURS: AtomicBool = AtomicBool::new(false);

/// The terminal while the program has it; dropping it gives it back.
#[derive(Debug)]
pub struct Screen {
    terminal: Terminal<CrosstermBackend<Stdout>>,
    ended: Arc<AtomicBool>,
    stopped: Arc<AtomicBool>,
    continued: Arc<AtomicBool>,
}

/// What a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notice {
    /// To end.
    End,
    /// To stop until the shell lets the program go on.
    Stop,
    /// It goes on after it was stopped: the terminal may have been used by others.
    Continue,
}

impl Screen {
    /// Takes the terminal, and sees to it that a panic gives it back before it says anything.
    ///
    /// # Errors
    /// When the terminal or the signals cannot be had.
    pub fn open() -> io::Result<Self> {
        let flags: [Arc<AtomicBool>; 3] = Default::default();
        let [ended, stopped, continued] = flags;
        // Not SIGHUP: whoever waits for a key of a terminal that is gone does not come back.
        for signal in [SIGINT, SIGTERM] {
            flag::register(signal, Arc::clone(&ended))?;
        }
        flag::register(SIGTSTP, Arc::clone(&stopped))?;
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
        })
    }

    /// Draws a picture.
    pub(super) fn draw(&mut self, picture: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        self.terminal.draw(picture).map(|_| ())
    }

    /// What signals have come since this was asked last, the most important first.
    pub(super) fn notice(&self) -> Option<Notice> {
        let came = |flag: &AtomicBool| flag.swap(false, Ordering::Relaxed);
        if came(&self.ended) {
            Some(Notice::End)
        } else if came(&self.stopped) {
            Some(Notice::Stop)
        } else if came(&self.continued) {
            Some(Notice::Continue)
        } else {
            None
        }
    }

    /// Gives the terminal back, stops until the shell lets the program go on, and takes it again.
    ///
    /// With the program stop those it was started by (`cargo run`), as with Ctrl-Z at any other
    /// program.
    pub(super) fn suspend(&mut self) -> io::Result<()> {
        leave();
        // The program's own handler only takes a note of it; it stops in the next line.
        let _ = kill_current_process_group(Signal::TSTP);
        emulate_default_handler(SIGTSTP)?;
        self.stopped.store(false, Ordering::Relaxed);
        self.retake()
    }

    /// Takes the terminal anew, whatever others did to it meanwhile.
    pub(super) fn retake(&mut self) -> io::Result<()> {
        self.continued.store(false, Ordering::Relaxed);
        leave();
        enter()?;
        // Nothing of what was drawn is there any more. (Its own `clear` would ask the terminal
        // where the cursor is, and wait for the answer.)
        execute!(io::stdout(), Clear(ClearType::All))?;
        self.terminal = Terminal::new(CrosstermBackend::new(io::stdout()))?;
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
    OURS.store(true, Ordering::Relaxed);
    execute!(io::stdout(), EnterAlternateScreen, EnableMouseCapture, Hide).inspect_err(|_| leave())
}

/// Gives the terminal back if it is not given back yet. If that fails there is nobody to tell.
pub fn leave() {
    if OURS.swap(false, Ordering::Relaxed) {
        let _ = execute!(
            io::stdout(),
            Show,
            DisableMouseCapture,
            LeaveAlternateScreen
        );
        let _ = disable_raw_mode();
    }
}
