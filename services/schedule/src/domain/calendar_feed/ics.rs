//! A feed as text of RFC 5545, with the name and the refresh of RFC 7986. Instants are in UTC:
//! every program reads them without a definition of a zone.
//!
//! The text depends on the feed alone, so that the same feed is the same bytes.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::{Entry, Feed, When};

/// Octets of a line without its end (RFC 5545 3.1).
const LINE: usize = 75;
/// Octets after which nothing more is told: programs refuse larger feeds.
const MOST_BYTES: usize = 1_000_000;
const END: &str = "END:VCALENDAR\r\n";

/// The text of the feed; what does not fit is what comes last.
pub fn write(feed: &Feed) -> String {
    let mut entries: Vec<&Entry> = feed.entries.iter().collect();
    entries.sort_by_cached_key(|entry| (first_day(entry.when), starts(entry.when), &entry.uid));
    let mut text = head(feed);
    for entry in entries {
        let one = component(entry);
        if text.len() + one.len() + END.len() > MOST_BYTES {
            break;
        }
        text.push_str(&one);
    }
    text.push_str(END);
    text
}

fn head(feed: &Feed) -> String {
    let mut text = String::new();
    let title = escaped(&feed.title);
    for line in [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Zhurnal//Timetable//RU",
        "CALSCALE:GREGORIAN",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ] {
        fold(&mut text, line);
    }
    fold(&mut text, &format!("NAME:{title}"));
    fold(&mut text, &format!("X-WR-CALNAME:{title}"));
    if !feed.time_zone.is_empty() {
        fold(
            &mut text,
            &format!("X-WR-TIMEZONE:{}", escaped(&feed.time_zone)),
        );
    }
    text
}

fn component(entry: &Entry) -> String {
    let mut text = String::with_capacity(400);
    fold(&mut text, "BEGIN:VEVENT");
    fold(&mut text, &format!("UID:{}", escaped(&entry.uid)));
    fold(&mut text, &format!("DTSTAMP:{}", instant(entry.stamp)));
    fold(&mut text, &format!("SEQUENCE:{}", entry.sequence.max(0)));
    when(&mut text, entry.when);
    fold(&mut text, &format!("SUMMARY:{}", escaped(&entry.title)));
    for (name, value) in [("LOCATION", &entry.place), ("DESCRIPTION", &entry.note)] {
        if !value.is_empty() {
            fold(&mut text, &format!("{name}:{}", escaped(value)));
        }
    }
    let whole_day = matches!(entry.when, When::Days(..));
    if entry.cancelled {
        fold(&mut text, "STATUS:CANCELLED");
    }
    // Who sees the calendar beside others is not taken for busy by it.
    if entry.cancelled || whole_day {
        fold(&mut text, "TRANSP:TRANSPARENT");
    }
    fold(&mut text, "END:VEVENT");
    text
}

fn when(text: &mut String, when: When) {
    match when {
        When::Hours { from, to, days } => {
            fold(text, &format!("DTSTART:{}", instant(from)));
            fold(text, &format!("DTEND:{}", instant(to)));
            if days > 1 {
                fold(text, &format!("RRULE:FREQ=DAILY;COUNT={days}"));
            }
        }
        When::Days(first, last) => {
            // The end is the day after the last.
            let end = last.saturating_add(1.day());
            fold(text, &format!("DTSTART;VALUE=DATE:{}", digits(first)));
            fold(text, &format!("DTEND;VALUE=DATE:{}", digits(end)));
        }
    }
}

fn first_day(when: When) -> Date {
    match when {
        When::Hours { from, .. } => from.to_zoned(TimeZone::UTC).date(),
        When::Days(first, _) => first,
    }
}

fn starts(when: When) -> Option<Timestamp> {
    match when {
        When::Hours { from, .. } => Some(from),
        When::Days(..) => None,
    }
}

fn digits(day: Date) -> String {
    format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
}

fn instant(at: Timestamp) -> String {
    let at = at.to_zoned(TimeZone::UTC);
    let (hour, minute, second) = (at.hour(), at.minute(), at.second());
    format!("{}T{hour:02}{minute:02}{second:02}Z", digits(at.date()))
}

/// A TEXT value (RFC 5545 3.3.11); other control characters are not allowed in it.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' | '\r' => out.push_str("\\n"),
            '\t' => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Writes a line in pieces of at most 75 octets, never cutting a character.
fn fold(text: &mut String, line: &str) {
    let mut width = 0;
    for c in line.chars() {
        if width + c.len_utf8() > LINE {
            text.push_str("\r\n ");
            width = 1;
        }
        text.push(c);
        width += c.len_utf8();
    }
    text.push_str("\r\n");
}
