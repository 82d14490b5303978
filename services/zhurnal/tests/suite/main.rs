//! Tests of the whole suite: the house's rules, and a school day through HTTP and
//! gRPC with all services in one process, and with each behind TCP on PostgreSQL.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod access;
mod accounts;
mod browser;
mod calendars;
mod contract;
mod day;
mod days;
mod demo;
mod engineer;
mod events;
mod exports;
mod house;
mod load;
mod movement;
mod newyear;
mod program;
mod rights;
mod rollover;
mod school;
mod seeding;
mod timetable;
mod town;
mod year;
