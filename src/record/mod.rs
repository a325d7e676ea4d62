//! The records: what a command has found out, as data. Each file is one record, or what several
//! share.

pub(super) mod census;
pub(super) mod collector;
pub(super) mod compare;
pub(super) mod concepts;
pub(super) mod counting;
pub(super) mod diagnosis;
pub(super) mod doctor;
pub(super) mod explained;
pub(super) mod explanation;
pub(super) mod interleaving;
pub(super) mod map;
pub(super) mod replay;
pub(super) mod requests;
pub(super) mod survey;
pub(super) mod totals;
pub(super) mod tour;
pub(super) mod trace;
pub(super) mod waitgroup;
