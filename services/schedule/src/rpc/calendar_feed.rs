//! A feed from what is stored: lessons, events and free days of a pupil, a teacher or a class.
//! A fixed number of statements, however much there is.

use std::collections::{BTreeSet, HashSet};

use chassis::status;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use sea_orm::ConnectionTrait;
use tonic::Status;
use zhurnal_proto::id::{ClassId, GroupId, LessonId, PersonId};

use super::list_pupil_events;
use super::school_event::People;
use crate::domain::calendar_feed::{self, Feed, Planned, Viewer};
use crate::domain::calendar_subscription::Subject;
use crate::domain::school_event::{Audience, Content};
use crate::store::event_people::{self, Stay};
use crate::store::lessons::{self, LessonFilter, LessonView};
use crate::store::{School, free_days, school_events};

/// Most lessons of a feed: a class of two subgroups in everything has fewer in half a year.
const MOST_LESSONS: u64 = 2_500;

/// Whose feed it is, with what is known of the school's people.
struct Whose<'a> {
    subject: Subject,
    stays: &'a [Stay],
    people: People,
}

/// The feed today; `None` when its class is there no more. `stays` are the groups of a pupil.
pub async fn of(
    conn: &impl ConnectionTrait,
    school: School,
    (subject, stays): (Subject, &[Stay]),
    (zone, today): (&TimeZone, Date),
) -> Result<Option<Feed>, Status> {
    let whose = Whose {
        subject,
        stays,
        people: People::of(conn, school).await?,
    };
    let Some(title) = whose.title(today) else {
        return Ok(None);
    };
    let days = calendar_feed::days(today);
    let views = whose.lessons(conn, school, days).await?;
    let alone = whose.of_one_pupil(conn, school, &views).await?;
    let events = school_events::list(conn, school, days).await;
    let events = events.map_err(status::from_db)?;
    let free = free_days::between(conn, school, days).await;
    let free = free.map_err(status::from_db)?;

    let viewer = whose.viewer();
    let lesson = |view: &LessonView| {
        let planned = Planned {
            lesson: &view.lesson,
            stamp: view.changed_at.unwrap_or_else(|| made_at(view.lesson.id)),
            group: whose.group_title(view, &alone),
            subject: &view.subject_title,
            room: &view.room,
        };
        calendar_feed::lesson(planned, viewer, zone)
    };
    let mut entries: Vec<_> = views.iter().filter_map(lesson).collect();
    let own = events.iter().filter(|event| whose.concerns(&event.content));
    entries.extend(own.filter_map(|event| calendar_feed::event(event, zone)));
    entries.extend(calendar_feed::free_days(
        school.id(),
        &free,
        &whose.grades(today),
    ));
    Ok(Some(Feed {
        title,
        time_zone: zone.iana_name().unwrap_or_default().to_owned(),
        entries,
    }))
}

impl Whose<'_> {
    fn viewer(&self) -> Viewer {
        match self.subject {
            Subject::Pupil(_) => Viewer::Pupil,
            Subject::Teacher(card) => Viewer::Teacher(card),
            Subject::Class(_) => Viewer::Class,
        }
    }

    /// Names the class, never a person.
    fn title(&self, today: Date) -> Option<String> {
        let class_title = |id: ClassId| self.people.class(id).map(|class| class.title.as_str());
        match self.subject {
            Subject::Pupil(_) => {
                let now = self.stays.iter().filter(|stay| stay.covers(today));
                let class = now.filter_map(|stay| class_title(stay.class?)).min();
                Some(class.map_or("Школа".to_owned(), |title| format!("Школа, {title}")))
            }
            Subject::Teacher(_) => Some("Мои уроки".to_owned()),
            Subject::Class(id) => Some(format!("Класс {}", class_title(id)?)),
        }
    }

    async fn lessons(
        &self,
        conn: &impl ConnectionTrait,
        school: School,
        (from, to): (Date, Date),
    ) -> Result<Vec<LessonView>, Status> {
        let (groups, teacher): (Option<BTreeSet<GroupId>>, Option<PersonId>) = match self.subject {
            Subject::Pupil(_) => (
                Some(self.stays.iter().map(|stay| stay.group).collect()),
                None,
            ),
            Subject::Teacher(card) => (None, Some(card)),
            Subject::Class(id) => (Some(self.people.groups_of_class(id).collect()), None),
        };
        let filter = LessonFilter {
            from,
            to,
            class: None,
            groups: groups.map(|ids| ids.into_iter().collect()),
            teacher,
            only_changed: false,
        };
        let found = lessons::list(conn, school, &filter, None, MOST_LESSONS).await;
        let mut found = found.map_err(status::from_db)?;
        if let Subject::Pupil(_) = self.subject {
            found.retain(|view| self.attends(view.lesson.group, view.lesson.slot.date));
        }
        Ok(found)
    }

    /// Whether the pupil is in the group on the day.
    fn attends(&self, group: GroupId, day: Date) -> bool {
        let mut stays = self.stays.iter();
        stays.any(|stay| stay.group == group && stay.covers(day))
    }

    /// Groups whose titles may name a pupil; families are told no groups at all.
    async fn of_one_pupil(
        &self,
        conn: &impl ConnectionTrait,
        school: School,
        views: &[LessonView],
    ) -> Result<HashSet<GroupId>, Status> {
        if let Subject::Pupil(_) = self.subject {
            return Ok(HashSet::new());
        }
        let groups: BTreeSet<_> = views.iter().map(|view| view.lesson.group.uuid()).collect();
        let groups: Vec<_> = groups.into_iter().collect();
        let found = event_people::of_one_pupil(conn, school, &groups).await;
        found.map_err(status::from_db)
    }

    /// What the group is called beside its lesson; empty where that says nothing or too much.
    fn group_title<'v>(&'v self, view: &'v LessonView, alone: &HashSet<GroupId>) -> &'v str {
        let class = view.class.and_then(|id| self.people.class(id));
        let class = class.map_or("", |class| class.title.as_str());
        let title = match alone.contains(&view.lesson.group) {
            true => class,
            false => view.group_title.as_str(),
        };
        match self.subject {
            Subject::Pupil(_) => "",
            Subject::Class(_) if title == class => "",
            _ => title,
        }
    }

    fn concerns(&self, content: &Content) -> bool {
        match self.subject {
            Subject::Pupil(_) => list_pupil_events::concerns(content, self.stays),
            Subject::Class(id) => self.people.is_of_class(&content.audience, id),
            Subject::Teacher(card) => match &content.audience {
                Audience::School | Audience::Staff => true,
                audience => {
                    let own = self.people.classes_of(&[card]);
                    own.iter()
                        .any(|class| self.people.is_of_class(audience, *class))
                }
            },
        }
    }

    /// Grades whose own holidays are told.
    fn grades(&self, today: Date) -> Vec<u8> {
        let goes_on = |stay: &&Stay| stay.ends_on.is_none_or(|last| today <= last);
        let classes: BTreeSet<ClassId> = match self.subject {
            Subject::Pupil(_) => {
                let now = self.stays.iter().filter(goes_on);
                now.filter_map(|stay| stay.class).collect()
            }
            Subject::Class(id) => BTreeSet::from([id]),
            Subject::Teacher(_) => BTreeSet::new(),
        };
        let grade = |id: &ClassId| self.people.class(*id).map(|class| class.grade);
        classes.iter().filter_map(grade).collect()
    }
}

/// When the lesson was made: its id says it.
fn made_at(id: LessonId) -> Timestamp {
    let made = id.uuid().get_timestamp().and_then(|at| {
        let (seconds, _) = at.to_unix();
        Timestamp::from_second(i64::try_from(seconds).ok()?).ok()
    });
    made.unwrap_or(Timestamp::UNIX_EPOCH)
}
