//! The demo school's book of orders: a transfer between classes, an expulsion, a draft.
//! All of it invented.

use anyhow::Context;
use chassis::client::PeerChannel;
use chassis::lifecycle::Running;
use chassis::service::Cx;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use roster::demo::{DemoRole, Seeded};
use zhurnal_proto::id::OrderId;
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::roster::v1::roster_service_client::RosterServiceClient;

/// Puts the orders as the school's director, once. A school without a second class has
/// nobody to transfer.
pub(super) async fn put(running: &Running, seeded: &Seeded) -> anyhow::Result<()> {
    let Some(director) = super::person(seeded, DemoRole::Director) else {
        return Ok(());
    };
    let cx = running.context("roster").context("roster runs here")?;
    let today = cx.clock.today(&TimeZone::get("Europe/Simferopol")?);
    let channel = super::channel(running, seeded, (director, "DIRECTOR"), "roster")?;
    let mut book = Book {
        calls: RosterServiceClient::new(channel),
        cx,
        school_id: seeded.school_id.to_string(),
        today,
    };
    let school = pb::GetSchoolRequest {
        school_id: book.school_id.clone(),
    };
    let school = book.calls.get_school(school).await?.into_inner();
    let year = school.school.unwrap_or_default().academic_year;
    let Some(effective) = book.effective(&year) else {
        return Ok(());
    };
    let classes = pb::ListClassesRequest {
        school_id: book.school_id.clone(),
        ..Default::default()
    };
    let classes = book.calls.list_classes(classes).await?.into_inner().classes;
    let Some((from, to, basis)) = neighbours(&classes) else {
        return Ok(());
    };
    let pupils = book.pupils(&from.class_id).await?;
    // Whoever shows the school logs in as the first of the last class: others move.
    let [.., drafted, expelled, moved] = pupils.as_slice() else {
        return Ok(());
    };
    let to_class = |pupil: &pb::Pupil| pb::OrderPupil {
        pupil_id: pupil.pupil_id.clone(),
        class_id: to.class_id.clone(),
        ..Default::default()
    };
    let transfer = pb::OrderKind::Transfer;
    let days = (effective, basis);
    book.post(transfer, "П-1", days, to_class(moved)).await?;
    let leaves = pb::OrderPupil {
        pupil_id: expelled.pupil_id.clone(),
        reason: "Переезд семьи (пример)".into(),
        destination: "Город Примерск".into(),
        ..Default::default()
    };
    let family = (effective, "Заявление родителей (пример)");
    book.post(pb::OrderKind::Expulsion, "О-1", family, leaves)
        .await?;
    book.draft(transfer, "П-2", days, to_class(drafted)).await?;
    Ok(())
}

/// Two classes between which pupils go, and why: of one grade, or a grade is repeated.
fn neighbours(
    classes: &[pb::SchoolClass],
) -> Option<(&pb::SchoolClass, &pb::SchoolClass, &'static str)> {
    let mut pairs = classes.windows(2).filter_map(|pair| match pair {
        [first, second] => Some((first, second)),
        _ => None,
    });
    let same = pairs
        .clone()
        .find(|(first, second)| first.grade == second.grade);
    if let Some((first, second)) = same {
        return Some((first, second, "Заявление родителей (пример)"));
    }
    let (lower, upper) = pairs.next()?;
    Some((
        upper,
        lower,
        "Повторное обучение по решению педагогического совета (пример)",
    ))
}

/// Calls that keep the book.
struct Book {
    calls: RosterServiceClient<PeerChannel>,
    cx: Cx,
    school_id: String,
    today: Date,
}

impl Book {
    /// Today, or in summer a week into the year: the day after every enrolment.
    fn effective(&self, year: &str) -> Option<Date> {
        let begins: i16 = year.get(..4)?.parse().ok()?;
        let first = Date::new(begins, 9, 8).ok()?;
        let last = Date::new(begins + 1, 8, 31).ok()?;
        (self.today <= last).then(|| self.today.max(first))
    }

    async fn pupils(&mut self, class_id: &str) -> anyhow::Result<Vec<pb::Pupil>> {
        let request = pb::ListPupilsRequest {
            school_id: self.school_id.clone(),
            class_id: class_id.to_owned(),
            page_size: 500,
            ..Default::default()
        };
        Ok(self.calls.list_pupils(request).await?.into_inner().pupils)
    }

    async fn draft(
        &mut self,
        kind: pb::OrderKind,
        number: &str,
        (effective, basis): (Date, &str),
        pupil: pb::OrderPupil,
    ) -> anyhow::Result<pb::Order> {
        let request = pb::PutOrderRequest {
            school_id: self.school_id.clone(),
            order_id: OrderId::from_uuid(self.cx.ids.uuid()).to_string(),
            kind: kind.into(),
            number: number.to_owned(),
            date: self.today.to_string(),
            effective_on: effective.to_string(),
            basis: basis.to_owned(),
            pupils: vec![pupil],
            etag: String::new(),
            request_id: self.cx.ids.uuid().to_string(),
        };
        let order = self.calls.put_order(request).await?.into_inner().order;
        order.context("the draft as it is now")
    }

    async fn post(
        &mut self,
        kind: pb::OrderKind,
        number: &str,
        days: (Date, &str),
        pupil: pb::OrderPupil,
    ) -> anyhow::Result<()> {
        let draft = self.draft(kind, number, days, pupil).await?;
        let request = pb::PostOrderRequest {
            school_id: draft.school_id,
            order_id: draft.order_id,
            etag: draft.etag,
            request_id: self.cx.ids.uuid().to_string(),
        };
        self.calls.post_order(request).await?;
        Ok(())
    }
}
