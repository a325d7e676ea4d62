//! Where the updates went: the lineage, the recorder, and how a traced run is shown.

mod hardware;
mod lineage;
mod program;
mod shown;
