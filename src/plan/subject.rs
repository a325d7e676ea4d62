//! A system with a name: what `explore`, `replay`, `step` and `explain` are about.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::error::Error;
use crate::language::{self, Race, SourceErrors};
use crate::model::{EndCondition, Ending, Goal, MemoryModel, System};
use crate::strategy::{Shape, Strategy};

/// A system with a name.
///
/// A strategy makes one, and so does a race program.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Its name, as the reader types it.
    pub name: Cow<'static, str>,
    /// The flags by which it differs from its default.
    pub flags: String,
    /// Its words.
    pub words: SubjectWords,
    /// The correct total, if there is one.
    pub expected: Option<u64>,
    /// The memory model of its system.
    pub memory: MemoryModel,
    /// What makes it.
    pub maker: Maker,
}

/// The words of a [`Subject`].
#[derive(Clone, Debug)]
pub struct SubjectWords {
    /// A title of one line.
    pub title: Cow<'static, str>,
    /// What it is about.
    pub story: Cow<'static, str>,
    /// Why it is right or wrong.
    pub why: Cow<'static, str>,
}

/// What makes a [`Subject`].
#[derive(Clone, Debug)]
pub enum Maker {
    /// A strategy, with its settings; it has a system for each size, of which this one is meant.
    Strategy(Strategy, Shape),
    /// A race program: of the gallery, or from a file.
    Program(Arc<Race>),
}

impl Subject {
    /// Returns the subject that a strategy makes at this size.
    pub fn of_strategy(strategy: Strategy, shape: Shape) -> Self {
        let words = strategy.words();
        Self {
            name: strategy.kind().name.into(),
            flags: strategy.flags(),
            words: SubjectWords {
                title: words.summary.into(),
                story: format!("{}. {}", words.summary, strategy.why()).into(),
                why: strategy.why().into(),
            },
            expected: Some(shape.expected()),
            memory: MemoryModel::Sc,
            maker: Maker::Strategy(strategy, shape),
        }
    }

    /// Returns the subject that a race program makes, with these values for its parameters.
    pub fn of_race(
        name: impl Into<Cow<'static, str>>,
        parameters: &[(String, i64)],
        race: Race,
    ) -> Self {
        let texts = &race.program.texts;
        let flag = |(name, value): &(String, i64)| format!("--set {name}={value}");
        let flags: Vec<_> = parameters.iter().map(flag).collect();
        Self {
            name: name.into(),
            flags: flags.join(" "),
            words: SubjectWords {
                title: texts.title.clone().into(),
                story: texts.story.clone().into(),
                why: texts.lesson.clone().into(),
            },
            expected: None,
            memory: MemoryModel::Sc,
            maker: Maker::Program(Arc::new(race)),
        }
    }

    /// Returns the text of a race program that is not of the gallery.
    pub fn own_source(&self) -> Option<&str> {
        let source = &self.race()?.source;
        let of_gallery =
            language::in_gallery(&self.name).is_some_and(|known| known.text == source.text());
        (!of_gallery).then(|| source.text())
    }

    /// Returns the same subject, with sequential consistency, under a memory model.
    #[must_use]
    pub fn under(mut self, memory: MemoryModel) -> Self {
        if memory != self.memory {
            let gap = if self.flags.is_empty() { "" } else { " " };
            self.flags += &format!("{gap}--memory {memory}");
        }
        Self { memory, ..self }
    }

    /// Returns the race program that makes it, if one does.
    pub fn race(&self) -> Option<&Race> {
        match &self.maker {
            Maker::Program(race) => Some(race),
            Maker::Strategy(..) => None,
        }
    }

    /// Returns the condition on a correct end, if there is one.
    pub fn correct(&self) -> Option<EndCondition> {
        match &self.maker {
            Maker::Strategy(..) => self.expected.map(EndCondition::total),
            Maker::Program(race) => race.program.expected.as_ref().map(|_| {
                let race = Arc::clone(race);
                EndCondition::new("end correctly", move |ending| {
                    race.is_correct(ending) == Some(true)
                })
            }),
        }
    }

    /// Returns what it asks a player to reach: the first goal of a race program that has any.
    pub fn goal(&self) -> Option<Goal> {
        let Maker::Program(race) = &self.maker else {
            return None;
        };
        let goal = race.program.goals.first()?.clone();
        let race = Arc::clone(race);
        Some(Goal::End(EndCondition::new(
            continuation(&goal.text),
            move |ending| race.matches(&goal.target, ending),
        )))
    }

    /// Returns whether a run that ended like this was correct; `None` if that is not known.
    pub fn is_correct(&self, ending: &Ending) -> Option<bool> {
        match (self.race(), ending) {
            (Some(race), _) => race.is_correct(ending),
            (None, Ending::Total(total)) => self.expected.map(|expected| *total == expected),
            (None, _) => Some(false),
        }
    }

    /// Returns its system.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] if it has no program, or the model no room for it.
    pub fn system(&self) -> Result<System, Error> {
        let system = match &self.maker {
            Maker::Strategy(strategy, shape) => strategy.system(*shape)?,
            Maker::Program(race) => race.system.clone(),
        };
        Ok(system.under(self.memory))
    }

    /// Returns the same subject at another size, if it has sizes.
    #[must_use]
    pub fn resized(&self, shape: Shape) -> Self {
        match &self.maker {
            Maker::Strategy(strategy, _) => Self::of_strategy(*strategy, shape).under(self.memory),
            Maker::Program(_) => self.clone(),
        }
    }

    /// Returns its threads and the increments of each; `None` if it has a single size.
    pub fn shape(&self) -> Option<Shape> {
        match self.maker {
            Maker::Strategy(_, shape) => Some(shape),
            Maker::Program(_) => None,
        }
    }

    /// Returns the arguments that name it again: `unsynced -t 2 -i 5`.
    pub fn arguments(&self) -> String {
        match self.shape() {
            Some(shape) => format!("{self} -t {} -i {}", shape.threads(), shape.increments()),
            None => self.to_string(),
        }
    }
}

/// Returns a request in the form that completes "No schedule can ...": it begins with a small letter
/// and has no full stop.
fn continuation(request: &str) -> String {
    let request = request.trim().trim_end_matches('.');
    let mut letters = request.chars();
    let first = letters.next();
    // A name in capitals stays one.
    let is_word = letters.clone().next().is_none_or(char::is_lowercase);
    let first = first.map(|first| {
        if is_word {
            first.to_ascii_lowercase()
        } else {
            first
        }
    });
    first.into_iter().chain(letters).collect()
}

impl From<SourceErrors> for Error {
    fn from(errors: SourceErrors) -> Self {
        Self::Program(errors.render())
    }
}

/// Its name with its flags, as the reader types them.
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if !self.flags.is_empty() {
            write!(f, " {}", self.flags)?;
        }
        Ok(())
    }
}
