//! Schedule owns what is taught when: calendar, bells, load, weekly timetable,
//! dated lessons (R229, R230, R235-R239). Whether a lesson was held is the
//! journal's fact, not the timetable's.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod domain;
pub mod regional_calendars;
