//! What all screens draw alike: boxes over the panels, lists of keys, the footer.

use std::cell::Cell;
use std::mem;

use ratatui::Frame;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Margin, Rect};
use ratatui::text::{Line, Text};
use ratatui::widgets::Clear;

use super::keys::Binding;
use super::theme::ScreenTheme;
use crate::term::Tone;

/// The greatest width of a box with prose: longer lines are hard to read.
pub(super) const WIDEST: u16 = 76;

/// Returns the area, above the footer, for this number of lines with a frame around them.
pub(super) fn centred(screen: Rect, widest: u16, lines: usize) -> Rect {
    let [above, _] = Layout::vertical([Fill(1), Length(1)]).areas::<2>(screen);
    let height = u16::try_from(lines + 2).unwrap_or(u16::MAX);
    let (width, height) = (widest.min(above.width), height.min(above.height));
    above.centered(Length(width), Length(height))
}

impl ScreenTheme {
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
    pub(super) fn key_lines<C>(
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

    /// Returns the first key of as many bindings as there is room for, and always of the last two,
    /// help and quit.
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
