//! The records as JSON, JSON lines, CSV and Markdown. A file a record, beside what they share.

pub(super) mod census;
pub(super) mod compare;
pub(super) mod counting;
pub(super) mod doctor;
pub(super) mod document;
pub(super) mod explanation;
pub(super) mod map;
pub(super) mod markdown;
pub(super) mod replay;
pub(super) mod report;
pub(super) mod requests;
pub(super) mod schema;
pub(super) mod stream;
pub(super) mod tour;
pub(super) mod trace;
pub(super) mod waitgroup;
