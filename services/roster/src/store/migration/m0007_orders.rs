//! The book of orders: drafts, pupils of an order, what posting changed, arrivals from
//! other schools.

use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

const NAME: &str = "roster_0007_orders";

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        NAME
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await
    }
}

/// Until now every order was posted, and made by an import.
const STATEMENTS: &[&str] = &[
    "ALTER TABLE posted_order RENAME TO school_order",
    "DROP INDEX posted_order_by_date",
    "CREATE INDEX school_order_by_date ON school_order (school_id, date, order_id)",
    "ALTER TABLE school_order ADD COLUMN state smallint NOT NULL DEFAULT 2",
    "ALTER TABLE school_order ADD COLUMN year smallint NOT NULL DEFAULT 0",
    "ALTER TABLE school_order ADD COLUMN effective_on text NOT NULL DEFAULT ''",
    "ALTER TABLE school_order ADD COLUMN basis text NOT NULL DEFAULT ''",
    "ALTER TABLE school_order ADD COLUMN reverses_id uuid",
    "ALTER TABLE school_order ADD COLUMN reversed_by_id uuid",
    "ALTER TABLE school_order ADD COLUMN of_import boolean NOT NULL DEFAULT true",
    // Place in the sequence of posting, per school; 0 = a draft.
    "ALTER TABLE school_order ADD COLUMN posted_seq bigint NOT NULL DEFAULT 1",
    "ALTER TABLE school_order ADD COLUMN version bigint NOT NULL DEFAULT 1",
    "ALTER TABLE school_order ADD COLUMN changed_us bigint NOT NULL DEFAULT 0",
    "ALTER TABLE school_order ADD COLUMN changed_by text NOT NULL DEFAULT ''",
    "UPDATE school_order SET changed_us = posted_us, effective_on = coalesce(
        (SELECT min(e.starts_on) FROM enrolment e
            WHERE e.school_id = school_order.school_id AND e.order_id = school_order.order_id),
        date)",
    "UPDATE school_order SET year = CAST(substr(effective_on, 1, 4) AS smallint)
        - CASE WHEN substr(effective_on, 6, 2) < '09' THEN 1 ELSE 0 END",
    "CREATE UNIQUE INDEX school_order_number ON school_order (school_id, year, number)",
    "CREATE TABLE order_pupil (
        school_id uuid NOT NULL,
        order_id uuid NOT NULL,
        place integer NOT NULL,
        pupil_id uuid,
        surname text NOT NULL,
        given_name text NOT NULL,
        patronymic text NOT NULL,
        search_key text NOT NULL,
        sex smallint NOT NULL,
        birth_date text,
        class_id uuid,
        form smallint NOT NULL,
        group_ids text NOT NULL,
        reason text NOT NULL,
        destination text NOT NULL,
        to_school_id uuid,
        PRIMARY KEY (school_id, order_id, place)) {clustered}",
    "CREATE INDEX order_pupil_by_pupil ON order_pupil (school_id, pupil_id)",
    "INSERT INTO order_pupil
        SELECT school_id, order_id,
            row_number() OVER (PARTITION BY school_id, order_id ORDER BY enrolment_id) - 1,
            pupil_id, '', '', '', '', 0, NULL, class_id, form, '', '', '', NULL
        FROM enrolment",
    // What posting an order changed, one row per record; reversal goes the way back.
    "CREATE TABLE order_effect (
        school_id uuid NOT NULL,
        order_id uuid NOT NULL,
        place integer NOT NULL,
        act smallint NOT NULL,
        pupil_id uuid NOT NULL,
        record_id uuid NOT NULL,
        starts_on text NOT NULL,
        was_ends_on text,
        now_ends_on text,
        PRIMARY KEY (school_id, order_id, place)) {clustered}",
    // `school_id` is the receiving school, `order_id` the order of the sending one.
    "CREATE TABLE arrival (
        school_id uuid NOT NULL,
        order_id uuid NOT NULL,
        pupil_id uuid NOT NULL,
        from_school_id uuid NOT NULL,
        from_class_id uuid NOT NULL,
        last_day text NOT NULL,
        accepted_by_id uuid,
        PRIMARY KEY (school_id, order_id, pupil_id)) {clustered}",
    "CREATE INDEX arrival_by_pupil ON arrival (pupil_id)",
    // A pupil may have been in several schools of the region.
    "CREATE INDEX enrolment_by_pupil_anywhere ON enrolment (pupil_id)",
];

#[cfg(test)]
mod tests {
    use chassis::db::{Migrations, statement};
    use jiff::civil::date;
    use sea_orm::{ConnectionTrait, Value};
    use uuid::Uuid;
    use zhurnal_proto::id::{OrderId, PersonId, SchoolId};

    use crate::domain::orders::OrderState;
    use crate::store::{School, orders};

    /// The schema as the version before had it.
    fn before() -> Migrations {
        let mut all = crate::store::migrations();
        let at = all.iter().position(|one| one.name() == super::NAME);
        all.truncate(at.unwrap());
        all
    }

    fn id(n: u128) -> Value {
        Uuid::from_u128(n).into()
    }

    chassis::on_both_databases! { before();
        async fn an_order_of_the_version_before_becomes_a_posted_one_with_its_pupils(db) {
            let uow = db.begin().await.unwrap();
            let order = "INSERT INTO posted_order (school_id, order_id, number, date, kind, pupil_count, posted_us)
                VALUES (?, ?, 'З-1', '2026-08-25', 1, 2, 7)";
            let enrolment = "INSERT INTO enrolment (school_id, enrolment_id, pupil_id, class_id, form, starts_on, ends_on, order_id)
                VALUES (?, ?, ?, ?, 2, '2026-09-01', NULL, ?)";
            let run = async |sql: &str, values: Vec<Value>| {
                uow.conn().execute_raw(statement(db.backend(), sql, values)).await.unwrap();
            };
            run(order, vec![id(1), id(2)]).await;
            for pupil in [11, 12] {
                run(enrolment, vec![id(1), id(20 + pupil), id(pupil), id(5), id(2)]).await;
            }
            uow.commit().await.unwrap();

            db.migrate(crate::store::migrations()).await.unwrap();

            let school = School::to_decide(SchoolId::from_uuid(Uuid::from_u128(1)));
            let kept = orders::get(db.read(), school, OrderId::from_uuid(Uuid::from_u128(2)));
            let kept = kept.await.unwrap().unwrap();
            assert_eq!((kept.state, kept.of_import, kept.year), (OrderState::Posted, true, 2026));
            assert_eq!((kept.posted_us, kept.posted_seq, kept.version), (7, 1, 1));
            assert_eq!(kept.order.effective_on, date(2026, 9, 1), "not the day of the import");
            let pupils: Vec<_> = kept.order.pupils.iter().map(|one| one.pupil.unwrap()).collect();
            assert_eq!(pupils, [11, 12].map(|n| PersonId::from_uuid(Uuid::from_u128(n))));
        }
    }
}
