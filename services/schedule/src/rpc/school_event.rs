//! What the RPCs of events have in common: who may change them, how they are shown, and to
//! whom they are announced.

use std::collections::{BTreeSet, HashMap};

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::db::UnitOfWork;
use chassis::service::Cx;
use chassis::status;
use jiff::civil::Date;
use sea_orm::ConnectionTrait;
use tonic::Status;
use zhurnal_proto::id::{ClassId, GroupId, PersonId, SchoolEventId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::schedule_event::Change;

use super::get_calendar::present_year;
use super::{announce, convert_school_event, parse, refused, room_conflicts};
use crate::domain::refusal::Refusal;
use crate::domain::school_event::{Audience, SchoolEvent, Step};
use crate::store::event_people::{self, Class, Group};
use crate::store::{School, roster_copy, school_events};

/// The school whose staff the caller is of: what is changed is read first.
pub fn staff_school(cx: &Cx, caller: &Caller, school: SchoolId) -> Result<School, Status> {
    let facts = Facts::school(school);
    let scope = cx
        .access
        .check(caller, "schedule.schoolEvents.list", &facts)?;
    parse::school(&scope)
}

/// Days that are asked for, at most 62.
pub fn days(from: &str, to: &str) -> Result<(Date, Date), Status> {
    let (first, last) = (parse::date("from", from)?, parse::date("to", to)?);
    match (last - first).get_days() + 1 {
        days if days < 1 => Err(status::invalid_field(
            "to",
            "REVERSED",
            "последний день раньше первого",
        )),
        days if days > 62 => Err(status::invalid_field(
            "to",
            "RANGE_TOO_LONG",
            "не больше 62 дней",
        )),
        _ => Ok((first, last)),
    }
}

/// A change now of the version that was seen.
pub async fn step(cx: &Cx, school: School, etag: &str) -> Result<Step, Status> {
    let year = present_year(cx, school).await?;
    let year = year.ok_or_else(|| refused::status(&Refusal::SchoolYearMissing))?;
    Ok(Step {
        seen: chassis::etag::version(etag),
        now: cx.clock.now(),
        today: cx.clock.today(&year.time_zone),
    })
}

/// The event as it is now, kept from others until the unit of work ends.
pub async fn lock(
    uow: &UnitOfWork,
    school: School,
    id: SchoolEventId,
) -> Result<SchoolEvent, Status> {
    let found = school_events::lock(uow.conn(), school, id).await;
    let found = found.map_err(status::from_db)?;
    found.ok_or_else(|| status::not_found("school_event"))
}

/// Classes and groups of the school, by which audiences are understood.
pub struct People {
    school: School,
    classes: HashMap<ClassId, Class>,
    groups: Vec<Group>,
}

impl People {
    /// As roster told them.
    pub async fn of(conn: &impl ConnectionTrait, school: School) -> Result<Self, Status> {
        let classes = event_people::classes(conn, school).await;
        let groups = event_people::all_groups(conn, school).await;
        Ok(Self {
            school,
            classes: classes.map_err(status::from_db)?,
            groups: groups.map_err(status::from_db)?,
        })
    }

    /// A class of the school.
    pub fn class(&self, id: ClassId) -> Option<&Class> {
        self.classes.get(&id)
    }

    /// A group of the school.
    pub fn group(&self, id: GroupId) -> Option<&Group> {
        self.groups.iter().find(|group| group.id == id)
    }

    /// Groups of the class, also of what it was parted into.
    pub fn groups_of_class(&self, id: ClassId) -> impl Iterator<Item = GroupId> {
        let own = move |group: &&Group| group.class == Some(id);
        self.groups.iter().filter(own).map(|group| group.id)
    }

    /// Classes that the card is class teacher of.
    pub fn classes_of(&self, cards: &[PersonId]) -> Vec<ClassId> {
        let own = |class: &&Class| class.teacher.is_some_and(|card| cards.contains(&card));
        let mut ids: Vec<_> = self.classes.values().filter(own).map(|it| it.id).collect();
        ids.sort_unstable();
        ids
    }

    /// Whether the event is of the class: of it, of a group of it, or of the whole school.
    pub fn is_of_class(&self, audience: &Audience, class: ClassId) -> bool {
        match audience {
            Audience::Classes(ids) => ids.contains(&class),
            Audience::Group(id) => self.group(*id).is_some_and(|it| it.class == Some(class)),
            Audience::School => true,
            Audience::Staff => false,
        }
    }

    /// Refuses whoever may not change an event of this audience.
    pub fn allow(
        &self,
        cx: &Cx,
        (caller, permission): (&Caller, &str),
        audience: &Audience,
    ) -> Result<(), Status> {
        let facts = self.facts(audience);
        cx.access.check(caller, permission, &facts).map(drop)
    }

    /// Whether the caller may change an event of this audience.
    pub fn permits(&self, cx: &Cx, caller: &Caller, audience: &Audience) -> bool {
        let facts = self.facts(audience);
        cx.access
            .permits(caller, "schedule.schoolEvents.save", &facts)
    }

    fn facts(&self, audience: &Audience) -> Facts {
        Facts::school(self.school.id()).class_teachers(self.teachers_of_all(audience))
    }

    /// Whoever is class teacher of every class of the audience.
    fn teachers_of_all(&self, audience: &Audience) -> Vec<PersonId> {
        let classes = self.classes_in(audience);
        let teachers: BTreeSet<_> = classes.iter().map(|id| self.teacher(*id)).collect();
        match (teachers.len(), teachers.first()) {
            (1, Some(Some(teacher))) => vec![*teacher],
            _ => Vec::new(),
        }
    }

    fn teacher(&self, class: ClassId) -> Option<PersonId> {
        self.classes.get(&class).and_then(|class| class.teacher)
    }

    fn classes_in(&self, audience: &Audience) -> Vec<ClassId> {
        match audience {
            Audience::Classes(ids) => ids.clone(),
            Audience::Group(id) => self
                .group(*id)
                .and_then(|it| it.class)
                .into_iter()
                .collect(),
            Audience::School | Audience::Staff => Vec::new(),
        }
    }

    /// Groups whose members and their families are told.
    fn groups_of(&self, event: &SchoolEvent) -> Vec<GroupId> {
        let day = event.content.when.starts_on;
        let concerned = |group: &&Group| match &event.content.audience {
            Audience::Classes(ids) => group.class.is_some_and(|class| ids.contains(&class)),
            Audience::Group(id) => group.id == *id,
            Audience::School => group.year.contains(day),
            Audience::Staff => false,
        };
        self.groups
            .iter()
            .filter(concerned)
            .map(|group| group.id)
            .collect()
    }

    /// Titles of group and subject beside the event.
    pub async fn views(
        &self,
        conn: &impl ConnectionTrait,
        events: &[SchoolEvent],
    ) -> Result<Vec<pb::SchoolEvent>, Status> {
        let subjects: Vec<_> = events.iter().filter_map(|it| it.content.subject).collect();
        let subjects: Vec<_> = subjects.iter().map(|id| id.uuid()).collect();
        let titles = event_people::subject_titles(conn, &subjects).await;
        let titles = titles.map_err(status::from_db)?;
        let view = |event: &SchoolEvent| {
            let group = match event.content.audience {
                Audience::Group(id) => self.group(id).map(|group| group.title.clone()),
                _ => None,
            };
            let subject = event
                .content
                .subject
                .and_then(|id| titles.get(&id).cloned());
            pb::SchoolEvent {
                group_title: group.unwrap_or_default(),
                subject_title: subject.unwrap_or_default(),
                ..convert_school_event::view(self.school.id(), event)
            }
        };
        Ok(events.iter().map(view).collect())
    }

    /// Writes an event; the event as whoever changed it sees it.
    pub async fn write(
        &self,
        uow: &mut UnitOfWork,
        event: &SchoolEvent,
    ) -> Result<pb::SchoolEvent, Status> {
        let written = school_events::put(uow.conn(), self.school, event).await;
        written.map_err(status::from_db)?;
        let events = std::slice::from_ref(event);
        let mut views = self.views(uow.conn(), events).await?;
        let mut view = views.pop().unwrap_or_default();
        view.can_change = true;
        view.room_conflicts = room_conflicts::of_one(uow.conn(), self.school, event).await?;
        Ok(view)
    }

    /// Announces a published or cancelled event to whom it concerns.
    pub async fn announce(
        &self,
        cx: &Cx,
        uow: &mut UnitOfWork,
        (event, again): (&SchoolEvent, bool),
        caller: &Caller,
    ) -> Result<(), Status> {
        let events = std::slice::from_ref(event);
        let view = self.views(uow.conn(), events).await?.pop();
        let staff = self.staff_of(uow.conn(), event, caller).await?;
        let groups = self.groups_of(event);
        let change = Change::SchoolEventChanged(pb::SchoolEventChanged {
            school_event: view,
            group_ids: groups.iter().map(ToString::to_string).collect(),
            staff_ids: staff.iter().map(ToString::to_string).collect(),
            again,
        });
        uow.announce(announce::event(self.school.id(), cx.clock.now(), change));
        Ok(())
    }

    /// Employees whom the event concerns, without the caller.
    async fn staff_of(
        &self,
        conn: &impl ConnectionTrait,
        event: &SchoolEvent,
        caller: &Caller,
    ) -> Result<BTreeSet<PersonId>, Status> {
        let day = event.content.when.starts_on;
        let mut staff: BTreeSet<PersonId> = match &event.content.audience {
            Audience::School | Audience::Staff => {
                let staff = roster_copy::staff_on(conn, self.school, day).await;
                staff
                    .map_err(status::from_db)?
                    .iter()
                    .map(|one| one.id)
                    .collect()
            }
            of_classes => {
                let classes = self.classes_in(of_classes);
                classes.iter().filter_map(|id| self.teacher(*id)).collect()
            }
        };
        if let Some(user) = caller.user() {
            for card in user.cards() {
                staff.remove(&card);
            }
        }
        Ok(staff)
    }
}
