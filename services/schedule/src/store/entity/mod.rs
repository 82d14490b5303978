//! Tables as plain columns; private to the store.

pub mod approved_calendar_line;
pub mod approved_load;
pub mod bell;
pub mod curriculum_line;
pub mod day_change;
pub mod day_change_lesson;
pub mod day_off;
pub mod group_member;
pub mod guardian_link;
pub mod holiday;
pub mod lesson;
pub mod lesson_plan;
pub mod lesson_plan_theme;
pub mod period;
pub mod room;
pub mod school_class;
pub mod school_event;
pub mod school_year;
pub mod shortened_day;
pub mod staff_member;
pub mod study_document;
pub mod study_group;
pub mod subject;
pub mod teaching_load;
pub mod timetable;
pub mod timetable_entry;
