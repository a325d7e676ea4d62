//! The reports: a file for each record, which makes a document of it.

mod advice;
mod book;
mod census;
mod census_rows;
mod census_words;
mod class;
mod compare;
mod counting;
mod diagnosis;
mod doctor;
mod document;
mod explanation;
mod gallery;
mod histogram;
mod litmus;
mod made;
mod map;
mod numbers;
mod player;
mod program;
mod race;
mod race_census;
mod readers;
mod repeat;
mod repeat_table;
mod replay;
mod requests;
mod requests_advice;
mod requests_table;
mod sentences;
mod shares;
mod spreads;
mod table;
mod terms;
mod text;
mod tour;
mod trace;
mod trace_steps;
mod waitgroup;

pub use book::book;
pub use census::census;
pub use class::class;
pub use compare::compare;
pub use counting::{MOST_LINES, counting};
pub use diagnosis::diagnose;
pub use doctor::doctor;
pub use document::{BARS, Block, Curve, CurvePoint, Curves, Document, LaneRow, Lanes, Section};
pub use explanation::explanation;
pub use gallery::gallery;
pub use litmus::litmus;
pub use map::map;
pub use numbers::{
    abbreviated, decimal, duration, grouped, interval, nanoseconds, percent, plural, short,
    short_percent, signed, typed_duration, were,
};
pub use player::Player;
pub use program::program;
pub use race::race;
pub use readers::still_waiting;
pub use repeat::repeat;
pub use repeat_table::outcome_label;
pub use replay::replay;
pub use requests::requests;
pub use sentences::{
    left_out, outcome_label as end_label, step_remark, subject_title, waits_at_end,
};
pub use table::{Bar, Cell, Column, Elastic, Layout, Table};
pub use terms::terms;
pub use text::Text;
pub use tour::{tour, tour_score};
pub use trace::trace;
pub use waitgroup::waitgroup;
