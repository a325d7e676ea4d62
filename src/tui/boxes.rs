//! What all screens draw alike: boxes over the panels, lists of keys, the footer.

use std::cell::Cell;
use std::mem;

use ratatui::Frame;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Margin, Rect};
use ratatui::text::{Line, Text};
use ratatui::widgets::Clear;

use super::keys::{Binding, OVERLAY_KEYS, OverlayCommand};
use super::theme::ScreenTheme;
use crate::term::Tone;

/// The greatest width of a box with prose: longer lines are hard to read.
pub(super) const WIDEST: u16 = 76;

/// The smallest screen that can be used.
pub(super) const LEAST: (u16, u16) = (40, 12);

/// The smallest screen with frames around panels.
const ROOMY: (u16, u16) = (72, 20);

/// Returns whether there is room for frames around panels; `None` if the screen is too small for
/// anything.
pub(super) fn roomy(screen: Rect) -> Option<bool> {
    let fits = |(width, height)| screen.width >= width && screen.height >= height;
    fits(LEAST).then(|| fits(ROOMY))
}

/// Returns the inside of a panel, which has a frame where there is room for one.
pub(super) fn inside(area: Rect, roomy: bool) -> Rect {
    area.inner(Margin::new(roomy.into(), roomy.into()))
}

/// Returns the area, above the footer, for this number of lines with a frame around them.
pub(super) fn centred(screen: Rect, widest: u16, lines: usize) -> Rect {
    let [above, _] = Layout::vertical([Fill(1), Length(1)]).areas::<2>(screen);
    let height = u16::try_from(lines + 2).unwrap_or(u16::MAX);
    let (width, height) = (widest.min(above.width), height.min(above.height));
    above.centered(Length(width), Length(height))
}

impl ScreenTheme {
    /// Says on a screen that is too small for a command that it is.
    pub(super) fn too_small(&self, frame: &mut Frame<'_>, command: &str) {
        let screen = frame.area();
        let (width, height, times) = (screen.width, screen.height, self.signs.times);
        let text = format!(
            "This terminal is {width} {times} {height}; {command} needs {} {times} {}. Make it \
             larger; q quits.",
            LEAST.0, LEAST.1
        );
        frame.render_widget(Text::from(self.wrapped(Tone::Plain, &text, width)), screen);
    }

    /// Draws a panel, with a frame if there is room for one.
    pub(super) fn panel(
        &self,
        frame: &mut Frame<'_>,
        area: Rect,
        roomy: bool,
        title: &str,
        lines: impl FnOnce(Rect) -> Vec<Line<'static>>,
    ) {
        if roomy {
            frame.render_widget(self.block(title, false), area);
        }
        let inside = inside(area, roomy);
        frame.render_widget(Text::from(lines(inside)), inside);
    }

    /// Draws the message below the panels; its last line shows if there is more.
    pub(super) fn message(&self, frame: &mut Frame<'_>, area: Rect, tone: Tone, text: &str) {
        let (width, height) = (usize::from(area.width), usize::from(area.height));
        let mut lines = textwrap::wrap(text, width);
        if let Some(last) = height.checked_sub(1).filter(|_| lines.len() > height) {
            let rest = lines[last..].join(" ");
            lines.truncate(last);
            lines.push(rest.into());
        }
        let lines = lines.iter().map(|line| self.line(tone, line, width));
        frame.render_widget(lines.collect::<Text<'_>>(), area);
    }

    /// Draws the keys of a table with notes below them. Returns whether there are more lines.
    pub(super) fn help<C>(
        &self,
        frame: &mut Frame<'_>,
        scroll: &Cell<usize>,
        table: &'static [Binding<C>],
        threads: usize,
        notes: &[&str],
    ) -> bool {
        let width = frame.area().width.min(WIDEST) - 4;
        let mut lines = self.key_lines(table, threads, width);
        let notes = notes.iter();
        lines.extend(notes.flat_map(|note| self.wrapped(Tone::Faint, note, width)));
        self.scrolled(frame, scroll, "Keys", WIDEST, lines)
    }

    /// Returns the keys of an overlay: those of a menu, those that scroll, and the one that goes to the
    /// next puzzle, where there is such a thing.
    pub(super) fn overlay_footer(
        &self,
        width: u16,
        [is_menu, scrolls, has_next]: [bool; 3],
    ) -> Line<'static> {
        let works = |binding: &&Binding<_>| match binding.command {
            OverlayCommand::Next => has_next,
            OverlayCommand::Accept => is_menu,
            OverlayCommand::Close => true,
            _ => scrolls,
        };
        self.footer(OVERLAY_KEYS.iter().filter(works), 1, width)
    }

    /// Draws lines in a frame over the panels, with a title above and perhaps one below.
    pub(super) fn boxed(
        &self,
        frame: &mut Frame<'_>,
        area: Rect,
        above: &str,
        below: Option<String>,
        lines: Vec<Line<'static>>,
    ) {
        let room = usize::from(area.width) - 4;
        let mut block = self.block(&self.cut(above, room), true);
        if let Some(below) = below {
            let below = self.paint(Tone::Strong, format!(" {below} "));
            block = block.title_bottom(Line::from(below).right_aligned());
        }
        let inner = block.inner(area).inner(Margin::new(1, 0));
        frame.render_widget(Clear, area);
        frame.render_widget(block, area);
        frame.render_widget(Text::from(lines), inner);
    }

    /// Draws lines in a box, from the one that was scrolled to. Returns whether there are more.
    pub(super) fn scrolled(
        &self,
        frame: &mut Frame<'_>,
        scroll: &Cell<usize>,
        title: &str,
        widest: u16,
        mut lines: Vec<Line<'static>>,
    ) -> bool {
        let screen = frame.area();
        if lines.len() + 3 > usize::from(screen.height) {
            lines.retain(|line| line.width() > 0);
        }
        let area = centred(screen, widest, lines.len());
        let height = usize::from(area.height) - 2;
        let last_first = lines.len().saturating_sub(height);
        // Only here the last line to scroll to is known.
        let first = scroll.get().min(last_first);
        scroll.set(first);
        let part = format!("{} to {} of {}", first + 1, first + height, lines.len());
        lines.drain(..first);
        let scrolls = last_first > 0;
        self.boxed(frame, area, title, scrolls.then_some(part), lines);
        scrolls
    }

    /// Returns the keys of a table with what they do, for the help.
    fn key_lines<C>(
        &self,
        table: &'static [Binding<C>],
        threads: usize,
        width: u16,
    ) -> Vec<Line<'static>> {
        let names: Vec<String> = table.iter().map(|binding| binding.shown(threads)).collect();
        let longest = names.iter().map(|name| name.chars().count()).max();
        let column = longest.unwrap_or(0) + 1;
        let room = usize::from(width).saturating_sub(column).max(1);
        let mut lines = Vec::new();
        for (binding, mut name) in table.iter().zip(names) {
            for help in textwrap::wrap(binding.help, room) {
                let name = format!("{:<column$}", mem::take(&mut name));
                lines.push(self.paint(Tone::Strong, name) + help.into_owned().into());
            }
        }
        lines
    }

    /// Returns the first key of as many bindings as there is room for, and always of the last two.
    pub(super) fn footer<C: 'static>(
        &self,
        bindings: impl Iterator<Item = &'static Binding<C>>,
        threads: usize,
        width: u16,
    ) -> Line<'static> {
        let shown = bindings.filter(|binding| !binding.brief.is_empty());
        let shown = shown.map(|binding| (binding.keys[0].shown(threads), binding.brief));
        let mut all: Vec<_> = shown.collect();
        let is_too_long = |all: &[(String, &str)]| {
            let widths = all.iter().map(|(key, brief)| key.len() + brief.len() + 3);
            widths.sum::<usize>() > usize::from(width) + 2
        };
        while is_too_long(&all) && all.len() > 3 {
            all.remove(all.len() - 3);
        }
        let spans = all
            .into_iter()
            .enumerate()
            .flat_map(|(index, (key, brief))| {
                let gap = if index == 0 { "" } else { "  " };
                let key = self.paint(Tone::Strong, key);
                [gap.into(), key, format!(" {brief}").into()]
            });
        spans.collect()
    }
}
