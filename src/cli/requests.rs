//! `requests`: simulated requests, processed under contexts.

use std::time::Duration;

use clap::Args;
use jiff::civil::Time;
use jiff::{Timestamp, ZonedDateTime};

use super::values;
use crate::requests::{MOST_REQUESTS, RequestSetting};

/// Requests under contexts: cancellation, deadlines, values.
///
/// Each request runs under a context below its parent's. Cancelling a context, or its deadline, ends
/// all contexts below it; siblings and parents go on. Stopping requests is the point here, so
/// --timeout and --deadline exit with 0.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Requests")]
pub struct RequestsArgs {
    /// Number of requests, labelled A, B, ...: 1 to 100k
    #[arg(long, value_name = "K", default_value_t = Self::REQUESTS, allow_negative_numbers = true, value_parser = values::within(1..=MOST_REQUESTS))]
    pub requests: usize,
    /// The requests as a tree: A,B(C,D) or root(A,B(C,D))
    #[arg(long, value_name = "SPEC", conflicts_with = "requests")]
    pub tree: Option<String>,
    /// Steps of each request
    #[arg(long, value_name = "M", default_value_t = Self::ITEMS, allow_negative_numbers = true, value_parser = values::number)]
    pub items: u64,
    /// Pause between two steps
    #[arg(long, value_name = "DURATION", default_value = Self::PAUSE, allow_hyphen_values = true, value_parser = values::duration)]
    pub pause: Duration,
    /// Hand down items=M or pause=DURATION, from the root or a request: B.pause=10ms
    #[arg(long, value_name = "[NAME.]KEY=VALUE", value_parser = value)]
    pub value: Vec<OfRequest<RequestSetting>>,
    /// Use a virtual clock: no waiting, the same every time
    #[arg(long = "virtual")]
    pub is_virtual: bool,
    /// Cancel all after this long
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true, value_parser = values::duration, help_heading = "Endings")]
    pub cancel_after: Option<Duration>,
    /// Cancel one and all below it: B@1s; may be repeated
    #[arg(long, value_name = "NAME@DURATION", allow_hyphen_values = true, value_parser = cancel, help_heading = "Endings")]
    pub cancel: Vec<OfRequest<Duration>>,
    /// Time limit of all, or of one and all below it: 2s or B=2s; may be repeated
    #[arg(long, value_name = "[NAME=]DURATION", allow_hyphen_values = true, value_parser = timeout, help_heading = "Endings")]
    pub timeout: Vec<OfRequest<Duration>>,
    /// Stop all at this time: 14:30, 14:30:05, RFC 3339, or +2s from now
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = deadline, help_heading = "Endings")]
    pub deadline: Option<DeadlineArg>,
}

impl RequestsArgs {
    /// The default number of requests.
    pub const REQUESTS: usize = 3;

    /// The default number of steps of a request.
    pub const ITEMS: u64 = 10;

    /// The default pause between two steps.
    pub const PAUSE: &str = "250ms";
}

/// What is asked of one request or of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfRequest<T> {
    /// The name of the request; `None` for all.
    pub name: Option<String>,
    /// A value, or the time after the start at which it ends.
    pub what: T,
}

/// `--deadline`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeadlineArg {
    /// This long after the start.
    After(Duration),
    /// At this time.
    At(Timestamp),
}

fn cancel(text: &str) -> Result<OfRequest<Duration>, String> {
    let (name, after) = text
        .split_once('@')
        .ok_or("write a name and a duration, such as B@1s")?;
    let (name, what) = (Some(name.into()), values::duration(after)?);
    Ok(OfRequest { name, what })
}

fn timeout(text: &str) -> Result<OfRequest<Duration>, String> {
    let (name, after) = named(text, '=');
    let what = values::duration(after)
        .map_err(|wrong| format!("{wrong}; for one request put its name before it: B=2s"))?;
    Ok(OfRequest { name, what })
}

fn value(text: &str) -> Result<OfRequest<RequestSetting>, String> {
    let (key, value) = text
        .split_once('=')
        .ok_or("write items=M or pause=DURATION, such as items=4 or B.pause=10ms")?;
    let (name, key) = named(key, '.');
    let what = match key {
        "items" => RequestSetting::Items(values::number(value)?),
        "pause" => RequestSetting::Pause(values::duration(value)?),
        _ => return Err("the known values are items and pause".into()),
    };
    Ok(OfRequest { name, what })
}

/// Splits off the name of a request, if there is one.
fn named(text: &str, sign: char) -> (Option<String>, &str) {
    match text.split_once(sign) {
        Some((name, rest)) => (Some(name.into()), rest),
        None => (None, text),
    }
}

fn deadline(text: &str) -> Result<DeadlineArg, String> {
    if let Some(after) = text.strip_prefix('+') {
        return values::duration(after).map(DeadlineArg::After);
    }
    let of_today = || {
        let formats = ["%H:%M", "%H:%M:%S"];
        let time = formats
            .iter()
            .find_map(|format| Time::strptime(format, text).ok())?;
        let zoned = ZonedDateTime::now().with().time(time).build().ok()?;
        Some(zoned.timestamp())
    };
    text.parse()
        .ok()
        .or_else(of_today)
        .map(DeadlineArg::At)
        .ok_or_else(|| "write a time such as 14:30, 14:30:05, 2030-01-31T14:30:00Z or +2s".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_a_time_or_a_while_from_now() {
        let wait = Duration::from_millis(1500);
        assert_eq!(deadline("+1s500ms"), Ok(DeadlineArg::After(wait)));
        let Ok(DeadlineArg::At(instant)) = deadline("2026-05-01T12:00:00+02:00") else {
            panic!("it is a time");
        };
        assert_eq!(instant.to_string(), "2026-05-01T10:00:00Z");
        for (text, minute, second) in [("14:30", 30, 0), ("14:07:05", 7, 5), ("9:30", 30, 0)] {
            let Ok(DeadlineArg::At(instant)) = deadline(text) else {
                panic!("{text} is a time");
            };
            let time = instant.to_zoned_datetime(jiff::tz::TimeZone::system());
            assert_eq!((time.minute(), time.second()), (minute, second), "{text}");
        }
        for text in [
            "",
            "+",
            "+x",
            "14",
            "25:00",
            "14:60",
            "14:30:61",
            "now",
            "2030-01-31",
            "14:30 ",
        ] {
            assert!(deadline(text).is_err(), "{text}");
        }
    }

    #[test]
    fn endings_and_values_name_a_request_or_all() {
        fn of<T>(name: &str, what: T) -> OfRequest<T> {
            let name = (!name.is_empty()).then(|| name.into());
            OfRequest { name, what }
        }
        let second = Duration::from_secs(1);
        assert_eq!(timeout("1s"), Ok(of("", second)));
        assert_eq!(timeout("B=1s"), Ok(of("B", second)));
        assert_eq!(cancel("B@1s"), Ok(of("B", second)));
        let (four, pause) = (RequestSetting::Items(4000), RequestSetting::Pause(second));
        assert_eq!(value("items=4k"), Ok(of("", four)));
        assert_eq!(value("B.pause=1s"), Ok(of("B", pause)));
        for text in [
            "items",
            "item=4",
            "items=x",
            "pause=4",
            "B.=1",
            "=1",
            "A.B.items=4",
        ] {
            assert!(value(text).is_err(), "{text}");
        }
        assert!(cancel("B").is_err() && cancel("B@").is_err() && timeout("B=").is_err());
    }
}
