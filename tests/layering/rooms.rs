//! The house plan as tables. A room is a module of the crate's root.

/// Each room, and the rooms that it may know. A room that does not exist yet breaks nothing.
pub(super) const KNOWS: &[(&str, &[&str])] = &[
    ("main", &["command"]),
    ("lib", &[]),
    ("command", EVERYTHING),
    // A typed command line becomes a plan.
    ("cli", &["error", "plan"]),
    ("plan", &["error", "language", "model", "strategy"]),
    ("language", &["model"]),
    // A strategy holds its program for the model, and its threads stop when their context ends.
    ("strategy", &["error", "model", "sync"]),
    ("lab", &["error", "model", "plan", "strategy", "sync"]),
    ("game", &["model"]),
    // Processes are run by a plan, under a context.
    ("process", &["error", "plan", "sync"]),
    // Requests are contexts on a clock.
    ("requests", &["sync"]),
    // Results, as data.
    (
        "record",
        &[
            "error", "lab", "lineage", "model", "process", "requests", "stats",
        ],
    ),
    ("page", &["record"]),
    ("render", &["page", "record"]),
    // A picture shows a record, and writes numbers and labels as pages do.
    ("picture", &["page", "record"]),
    ("term", &[]),
    ("tui", &["game", "page", "term"]),
    ("tour", &["error", "page", "record", "term"]),
    ("model", &[]),
    ("stats", &[]),
    ("lineage", &[]),
    ("error", &[]),
    ("platform", &["error"]),
    ("sync", &[]),
];

/// The room that this is for may know every other.
pub(super) const EVERYTHING: &[&str] = &["*"];

/// Arrows that are needed in addition, each with its reason. One that is no longer needed must go.
pub(super) const BESIDES: &[(&str, &str, &str)] = &[
    (
        "cli",
        "language",
        "a race program is named where a strategy is, and read into a plan",
    ),
    ("cli", "render", "--format offers the list of formats"),
    (
        "cli",
        "requests",
        "--value sets what a request has as settings",
    ),
    ("cli", "stats", "--confidence chooses the number of runs"),
    (
        "cli",
        "strategy",
        "names of strategies are subcommands, and settings are flags",
    ),
    (
        "record",
        "language",
        "a census judges what a program claims; the gallery lists its programs",
    ),
    (
        "process",
        "lab",
        "an experiment stops for the same reasons, in the same circumstances",
    ),
    (
        "process",
        "platform",
        "processes have the usual time slices, not those of the lab's threads",
    ),
    ("record", "plan", "a record repeats what was asked for"),
    (
        "record",
        "strategy",
        "a kernel counts what its readers saw; the map lists all strategies",
    ),
    ("record", "sync", "collectors are observers"),
    (
        "page",
        "lineage",
        "a trace is explained in the terms of the lineage",
    ),
    (
        "page",
        "stats",
        "no loss in R runs is reported by the rule of three",
    ),
    (
        "page",
        "strategy",
        "advice names a strategy's settings and its remedy",
    ),
    ("page", "term", "a text has tones, which the palette paints"),
    ("picture", "lineage", "each increment is drawn by its fate"),
    ("picture", "plan", "--theme chooses the colours"),
    (
        "lab",
        "platform",
        "a run may do without the memory to record it, starts by the counter of the processor, and chooses its \
         slices",
    ),
    (
        "strategy",
        "platform",
        "a kernel may do without the memory for its log, which has ticks of the processor's counter",
    ),
    (
        "render",
        "picture",
        "a page has pictures in it, which its table explains",
    ),
    (
        "render",
        "lab",
        "JSON lines of runs are written by an observer of the lab",
    ),
    (
        "render",
        "plan",
        "each of these lines repeats what was asked for",
    ),
    (
        "render",
        "process",
        "JSON lines of processes are written by an observer of them",
    ),
    (
        "render",
        "requests",
        "JSON lines of requests are written by an observer of them",
    ),
    (
        "render",
        "sync",
        "these writers are observers, and cancel the work when a pipe closes",
    ),
    (
        "render",
        "term",
        "text is fitted to the width and the signs of the terminal",
    ),
    (
        "term",
        "model",
        "the progress of a search is shown while it lasts",
    ),
    ("term", "plan", "--progress says when progress is shown"),
    ("term", "requests", "requests are shown live"),
    ("term", "sync", "the progress line is an observer"),
    (
        "tui",
        "model",
        "the panels show the state of the system that the game plays",
    ),
    ("tui", "plan", "the live screen turns the knobs of a plan"),
    (
        "tui",
        "record",
        "the live screen shows what a collector has found out so far",
    ),
    (
        "tui",
        "stats",
        "totals that do not fit are folded into ranges",
    ),
    ("tour", "render", "chapters are wrapped as reports are"),
];

/// What rooms must not use: path by path, where `a::b` also stands for `a::b::c`, and where
/// `name!` is a macro and `*::name` a name wherever it comes from.
pub(super) const NEVER: &[(&[&str], &[&str], &str)] = &[
    (
        PURE,
        &[
            "print!",
            "println!",
            "eprint!",
            "eprintln!",
            "dbg!",
            "*::stdout",
            "*::stderr",
        ],
        "it never prints",
    ),
    (
        PURE,
        &["clap", "serde", "serde_json", "ratatui", "crossterm"],
        "it never sees the command line, the formats or the screen",
    ),
    (
        &[
            "record", "page", "render", "picture", "term", "tui", "tour", "game", "plan",
        ],
        &["std::thread", "thread::spawn", "thread::scope", "rayon"],
        "it never starts threads",
    ),
];

/// The rooms that work alike in any program.
const PURE: &[&str] = &[
    "lab", "model", "language", "game", "process", "requests", "stats", "lineage",
];

/// The only files with unsafe code.
pub(super) const UNSAFE: &[&str] = &[
    "platform/allocator.rs",
    "platform/slices.rs",
    "platform/startup.rs",
    "platform/ticks.rs",
    "strategy/increment_instruction.rs",
];

/// The most lines of a file, and of `main.rs`.
pub(super) const MOST_LINES: usize = 400;
pub(super) const MOST_LINES_OF_MAIN: usize = 30;

/// Files that may be longer, and why.
pub(super) const LONG: &[(&str, &str)] = &[];
